import { describe, expect, it } from 'vitest';
import { analysed, formatOf, run, written, type Workspace } from '../../frameworks/readFiles.ts';
import { need } from '../../../../src/core/run/need.ts';

const zero = { zero_optimization: { stage: 3 }, train_micro_batch_size_per_gpu: 'auto' };
const json = (more: object) => JSON.stringify({ ...zero, ...more }, null, 2);

const llamaFactory = [
  'model_name_or_path: meta-llama/Meta-Llama-3-8B-Instruct',
  'stage: pt',
  'finetuning_type: full',
  'dataset: c4',
  'cutoff_len: 1024',
  'max_steps: 1000',
  'per_device_train_batch_size: 1',
  'deepspeed: examples/deepspeed/ds.json',
];
const axolotl = [
  'base_model: meta-llama/Llama-3.2-3B',
  'datasets:',
  '  - path: a/b',
  'sequence_len: 512',
  'sample_packing: true',
  'micro_batch_size: 16',
  'max_steps: 100',
  'deepspeed: examples/deepspeed/ds.json',
];
const trl = [
  'model_name_or_path: meta-llama/Llama-3.2-3B',
  'max_steps: 100',
  'learning_rate: 1e-5',
  'packing: true',
  'max_length: 512',
  'deepspeed: examples/deepspeed/ds.json',
];
const swift = [
  'model: meta-llama/Llama-3.2-3B',
  'tuner_type: full',
  'dataset: a/b',
  'packing: true',
  'max_length: 512',
  'max_steps: 100',
  'deepspeed: examples/deepspeed/ds.json',
];

const file = 'examples/full/run.yaml';
const beside = 'examples/deepspeed/ds.json';
const space = (lines: readonly string[], config: object | null): Workspace => ({
  [file]: `${lines.join('\n')}\n`,
  ...(config && { [beside]: json(config) }),
});

describe('the DeepSpeed JSON that a Trainer’s config names', () => {
  it.each([
    ['LLaMA-Factory', llamaFactory, 'llama-factory'],
    ['axolotl', axolotl, 'axolotl'],
    ['TRL', trl, 'trl'],
    ['ms-swift', swift, 'ms-swift'],
  ])('says the format that %s’s YAML leaves open, at its own place', (_, lines, framework) => {
    const found = run(space(lines, { fp16: { enabled: true } }), file);
    expect([found.framework, formatOf(found)]).toEqual([framework, 'fp16 none']);
    expect(found.run.precision?.format.origin).toMatchObject({ kind: 'stated', file: beside });
  });

  it('does not go over what the YAML says', () => {
    const found = run(space([...llamaFactory, 'bf16: true'], { fp16: { enabled: true } }), file);
    expect(formatOf(found)).toBe('bf16 none');
    expect(found.run.precision?.format.origin).toMatchObject({ file });
  });

  it.each([
    ['“auto”', { bf16: { enabled: 'auto' } }],
    ['sections that are off', { bf16: { enabled: false }, fp16: { enabled: false } }],
  ])('takes no format from %s', (_, config) => {
    expect(formatOf(run(space(llamaFactory, config), file))).toBeNull();
    expect(formatOf(run(space(axolotl, config), file))).toBe('bf16 none');
  });

  it('counts D by a batch over all GPUs that is a number, not by “auto”', () => {
    const tokens = (train_batch_size: unknown) =>
      run(space(llamaFactory, { train_batch_size }), file).run.tokens;
    expect(tokens(256).total?.value).toBe(1000 * 256 * 1024);
    expect(tokens('auto').total).toBeNull();
    expect(tokens('auto').perRank?.value).toBe(1000 * 1024);
  });

  it('names a missing file only where it could have said the format', () => {
    const missing = 'the file “examples/deepspeed/ds.json”, named on line 8, was not found';
    expect(run(space(llamaFactory, null), file).needs).toContainEqual(need('run', missing));
    for (const lines of [[...llamaFactory, 'bf16: true'], axolotl, trl]) {
      expect(
        run(space(lines, null), file)
          .needs.map(({ why }) => why)
          .join(),
      ).not.toContain('not found');
    }
  });

  it('asks for no file by the name of a built-in stage', () => {
    const lines = swift.map((line) => line.replace('examples/deepspeed/ds.json', 'zero3'));
    expect([...analysed(space(lines, null), file).asked.keys()].join()).not.toContain('zero3');
  });

  it('reads the flag of a command too', () => {
    const script = (more: string) =>
      `torchrun --nproc_per_node 8 run_clm.py --model_name_or_path gpt2 --per_device_train_batch_size 2 --max_steps 10 --output_dir out --block_size 512 --deepspeed ${beside} ${more}\n`;
    const format = (more: string) =>
      formatOf(
        run({ 'run.sh': script(more), [beside]: json({ bf16: { enabled: true } }) }, 'run.sh'),
      );
    expect([format(''), format('--fp16')]).toEqual(['bf16 none', 'fp16 none']);
    // An argument of the script decides, so nothing else does.
    expect(format('--bf16 $1')).toBeNull();
  });

  it('writes another 16-bit format where the JSON states one', () => {
    const before = space(llamaFactory, { fp16: { enabled: true }, bf16: { enabled: false } });
    const after = written(before, file, { format: 'bf16', granularity: 'none', block: null });
    expect(after[file]).toBe(before[file]);
    expect(JSON.parse(after[beside] ?? '')).toMatchObject({
      fp16: { enabled: false },
      bf16: { enabled: true },
    });
    expect(formatOf(run(after, file))).toBe('bf16 none');
  });

  it('writes FP8 by the framework’s own keys', () => {
    const before = space(llamaFactory, { bf16: { enabled: true } });
    const target = { format: 'fp8-e4m3', granularity: 'channel', block: null } as const;
    const after = written(before, file, target);
    expect(after[beside]).toBe(before[beside]);
    expect(formatOf(run(after, file))).toBe('fp8-e4m3 channel');
  });
});
