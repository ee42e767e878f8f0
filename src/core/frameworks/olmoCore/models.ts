import { llamaFeedForward } from '../../architecture/feedForward.ts';
import type { Experts, ModelShape, ShapeReading } from '../../architecture/shape.ts';
import { llamaReading, withoutAbsent } from '../../architecture/shapes.ts';
import { byDefault, derived, type Known } from '../../run/known.ts';
import type { Fields } from '../../config/fields.ts';
import { publishedShape } from '../../dialects/models.ts';
import { mixtureOf } from '../../dialects/mixture.ts';
import { olmoCorePresets, olmoCoreSource } from './presets.ts';

/** Arguments and attributes that make another model of a preset, in ways that are not followed. */
const remaking = [
  ...['block', 'block_mods', 'block_overrides', 'block_pattern', 'embedding_norm', 'gate'],
  ...['feed_forward', 'feed_forward_moe', 'd_model', 'head_dim', 'hidden_size', 'hybrid'],
  ...['hidden_size_multiplier', 'hidden_size_multiple_of', 'layer_norm'],
];

/** Numbers that a call may give. */
const counts = ['n_layers', 'n_heads', 'n_kv_heads'];

/** Kinds of blocks that have the norms of the preset's own. */
const sameNorms = /(?:^|\.)(?:default|default_scaled|reordered_norm|moe|moe_reordered_norm)$/;

/**
 * The shape of `TransformerConfig.olmo2_7B(vocab_size=…, n_layers=…)`, the call's mapping being the
 * root of `call`; null for a preset that is not in the table and a change that is not followed.
 */
export function olmoCoreShape(
  preset: string,
  call: Fields,
  vocabulary: Known<number> | null,
): ShapeReading | null {
  if (/^llama_like(?:_moe)?$/.test(preset)) return likeShape(call, vocabulary);
  const base = olmoCorePresets.get(preset);
  if (!base || remaking.some((key) => call.has(key))) return null;
  const changed = changesOf(call, base);
  if (!changed) return null;
  return {
    ...withoutAbsent({
      ...publishedShape(base, `OLMo-core ${preset}`, olmoCoreSource),
      vocabulary: null,
    }),
    ...(vocabulary && { vocabulary }),
    ...changed,
  };
}

/** Whether a preset is known, whatever a script makes of it. */
export function isOlmoCorePreset(preset: string): boolean {
  return olmoCorePresets.has(preset) || /^llama_like(?:_moe)?$/.test(preset);
}

/** What a call changes of a preset; null where a change is not told. */
function changesOf(call: Fields, base: ModelShape): ShapeReading | null {
  const switches = switchesOf(call, base.queryKeyNorm);
  if (!switches || counts.some((key) => call.has(key) && !call.positive(key))) return null;
  const layers = call.positive('n_layers');
  const heads = call.positive('n_heads');
  const groups = call.positive('n_kv_heads');
  const { experts } = base;
  return {
    ...switches,
    ...(layers && { layers }),
    ...(layers &&
      experts && {
        experts: mixtureOf({ ...experts, layers: layers.value }, [
          { name: 'n_layers', known: layers },
        ]),
      }),
    ...(heads && { heads, headDimension: width(base.hidden, heads) }),
    ...(heads && base.heads === base.keyValueHeads && { keyValueHeads: heads }),
    ...(groups && { keyValueHeads: groups }),
  };
}

/** Norms of queries and keys, and the head; null where one is not told. */
function switchesOf(call: Fields, before: ModelShape['queryKeyNorm']): ShapeReading | null {
  const keys = ['qk_norm', 'use_head_qk_norm', 'tie_word_embeddings'];
  if (keys.some((key) => call.has(key) && !call.boolean(key))) return null;
  if (call.has('block_name') && !sameNorms.test(call.string('block_name')?.value ?? '')) {
    return null;
  }
  const norm = call.boolean('qk_norm');
  const perHead = call.boolean('use_head_qk_norm');
  const tied = call.boolean('tie_word_embeddings');
  const kind = perHead?.value === true ? 'head' : 'full';
  const known = norm ?? perHead;
  const isNormed = norm?.value ?? before !== 'none';
  return {
    ...(known && { queryKeyNorm: { ...known, value: isNormed ? kind : 'none' } }),
    ...(tied && { tied }),
  };
}

