import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';

const base = [
  'model_name_or_path: meta-llama/Meta-Llama-3-8B-Instruct',
  'dataset: identity',
  'template: llama3',
  'cutoff_len: 1024',
  'per_device_train_batch_size: 1',
  'gradient_accumulation_steps: 8',
];
const config = (...more: readonly string[]) => [...base, ...more, ''].join('\n');
const read = (...more: readonly string[]) => mustRead('a.yaml', config(...more));

describe('LLaMA-Factory', () => {
  it('counts the named model', () => {
    expect(read('stage: sft').counts).toMatchObject({
      total: 8_030_261_248,
      nonEmbedding: 6_979_588_096,
    });
  });

  it('knows D a rank from max_steps, of packed samples', () => {
    const { tokens } = read('stage: sft', 'packing: true', 'max_steps: 1000');
    expect(tokens.perRank?.value).toBe(1000 * 8 * 1024);
    expect(read('stage: sft', 'num_train_epochs: 3').tokens.settledBy).toEqual(['dataset-tokens']);
  });

  it.each([
    [['stage: sft', 'finetuning_type: full'], 'finetune'],
    [['stage: pt', 'finetuning_type: lora'], 'finetune'],
    [['stage: pt', 'finetuning_type: full'], 'continued'],
    [['stage: pt', 'finetuning_type: full', 'train_from_scratch: true'], 'pretrain'],
    [['stage: dpo', 'finetuning_type: lora'], 'finetune'],
  ])('reads %j as %s', (lines, role) => {
    expect(read(...lines).reading.role).toBe(role);
  });

  it.each([
    [['bf16: true'], 'bf16 none', null],
    [['pure_bf16: true'], 'bf16 none', null],
    [['fp16: true'], 'fp16 none', null],
    [[], null, null],
    [['bf16: true', 'fp8: true'], 'fp8-e4m3 channel', null],
    [['bf16: true', 'fp8: true', 'fp8_backend: torchao'], 'fp8-e4m3 channel', null],
    [['bf16: true', 'fp8: true', 'fp8_backend: te'], 'fp8-e4m3 tensor', 'fp8-e5m2'],
    [['bf16: true', 'fp8: true', 'fp8_backend: msamp'], 'fp8-e4m3 tensor', 'fp8-e5m2'],
    [['bf16: true', 'fp8: false', 'fp8_backend: te'], 'bf16 none', null],
    [['bf16: true', 'quantization_bit: 4'], 'bf16 none', null],
    [['bf16: true', 'deepspeed: ds_z3_fp8_config.json'], 'bf16 none', null],
  ])('reads %j as %s', (lines, format, gradient) => {
    const { format: readFormat, reading } = read('stage: sft', ...lines);
    expect([readFormat, reading.precision?.gradientFormat ?? null]).toEqual([format, gradient]);
  });

  it('writes fp8 with the backend that the scaling wants', () => {
    const plain = read('stage: sft', 'bf16: true');
    expect(plain.write('fp8-e4m3', 'channel')).toBe(
      config('stage: sft', 'bf16: true', 'fp8: true'),
    );
    const engine = plain.write('fp8-e4m3', 'tensor');
    expect(mustRead('a.yaml', engine).format).toBe('fp8-e4m3 tensor');
    const rows = mustRead('a.yaml', engine).write('fp8-e4m3', 'channel');
    expect(mustRead('a.yaml', rows).format).toBe('fp8-e4m3 channel');
    const back = mustRead('a.yaml', rows).write('bf16');
    expect(mustRead('a.yaml', back).format).toBe('bf16 none');
  });

  it('reads the newer schema of model and train_dataset', () => {
    const text = [
      'model: Qwen/Qwen3-0.6B',
      'model_class: llm',
      'train_dataset: data/a.yaml',
      'dist_config:',
      '  name: fsdp2',
      'cutoff_len: 2048',
      'micro_batch_size: 1',
      'max_steps: 10',
    ].join('\n');
    const { reader, counts, tokens } = mustRead('a.yaml', text);
    expect([reader.id, counts?.total, tokens.perRank?.value]).toEqual([
      'llama-factory',
      596_049_920,
      undefined,
    ]);
  });

  it.each([
    [['do_predict: true'], 'other'],
    [['do_eval: true', 'do_train: false'], 'other'],
    [['do_eval: true', 'do_train: true'], 'finetune'],
    [['do_train: $TRAIN', 'do_predict: true'], 'finetune'],
  ])('reads %j as %s', (lines, role) => {
    expect(read('stage: sft', ...lines).reading.role).toBe(role);
  });

  it('takes a file that only tokenizes for no run', () => {
    const named = ['model_name_or_path: Qwen/Qwen3-4B', 'template: qwen3', 'dataset: a'];
    const role = (...more: readonly string[]) => {
      const lines = [...named, 'stage: sft', 'do_train: true', ...more];
      return mustRead('a.yaml', lines.join('\n')).reading.role;
    };
    expect(role('tokenized_path: saves/a')).toBe('other');
    expect(role('tokenized_path: null')).toBe('finetune');
    expect(role('tokenized_path: saves/a', 'num_train_epochs: 2')).toBe('finetune');
  });

  it('stays silent for inference, export and merge files', () => {
    const named = 'model_name_or_path: Qwen/Qwen3-4B\ntemplate: qwen3\n';
    expect(readText('a.yaml', `${named}infer_backend: vllm\n`)).toBeNull();
    expect(readText('a.yaml', `${named}export_dir: a\n`)).toBeNull();
  });
});
