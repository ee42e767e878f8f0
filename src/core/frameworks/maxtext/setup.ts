import { byDefault, derived, type Known } from '../../run/known.ts';
import { need } from '../../run/need.ts';
import { own } from '../../run/own.ts';
import type { KeptBytes, Layout, LayerTensor, Recompute, Setup } from '../../run/setup.ts';
import type { Fields } from '../../config/fields.ts';
import { plainFormat } from '../../config/precision.ts';
import { undivided } from '../../dialects/training.ts';

const of = 'MaxText base.yml';

/**
 * How MaxText keeps a run (AI-Hypercomputer/maxtext e591f30, configs/base.yml): weights, gradients
 * and moments of weight_dtype, divided by its mesh; `dtype` is what they are cast to layer by layer.
 */
export function maxtextSetup(fields: Fields): Setup {
  const bytes = plainFormat(fields.string('dtype'))?.value === 'fp32' ? 4 : 2;
  const layout = layoutOf(fields);
  const recompute = recomputeOf(fields);
  const tiles = fields.positive('num_vocab_tiling')?.value ?? 1;
  const others = [
    ['lora.enable_lora', 'what adapters keep is not counted'],
    ['use_dpo', 'the reference model of preference training is not counted'],
    ['parameter_memory_host_offload', 'what is kept in the host’s memory is not counted'],
  ] as const;
  return {
    adapters: null,
    frozen: null,
    optimizer: optimizerOf(fields),
    kept: keptBy(fields),
    layout,
    batch: {
      microBatch: batchOf(fields, layout),
      sequenceLength: fields.positive('max_target_length') ?? byDefault(2048, of),
      recompute: recompute ?? 'nothing',
      bytes,
      // Logits, whose cast to FP32 is taken as fused unless they are multiplied in it, and their
      // exponentials, FP32 by the cast (max_utils.py, _cross_entropy_with_logits_fwd; decoders.py).
      logitBytes:
        (fields.isTrue('logits_dot_in_fp32')
          ? 8
          : bytes + (fields.boolean('cast_logits_to_fp32')?.value === false ? bytes : 4)) / tiles,
      scores: fields.string('attention')?.value === 'dot_product',
      dropout: (fields.number('dropout_rate')?.value ?? 0) > 0,
    },
    needs: [
      ...others.flatMap(([key, what]) => (fields.isTrue(key) ? [need('memory', what)] : [])),
      ...(recompute ? [] : [need('memory', 'what remat_policy computes again is not counted')]),
    ],
  };
}

/** optax' adamw and MaxText's adam_pax keep two moments, the first in mu_dtype (optimizers.py). */
function keptBy(fields: Fields): KeptBytes {
  const bytesOf = (key: string) => {
    const format = plainFormat(fields.string(key))?.value;
    return format === undefined ? null : format === 'fp32' ? 4 : 2;
  };
  const weights = bytesOf('weight_dtype') ?? 4;
  // Only FP32 gradients are cast to grad_dtype (train.py).
  const gradients = weights === 4 ? (bytesOf('grad_dtype') ?? 4) : weights;
  return { weights, master: 0, gradients, state: ((bytesOf('mu_dtype') ?? weights) + weights) / 2 };
}

function optimizerOf(fields: Fields): Known<string> {
  const stated = fields.string('opt_type') ?? byDefault('adamw', of);
  return stated.value === 'adam_pax' ? { ...stated, value: 'adam' } : stated;
}

/** Axes that divide each weight, by its rows or columns (base.yml, logical_axis_rules). */
const sharding = ['fsdp', 'fsdp_transpose', 'expert'] as const;
const tensor = ['tensor', 'tensor_transpose', 'tensor_sequence', 'autoregressive'] as const;
const context = ['context', 'context_autoregressive', 'context_usp_ulysses', 'sequence'] as const;

/**
 * The mesh: each axis is a product of one within a slice and one across slices. An axis of -1 takes
 * the devices that are left; with both of base.yml's at -1 the number of slices decides.
 */
