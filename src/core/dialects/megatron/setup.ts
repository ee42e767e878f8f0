import { byDefault } from '../../run/known.ts';
import { need, type Need } from '../../run/need.ts';
import type { Precision } from '../../run/run.ts';
import {
  keptTensors,
  type BatchMemory,
  type KeptBytes,
  type Layout,
  type LayerTensor,
  type Setup,
} from '../../run/setup.ts';
import { untold } from '../../config/launcher.ts';
import { megatronKept, pure, undivided } from '../training.ts';
import { isOn, type MegatronFlags } from './flags.ts';

const of = 'Megatron-LM arguments';

/** Arguments on which a device's share rests. */
const sizes = [
  'tensor_model_parallel_size',
  'pipeline_model_parallel_size',
  'context_parallel_size',
  'expert_model_parallel_size',
  'micro_batch_size',
  'seq_length',
  'recompute_granularity',
] as const;

/** Arguments of memory that is not counted here, and what they do. */
const uncounted = [
  ['optimizer_cpu_offload', 'moves part of the optimizer’s state to the host'],
  ['cpu_offloading', 'moves activations to the host'],
  ['fine_grained_activation_offloading', 'moves activations to the host'],
  ['moe_use_legacy_grouped_gemm', 'keeps other activations'],
] as const;

/** How Megatron-LM keeps a run in memory by its arguments (2026-08); null without a format. */
export function megatronSetup(flags: MegatronFlags, precision: Precision | null): Setup | null {
  if (!precision) return null;
  const { fields, path } = flags;
  const text = (name: string) => fields.string(path(name))?.value.toLowerCase() ?? '';
  const is16Bit = precision.format.value !== 'fp32';
  const recompute = recomputeOf(flags);
  const local = text('transformer_impl') === 'local' && !isOn(flags, 'use_flash_attn');
  const selective = text('recompute_granularity') === 'selective';
  const dropout = fields.number(path('hidden_dropout'))?.value ?? 0.1;
  const other = uncounted.find(([name]) => isOn(flags, name));
  return {
    adapters: null,
    frozen: null,
    optimizer: fields.string(path('optimizer')) ?? byDefault('adam', of),
    kept: is16Bit ? keptIn16Bits(flags, precision) : pure(4),
    layout: layoutOf(flags),
    batch: {
      microBatch: fields.positive(path('micro_batch_size')),
      sequenceLength: fields.positive(path('seq_length')),
      ...(recompute ?? { recompute: 'nothing' }),
      bytes: is16Bit ? 2 : 4,
      // FP32 logits, on which the loss works in place (its report counts 4·s·b·V).
      logitBytes: 4,
      scores: local && !selective && !isOn(flags, 'recompute_activations'),
      dropout: dropout > 0,
    },
    needs: [
      ...untold(fields, sizes.map(path), 'memory'),
      ...(recompute ? [] : [notCounted('recompute_modules')]),
      ...(other ? [need('memory', `${other[0]} ${other[1]}, which is not counted`)] : []),
    ],
  };
}

const notCounted = (what: string): Need =>
  need('memory', `how much ${what} computes again is not counted`);

type Recomputed = Pick<BatchMemory, 'recompute' | 'recomputed' | 'together'>;

/**
 * Whole layers, in groups or the first of each stage alone, or parts of a layer (Megatron-LM
 * megatron/core/transformer/transformer_config.py, 2026-08). Null for parts that are not counted.
 */
function recomputeOf(flags: MegatronFlags): Recomputed | null {
  const { fields, path } = flags;
  const granularity = fields.string(path('recompute_granularity'))?.value.toLowerCase();
  const count = fields.positive(path('recompute_num_layers'))?.value ?? 1;
  if (granularity === 'full') {
    return fields.string(path('recompute_method'))?.value === 'block'
      ? { recompute: 'layers', recomputed: { perStage: count } }
      : { recompute: 'layers', together: count };
  }
  const modules = [
    ...fields.list(path('recompute_modules')).map(({ value }) => value),
    ...(fields.string(path('recompute_modules'))?.value ?? '').split(/[\s,]+/),
  ].filter((name) => name !== '' && name !== 'core_attn');
  if (granularity !== 'selective' || modules.length === 0) return { recompute: 'nothing' };
  const dropped = modules.map((name) => tensorsOf(name, fields.isSet(path('num_experts'))));
  if (dropped.includes(null)) return null;
  const gone = new Set(dropped.flatMap((each) => each ?? []));
  return { recompute: keptTensors.filter((name) => !gone.has(name)) };
}

