import type { ShapeReading } from '../../architecture/shape.ts';
import { derived, type Known } from '../../run/known.ts';
import type { Fields, Path } from '../../config/fields.ts';
import { families } from './families.ts';
import { HfKeys } from './keys.ts';
import { need, type Need } from '../../run/need.ts';

/** A shape read from a Hugging Face config, or why it could not be. */
export interface HfReading {
  readonly shape: ShapeReading;
  /** `model_type`, or what the architecture's name stands for; null when neither is there. */
  readonly modelType: string | null;
  readonly needs: readonly Need[];
}

/**
 * Reads the shape of a decoder from the keys of a Hugging Face `config.json` that lie at `at`
 * ('' = the root). A `model_type` whose layers are not known gives no shape, never a guess.
 */
export function hfShape(fields: Fields, at: Path): HfReading {
  const keys = new HfKeys(fields, at);
  const modelType = modelTypeOf(keys);
  const family = modelType === null ? undefined : families.get(modelType);
  if (family) {
    const { shape, needs } = family(keys);
    return { shape, modelType, needs };
  }
  const needs =
    modelType === null
      ? [need('parameters', 'the config names no model_type')]
      : [need('parameters', `how a layer of model type “${modelType}” is built is not known`)];
  return { shape: {}, modelType, needs };
}

/** Old configs name only the class: `LlamaForCausalLM` is llama, `Qwen2MoeForCausalLM` qwen2_moe. */
function modelTypeOf(keys: HfKeys): string | null {
  const stated = keys.word('model_type');
  if (stated) return stated.value;
  const [architecture] = keys.words('architectures');
  if (architecture === undefined) return null;
  return architecture
    .replace(/(?:ForCausalLM|LMHeadModel)$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/**
 * Applies the keys of a Hugging Face config found at `at` over a model's shape, as
 * `config_overrides` and the like do. Positions matter only where the shape learns them.
 */
export function hfOverrides(shape: ShapeReading, fields: Fields, at: Path): ShapeReading {
  const keys = new HfKeys(fields, at);
  const layers = keys.layers();
  const hidden = keys.hidden();
  const heads = keys.heads();
  const positions = keys.positions();
  const learned = (shape.learnedPositions?.value ?? 0) > 0 ? positions : null;
  const tied = keys.flag('tie_word_embeddings');
  const feedForward = keys.feedForward();
  const keyValueHeads = keys.keyValueHeads();
  const vocabulary = keys.vocabulary();
  const headDimension = overriddenHead(shape, keys, hidden, heads);
  return {
    ...shape,
    ...(layers && { layers, ...withLayers(shape, layers) }),
    ...(hidden && { hidden }),
    ...(heads && { heads }),
    ...(headDimension && { headDimension }),
    ...(keyValueHeads && { keyValueHeads }),
    ...(feedForward && { feedForward }),
    ...(vocabulary && { vocabulary }),
    ...(learned && { learnedPositions: learned }),
    ...(tied && { tied }),
  };
}

/** Other layers: a mixture keeps its dense ones, and loses or gains mixtures. */
function withLayers(shape: ShapeReading, layers: Known<number>): Pick<ShapeReading, 'experts'> {
  const { experts } = shape;
  if (!experts?.value || !shape.layers) return {};
  const dense = shape.layers.value - experts.value.layers;
  const mixtures = Math.max(0, layers.value - dense);
  return { experts: { ...experts, value: { ...experts.value, layers: mixtures } } };
}

/** The width of a head follows the others unless the model, or the override, fixes it. */
function overriddenHead(
  shape: ShapeReading,
  keys: HfKeys,
  hidden: Known<number> | null,
  heads: Known<number> | null,
): Known<number> | null {
  const stated = keys.number('head_dim');
  if (stated) return stated;
  const before = shape.hidden && shape.heads && shape.hidden.value / shape.heads.value;
  const width = hidden ?? shape.hidden;
  const count = heads ?? shape.heads;
  const free = before === undefined || before === shape.headDimension?.value;
  if ((!hidden && !heads) || !free || !width || !count) return null;
  return derived(width.value / count.value, `${width.value} ÷ ${count.value}`, [
    { name: 'hidden width', known: width },
    { name: 'heads', known: count },
  ]);
}
