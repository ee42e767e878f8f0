import { byDefault } from '../../run/known.ts';
import { need, type Need } from '../../run/need.ts';
import type { BatchMemory, Setup } from '../../run/setup.ts';
import { plainFormat } from '../../config/precision.ts';
import type { Fields, Path } from '../../config/fields.ts';
import { linearNames } from '../../dialects/adapters.ts';
import { pure, undivided, wholeState } from '../../dialects/training.ts';
import type { Builder } from './models.ts';

const recipe = 'torchtune recipe';

/** Keys that the recipes for one device do not read (recipes/full_finetune_distributed.py). */
const distributedKeys = [
  'fsdp_cpu_offload',
  'fsdp_reshard_after_forward',
  'data_parallel_shard_dim',
  'data_parallel_replicate_dim',
  'tensor_parallel_dim',
  'context_parallel_dim',
  'custom_sharded_layers',
  'ac_mode',
];

/**
 * How a recipe trains: weights, gradients and the optimizer's state in `dtype`, adapters too;
 * QLoRA's base is NF4 with constants that are quantised again, embeddings and head in `dtype`
 * (torchtune modules/low_precision, recipes/full_finetune_distributed.py, 2026-04). Gradients do
 * not outlive the step of their layer where the optimizer runs in the backward pass. Unless it has a
 * key of the distributed recipes alone, the file does not say whether FSDP divides it.
 */
export function torchtuneSetup(fields: Fields, at: Path, builder: Builder): Setup {
  const dtype = plainFormat(fields.string('dtype'))?.value ?? 'bf16';
  const bytes = dtype === 'fp32' ? 4 : 2;
  const kept = pure(bytes);
  const inBackward = fields.isTrue('optimizer_in_bwd');
  const { adapters, needs } = readAdapters(fields, at, builder);
  const loss = fields.string('loss._component_')?.value ?? '';
  const isChunked = /Chunked|LinearCrossEntropy/.test(loss);
  const size = (key: string) => fields.positive(key)?.value ?? 1;
  const isDistributed = distributedKeys.some((key) => fields.has(key));
  const again = recomputeOf(fields, builder.adapter === null);
  return {
    adapters,
    frozen: builder.adapter && {
      format: builder.adapter === 'qlora' ? 'nf4-double' : bytes === 4 ? 'fp32' : 'bf16',
      others: bytes,
    },
    optimizer: fields.string('optimizer._component_'),
    kept: inBackward ? { ...kept, gradients: 0 } : kept,
    layout: {
      ...undivided,
      tensor: size('tensor_parallel_dim'),
      context: size('context_parallel_dim'),
      ...(isDistributed
        ? {
            sharding:
              fields.boolean('fsdp_reshard_after_forward')?.value === false ? 'gradients' : 'all',
            shardRanks: fields.positive('data_parallel_shard_dim')?.value ?? null,
            copies: size('data_parallel_replicate_dim'),
            offloaded: fields.isTrue('fsdp_cpu_offload') ? wholeState : [],
          }
        : { open: 'the distributed recipes divide the state by FSDP; taken undivided' }),
    },
    batch: {
      microBatch: fields.positive('batch_size') ?? byDefault(1, recipe),
      sequenceLength: fields.positive('tokenizer.max_seq_len'),
      ...(again ?? { recompute: 'nothing' }),
      bytes,
      // Chunks of the logits are cast to FP32 one after the other.
      logitBytes: isChunked ? bytes + 1 : bytes + 8,
      scores: false,
      dropout: false,
    },
    needs: [
      ...needs,
      ...otherModels(fields),
      ...(again ? [] : [need('memory', 'what ac_mode computes again is not counted')]),
    ],
  };
}

/**
 * Which layers are computed again (torchtune bd2a0fc, recipes/full_finetune_distributed.py,
 * training/activations.py): all by the older switch; without it `ac_mode` decides, where selective
 * is every so many layers. With both set nothing is. Recipes of adapters know the switch alone.
 */
function recomputeOf(
  fields: Fields,
  readsMode: boolean,
): Pick<BatchMemory, 'recompute' | 'recomputed'> | null {
  const isOn = fields.isTrue('enable_activation_checkpointing');
  const mode = readsMode ? fields.string('ac_mode')?.value : undefined;
  if (mode === undefined) return { recompute: isOn ? 'layers' : 'nothing' };
  if (isOn) return { recompute: 'nothing' };
  if (mode === 'full') return { recompute: 'layers' };
  const every = fields.number('ac_option')?.value;
  if (mode !== 'selective' || every === undefined) return null;
  return { recompute: 'layers', recomputed: { share: 1 / Math.max(1, every) } };
}

function readAdapters(
  fields: Fields,
  at: Path,
  builder: Builder,
): { readonly adapters: Setup['adapters']; readonly needs: readonly Need[] } {
  if (builder.adapter === null) return { adapters: null, needs: [] };
  const rank = fields.positive(`${at}.lora_rank`) ?? byDefault(8, 'torchtune lora builders');
  const attention = linearNames(fields.list(`${at}.lora_attn_modules`).map(({ value }) => value));
  if (!attention)
    return { adapters: null, needs: [need('memory', 'lora_attn_modules is not told')] };
  const targets = [
    ...attention,
    ...(fields.isTrue(`${at}.apply_lora_to_mlp`) ? (['gate', 'up', 'down'] as const) : []),
    ...(fields.isTrue(`${at}.apply_lora_to_output`) ? (['head'] as const) : []),
  ];
  return { adapters: { rank, targets, magnitudes: fields.isTrue(`${at}.use_dora`) }, needs: [] };
}

/** Preference, reinforcement and distillation recipes keep further models. */
function otherModels(fields: Fields): readonly Need[] {
  const keys = [
    'policy_model',
    'ref_checkpointer',
    'teacher_model',
    'base_model',
    'reward_checkpointer',
  ];
  return keys.some((key) => fields.has(key))
    ? [need('memory', 'what this recipe keeps beside the trained model is not counted')]
    : [];
}
