import { own } from '../../run/own.ts';
import type { ModelShape, ShapeReading } from '../../architecture/shape.ts';
import { gptReading, llamaReading } from '../../architecture/shapes.ts';
import { byDefault, derived, type Known } from '../../run/known.ts';
import type { Fields } from '../../config/fields.ts';
import { mixtureOf } from '../../dialects/mixture.ts';
import { need, type Need } from '../../run/need.ts';

/** What a config class of Levanter has where the file says nothing. */
interface LevanterModel {
  readonly of: string;
  readonly family: 'gpt2' | 'llama';
  readonly sequence: number;
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly feedForward: number;
  readonly headDimension?: number;
  readonly experts?: { readonly count: number; readonly active: number };
  /** Where it differs from Llama beyond its numbers. */
  readonly more?: Partial<ModelShape>;
}

const llama = {
  of: 'Levanter LlamaConfig',
  family: 'llama',
  sequence: 2048,
  layers: 32,
  hidden: 4096,
  heads: 32,
  keyValueHeads: 32,
  feedForward: 11008,
} as const satisfies LevanterModel;

const mistral = {
  ...llama,
  of: 'Levanter MistralConfig',
  sequence: 8192,
  keyValueHeads: 8,
  feedForward: 14336,
} as const satisfies LevanterModel;

const queryKeyValueBias = {
  queryKeyValue: true,
  attentionOutput: false,
  feedForward: false,
  head: false,
} as const;

const models: Readonly<Record<string, LevanterModel>> = {
  gpt2: {
    of: 'Levanter Gpt2Config',
    family: 'gpt2',
    sequence: 1024,
    layers: 12,
    hidden: 768,
    heads: 12,
    keyValueHeads: 12,
    feedForward: 3072,
  },
  llama,
  mistral,
  mixtral: { ...mistral, of: 'Levanter MixtralConfig', experts: { count: 8, active: 2 } },
  gemma: {
    ...llama,
    of: 'Levanter GemmaConfig',
    sequence: 8192,
    layers: 18,
    hidden: 2048,
    heads: 8,
    keyValueHeads: 1,
    feedForward: 16384,
    headDimension: 256,
    more: { tied: true },
  },
  qwen: { ...llama, of: 'Levanter QwenConfig', more: { biases: queryKeyValueBias } },
  qwen3: { ...llama, of: 'Levanter Qwen3Config', more: { queryKeyNorm: 'head' } },
  olmo: { ...llama, of: 'Levanter OlmoConfig', more: { norm: 'none' } },
  olmo2: { ...llama, of: 'Levanter Olmo2Config', sequence: 4096, more: { queryKeyNorm: 'full' } },
};

/** Model types that are no decoder language models. */
export const otherTypes = /^(?:whisper|asr|bert|roberta|t5|vi[tv]|diva|mamba|hyena)/i;

/** The defaults of the config's model type; undefined for one that is not known. */
function levanterModel(fields: Fields): LevanterModel | undefined {
  const type = fields.string('model.type')?.value;
  return type === undefined ? undefined : own(models, type);
}

/** The length of a training sequence: the run's own, or the model's. */
export function levanterSequence(fields: Fields): Known<number> | null {
  const model = levanterModel(fields);
  const stated =
    fields.positive('train_seq_len') ??
    fields.positive('model.seq_len') ??
    fields.positive('model.max_seq_len');
  return stated ?? (model ? byDefault(model.sequence, model.of) : null);
}

/** The shape that a config's `model` block describes over its class's defaults. */
export function levanterShape(
  fields: Fields,
  vocabulary: Known<number> | null,
): { readonly shape: ShapeReading; readonly needs: readonly Need[] } {
  const model = levanterModel(fields);
  if (!model) {
    const type = fields.string('model.type')?.value ?? '';
    return { shape: {}, needs: [need('parameters', `models of type ${type} are not counted`)] };
  }
  const { of } = model;
  const number = (key: string, otherwise: number) =>
    fields.positive(`model.${key}`) ?? byDefault(otherwise, of);
  const flag = (key: string, otherwise: boolean) =>
    fields.boolean(`model.${key}`) ?? byDefault(otherwise, of);
  const layers = number('num_layers', model.layers);
  const hidden = number('hidden_dim', model.hidden);
  const heads = number('num_heads', model.heads);
  const needs = vocabulary
    ? []
    : [need('parameters', 'the total needs the tokenizer’s number of tokens')];
  if (model.family === 'gpt2') {
    const bias = flag('use_bias', true);
    const scale = number('mlp_scale', 4);
    return {
      shape: gptReading(
        {
          layers,
          hidden,
          heads,
          feedForward: derived(hidden.value * scale.value, `${hidden.value} × ${scale.value}`, [
            { name: 'hidden_dim', known: hidden },
            { name: 'mlp_scale', known: scale },
          ]),
          vocabulary,
          learnedPositions: number('seq_len', model.sequence),
          biases: { ...bias, value: everywhere(bias.value) },
          // Without biases the norms have none either.
          norm: { ...bias, value: bias.value ? 'weight-and-bias' : 'weight' },
        },
        of,
      ),
      needs,
    };
  }
  const bias = flag('use_bias', false);
  const weights = flag('use_layer_norm_weight', true);
  const feedForward = number('intermediate_dim', model.feedForward);
  const mixture = model.experts;
  const count = mixture && number('n_routed_experts', mixture.count);
  const active = mixture && number('num_experts_per_tok', mixture.active);
  const more = Object.fromEntries(
    Object.entries(model.more ?? {}).map(([key, value]) => [key, byDefault(value, of)]),
  ) as ShapeReading;
  return {
    shape: llamaReading(
      {
        ...more,
        layers,
        hidden,
        heads,
        keyValueHeads: number('num_kv_heads', model.keyValueHeads),
        headDimension:
          fields.positive('model.head_dim') ??
          (model.headDimension === undefined ? null : byDefault(model.headDimension, of)),
        feedForward,
        vocabulary,
        tied: fields.boolean('model.tie_word_embeddings') ?? more.tied,
        ...(bias.value ? { biases: { ...bias, value: everywhere(true) } } : {}),
        ...(weights.value ? {} : { norm: { ...weights, value: 'none' } }),
        ...(count && active
          ? {
              experts: mixtureOf(
                {
                  count: count.value,
                  active: active.value,
                  width: feedForward.value,
                  sharedWidth: 0,
                  layers: layers.value,
                },
                [
                  { name: 'n_routed_experts', known: count },
                  { name: 'num_experts_per_tok', known: active },
                  { name: 'intermediate_dim', known: feedForward },
                ],
              ),
            }
          : {}),
      },
      of,
    ),
    needs,
  };
}

function everywhere(bias: boolean): ModelShape['biases'] {
  return { queryKeyValue: bias, attentionOutput: bias, feedForward: bias, head: false };
}
