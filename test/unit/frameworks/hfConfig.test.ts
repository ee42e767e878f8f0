import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';
import { need } from '../../../src/core/run/need.ts';

const json = (values: Readonly<Record<string, unknown>>): string => JSON.stringify(values, null, 2);
const read = (values: Readonly<Record<string, unknown>>) => mustRead('config.json', json(values));

const llama = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  hidden_size: 4096,
  intermediate_size: 14336,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  vocab_size: 128256,
  tie_word_embeddings: false,
};

const deepseek = {
  vocab_size: 129280,
  dim: 7168,
  inter_dim: 18432,
  moe_inter_dim: 2048,
  n_layers: 61,
  n_dense_layers: 3,
  n_heads: 128,
  n_routed_experts: 256,
  n_shared_experts: 1,
  n_activated_experts: 8,
  q_lora_rank: 1536,
  kv_lora_rank: 512,
  qk_nope_head_dim: 128,
  qk_rope_head_dim: 64,
  v_head_dim: 128,
};

/** Published totals, or the sizes of the checkpoints on the Hub. */
const models: readonly (readonly [string, number, Readonly<Record<string, unknown>>])[] = [
  ['Llama 3 8B', 8_030_261_248, llama],
  [
    'Mixtral 8×7B',
    46_702_792_704,
    {
      ...llama,
      architectures: ['MixtralForCausalLM'],
      model_type: 'mixtral',
      vocab_size: 32000,
      num_local_experts: 8,
      num_experts_per_tok: 2,
    },
  ],
  [
    'Mistral 7B',
    7_241_732_096,
    {
      ...llama,
      architectures: ['MistralForCausalLM'],
      model_type: 'mistral',
      vocab_size: 32000,
    },
  ],
  [
    'Minitron 4B',
    4_190_509_056,
    {
      architectures: ['NemotronForCausalLM'],
      model_type: 'nemotron',
      head_dim: 128,
      hidden_size: 3072,
      intermediate_size: 9216,
      num_attention_heads: 24,
      num_hidden_layers: 32,
      num_key_value_heads: 8,
      vocab_size: 256000,
    },
  ],
  [
    'Qwen2.5 7B',
    7_615_616_512,
    {
      ...llama,
      architectures: ['Qwen2ForCausalLM'],
      model_type: 'qwen2',
      hidden_size: 3584,
      intermediate_size: 18944,
      num_hidden_layers: 28,
      num_attention_heads: 28,
      num_key_value_heads: 4,
      vocab_size: 152064,
    },
  ],
  [
    'Qwen1.5-MoE-A2.7B',
    14_315_784_192,
    {
      ...llama,
      architectures: ['Qwen2MoeForCausalLM'],
      model_type: 'qwen2_moe',
      hidden_size: 2048,
      intermediate_size: 5632,
      moe_intermediate_size: 1408,
      shared_expert_intermediate_size: 5632,
      num_experts: 60,
      num_experts_per_tok: 4,
      num_hidden_layers: 24,
      num_attention_heads: 16,
      num_key_value_heads: 16,
      vocab_size: 151936,
    },
  ],
  [
    // A token embedding of 512, two matrices between it and the layers' 1,024, no last norm.
    'OPT 350M',
    331_196_416,
    {
      architectures: ['OPTForCausalLM'],
      model_type: 'opt',
      do_layer_norm_before: false,
      ffn_dim: 4096,
      hidden_size: 1024,
      max_position_embeddings: 2048,
      num_attention_heads: 16,
      num_hidden_layers: 24,
      vocab_size: 50272,
      word_embed_proj_dim: 512,
    },
  ],
  [
    'Qwen3 0.6B',
    596_049_920,
    {
      ...llama,
      architectures: ['Qwen3ForCausalLM'],
      model_type: 'qwen3',
      hidden_size: 1024,
      head_dim: 128,
      intermediate_size: 3072,
      num_hidden_layers: 28,
      num_attention_heads: 16,
      vocab_size: 151936,
      tie_word_embeddings: true,
    },
  ],
  [
    'Qwen3 30B-A3B',
    30_532_122_624,
    {
      ...llama,
      architectures: ['Qwen3MoeForCausalLM'],
      model_type: 'qwen3_moe',
      hidden_size: 2048,
      head_dim: 128,
      intermediate_size: 6144,
      moe_intermediate_size: 768,
      num_experts: 128,
      num_experts_per_tok: 8,
      num_hidden_layers: 48,
      num_key_value_heads: 4,
      vocab_size: 151936,
      decoder_sparse_step: 1,
      mlp_only_layers: [],
    },
  ],
  [
    'GPT-2',
    124_439_808,
    {
      architectures: ['GPT2LMHeadModel'],
      model_type: 'gpt2',
      n_embd: 768,
      n_head: 12,
      n_layer: 12,
      n_positions: 1024,
      vocab_size: 50257,
    },
  ],
  [
    'Pythia 160M',
    162_322_944,
    {
      architectures: ['GPTNeoXForCausalLM'],
      model_type: 'gpt_neox',
      hidden_size: 768,
      intermediate_size: 3072,
      num_attention_heads: 12,
      num_hidden_layers: 12,
      max_position_embeddings: 2048,
      vocab_size: 50304,
    },
  ],
  [
    'GPT-Neo 125M',
    125_198_592,
    {
      architectures: ['GPTNeoForCausalLM'],
      model_type: 'gpt_neo',
      hidden_size: 768,
      intermediate_size: null,
      num_heads: 12,
      num_layers: 12,
      max_position_embeddings: 2048,
      vocab_size: 50257,
    },
  ],
  [
    'GPT-J 6B',
    6_050_882_784,
    {
      architectures: ['GPTJForCausalLM'],
      model_type: 'gptj',
      n_embd: 4096,
      n_head: 16,
      n_layer: 28,
      n_inner: null,
      n_positions: 2048,
      vocab_size: 50400,
    },
  ],
  [
    'OPT 125M',
    125_239_296,
    {
      architectures: ['OPTForCausalLM'],
      model_type: 'opt',
      hidden_size: 768,
      ffn_dim: 3072,
      num_attention_heads: 12,
      num_hidden_layers: 12,
      max_position_embeddings: 2048,
      vocab_size: 50272,
      word_embed_proj_dim: 768,
    },
  ],
  [
    'BLOOM 560M',
    559_214_592,
    {
      architectures: ['BloomForCausalLM'],
      model_type: 'bloom',
      hidden_size: 1024,
      n_head: 16,
      n_layer: 24,
      vocab_size: 250880,
    },
  ],
  [
    'Falcon 7B',
    6_921_720_704,
    {
      architectures: ['FalconForCausalLM'],
      model_type: 'falcon',
      hidden_size: 4544,
      num_attention_heads: 71,
      num_hidden_layers: 32,
      num_kv_heads: 71,
      multi_query: true,
      parallel_attn: true,
      bias: false,
      vocab_size: 65024,
    },
  ],
  [
    'Falcon 40B',
    41_303_293_952,
    {
      architectures: ['FalconForCausalLM'],
      model_type: 'falcon',
      hidden_size: 8192,
      num_attention_heads: 128,
      num_hidden_layers: 60,
      num_kv_heads: 8,
      new_decoder_architecture: true,
      vocab_size: 65024,
    },
  ],
  [
    'MPT 7B',
    6_649_286_656,
    {
      architectures: ['MPTForCausalLM'],
      model_type: 'mpt',
      d_model: 4096,
      n_heads: 32,
      n_layers: 32,
      expansion_ratio: 4,
      max_seq_len: 2048,
      vocab_size: 50432,
    },
  ],
  [
    'Phi-2',
    2_779_683_840,
    {
      architectures: ['PhiForCausalLM'],
      model_type: 'phi',
      hidden_size: 2560,
      intermediate_size: 10240,
      num_attention_heads: 32,
      num_hidden_layers: 32,
      vocab_size: 51200,
    },
  ],
  [
    'Phi-3 mini',
    3_821_079_552,
    {
      architectures: ['Phi3ForCausalLM'],
      model_type: 'phi3',
      hidden_size: 3072,
      intermediate_size: 8192,
      num_attention_heads: 32,
      num_hidden_layers: 32,
      num_key_value_heads: 32,
      vocab_size: 32064,
    },
  ],
  [
    'Gemma 2B',
    2_506_172_416,
    {
      architectures: ['GemmaForCausalLM'],
      model_type: 'gemma',
      head_dim: 256,
      hidden_size: 2048,
      intermediate_size: 16384,
      num_attention_heads: 8,
      num_hidden_layers: 18,
      num_key_value_heads: 1,
      vocab_size: 256000,
    },
  ],
  [
    'Gemma 2 2B',
    2_614_341_888,
    {
      architectures: ['Gemma2ForCausalLM'],
      model_type: 'gemma2',
      head_dim: 256,
      hidden_size: 2304,
      intermediate_size: 9216,
      num_attention_heads: 8,
      num_hidden_layers: 26,
      num_key_value_heads: 4,
      vocab_size: 256000,
    },
  ],
  [
    'Gemma 3 1B',
    999_885_952,
    {
      architectures: ['Gemma3ForCausalLM'],
      model_type: 'gemma3_text',
      head_dim: 256,
      hidden_size: 1152,
      intermediate_size: 6912,
      num_attention_heads: 4,
      num_hidden_layers: 26,
      num_key_value_heads: 1,
      vocab_size: 262144,
    },
  ],
  [
    'OLMo 1B',
    1_176_764_416,
    {
      architectures: ['OlmoForCausalLM'],
      model_type: 'olmo',
      hidden_size: 2048,
      intermediate_size: 8192,
      num_attention_heads: 16,
      num_hidden_layers: 16,
      num_key_value_heads: 16,
      tie_word_embeddings: true,
      vocab_size: 50304,
    },
  ],
  [
    'OLMo 2 7B',
    7_298_617_344,
    {
      architectures: ['Olmo2ForCausalLM'],
      model_type: 'olmo2',
      hidden_size: 4096,
      intermediate_size: 11008,
      num_attention_heads: 32,
      num_hidden_layers: 32,
      num_key_value_heads: 32,
      vocab_size: 100352,
    },
  ],
  [
    'StarCoder2 3B',
    3_030_371_328,
    {
      architectures: ['Starcoder2ForCausalLM'],
      model_type: 'starcoder2',
      hidden_size: 3072,
      intermediate_size: 12288,
      num_attention_heads: 24,
      num_hidden_layers: 30,
      num_key_value_heads: 2,
      use_bias: true,
      vocab_size: 49152,
    },
  ],
  [
    'gpt-oss 20B',
    20_914_757_184,
    {
      architectures: ['GptOssForCausalLM'],
      model_type: 'gpt_oss',
      attention_bias: true,
      head_dim: 64,
      hidden_size: 2880,
      intermediate_size: 2880,
      num_attention_heads: 64,
      num_hidden_layers: 24,
      num_key_value_heads: 8,
      num_local_experts: 32,
      num_experts_per_tok: 4,
      vocab_size: 201088,
    },
  ],
  [
    'StableLM 2 1.6B',
    1_644_515_328,
    {
      architectures: ['StableLmForCausalLM'],
      model_type: 'stablelm',
      hidden_size: 2048,
      intermediate_size: 5632,
      num_attention_heads: 32,
      num_hidden_layers: 24,
      num_key_value_heads: 32,
      use_qkv_bias: true,
      vocab_size: 100352,
    },
  ],
  [
    'Command R (35B)',
    34_980_831_232,
    {
      architectures: ['CohereForCausalLM'],
      model_type: 'cohere',
      hidden_size: 8192,
      intermediate_size: 22528,
      num_attention_heads: 64,
      num_hidden_layers: 40,
      num_key_value_heads: 64,
      vocab_size: 256000,
    },
  ],
  [
    'DeepSeek-V3',
    671_026_419_200,
    {
      architectures: ['DeepseekV3ForCausalLM'],
      model_type: 'deepseek_v3',
      first_k_dense_replace: 3,
      hidden_size: 7168,
      intermediate_size: 18432,
      kv_lora_rank: 512,
      moe_intermediate_size: 2048,
      moe_layer_freq: 1,
      n_routed_experts: 256,
      n_shared_experts: 1,
      num_attention_heads: 128,
      num_experts_per_tok: 8,
      num_hidden_layers: 61,
      num_key_value_heads: 128,
      q_lora_rank: 1536,
      qk_nope_head_dim: 128,
      qk_rope_head_dim: 64,
      v_head_dim: 128,
      vocab_size: 129280,
    },
  ],
  [
    'DeepSeek-V2-Lite',
    15_706_484_224,
    {
      architectures: ['DeepseekV2ForCausalLM'],
      model_type: 'deepseek_v2',
      first_k_dense_replace: 1,
      hidden_size: 2048,
      intermediate_size: 10944,
      kv_lora_rank: 512,
      moe_intermediate_size: 1408,
      n_routed_experts: 64,
      n_shared_experts: 2,
      num_attention_heads: 16,
      num_experts_per_tok: 6,
      num_hidden_layers: 27,
      q_lora_rank: null,
      qk_nope_head_dim: 128,
      qk_rope_head_dim: 64,
      v_head_dim: 128,
      vocab_size: 102400,
    },
  ],
];