/** What `llama_like(…)` and `llama_like_moe(…)` are told; null where a number is not. */
function likeShape(call: Fields, vocabulary: Known<number> | null): ShapeReading | null {
  const written = ['head_dim', 'hidden_size_multiple_of', 'num_experts', 'top_k', ...counts].filter(
    (key) => call.has(key),
  );
  const isMixture = call.has('num_experts');
  const followed = ['d_model', 'head_dim', 'hidden_size_multiplier', 'hidden_size_multiple_of'];
  const others = remaking.filter((key) => !followed.includes(key) && key !== 'hybrid');
  // The norm of queries and keys comes with the norms that follow the blocks.
  const isNormed = call.isTrue('reordered_norm');
  const switches = switchesOf(call, isNormed ? 'full' : 'none');
  const hidden = call.positive('d_model');
  const layers = call.positive('n_layers');
  const heads = call.positive('n_heads');
  if (!switches || !hidden || !layers || !heads) return null;
  if (others.some((key) => call.has(key)) || written.some((key) => !call.positive(key))) {
    return null;
  }
  const isTold = ['hybrid', 'reordered_norm'].every((key) => !call.has(key) || call.boolean(key));
  if (!isTold || call.isTrue('hybrid')) return null;
  const keyValueHeads = call.positive('n_kv_heads');
  const headDimension = call.positive('head_dim') ?? width(hidden.value, heads);
  const common = { ...{ layers, hidden, heads, headDimension, vocabulary }, ...switches };
  const stated = { ...common, ...(keyValueHeads && { keyValueHeads }) };
  const source = 'OLMo-core TransformerConfig.llama_like';
  if (!isMixture) {
    const feedForward = feedForwardOf(call, hidden);
    return feedForward && llamaReading({ ...stated, feedForward }, source);
  }
  const experts = expertsOf(call, layers);
  const queryKeyNorm = byDefault(isNormed ? ('full' as const) : ('none' as const), source);
  return experts && llamaReading({ queryKeyNorm, ...stated, experts }, source);
}

function feedForwardOf(call: Fields, hidden: Known<number>): Known<number> | null {
  const multiplier = call.positive('hidden_size_multiplier');
  if (call.isSet('hidden_size_multiplier') && !multiplier) return null;
  const multipleOf = call.positive('hidden_size_multiple_of')?.value ?? 256;
  return derived(
    llamaFeedForward(hidden.value, multiplier?.value ?? null, multipleOf),
    `${multiplier ? `${multiplier.value} × ` : ''}8 ÷ 3 × ${hidden.value}, up to a multiple of ${multipleOf}`,
    [
      { name: 'd_model', known: hidden },
      ...(multiplier ? [{ name: 'hidden_size_multiplier', known: multiplier }] : []),
    ],
  );
}

function expertsOf(call: Fields, layers: Known<number>): Known<Experts> | null {
  const count = call.positive('num_experts');
  const active = call.positive('top_k');
  const width = call.positive('expert_hidden_size');
  const shared = call.positive('shared_expert_hidden_size');
  const isShared = call.isGiven('shared_expert_hidden_size');
  if (!count || !active || !width || (isShared && !shared)) return null;
  return mixtureOf(
    {
      ...{ count: count.value, active: active.value, width: width.value },
      ...{ sharedWidth: shared?.value ?? 0, layers: layers.value },
    },
    [
      { name: 'num_experts', known: count },
      { name: 'top_k', known: active },
      { name: 'expert_hidden_size', known: width },
      { name: 'shared_expert_hidden_size', known: shared },
    ],
  );
}

function width(hidden: number, heads: Known<number>): Known<number> {
  return derived(Math.floor(hidden / heads.value), `${hidden} ÷ ${heads.value}`, [
    { name: 'n_heads', known: heads },
  ]);
}
