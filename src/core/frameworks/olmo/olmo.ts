import { olmoFeedForward } from '../../architecture/feedForward.ts';
import type { Experts, NormKind, ShapeReading } from '../../architecture/shape.ts';
import { llamaReading } from '../../architecture/shapes.ts';
import { byDefault, derived, type Known } from '../../run/known.ts';
import type { Duration, TokenPlan } from '../../run/tokens.ts';
import type { Fields } from '../../config/fields.ts';
import {
  plainFormat,
  plainPrecision,
  recipePrecision,
  recipes,
  type Recipe,
} from '../../config/precision.ts';
import { own } from '../../run/own.ts';
import type { Precision, Role } from '../../run/run.ts';
import type { FrameworkReader } from '../../config/reader.ts';
import { mixtureOf } from '../../dialects/mixture.ts';
import { olmoSetup } from './setup.ts';
import { formatWriter, plainRows } from '../../config/writing.ts';

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
    const quantized = fields.string(coatSwitch);
    const read = isCoat(quantized)
      ? coatPrecision(fields, quantized, format?.value ?? null)
      : format && plainPrecision(format);
    const places = [coatSwitch, 'precision'].flatMap((path) =>
      fields.isSet(path) ? (fields.place(path) ?? []) : [],
    );
    return {
      role: roleOf(fields),
      model: null,
      shape: olmoShape(fields, 'model'),
      tokens: readTokens(fields),
      precision: read,
      setup: isCoat(quantized) ? null : olmoSetup(fields, read),
      precisionPlaces: places,
      writeFormat: isCoat(quantized)
        ? null
        : formatWriter(
            fields,
            plainRows('precision', { bf16: 'amp_bf16', fp16: 'amp_fp16', fp32: 'fp32' }),
          ),
      needs: [],
    };
  },
};

/** Masks over the labels leave the answers of a conversation to train on. */
function roleOf(fields: Fields): Role {
  if (!fields.isGiven('load_path')) return 'pretrain';
  return fields.has('data.label_mask_paths') ? 'finetune' : 'continued';
}

const coatSwitch = 'quantize_model.use_quantize_model';

/** Whether COAT's fork of the trainer quantises the linear layers, for real or in simulation. */
function isCoat(known: Known<string> | null): known is Known<string> {
  return known !== null && !/^(?:|none|null|false|no)$/i.test(known.value);
}

/**
 * COAT's FP8: operands of the forward pass by `fabit` and `fwbit`, gradients by `babit` (`bobit` in
 * its linear layers alone), a scale a tensor for each operand of a multiplication; the groups are
 * of what is kept between them. Null for what it does not name so, and where activations and
 * weights, or the gradients, differ. Source: NVlabs/COAT coat/models/coat_olmo.py,
 * coat/activation/real_quantization/linear.py, examples/OLMo/scripts/train.py (80ec99f).
 */
function coatPrecision(
  fields: Fields,
  switched: Known<string>,
  base: string | null,
): Precision | null {
  const format = (key: string) =>
    own(coatFormats, fields.string(`quantize_model.${key}`)?.value.toUpperCase() ?? '');
  const weights = format('fwbit');
  const [gradients, ...others] = ['babit', 'bobit'].flatMap((key) => format(key) ?? []);
  if (!/^coat_(?:real|fake)$/.test(switched.value)) return null;
  if (weights === undefined || gradients === undefined || weights !== format('fabit')) return null;
  if (others.some((other) => other !== gradients)) return null;
  const recipe: Recipe = {
    ...recipes.teCurrentE4m3,
    name: 'COAT',
    format: weights,
    gradientFormat: gradients === weights ? null : gradients,
    notes:
      switched.value === 'coat_fake'
        ? ['FP8 is simulated: values are rounded, the multiplications run in 16 bits.']
        : [],
  };
  return recipePrecision(recipe, switched, base);
}

const coatFormats: Readonly<Record<string, string>> = { E4M3: 'fp8-e4m3', E5M2: 'fp8-e5m2' };

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
  const feedForward = hidden && readFeedForward(fields, path, hidden, gated.value);
  const multiQuery = fields.boolean(path('multi_query_attention'));
  return llamaReading(
    {
      layers: number('n_layers'),
      hidden,
      heads: number('n_heads'),
      keyValueHeads:
        number('n_kv_heads') ?? (multiQuery?.value === true ? { ...multiQuery, value: 1 } : null),
      feedForward,
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
      experts: readExperts(fields, path, number('n_layers'), feedForward),
    },
    olmoConfig,
  );
}

function readNorm(affine: boolean, bias: Known<boolean>): NormKind {
  if (!affine) return 'none';
  return bias.value ? 'weight-and-bias' : 'weight';
}

/**
 * With `block_type: moe` every layer is a mixture of MegaBlocks': experts as wide as the dense block
 * would be, a router without biases. Source: allenai/OLMo (OLMoE branch) olmo/config.py
 * `config_to_moe_args`, model.py `OLMoEBlock`.
 */
function readExperts(
  fields: Fields,
  path: (key: string) => string,
  layers: Known<number> | null,
  width: Known<number> | null,
): Known<Experts> | null {
  const count = fields.positive(path('moe_num_experts')) ?? byDefault(8, olmoConfig);
  const active = fields.positive(path('moe_top_k')) ?? byDefault(2, olmoConfig);
  // In a dense block the keys of a mixture do nothing.
  if (fields.string(path('block_type'))?.value !== 'moe' || !layers || !width) return null;
  return mixtureOf(
    {
      count: count.value,
      active: active.value,
      width: width.value,
      sharedWidth: 0,
      layers: layers.value,
    },
    [
      { name: 'moe_num_experts', known: count },
      { name: 'moe_top_k', known: active },
      { name: 'expert width', known: width },
    ],
  );
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
    packed: true,
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