describe('Hugging Face config: parameters', () => {
  it.each(models)('counts %s', (_, total, values) => {
    const { counts, reading } = read(values);
    expect(counts?.total).toBe(total);
    expect(reading.role).toBe('model');
  });

  it('counts DeepSeek’s second schema, expert biases and all', () => {
    expect(read(deepseek).counts).toMatchObject({
      total: 671_026_419_200,
      nonEmbedding: 669_173_061_120,
    });
  });

  it('takes the family from an old config’s class', () => {
    expect(read({ ...llama, model_type: undefined }).counts?.total).toBe(8_030_261_248);
  });

  it('counts a converted OLMo checkpoint by OLMo’s own keys', () => {
    const { counts } = read({
      architectures: ['OLMoForCausalLM'],
      model_type: 'hf_olmo',
      d_model: 2048,
      n_heads: 16,
      n_layers: 16,
      mlp_ratio: 8,
      weight_tying: true,
      rope: true,
      include_bias: false,
      layer_norm_with_affine: false,
      embedding_size: 50304,
    });
    expect(counts?.total).toBe(1_176_764_416);
  });

  it('gives no number for a family it does not know', () => {
    const { counts, reading } = read({ ...llama, model_type: 'zamba' });
    expect(counts).toBeNull();
    expect(reading.needs).toEqual([
      need('parameters', 'how a layer of model type “zamba” is built is not known'),
    ]);
  });
});

