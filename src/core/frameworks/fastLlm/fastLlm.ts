import type { ShapeReading } from '../../architecture/shape.ts';
import { llamaReading } from '../../architecture/shapes.ts';
import type { Fields } from '../../config/fields.ts';
import { plainFormat, plainPrecision } from '../../config/precision.ts';
import type { FrameworkReader } from '../../config/reader.ts';
import { formatWriter, plainRows } from '../../config/writing.ts';
import { modelAt } from '../../dialects/huggingFace/checkpoints.ts';
import { mixtureOf } from '../../dialects/mixture.ts';
import { byDefault, placeOf, type Known } from '../../run/known.ts';
import { need, type Need } from '../../run/need.ts';
import { fastLlmSetup } from './setup.ts';
import type { TokenPlan } from '../../run/tokens.ts';

const base = 'model.base_model';
const defaults = 'Fast-LLM GPTBaseModelConfig';

/** ServiceNow's Fast-LLM: one YAML a run, with the model as blocks since 2025-10, flat before. */
export const fastLlm: FrameworkReader = {
  id: 'fast-llm',
  name: 'Fast-LLM',
  source: 'ServiceNow/Fast-LLM examples and fast_llm/layers (5e5e677 of 2024-10, 21182c2)',
  syntaxes: ['yaml'],
  words: { config: ['base_model'] },
  loader: 'pyyaml-typed',
  reads: 'model.base_model as blocks or as a transformer, train_iters, batch, compute_dtype',

  recognise(fields) {
    const trains = fields.has('training.train_iters');
    const around = ['batch', 'data', 'optimizer', 'run', 'pretrained'];
    const model = fields.map(base) !== null || fields.has('pretrained.path');
    return trains && model && around.filter((key) => fields.map(key) !== null).length >= 2
      ? 'It has training.train_iters and model.base_model, as Fast-LLM’s configs do.'
      : null;
  },

  read(fields) {
    const { shape, needs, model } = readModel(fields);
    const dtype = ['compute_dtype', 'training_dtype'].map((key) => `model.distributed.${key}`);
    const key = dtype.find((path) => fields.has(path));
    const format =
      key === undefined
        ? byDefault('fp32' as const, 'Fast-LLM DistributedConfig')
        : plainFormat(fields.string(key));
    const place = placeOf(format) ?? fields.keyPlace('model') ?? fields.keyPlace('training');
    const path = key ?? 'model.distributed.compute_dtype';
    return {
      role: isLoaded(fields) ? 'continued' : 'pretrain',
      model,
      shape,
      tokens: readTokens(fields),
      precision: format && plainPrecision(format),
      setup: format && fastLlmSetup(fields, format.value),
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(
        fields,
        plainRows(path, { bf16: 'bf16', fp16: 'fp16', fp32: 'fp32' }),
      ),
      needs,
    };
  },
};

/** `pretrained` names a checkpoint; `model_weights: false` takes only its config. */
function isLoaded(fields: Fields): boolean {
  return (
    fields.isSet('pretrained.path') && fields.boolean('pretrained.model_weights')?.value !== false
  );
}

interface NamedShape {
  readonly shape: ShapeReading;
  readonly needs: readonly Need[];
  readonly model: Known<string> | null;
}

function readModel(fields: Fields): NamedShape {
  const own = fields.has(`${base}.decoder`) ? blocks(fields) : flat(fields);
  if (own.shape.layers && own.shape.hidden) return { ...own, model: null };
  return fields.isSet('pretrained.path')
    ? modelAt(fields, 'pretrained.path')
    : { ...own, model: null };
}

/** The decoder as one block repeated; a pattern of several blocks is not counted. */
function blocks(fields: Fields): Pick<NamedShape, 'shape' | 'needs'> {
  const at = `${base}.decoder.block`;
  const kind = fields.string(`${base}.decoder.type`)?.value ?? 'fixed';
  const mixer = fields.string(`${at}.mixer.type`)?.value ?? 'attention';
  const mlp = fields.string(`${at}.mlp.type`)?.value ?? 'mlp';
  if (kind !== 'fixed' || mixer !== 'attention' || !/^(?:mlp|moe)$/.test(mlp)) {
    return {
      shape: {},
      needs: [need('parameters', `a decoder of ${[kind, mixer, mlp].join(', ')} is not counted`)],
    };
  }
  return {
    shape: shapeOf({
      layers: fields.positive(`${base}.decoder.num_blocks`),
      hidden: fields.positive(`${base}.hidden_size`),
      heads: fields.positive(`${at}.mixer.heads`),
      groups: fields.positive(`${at}.mixer.head_groups`),
      head: fields.positive(`${at}.mixer.head_size`),
      feedForward: fields.positive(`${at}.mlp.intermediate_size`),
      gated: fields.boolean(`${at}.mlp.gated`),
      biases: [
        fields.boolean(`${at}.mixer.add_linear_biases`),
        fields.boolean(`${at}.mlp.add_linear_biases`),
      ],
      norm: fields.string(`${at}.normalization.type`),
      vocabulary: fields.positive(`${base}.embeddings.vocab_size`),
      positions: fields.positive(`${base}.embeddings.num_position_embeddings`),
      tied: fields.boolean(`${base}.tied_embedding_weight`),
      experts: fields.positive(`${at}.mlp.experts`),
      active: fields.positive(`${at}.mlp.experts_per_token`),
    }),
    needs: [],
  };
}

