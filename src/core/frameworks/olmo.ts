import { olmoFeedForward } from '../architecture/feedForward.ts';
import type { NormKind, ShapeReading } from '../architecture/shape.ts';
import { llamaReading } from '../architecture/shapes.ts';
import { byDefault, derived, type Known } from '../run/known.ts';
import type { Duration, TokenPlan } from '../run/tokens.ts';
import type { Fields } from '../config/fields.ts';
import { plainFormat, plainPrecision } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { formatWriter, setKeys } from '../config/writing.ts';

const olmoConfig = 'OLMo ModelConfig';

/** Ai2's OLMo trainer (YAML); OLMo-core is Python. */
export const olmo: FrameworkReader = {
  id: 'olmo',
  name: 'OLMo',
  source: 'allenai/OLMo (2025-09-04)',
  syntaxes: ['yaml', 'json'],
  words: { config: ['max_duration'] },
  loader: 'omegaconf',
  reads: 'the model block, max_duration in T, ep or steps, stop_at, precision amp_*',

  recognise(fields) {
    const shape = fields.has('model.d_model') && fields.has('model.n_layers');
    const width = fields.has('model.mlp_ratio') || fields.has('model.mlp_hidden_size');
    return fields.has('max_duration') && shape && width
      ? 'It has max_duration and a model with d_model, n_layers and mlp_ratio or mlp_hidden_size, as OLMo’s configs do.'
      : null;
  },

  read(fields) {
    const precision = fields.string('precision');
    const format = plainFormat(precision && { ...precision, value: withoutAmp(precision.value) });
    const place = fields.place('precision');
    const row = (recipe: 'bf16' | 'fp16' | 'fp32', value: string) => ({
      recipe,
      edits: (f: Fields) => setKeys(f, { precision: value }),
    });
    return {
      role: fields.isSet('load_path') ? 'continued' : 'pretrain',
      model: null,
      shape: olmoShape(fields, 'model'),
      tokens: readTokens(fields),
      precision: format && plainPrecision(format),
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(fields, [
        row('bf16', 'amp_bf16'),
        row('fp16', 'amp_fp16'),
        row('fp32', 'fp32'),
      ]),
      needs: [],
    };
  },
};

function withoutAmp(text: string): string {
  return text.replace(/^amp_/, '');
}

/**
 * The shape of an OLMo model whose keys lie at `at` ('' = at the root, as in a converted
 * config.json); what is left out has ModelConfig's defaults.
 */
export function olmoShape(fields: Fields, at: string): ShapeReading {
  const path = (key: string) => (at === '' ? key : `${at}.${key}`);
  const number = (key: string) => fields.positive(path(key));
  const flag = (key: string, otherwise: boolean) =>
    fields.boolean(path(key)) ?? byDefault(otherwise, olmoConfig);

  const hidden = number('d_model');
  const activation = fields.string(path('activation_type')) ?? byDefault('swiglu', olmoConfig);
  const gated = { ...activation, value: activation.value === 'swiglu' };
  const bias = flag('include_bias', true);
  const rotary = flag('rope', false).value || flag('alibi', false).value;
  const affine = flag('layer_norm_with_affine', true);
  const queryKey = flag('attention_layer_norm', false);
  const queryKeyAffine = flag('attention_layer_norm_with_affine', true).value;
  const multiQuery = fields.boolean(path('multi_query_attention'));
  return llamaReading(
    {
      layers: number('n_layers'),
      hidden,
      heads: number('n_heads'),
      keyValueHeads:
        number('n_kv_heads') ?? (multiQuery?.value === true ? { ...multiQuery, value: 1 } : null),
      feedForward: hidden && readFeedForward(fields, path, hidden, gated.value),
      gated,
      // The matrices have embedding_size rows; vocab_size only says which of them are used.
      vocabulary: number('embedding_size') ?? number('vocab_size'),
      tied: flag('weight_tying', true),
      learnedPositions: rotary
        ? byDefault(0, olmoConfig)
        : (number('max_sequence_length') ?? byDefault(1024, olmoConfig)),
      biases: {
        ...bias,
        value: {
          queryKeyValue: bias.value,
          attentionOutput: bias.value,
          feedForward: bias.value,
          head: bias.value,
        },
      },
      norm: { ...affine, value: readNorm(affine.value, flag('bias_for_layer_norm', bias.value)) },
      embeddingNorm: flag('embedding_layer_norm', false),
      // Queries and keys are normed over their full width, not a head's.
      queryKeyNorm: {
        ...queryKey,
        value: queryKey.value && queryKeyAffine ? 'full' : 'none',
      },
    },
    olmoConfig,
  );
}

function readNorm(affine: boolean, bias: Known<boolean>): NormKind {
  if (!affine) return 'none';
  return bias.value ? 'weight-and-bias' : 'weight';
}

/** mlp_hidden_size, or mlp_ratio × d_model, counts gate and up together. */
function readFeedForward(
  fields: Fields,
  path: (key: string) => string,
  hidden: Known<number>,
  gated: boolean,
): Known<number> {
  const fused = fields.positive(path('mlp_hidden_size'));
  const ratio = fields.positive(path('mlp_ratio')) ?? byDefault(4, olmoConfig);
  const value = olmoFeedForward(hidden.value, fused?.value ?? null, ratio.value, gated);
  const halved = gated ? ' ÷ 2' : '';
  return fused
    ? derived(value, `${fused.value}${halved}`, [{ name: 'mlp_hidden_size', known: fused }])
    : derived(value, `${ratio.value} × ${hidden.value}${halved}`, [
        { name: 'mlp_ratio', known: ratio },
        { name: 'd_model', known: hidden },
      ]);
}

function readTokens(fields: Fields): TokenPlan {
  const stop = fields.string('stop_at') ?? fields.string('stop_after');
  return {
    duration: readDuration(fields.string('max_duration')),
    stop: readDuration(stop),
    globalBatch: fields.positive('global_train_batch_size'),
    sequenceLength: fields.positive('model.max_sequence_length'),
  };
}

/** `2e12T` = tokens, `1ep` = epochs, a bare number = steps (`739_328` too). */
function readDuration(text: Known<string> | null): Duration | null {
  const match = text && /^([\d_.]+(?:e\+?\d+)?)\s*(T|ep)?$/i.exec(text.value.trim());
  const value = Number(match?.[1]?.replaceAll('_', ''));
  if (!text || !match || !Number.isFinite(value)) return null;
  const suffix = match[2] ?? '';
  const unit = suffix === '' ? 'steps' : suffix.toLowerCase() === 't' ? 'tokens' : 'epochs';
  return {
    unit,
    count: { value, origin: text.origin },
    write: (count) => `${count}${suffix}`,
  };
}