/** What a module's own recomputation keeps no longer; null where only a part of the layers has it. */
function tensorsOf(module: string, hasExperts: boolean): readonly LayerTensor[] | null {
  switch (module) {
    case 'layernorm':
      return ['norms'];
    case 'moe_act':
      return hasExperts ? ['activated'] : [];
    case 'moe':
      return hasExperts ? ['up', 'activated', 'expert-inputs'] : [];
    case 'mlp':
      return hasExperts ? null : ['up', 'activated'];
    default:
      return null;
  }
}

/** Bytes of the types that the precision-aware optimizer may be told. */
const typeBytes: ReadonlyMap<string, number> = new Map([
  ['fp32', 4],
  ['bf16', 2],
  ['fp16', 2],
  ['fp8', 1],
]);

/**
 * 18 bytes a parameter. Transformer Engine keeps a quantised weight and its transpose from the
 * first micro-batch of a step on (d0067d0, pytorch/module/base.py, quantize_weight), beside the
 * 16-bit weight or, with fp8_param_gather, in its place.
 */
function keptIn16Bits(flags: MegatronFlags, { format, granularity }: Precision): KeptBytes {
  const { fields, path } = flags;
  const low = granularity !== 'none';
  const copies =
    !low || isOn(flags, 'fp8_param_gather') ? 0 : format.value.slice(2, 4).includes('4') ? 1 : 2;
  const kept = { ...megatronKept, weights: megatronKept.weights + copies };
  if (!isOn(flags, 'use_precision_aware_optimizer')) return kept;
  const bytes = (name: string) => typeBytes.get(fields.string(path(name))?.value ?? '') ?? 4;
  return {
    ...kept,
    master: bytes('main_params_dtype'),
    gradients: bytes('main_grads_dtype'),
    state: (bytes('exp_avg_dtype') + bytes('exp_avg_sq_dtype')) / 2,
  };
}

function layoutOf(flags: MegatronFlags): Layout {
  const { fields, path } = flags;
  const size = (name: string) => fields.positive(path(name))?.value ?? 1;
  const pipeline = size('pipeline_model_parallel_size');
  const chunk = fields.positive(path('num_layers_per_virtual_pipeline_stage'))?.value;
  const layers = fields.positive(path('num_layers'))?.value;
  const virtual = chunk && layers ? Math.max(1, layers / pipeline / chunk) : 1;
  return {
    ...undivided,
    tensor: size('tensor_model_parallel_size'),
    pipeline,
    context: size('context_parallel_size'),
    expert: size('expert_model_parallel_size'),
    sequenceParallel: isOn(flags, 'sequence_parallel'),
    // Interleaved stages keep (p − 1)/(p·v) more (arXiv 2205.05198, section 4.2.3).
    inFlight: virtual > 1 && pipeline > 1 ? 1 + (pipeline - 1) / (pipeline * virtual) : 1,
    sharding: shardingOf(flags),
  };
}

function shardingOf(flags: MegatronFlags): Layout['sharding'] {
  const { fields, path } = flags;
  if (isOn(flags, 'use_torch_fsdp2')) return 'all';
  if (isOn(flags, 'use_megatron_fsdp') || isOn(flags, 'use_custom_fsdp')) {
    const strategy = fields.string(path('data_parallel_sharding_strategy'))?.value ?? 'no_shard';
    const known = { optim: 'optimizer', optim_grads: 'gradients', optim_grads_params: 'all' };
    return (new Map(Object.entries(known)).get(strategy) ?? 'nothing') as Layout['sharding'];
  }
  return isOn(flags, 'use_distributed_optimizer') ? 'optimizer' : 'nothing';
}
