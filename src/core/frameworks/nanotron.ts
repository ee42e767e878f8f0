import { paddedVocabulary } from '../architecture/feedForward.ts';
import type { Experts, ShapeReading } from '../architecture/shape.ts';
import { gptReading, llamaReading } from '../architecture/shapes.ts';
import { byDefault, derived, type Known } from '../run/known.ts';
import type { Precision, Role } from '../run/run.ts';
import { product, type TokenPlan } from '../run/tokens.ts';
import type { Fields } from '../config/fields.ts';
import { mixtureOf } from '../dialects/mixture.ts';
import { otherReading } from '../config/otherReading.ts';
import { plainFormat, plainPrecision } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { formatWriter, plainRows } from '../config/writing.ts';
import { need, type Need } from '../run/need.ts';
import type { Setup } from '../run/setup.ts';
import { megatronKept, pure, undivided } from '../dialects/training.ts';

const model = 'model.model_config';

/** Hugging Face nanotron: everything a run needs stands in one YAML, data parallelism included. */
export const nanotron: FrameworkReader = {
  id: 'nanotron',
  name: 'nanotron',
  source: 'huggingface/nanotron (2026-04-07)',
  syntaxes: ['yaml', 'json'],
  words: { config: ['model_config'] },
  loader: 'pyyaml',
  reads: 'Llama, Qwen2 and StarCoder2 shapes, train_steps × batch × parallelism.dp, model.dtype',

  recognise(fields) {
    const tokens = ['sequence_length', 'train_steps', 'micro_batch_size'].every((key) =>
      fields.has(`tokens.${key}`),
    );
    return fields.has(model) && fields.has('parallelism') && tokens
      ? 'It has model.model_config, tokens.train_steps and parallelism, as nanotron’s configs do.'
      : null;
  },

  read(fields) {
    if (fields.isTrue(`${model}.is_mamba_config`)) {
      return otherReading('Its layers are Mamba ones, not a transformer’s.');
    }
    const place = fields.place('model.dtype') ?? fields.keyPlace('model');
    const precision = readPrecision(fields);
    const { shape, needs } = readShape(fields);
    return {
      role: roleOf(fields),
      model: null,
      shape,
      tokens: readTokens(fields),
      precision,
      setup: readSetup(fields, precision),
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(
        fields,
        plainRows('model.dtype', { bf16: 'bfloat16', fp16: 'float16', fp32: 'float32' }),
      ),
      needs,
    };
  },
};

/**
 * Weights from elsewhere without their optimizer and schedule are the start of another run; a
 * checkpoint resumed with both is the same run, whose train_steps count from its beginning.
 */
function roleOf(fields: Fields): Role {
  const fresh =
    fields.boolean('checkpoints.load_optimizer')?.value === false &&
    fields.boolean('checkpoints.load_lr_scheduler')?.value === false;
  const resumed = fields.isGiven('checkpoints.resume_checkpoint_path') && fresh;
  return resumed || fields.isSet('model.init_method.path') ? 'continued' : 'pretrain';
}

/** parallelism.dp is mandatory, so D is exact; context parallelism splits sequences, not batches. */
function readTokens(fields: Fields): TokenPlan {
  const steps = fields.positive('tokens.train_steps');
  return {
    duration: steps && { unit: 'steps', count: steps },
    sequenceLength: fields.positive('tokens.sequence_length'),
    rankBatch: product([
      { name: 'sequences', known: fields.positive('tokens.micro_batch_size') },
      {
        name: 'accumulation steps',
        known:
          fields.positive('tokens.batch_accumulation_per_replica') ??
          byDefault(1, 'nanotron TokensArgs'),
      },
    ]),
    ranks: fields.positive('parallelism.dp'),
  };
}

/**
 * How nanotron keeps a run (optim/zero.py, gradient_accumulator.py, 2026-07): 16-bit weights, and
 * with accumulate_grad_in_fp32 FP32 gradients, weights and moments; ZeRO-1 divides the last two.
 */
function readSetup(fields: Fields, precision: Precision | null): Setup | null {
  if (!precision) return null;
  const is16Bit = precision.format.value !== 'fp32';
  const inFull = fields.boolean('optimizer.accumulate_grad_in_fp32')?.value === true;
  const size = (key: string) => fields.positive(`parallelism.${key}`)?.value ?? 1;
  return {
    adapters: null,
    frozen: null,
    optimizer: fields.string('optimizer.optimizer_factory.name'),
    kept: is16Bit ? (inFull ? megatronKept : pure(2)) : pure(4),
    layout: {
      ...undivided,
      tensor: size('tp'),
      pipeline: size('pp'),
      context: size('context_parallel_size'),
      expert: size('expert_parallel_size'),
      sequenceParallel: fields.string('parallelism.tp_mode')?.value === 'REDUCE_SCATTER',
      sharding: (fields.number('optimizer.zero_stage')?.value ?? 0) > 0 ? 'optimizer' : 'nothing',
    },
    batch: {
      microBatch: fields.positive('tokens.micro_batch_size'),
      sequenceLength: fields.positive('tokens.sequence_length'),
      recompute: fields.isTrue('parallelism.recompute_layer') ? 'layers' : 'nothing',
      bytes: is16Bit ? 2 : 4,
      // FP32 logits and a copy that the loss works in, both divided by tensor parallelism (2411b02,
      // parallel/tensor_parallel/functional.py, _ShardedCrossEntropy).
      logitBytes: 8,
      scores: false,
      dropout: false,
    },
    needs: [],
  };
}

