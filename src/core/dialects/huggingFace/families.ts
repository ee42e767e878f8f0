import { byDefault, derived } from '../../run/known.ts';
import { deepseekReading } from './deepseekShape.ts';
import {
  allBiases,
  gptLike,
  llamaBiases,
  llamaLike,
  mixture,
  noBiases,
  widthOf,
  type Family,
  type FamilyReading,
} from './family.ts';
import type { HfKeys } from './keys.ts';
import { need } from '../../run/need.ts';

const gemma = { headDimension: 256, tied: true } as const;

function falcon(keys: HfKeys): FamilyReading {
  const grouped = keys.isTrue('new_decoder_architecture');
  const parallel = keys.isTrue('parallel_attn', true);
  const bias = keys.isTrue('bias');
  const inParallel = keys.number('num_ln_in_parallel_attn')?.value ?? (grouped ? 2 : 1);
  const multiQuery = keys.isTrue('multi_query', true);
  const { shape } = gptLike(
    'FalconConfig',
    () => ({
      biases: { ...allBiases, queryKeyValue: bias, attentionOutput: bias, feedForward: bias },
      normsPerLayer: parallel || grouped ? inParallel : 2,
      tied: true,
    }),
    () => ({
      keyValueHeads: grouped
        ? keys.number('num_kv_heads')
        : multiQuery
          ? byDefault(1, 'transformers FalconConfig')
          : keys.heads(),
    }),
  )(keys);
  return { shape, needs: [] };
}

/** OPT: of the smallest but one the embedding is narrower than the layers (project_in, project_out). */
function opt(keys: HfKeys): FamilyReading {
  const embedding = keys.number('word_embed_proj_dim');
  const hidden = keys.hidden();
  const bias = keys.isTrue('enable_bias', true);
  const affine = keys.isTrue('layer_norm_elementwise_affine', true);
  const rows = keys.positions();
  return gptLike(
    'OPTConfig',
    () => ({
      biases: { ...noBiases, queryKeyValue: bias, attentionOutput: bias, feedForward: bias },
      norm: affine ? 'weight-and-bias' : 'none',
      finalNorm:
        keys.isTrue('do_layer_norm_before', true) && !keys.isTrue('_remove_final_layer_norm'),
    }),
    () => ({
      embeddingWidth: embedding && embedding.value !== hidden?.value ? embedding : null,
      // Positions are looked up two rows further on.
      learnedPositions:
        rows &&
        derived(rows.value + 2, `${rows.value} + 2`, [
          { name: 'max_position_embeddings', known: rows },
        ]),
    }),
  )(keys);
}

function stablelm(keys: HfKeys): FamilyReading {
  if (keys.isTrue('qk_layernorm')) {
    return {
      shape: {},
      needs: [need('parameters', 'StableLM’s query and key norms are not counted')],
    };
  }
  return llamaLike('StableLmConfig', () => ({
    biases: { ...noBiases, queryKeyValue: keys.isTrue('use_qkv_bias') },
    norm: 'weight-and-bias',
    normsPerLayer: keys.isTrue('use_parallel_residual') ? 1 : 2,
  }))(keys);
}

