import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';

/** A config of GPT-NeoX's shape; `more` overrides or adds keys, undefined drops one. */
function config(more: Readonly<Record<string, unknown>> = {}): string {
  const keys = {
    'pipe-parallel-size': 0,
    'model-parallel-size': 1,
    'num-layers': 6,
    'hidden-size': 128,
    'num-attention-heads': 4,
    'seq-length': 2048,
    'max-position-embeddings': 2048,
    'pos-emb': 'rotary',
    'no-weight-tying': true,
    train_micro_batch_size_per_gpu: 32,
    'train-iters': 143000,
    fp16: { enabled: true },
    ...more,
  };
  return `# a comment\n${JSON.stringify(keys, null, 2)}\n`;
}

const read = (more?: Readonly<Record<string, unknown>>) => mustRead('a.yml', config(more));

describe('GPT-NeoX: parameters', () => {
  it('counts a Pythia shape with all its biases, vocabulary unknown', () => {
    // Pythia 14M: 1,189,888 non-embedding parameters (EleutherAI/pythia README, exact by formula).
    expect(read().counts).toMatchObject({ nonEmbedding: 1_189_888, total: null });
  });

  it('pads the vocabulary of a tokenizer that a file name tells', () => {
    const vocabulary = (ranks: number) =>
      read({ 'vocab-file': 'a/20B_tokenizer.json', 'model-parallel-size': ranks }).reading.shape
        .vocabulary?.value;
    // 50277 padded to 128, and to 128 × 4 as Pythia 12B's.
    expect([vocabulary(1), vocabulary(4)]).toEqual([50304, 50688]);
  });

  it('takes a third of intermediate_size for a gated block, rounded to mlp_multiple_of', () => {
    const { shape } = read({
      intermediate_size: 32768,
      activation: 'swiglu',
      mlp_multiple_of: 256,
    }).reading;
    expect(shape.feedForward?.value).toBe(11008);
    expect(shape.gated?.value).toBe(true);
  });

  it('keeps the MLP biases of a Llama file that only switches the others off', () => {
    // configs/llama2/7B: 835,584 more than Llama-2's 6,476,271,616, from 32 × (2·11008 + 4096) biases.
    const counts = read({
      'num-layers': 32,
      'hidden-size': 4096,
      'num-attention-heads': 32,
      intermediate_size: 32768,
      activation: 'swiglu',
      mlp_multiple_of: 256,
      norm: 'rmsnorm',
      use_bias_in_norms: false,
      use_bias_in_attn_linear: false,
    }).counts;
    expect(counts?.nonEmbedding).toBe(6_477_107_200);
  });

  it('counts learned positions only where pos_emb is learned, its default', () => {
    expect(read().reading.shape.learnedPositions?.value).toBe(0);
    expect(read({ 'pos-emb': undefined }).reading.shape.learnedPositions?.value).toBe(2048);
  });

  it('ties the head unless no_weight_tying says otherwise', () => {
    expect(read().reading.shape.tied?.value).toBe(false);
    expect(
      read({ 'no-weight-tying': undefined, 'gpt-j-residual': true }).reading.shape.tied?.value,
    ).toBe(true);
  });

  it('puts experts into every moe_expert_interval-th layer', () => {
    const experts = read({ moe_num_experts: 8, moe_top_k: 2, moe_expert_interval: 2 }).reading.shape
      .experts?.value;
    expect(experts).toMatchObject({ count: 8, active: 2, width: 512, layers: 3 });
  });
});

describe('GPT-NeoX: other layers', () => {
  it('does not count gMLP layers as a transformer’s', () => {
    const { counts, reading } = read({ attention_config: [[['gmlp'], 6]] });
    expect(counts).toBeNull();
    expect(reading.needs[0]?.why).toContain('gmlp');
  });
});

