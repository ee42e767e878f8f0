import { describe, expect, it } from 'vitest';
import { mustRead } from './readText.ts';

/** OLMo-1B's config with lines replaced or added, by key; null drops a line. */
function config(
  model: Readonly<Record<string, string | null>> = {},
  top: Readonly<Record<string, string | null>> = {},
): string {
  const modelLines = {
    d_model: '2048',
    n_heads: '16',
    n_layers: '16',
    mlp_ratio: '8',
    weight_tying: 'true',
    rope: 'true',
    include_bias: 'false',
    layer_norm_with_affine: 'false',
    attention_layer_norm: 'false',
    activation_type: 'swiglu',
    max_sequence_length: '2048',
    vocab_size: '50280',
    embedding_size: '50304',
    ...model,
  };
  const topLines = {
    load_path: 'null',
    max_duration: '739_328  # 3.1T tokens',
    global_train_batch_size: '2048',
    precision: 'amp_bf16',
    ...top,
  };
  const lines = (values: Readonly<Record<string, string | null>>, indent: string) =>
    Object.entries(values).flatMap(([key, value]) =>
      value === null ? [] : [`${indent}${key}: ${value}`],
    );
  return ['model:', ...lines(modelLines, '  '), ...lines(topLines, ''), ''].join('\n');
}

const read = (...parts: Parameters<typeof config>) => mustRead('a.yaml', config(...parts));

describe('OLMo: parameters', () => {
  it('counts OLMo-1B: ratio 8 is gate and up together, the norms have no parameters', () => {
    expect(read().counts).toMatchObject({
      total: 1_176_764_416,
      nonEmbedding: 1_073_741_824,
      linear: 1_073_741_824,
    });
  });

  it('counts OLMo 2 7B: fused mlp_hidden_size, full query and key norms, untied head', () => {
    const { counts, reading } = read({
      d_model: '4096',
      n_heads: '32',
      n_layers: '32',
      mlp_ratio: null,
      mlp_hidden_size: '22016',
      weight_tying: 'false',
      layer_norm_type: 'rms',
      layer_norm_with_affine: 'true',
      attention_layer_norm: 'true',
      vocab_size: '100278',
      embedding_size: '100352',
    });
    expect(reading.shape.feedForward?.value).toBe(11008);
    expect(counts).toMatchObject({ total: 7_298_617_344, nonEmbedding: 6_476_533_760 });
  });

  it('does not halve the width of an ungated block', () => {
    expect(read({ activation_type: 'gelu' }).reading.shape.feedForward?.value).toBe(16384);
  });

  it('learns positions without rope and alibi', () => {
    expect(read({ rope: 'false' }).reading.shape.learnedPositions?.value).toBe(2048);
    expect(read().reading.shape.learnedPositions?.value).toBe(0);
  });

  it('has one key-value head with multi_query_attention', () => {
    expect(read({ multi_query_attention: 'true' }).reading.shape.keyValueHeads?.value).toBe(1);
  });
});

describe('OLMo: tokens', () => {
  it('multiplies a bare max_duration as steps, underscores included', () => {
    expect(read().tokens.total?.value).toBe(3_100_966_387_712);
  });

  it('takes T for tokens, and not the scheduler’s t_max', () => {
    const { tokens } = read(
      {},
      { max_duration: '4e12T', scheduler: '{units: tokens, t_max: 5e12}' },
    );
    expect(tokens.total?.value).toBe(4e12);
  });

  it('cannot tell epochs, but takes the bound that stop_at sets', () => {
    expect(read({}, { max_duration: '1ep' }).tokens.total).toBeNull();
    expect(read({}, { max_duration: '1ep', stop_at: '1000' }).tokens.total?.value).toBe(
      1000 * 2048 * 2048,
    );
  });

  it('ends at the earlier of max_duration and stop_at', () => {
    const at = (stop: string) => read({}, { max_duration: '50e9T', stop_at: stop }).tokens.total;
    // 11,931 × 2048 × 2048 = 50.04 G: ten steps more than the duration.
    expect(at('11931')?.value).toBe(50e9);
    expect(at('1000')?.value).toBe(1000 * 2048 * 2048);
  });

  it('writes a shorter duration in its own unit', () => {
    const { duration } = read({}, { max_duration: '4e12T' }).reading.tokens;
    expect(duration?.write?.(2e12)).toBe('2000000000000T');
  });
});