/** The decoder families of transformers whose layers are known, by `model_type`. */
export const families: ReadonlyMap<string, Family> = new Map<string, Family>([
  ['llama', llamaLike('LlamaConfig', (keys) => ({ biases: llamaBiases(keys) }))],
  ['mistral', llamaLike('MistralConfig')],
  [
    'mixtral',
    llamaLike(
      'MixtralConfig',
      () => ({}),
      (keys) => ({
        experts: mixture(keys, keys.number('num_local_experts'), keys.feedForward()),
      }),
    ),
  ],
  ['qwen2', llamaLike('Qwen2Config', () => ({ biases: { ...noBiases, queryKeyValue: true } }))],
  [
    'qwen2_moe',
    llamaLike(
      'Qwen2MoeConfig',
      () => ({ biases: { ...noBiases, queryKeyValue: true } }),
      (keys) => ({
        experts: mixture(keys, keys.number('num_experts'), keys.number('moe_intermediate_size'), {
          sharedWidth: keys.number('shared_expert_intermediate_size')?.value ?? 0,
          sharedGate: true,
        }),
      }),
    ),
  ],
  [
    'qwen3',
    llamaLike('Qwen3Config', (keys) => ({
      biases: llamaBiases(keys),
      headDimension: 128,
      queryKeyNorm: 'head',
    })),
  ],
  [
    'qwen3_moe',
    llamaLike(
      'Qwen3MoeConfig',
      (keys) => ({ biases: llamaBiases(keys), queryKeyNorm: 'head' }),
      (keys) => ({
        experts: mixture(keys, keys.number('num_experts'), keys.number('moe_intermediate_size')),
      }),
    ),
  ],
  [
    'gpt2',
    gptLike(
      'GPT2Config',
      () => ({}),
      (keys) => ({ learnedPositions: keys.positions() }),
    ),
  ],
  [
    'gpt_neox',
    gptLike('GPTNeoXConfig', (keys) => {
      const attention = keys.isTrue('attention_bias', true);
      const biases = { ...allBiases, queryKeyValue: attention, attentionOutput: attention };
      return { tied: false, biases };
    }),
  ],
  [
    'gpt_neo',
    gptLike(
      'GPTNeoConfig',
      () => ({ biases: { ...allBiases, queryKeyValue: false } }),
      (keys) => ({ learnedPositions: keys.positions() }),
    ),
  ],
  [
    'gptj',
    gptLike('GPTJConfig', () => ({
      tied: false,
      biases: { ...noBiases, feedForward: true, head: true },
      normsPerLayer: 1,
    })),
  ],
  ['opt', opt],
  ['bloom', gptLike('BloomConfig', () => ({ embeddingNorm: true }))],
  ['falcon', falcon],
  [
    'mpt',
    gptLike(
      'MptConfig',
      () => ({ biases: noBiases, norm: 'weight' }),
      (keys) => ({ feedForward: widthOf(keys, keys.number('expansion_ratio')?.value ?? 4) }),
    ),
  ],
  [
    'phi',
    gptLike('PhiConfig', () => ({
      tied: false,
      biases: { ...allBiases, head: true },
      normsPerLayer: 1,
    })),
  ],
  ['phi3', llamaLike('Phi3Config')],
  ['gemma', llamaLike('GemmaConfig', () => gemma)],
  ['gemma2', llamaLike('Gemma2Config', () => ({ ...gemma, normsPerLayer: 4 }))],
  [
    'gemma3_text',
    llamaLike('Gemma3TextConfig', () => ({ ...gemma, normsPerLayer: 4, queryKeyNorm: 'head' })),
  ],
  // OLMo's first norms have no parameters.
  ['olmo', llamaLike('OlmoConfig', (keys) => ({ biases: llamaBiases(keys), norm: 'none' }))],
  [
    'olmo2',
    llamaLike('Olmo2Config', (keys) => ({ biases: llamaBiases(keys), queryKeyNorm: 'full' })),
  ],
  [
    'starcoder2',
    gptLike('Starcoder2Config', (keys) => ({
      biases: keys.isTrue('use_bias', true) ? allBiases : noBiases,
    })),
  ],
  ['deepseek_v2', (keys) => ({ shape: deepseekReading(keys, 'v2'), needs: [] })],
  ['deepseek_v3', (keys) => ({ shape: deepseekReading(keys, 'v3'), needs: [] })],
  [
    'gpt_oss',
    llamaLike(
      'GptOssConfig',
      (keys) => ({
        biases: llamaBiases(keys, true),
        headDimension: 64,
        // One attention sink a head.
        extraPerLayer: keys.heads()?.value ?? 0,
      }),
      (keys) => ({
        experts: mixture(
          keys,
          keys.number('num_local_experts', 'num_experts'),
          keys.feedForward(),
          {
            routerBias: true,
            biases: true,
          },
        ),
      }),
    ),
  ],
  ['nemotron', gptLike('NemotronConfig', (keys) => ({ tied: false, biases: llamaBiases(keys) }))],
  ['stablelm', stablelm],
  ['granite', llamaLike('GraniteConfig', (keys) => ({ biases: llamaBiases(keys) }))],
  [
    'cohere',
    llamaLike('CohereConfig', (keys) => ({
      tied: true,
      biases: llamaBiases(keys),
      normsPerLayer: 1,
      queryKeyNorm: keys.isTrue('use_qk_norm') ? 'full' : 'none',
    })),
  ],
]);