function layoutOf(fields: Fields): Layout {
  const open = new Set<string>();
  const size = (axis: string) =>
    ['ici', 'dcn'].reduce((product, net) => {
      const key = `${net}_${axis}_parallelism`;
      const otherwise = key === 'ici_fsdp_parallelism' || key === 'dcn_data_parallelism' ? -1 : 1;
      const value = fields.number(key)?.value ?? otherwise;
      if (value < 1) open.add(key);
      return product * Math.max(1, value);
    }, 1);
  const of = (axes: readonly string[]) => axes.reduce((all, axis) => all * size(axis), 1);
  const shards = of(sharding);
  const copies = of(['data', 'diloco']);
  const parts = { tensor: of(tensor), context: of(context), pipeline: of(['pipeline']) };
  const isOpen = [...open].some((key) => key.includes('fsdp'));
  const slices = fields.positive('compile_topology_num_slices') ?? fields.positive('num_slices');
  const isAcross = open.has('dcn_data_parallelism') && slices?.value !== 1;
  return {
    ...undivided,
    ...parts,
    expert: size('expert'),
    sequenceParallel: true,
    sharding: 'all',
    shardRanks: isOpen ? null : shards,
    copies: copies * parts.tensor * parts.context * parts.pipeline,
    offloaded: fields.isTrue('optimizer_memory_host_offload') ? ['optimizer'] : [],
    ...(isOpen &&
      isAcross && {
        unshared:
          'with ici_fsdp_parallelism and dcn_data_parallelism at -1 each slice has a copy, and the number of slices is not told',
      }),
  };
}

/** The batch is per device, whatever a sequence is divided over. */
function batchOf(fields: Fields, { tensor: ranks, context: parts }: Layout): Known<number> {
  const each = fields.positive('per_device_batch_size') ?? byDefault(12, of);
  const group = (ranks ?? 1) * (parts ?? 1);
  return group === 1
    ? each
    : derived(each.value * group, `${each.value} × ${group} devices of a group`, [
        { name: 'per_device_batch_size', known: each },
      ]);
}

/** What each policy keeps of a layer (decoders.py, get_remat_policy); offloaded tensors leave. */
const policies: Readonly<Record<string, Recompute>> = {
  full: 'layers',
  none: 'nothing',
  '': 'nothing',
  minimal: ['input', 'queries-keys-values', 'attention-output', 'up', 'down'],
  minimal_with_context: [
    'input',
    'queries-keys-values',
    'context',
    'attention-output',
    'up',
    'down',
  ],
  minimal_flash: ['input', 'queries-keys-values', 'context', 'attention-output', 'up', 'down'],
  save_dot_with_context_except_mlp: ['input', 'queries-keys-values', 'context', 'attention-output'],
  save_dot_except_mlpwi: ['input', 'queries-keys-values', 'attention-output', 'down'],
  save_dot_except_mlp: ['input', 'queries-keys-values', 'attention-output'],
  save_qkv_proj: ['input', 'queries-keys-values'],
  save_out_proj: ['input', 'attention-output'],
  qkv_proj_offloaded: ['input'],
  minimal_offloaded: ['input'],
};

/** The switches of a custom policy; each tensor is one of the first or all of the second. */
const custom: readonly (readonly [LayerTensor, readonly string[], readonly string[]])[] = [
  ['input', ['decoder_layer_input'], []],
  ['queries-keys-values', ['qkv_proj'], ['query_proj', 'key_proj', 'value_proj']],
  ['context', ['context'], []],
  ['attention-output', ['out_proj'], []],
  ['up', ['mlpwi', 'moe_mlpwi'], ['mlpwi_0', 'mlpwi_1']],
  ['down', ['mlpwo'], []],
];

/** Null for a policy that is not known, and where only a part of a tensor is kept. */
function recomputeOf(fields: Fields): Recompute | null {
  const policy = fields.string('remat_policy')?.value ?? 'full';
  if (policy !== 'custom') return own(policies, policy) ?? null;
  const isKept = (key: string) => fields.string(key)?.value === 'device';
  const kept: LayerTensor[] = [];
  for (const [name, fused, parts] of custom) {
    const some = parts.filter(isKept).length;
    const isInput = name === 'input' && !fields.has('decoder_layer_input');
    if (isInput || fused.some(isKept) || (some > 0 && some === parts.length)) kept.push(name);
    else if (some > 0) return null;
  }
  return kept.length === 0 ? 'layers' : kept;
}