describe('GPT-NeoX: tokens and role', () => {
  it('knows D a rank when only the number of GPUs is missing', () => {
    const { tokens } = read({ gradient_accumulation_steps: 2 });
    expect(tokens.total).toBeNull();
    expect(tokens.perRank?.value).toBe(143_000 * 32 * 2 * 2048);
  });

  it('knows D from train_batch_size', () => {
    expect(read({ train_batch_size: 1024 }).tokens.total?.value).toBe(143_000 * 1024 * 2048);
  });

  it('multiplies the GPUs that hold one copy', () => {
    const plan = read({ 'pipe-parallel-size': 4, 'model-parallel-size': 2 }).reading.tokens;
    expect(plan.modelParallel?.value).toBe(8);
    expect(read().reading.tokens.modelParallel?.value).toBe(1);
  });

  it('calls a shape without a duration a fragment, and finetune a continued run', () => {
    expect(read({ 'train-iters': undefined }).reading.role).toBe('fragment');
    expect(read({ finetune: true }).reading.role).toBe('continued');
    expect(read().reading.role).toBe('pretrain');
  });

  it('stays silent for Mamba and RWKV layers, and for a file with a model key', () => {
    expect(read({ attention_config: [[['mamba'], 6]] }).reading.role).toBe('other');
    expect(readText('a.yml', config({ model: 'x' }))).toBeNull();
  });
});

describe('GPT-NeoX: precision', () => {
  it('reads the fp16 block, and bfloat16 inside it as Pythia-1B writes it', () => {
    expect(read().format).toBe('fp16 none');
    expect(read({ fp16: { enabled: true, type: 'bfloat16' } }).format).toBe('bf16 none');
  });

  it('reads precision and the bf16 block', () => {
    expect(read({ fp16: undefined, precision: 'bfloat16' }).format).toBe('bf16 none');
    expect(read({ fp16: undefined, bf16: { enabled: true } }).format).toBe('bf16 none');
    expect(read({ fp16: undefined }).format).toBeNull();
  });

  it('does not take te_fp8_format alone for FP8', () => {
    const { format, reading } = read({ te_fp8_format: 'hybrid' });
    expect(format).toBe('fp16 none');
    expect(reading.precision?.notes).toHaveLength(1);
  });

  it('takes te_fp8_mha for FP8, hybrid unless e4m3', () => {
    expect(read({ te_fp8_mha: true }).reading.precision).toMatchObject({
      format: { value: 'fp8-e4m3' },
      gradientFormat: 'fp8-e5m2',
      granularity: 'tensor',
      base: 'fp16',
    });
    expect(
      read({ te_fp8_mha: true, te_fp8_format: 'e4m3' }).reading.precision?.gradientFormat,
    ).toBeNull();
  });
});

describe('GPT-NeoX: role', () => {
  it.each([
    [{}, 'pretrain'],
    [{ finetune: true }, 'continued'],
    [{ finetune: true, train_impl: 'rm' }, 'finetune'],
    [{ train_label_data_paths: ['a'] }, 'finetune'],
  ])('of %j is %s', (more, role) => {
    expect(read(more).reading.role).toBe(role);
  });

  it('knows D of tuning only where samples are packed', () => {
    expect(read({ train_impl: 'rm' }).tokens.perRank?.value).toBe(143000 * 32 * 2048);
    expect(read({ train_impl: 'rm', pack_impl: 'unpacked' }).tokens.perRank).toBeNull();
  });
});

describe('GPT-NeoX: writing', () => {
  it('writes plain formats into precision and the blocks there are', () => {
    const written = read().write('bf16');
    expect(written).toContain('"precision": "bfloat16"');
    expect(written).toContain('"enabled": false');
    expect(mustRead('a.yml', written).format).toBe('bf16 none');
    expect(mustRead('a.yml', mustRead('a.yml', written).write('fp16')).format).toBe('fp16 none');
  });

  it('switches FP8 on only where te_fp8_mha is in the file', () => {
    expect(read().write('fp8-e4m3', 'tensor')).toContain('te_fp8_mha');
    expect(read().write('fp8-e4m3', 'tensor')).not.toContain('{');
    const off = read({ te_fp8_mha: false });
    const on = mustRead('a.yml', off.write('fp8-e4m3', 'tensor'));
    expect(on.format).toBe('fp8-e4m3 tensor');
    expect(mustRead('a.yml', on.write('bf16')).format).toBe('bf16 none');
  });

  it('refuses what it has no key for', () => {
    expect(read().write('mxfp4', 'block', 32)).toBe(
      'The framework has no setting for MXFP4 in blocks of 32.',
    );
  });
});
