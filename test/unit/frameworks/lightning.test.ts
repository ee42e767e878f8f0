import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';

function config(trainer: readonly string[], init: readonly string[]): string {
  return [
    'trainer:',
    '  accelerator: gpu',
    ...trainer.map((line) => `  ${line}`),
    'model:',
    '  class_path: a.Module',
    '  init_args:',
    ...init.map((line) => `    ${line}`),
    'data:',
    '  class_path: a.Data',
    '  init_args:',
    '    batch_size: 4',
    '    max_length: 2048',
  ].join('\n');
}

const named = ['model_name_or_path: Qwen/Qwen2.5-0.5B'];
const spelled = [
  'model_type: llama',
  'hidden_size: 768',
  'intermediate_size: 2048',
  'num_hidden_layers: 12',
  'num_attention_heads: 12',
  'vocab_size: 32000',
];

const read = (trainer: readonly string[], init: readonly string[] = named) =>
  mustRead('a.yaml', config(trainer, init));

describe('Lightning CLI', () => {
  it('fine-tunes a named model, and pre-trains one spelled out', () => {
    expect(read(['devices: 2']).reading.role).toBe('finetune');
    expect(read(['devices: 2']).counts?.total).toBe(494_032_768);
    const { reading, counts } = read(['devices: 2'], spelled);
    expect(reading.role).toBe('pretrain');
    expect(counts?.total).toBe(134_105_856);
  });

  it('counts GPUs only where both numbers stand', () => {
    const steps = ['max_steps: 1000', 'accumulate_grad_batches: 2'];
    expect(read([...steps, 'devices: 8', 'num_nodes: 4'], spelled).tokens.total?.value).toBe(
      1000 * 4 * 2 * 32 * 2048,
    );
    expect(read([...steps, 'devices: 8']).tokens.total).toBeNull();
    expect(read([...steps, 'devices: auto'], spelled).tokens).toMatchObject({
      total: null,
      perRank: { value: 1000 * 4 * 2 * 2048 },
    });
  });

  it.each([
    ['precision: 16', 'fp16 none'],
    ['precision: bf16-mixed', 'bf16 none'],
    ['precision: transformer-engine', 'fp8-e4m3 tensor'],
    ['devices: 1', 'fp32 none'],
  ])('reads %s as %s', (line, format) => {
    expect(read([line]).format).toBe(format);
  });

  it('lets a TransformerEnginePrecision plugin go over the string', () => {
    const { format, reading } = read([
      'precision: bf16-mixed',
      'plugins:',
      '  - class_path: lightning.pytorch.plugins.TransformerEnginePrecision',
      '    init_args:',
      '      weights_dtype: torch.float16',
      '      recipe: {fp8_format: E4M3}',
    ]);
    expect(format).toBe('fp8-e4m3 tensor');
    expect(reading.precision).toMatchObject({ gradientFormat: null, base: 'fp16' });
    expect(reading.writeFormat).toBeNull();
  });

  it('writes the precision string', () => {
    expect(read(['precision: bf16-mixed']).write('fp8-e4m3', 'tensor')).toBe(
      config(['precision: transformer-engine'], named),
    );
  });

  it('is silent for what is no language model', () => {
    expect(readText('a.yaml', config(['devices: 2'], ['hidden_size: 256']))).toBeNull();
    expect(read(['devices: 2'], ['model_name: bert-base-uncased']).reading.role).toBe('other');
  });
});
