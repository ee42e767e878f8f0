import { describe, expect, it } from 'vitest';
import { runOf, runsOf } from './runsOf.ts';

const tables = (training: string, more = '') =>
  `model: {name: llama3, flavor: 8B}\ntraining:\n  seq_len: 8192\n  steps: 500\n${training}\n${more}`;

describe('torchtitan’s tables in YAML', () => {
  it('reads them as those of TOML', () => {
    expect(runOf('a.yaml', tables('  global_batch_size: 64'))).toMatchObject({
      framework: 'torchtitan',
      role: 'pretrain',
      total: 8_030_261_248,
      tokens: 500 * 64 * 8192,
      format: 'bf16 none',
    });
  });

  it('writes a converter and its recipe', () => {
    const text = tables('  local_batch_size: 1');
    const written = runOf('a.yaml', text).write('fp8-e4m3', 'channel');
    expect(written).toContain('converters: ["quantize.linear.float8"]');
    expect(runOf('a.yaml', written).format).toBe('fp8-e4m3 channel');
    expect(runOf('a.yaml', runOf('a.yaml', written).write('bf16')).format).toBe('bf16 none');
  });

  it('calls a run from weights a fine-tune by the name of its app or data', () => {
    const weights = 'checkpoint: {enable: true, initial_load_path: /w, initial_load_in_hf: true}';
    const role = (file: string, training: string) => runOf(file, tables(training, weights)).role;
    const plain = '  local_batch_size: 1';
    expect(role('apps/pretrain/a.yaml', plain)).toBe('continued');
    expect(role('apps/sft/a.yaml', plain)).toBe('finetune');
    expect(role('a.yaml', `${plain}\n  datasets:\n    - path: yahma/alpaca-cleaned`)).toBe(
      'finetune',
    );
  });

  it('reads the trainer of a reinforcement learning loop, whose tokens are generated', () => {
    const trainer = tables('  local_batch_size: ${batch_size}').trimEnd().replaceAll('\n', '\n  ');
    const run = runOf(
      'grpo.yaml',
      `model: a/b\nbatch_size: 4\ntrainer:\n  ${trainer}\nref_model: {model: {name: llama3, flavor: 70B}}\n`,
    );
    expect(run).toMatchObject({ role: 'finetune', total: 8_030_261_248, tokens: null });
    expect(run.needs.map(({ why }) => why)).toContain('they are generated while the run goes');
  });

  it('takes nothing that only names a model and its flavor', () => {
    expect(runsOf('a.yaml', 'model: {name: a, flavor: b}\ntraining: {steps: 5}\n')).toEqual([]);
  });
});