/** The transformer's settings side by side, until the autumn of 2025. */
function flat(fields: Fields): Pick<NamedShape, 'shape' | 'needs'> {
  const at = `${base}.transformer`;
  const bias = fields.boolean(`${at}.add_linear_biases`);
  return {
    shape: shapeOf({
      layers: fields.positive(`${at}.num_layers`),
      hidden: fields.positive(`${at}.hidden_size`),
      heads: fields.positive(`${at}.num_attention_heads`),
      groups: fields.positive(`${at}.head_groups`),
      head: fields.positive(`${at}.kv_channels`),
      feedForward: fields.positive(`${at}.ffn_hidden_size`),
      gated: fields.boolean(`${at}.gated`),
      biases: [bias, bias],
      norm: fields.string(`${at}.normalization.type`),
      vocabulary: fields.positive(`${base}.vocab_size`),
      positions: fields.isTrue(`${base}.use_position_embeddings`)
        ? fields.positive(`${base}.max_position_embeddings`)
        : null,
      tied: fields.boolean(`${base}.tie_word_embeddings`),
      experts: fields.positive(`${at}.num_experts`),
      active: fields.positive(`${at}.num_experts_per_token`),
    }),
    needs: [],
  };
}

interface Stated {
  readonly layers: Known<number> | null;
  readonly hidden: Known<number> | null;
  readonly heads: Known<number> | null;
  readonly groups: Known<number> | null;
  readonly head: Known<number> | null;
  readonly feedForward: Known<number> | null;
  readonly gated: Known<boolean> | null;
  /** Of the attention and of the feed-forward block. */
  readonly biases: readonly [Known<boolean> | null, Known<boolean> | null];
  readonly norm: Known<string> | null;
  readonly vocabulary: Known<number> | null;
  readonly positions: Known<number> | null;
  readonly tied: Known<boolean> | null;
  readonly experts: Known<number> | null;
  readonly active: Known<number> | null;
}

/** One group of heads, LayerNorms, biases, a plain block and a tied head where nothing is said. */
function shapeOf(stated: Stated): ShapeReading {
  const { layers, feedForward, experts, biases } = stated;
  const [attention, block] = biases.map((known) => known?.value ?? true);
  const norm = stated.norm ?? byDefault<string>('layer_norm', defaults);
  const active = stated.active ?? byDefault(1, defaults);
  const mixture = experts && experts.value > 1 && layers && feedForward;
  return llamaReading(
    {
      layers,
      hidden: stated.hidden,
      heads: stated.heads,
      keyValueHeads: stated.groups ?? byDefault(1, defaults),
      headDimension: stated.head,
      feedForward,
      gated: stated.gated ?? byDefault(false, defaults),
      vocabulary: stated.vocabulary,
      tied: stated.tied ?? byDefault(true, defaults),
      learnedPositions: stated.positions ?? byDefault(0, defaults),
      biases: byDefault(
        {
          queryKeyValue: attention ?? true,
          attentionOutput: attention ?? true,
          feedForward: block ?? true,
          head: false,
        },
        defaults,
      ),
      norm: { ...norm, value: norm.value === 'rms_norm' ? 'weight' : 'weight-and-bias' },
      experts: mixture
        ? mixtureOf(
            {
              count: experts.value,
              active: active.value,
              width: feedForward.value,
              sharedWidth: 0,
              layers: layers.value,
            },
            [
              { name: 'experts', known: experts },
              { name: 'experts_per_token', known: active },
            ],
          )
        : null,
    },
    defaults,
  );
}

/** `batch.batch_size` counts sequences over all ranks; since 2025-10 a rank's batch is in tokens. */
function readTokens(fields: Fields): TokenPlan {
  const steps = fields.positive('training.train_iters');
  const sequenceLength = fields.positive('batch.sequence_length');
  const globalBatch = fields.positive('batch.batch_size');
  const duration = steps && ({ unit: 'steps', count: steps } as const);
  if (sequenceLength) return { duration, sequenceLength, globalBatch };
  const tokens = fields.positive('data.micro_batch_size');
  const rounds = fields.positive('schedule.micro_batch_splits');
  return {
    duration,
    // The tokens of a rank's step are one long row.
    sequenceLength: tokens,
    rankBatch: tokens && !rounds ? byDefault(1, 'Fast-LLM ScheduleConfig') : null,
    modelParallel: null,
    ...(tokens
      ? {}
      : { needs: [need('tokens', 'the batch and the length of a sequence are not in the file')] }),
  };
}