/** nanotron has no FP8: the dtype is the whole precision. */
function readPrecision(fields: Fields): Precision | null {
  const stated = fields.string('model.dtype');
  const format = stated ? plainFormat(stated) : byDefault('bf16' as const, 'nanotron ModelArgs');
  return format && plainPrecision(format);
}

function readShape(fields: Fields): { shape: ShapeReading; needs: readonly Need[] } {
  if (fields.isTrue(`${model}.is_llama_config`)) return { shape: llamaShape(fields), needs: [] };
  if (fields.isTrue(`${model}.is_qwen2_config`)) {
    const experts = readExperts(fields);
    return { shape: { ...llamaShape(fields), ...(experts && { experts }) }, needs: [] };
  }
  if (fields.isTrue(`${model}.is_starcoder2_config`)) {
    return { shape: starcoderShape(fields), needs: [] };
  }
  const kind = fields.keys(model).find((key) => /^is_.*_config$/.test(key)) ?? 'none of them';
  return {
    shape: {},
    needs: [
      need(
        'parameters',
        `only Llama, Qwen2 and StarCoder2 configs are counted, and this one is ${kind}`,
      ),
    ],
  };
}

function llamaShape(fields: Fields): ShapeReading {
  const of = 'nanotron LlamaConfig';
  const number = (key: string) => fields.positive(`${model}.${key}`);
  const bias = fields.boolean(`${model}.attention_bias`) ?? byDefault(false, of);
  return llamaReading(
    {
      layers: number('num_hidden_layers'),
      hidden: number('hidden_size'),
      heads: number('num_attention_heads'),
      keyValueHeads: number('num_key_value_heads'),
      feedForward: number('intermediate_size'),
      vocabulary: vocabulary(fields),
      tied: fields.boolean(`${model}.tie_word_embeddings`) ?? byDefault(false, of),
      biases: {
        ...bias,
        value: {
          queryKeyValue: bias.value,
          attentionOutput: false,
          feedForward: false,
          head: false,
        },
      },
    },
    of,
  );
}

/** The expert widths are MoEConfig's where the file leaves them out; layers [-1] = all of them. */
function readExperts(fields: Fields): Known<Experts> | null {
  const at = `${model}.moe_config`;
  const layers = fields.positive(`${model}.num_hidden_layers`);
  if (!fields.map(at) || !layers) return null;
  const number = (key: string, otherwise: number) =>
    fields.positive(`${at}.${key}`) ?? byDefault(otherwise, 'nanotron MoEConfig');
  const listed = fields.list(`${at}.layers`).filter((each) => each.value !== '-1');
  const shared = fields.isTrue(`${at}.enable_shared_expert`);
  const count = number('num_experts', 8);
  const active = number('top_k', 2);
  const width = number('moe_intermediate_size', 1408);
  const sharedWidth = shared ? number('shared_expert_intermediate_size', 5632) : null;
  return mixtureOf(
    {
      count: count.value,
      active: active.value,
      width: width.value,
      sharedWidth: sharedWidth?.value ?? 0,
      sharedGate: shared,
      layers: listed.length > 0 ? listed.length : layers.value,
    },
    [
      { name: 'num_experts', known: count },
      { name: 'top_k', known: active },
      { name: 'moe_intermediate_size', known: width },
      { name: 'shared_expert_intermediate_size', known: sharedWidth },
    ],
  );
}

function starcoderShape(fields: Fields): ShapeReading {
  const of = 'nanotron Starcoder2Config';
  const number = (key: string) => fields.positive(`${model}.${key}`);
  const grouped = fields.isTrue(`${model}.grouped_query`);
  return gptReading(
    {
      layers: number('num_hidden_layers'),
      hidden: number('hidden_size'),
      heads: number('num_attention_heads'),
      keyValueHeads: grouped ? number('num_kv_heads') : byDefault(1, of),
      feedForward: number('intermediate_size'),
      vocabulary: vocabulary(fields),
    },
    of,
  );
}

/** The stored rows: vocab_size, padded to make_vocab_size_divisible_by × tensor-parallel ranks. */
function vocabulary(fields: Fields): Known<number> | null {
  const stated = fields.positive(`${model}.vocab_size`);
  if (!stated) return null;
  const divisor = fields.positive('model.make_vocab_size_divisible_by')?.value ?? 1;
  const ranks = fields.positive('parallelism.tp')?.value ?? 1;
  const padded = paddedVocabulary(stated.value, divisor, ranks);
  if (padded === stated.value) return stated;
  return derived(padded, `${stated.value} padded to a multiple of ${divisor} × ${ranks}`, [
    { name: 'vocab_size', known: stated },
  ]);
}
