import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';

interface Parts {
  readonly model?: string;
  readonly modelConfig?: string;
  readonly checkpoints?: string;
  readonly tokens?: string;
  readonly parallelism?: string;
  readonly more?: string;
}

const shape = [
  'hidden_size: 576',
  'intermediate_size: 1536',
  'num_attention_heads: 9',
  'num_hidden_layers: 30',
  'num_key_value_heads: 3',
  'tie_word_embeddings: true',
  'vocab_size: 49152',
];

function config(parts: Parts = {}): string {
  const lines = (text: string, indent: string) =>
    text
      .split('\n')
      .map((line) => indent + line)
      .join('\n');
  return [
    'checkpoints:',
    lines(parts.checkpoints ?? 'resume_checkpoint_path: null', '  '),
    'model:',
    lines(parts.model ?? 'dtype: bfloat16', '  '),
    '  model_config:',
    lines(parts.modelConfig ?? ['is_llama_config: true', ...shape].join('\n'), '    '),
    'parallelism:',
    lines(parts.parallelism ?? 'dp: 64\npp: 1\ntp: 1', '  '),
    'tokens:',
    lines(
      parts.tokens ??
        'batch_accumulation_per_replica: 1\nmicro_batch_size: 8\nsequence_length: 2048\ntrain_steps: 2000000',
      '  ',
    ),
    parts.more ?? '',
  ].join('\n');
}

const read = (parts?: Parts) => mustRead('a.yaml', config(parts));

describe('nanotron', () => {
  it('counts SmolLM2-135M and its 2.1 T tokens exactly', () => {
    const { counts, tokens, format } = read();
    expect(counts).toMatchObject({ total: 134_515_008, nonEmbedding: 106_203_456 });
    expect(tokens.total?.value).toBe(2_097_152_000_000);
    expect(format).toBe('bf16 none');
  });

  it('does not multiply by context parallelism, nor by lighteval’s own dp', () => {
    const { tokens } = read({
      parallelism: 'context_parallel_size: 4\ndp: 64\npp: 1\ntp: 1',
      more: 'lighteval:\n  parallelism:\n    dp: 8',
    });
    expect(tokens.total?.value).toBe(2_097_152_000_000);
  });

  it('reads YAML 1.1 integers with underscores', () => {
    const { tokens } = read({
      tokens: 'micro_batch_size: 8\nsequence_length: 2048\ntrain_steps: 70_000',
    });
    expect(tokens.total?.value).toBe(70_000 * 8 * 64 * 2048);
  });

  it('takes the last of two moe_config keys', () => {
    const modelConfig = ['is_qwen2_config: true', 'moe_config: null', ...shape];
    const moe = ['moe_config:', '  num_experts: 8', '  top_k: 1', '  enable_shared_expert: true'];
    const { reading } = read({ modelConfig: [...modelConfig, ...moe].join('\n') });
    expect(reading.shape.experts?.value).toEqual({
      count: 8,
      active: 1,
      width: 1408,
      sharedWidth: 5632,
      sharedGate: true,
      layers: 30,
    });
  });

  it('counts only the layers that a mixture lists', () => {
    const modelConfig = ['is_qwen2_config: true', ...shape, 'moe_config:', '  layers: [1, 3, 5]'];
    const { reading } = read({ modelConfig: modelConfig.join('\n') });
    expect(reading.shape.experts?.value?.layers).toBe(3);
  });

  it('gives queries, keys and values a bias with attention_bias', () => {
    const modelConfig = ['is_qwen2_config: true', 'attention_bias: true', ...shape].join('\n');
    expect(read({ modelConfig }).reading.shape.biases?.value).toMatchObject({
      queryKeyValue: true,
      attentionOutput: false,
    });
  });

  it('pads the vocabulary to tensor-parallel ranks', () => {
    const { reading } = read({
      model: 'dtype: bfloat16\nmake_vocab_size_divisible_by: 100',
      parallelism: 'dp: 1\npp: 1\ntp: 2',
    });
    expect(reading.shape.vocabulary?.value).toBe(49200);
  });

  it('says what a mixture of another model class lacks instead of guessing', () => {
    const { counts, reading } = read({
      modelConfig: ['is_llamoe_config: true', ...shape].join('\n'),
    });
    expect(counts).toBeNull();
    expect(reading.needs[0]?.why).toContain('is_llamoe_config');
  });

  it('is silent for Mamba', () => {
    const { reading } = read({ modelConfig: 'is_mamba_config: true\nd_model: 1536' });
    expect(reading.role).toBe('other');
  });

  it.each([
    ['resume_checkpoint_path: null', 'pretrain'],
    ['resume_checkpoint_path: a/b', 'pretrain'],
    ['resume_checkpoint_path: a/b\nload_optimizer: true\nload_lr_scheduler: true', 'pretrain'],
    ['resume_checkpoint_path: a/b\nload_optimizer: false\nload_lr_scheduler: false', 'continued'],
    ['resume_checkpoint_path: null\nload_optimizer: false\nload_lr_scheduler: false', 'pretrain'],
  ])('reads %j as %s', (checkpoints, role) => {
    expect(read({ checkpoints }).reading.role).toBe(role);
  });

  it('continues an existing checkpoint named in init_method', () => {
    const { reading } = read({ model: 'dtype: bfloat16\ninit_method:\n  path: a/b' });
    expect(reading.role).toBe('continued');
  });

  it('writes only model.dtype', () => {
    expect(read().write('fp32')).toBe(config().replace('bfloat16', 'float32'));
    expect(read().write('fp8-e4m3', 'tensor')).toBe(
      'The framework has no setting for FP8 E4M3 per tensor.',
    );
  });

  it('wants model.model_config, tokens and parallelism', () => {
    expect(readText('a.yaml', config().replace('parallelism:', 'parallel:'))).toBeNull();
  });
});