describe('Hugging Face config: recognition', () => {
  it.each(['BertForMaskedLM', 'CLIPModel', 'T5ForConditionalGeneration', 'BertLMHeadModel'])(
    'stays silent for %s',
    (architecture) => {
      expect(read({ ...llama, architectures: [architecture] }).reading.role).toBe('other');
    },
  );

  it('leaves files alone that only mention a width, and templates', () => {
    expect(readText('config.json', json({ hidden_size: 4096, num_hidden_layers: 2 }))).toBeNull();
    const template = json(llama).replace('4096', 'HIDDEN_SIZE');
    expect(readText('config.json', template)).toBeNull();
  });
});

describe('Hugging Face config: stored format', () => {
  const quantised = (quantization_config: unknown) =>
    read({ ...llama, torch_dtype: 'bfloat16', quantization_config });

  it.each([
    [{ quant_method: 'fp8', fmt: 'e4m3', weight_block_size: [128, 128] }, 'fp8-e4m3 block 128'],
    [{ quant_method: 'fp8', activation_scheme: 'static' }, 'fp8-e4m3 tensor'],
    [{ quant_method: 'fbgemm_fp8' }, 'fp8-e4m3 channel'],
    [{ quant_method: 'mxfp4' }, 'mxfp4 block 32'],
    [
      { quant_method: 'bitsandbytes', load_in_4bit: true, bnb_4bit_quant_type: 'nf4' },
      'nf4 block 64',
    ],
    [{ quant_method: 'bitsandbytes', load_in_8bit: true }, 'int8 channel'],
    [{ quant_method: 'gptq', bits: 4, group_size: 128 }, 'int4 block 128'],
    [{ quant_method: 'awq', bits: 4, group_size: -1 }, 'int4 channel'],
    [{ quant_method: 'modelopt', quant_algo: 'NVFP4' }, 'nvfp4 block 16'],
    [
      {
        quant_method: 'compressed-tensors',
        config_groups: {
          group_0: { weights: { num_bits: 8, type: 'float', strategy: 'channel' } },
        },
      },
      'fp8-e4m3 channel',
    ],
    [
      { quant_method: 'fp_quant', forward_dtype: 'mxfp4', backward_dtype: 'bf16' },
      'mxfp4 block 32',
    ],
    [
      {
        quant_method: 'quark',
        global_quant_config: {
          weight: { dtype: 'fp4', qscheme: 'per_group', group_size: 32, scale_format: 'e8m0' },
        },
      },
      'mxfp4 block 32',
    ],
    [
      {
        quant_method: 'quark',
        global_quant_config: { weight: { dtype: 'fp8_e4m3', qscheme: 'per_tensor' } },
      },
      'fp8-e4m3 tensor',
    ],
    [{ quant_method: 'aqlm' }, 'bf16 none'],
  ])('reads %j', (config, format) => {
    const { format: read16, reading } = quantised(config);
    expect(read16).toBe(format);
    expect(reading.precision?.notes.at(-1)).toContain('how the weights are stored');
    expect(reading.writeFormat).toBeNull();
  });

  it('reads a plain dtype, DeepSeek’s fp8 and its default', () => {
    expect(read({ ...llama, torch_dtype: 'bfloat16' }).format).toBe('bf16 none');
    expect(read(llama).format).toBeNull();
    expect(read({ ...deepseek, dtype: 'fp8' }).format).toBe('fp8-e4m3 block 128');
    expect(read(deepseek).format).toBe('bf16 none');
    const scaled = read({ ...deepseek, dtype: 'fp8', scale_fmt: 'ue8m0' });
    expect(scaled.reading.precision?.scale).toBe('e8m0');
  });
});