describe('OLMo: role and precision', () => {
  it('continues a checkpoint named in load_path', () => {
    expect(read({}, { load_path: 'https://a.example/step1' }).reading.role).toBe('continued');
    expect(read().reading.role).toBe('pretrain');
  });

  it.each([
    ['amp_bf16', 'bf16 none'],
    ['amp_fp16', 'fp16 none'],
    ['fp32', 'fp32 none'],
  ])('reads and writes %s', (text, format) => {
    const { format: read16, formatTexts } = read({}, { precision: text });
    expect([read16, formatTexts]).toEqual([format, [text]]);
    const id = format.split(' ')[0] ?? '';
    expect(read({}, { precision: 'x' }).write(id)).toBe(config({}, { precision: text }));
  });
});

describe('OLMo: mixtures, roles and COAT', () => {
  it('counts block_type moe: MegaBlocks’ experts in every layer, as OLMoE-1B-7B has them', () => {
    const { counts } = read({
      mlp_ratio: '1',
      weight_tying: 'false',
      layer_norm_with_affine: 'true',
      bias_for_layer_norm: 'false',
      attention_layer_norm: 'true',
      block_type: 'moe',
      moe_num_experts: '64',
      moe_top_k: '8',
    });
    // allenai/OLMoE-1B-7B-0924: 6,919,161,856 parameters, 1.3 B of them active.
    expect(counts?.total).toBe(6_919_161_856);
    const inactive = (counts?.nonEmbedding ?? 0) - (counts?.active ?? 0);
    expect(inactive).toBe(16 * 56 * 3 * 2048 * 1024);
  });

  it('tunes where labels are masked, and goes on where only weights are loaded', () => {
    const start = { load_path: 'ckpt/step9', max_duration: '2ep' };
    expect(read({}, start).reading.role).toBe('continued');
    const masks = { ...start, data: '{paths: [a.npy], label_mask_paths: [b.npy]}' };
    expect(read({}, masks).reading.role).toBe('finetune');
  });

  it.each([
    ['coat_real', 'E4M3', 'E4M3', 'E5M2', 'fp8-e4m3', 'fp8-e5m2'],
    ['coat_fake', 'e4m3', 'e4m3', 'e4m3', 'fp8-e4m3', null],
  ])('reads COAT’s %s: %s × %s, gradients %s', (kind, a, w, g, format, gradient) => {
    const coat = `{use_quantize_model: ${kind}, fabit: ${a}, fwbit: ${w}, bobit: ${g}}`;
    const { precision } = read({}, { quantize_model: coat }).reading;
    expect([precision?.format.value, precision?.gradientFormat, precision?.granularity]).toEqual([
      format,
      gradient,
      'tensor',
    ]);
  });

  it.each([
    ['babit: E5M2, bobit: E5M2', 'fp8-e5m2'],
    ['babit: E5M2', 'fp8-e5m2'],
    ['babit: E4M3, bobit: E5M2', undefined],
  ])('takes COAT’s gradients from %s', (bits, gradient) => {
    const coat = `{use_quantize_model: coat_real, fabit: E4M3, fwbit: E4M3, ${bits}}`;
    expect(read({}, { quantize_model: coat }).reading.precision?.gradientFormat).toBe(gradient);
  });

  it('knows no format for another kind of quantised model', () => {
    const coat = '{use_quantize_model: other, fabit: E4M3, fwbit: E4M3, bobit: E5M2}';
    expect(read({}, { quantize_model: coat }).reading.precision).toBeNull();
    expect(
      read({}, { quantize_model: '{use_quantize_model: none}' }).reading.precision,
    ).toMatchObject({
      format: { value: 'bf16' },
    });
  });

  it('leaves the keys of a mixture alone in a dense block', () => {
    const keys = { moe_num_experts: '8', moe_top_k: '2' };
    const dense = read({ ...keys, block_type: 'sequential' });
    expect(dense.reading.shape.experts?.value).toBeNull();
    expect(read({ ...keys, block_type: 'moe' }).reading.shape.experts?.value?.count).toBe(8);
  });
});
