import type { ShapeReading } from '../architecture/shape.ts';
import { byDefault, derived, placeOf, type Known } from '../run/known.ts';
import type { Precision, Role, WriteResult } from '../run/run.ts';
import { product, type TokenPlan } from '../run/tokens.ts';
import type { Fields } from '../config/fields.ts';
import type { Setup } from '../run/setup.ts';
import { autocast, fsdpMixed, pure, replicated, undivided } from '../dialects/training.ts';
import { namedModel, type NamedModel } from '../dialects/models.ts';
import { otherReading } from '../config/otherReading.ts';
import { plainFormat, plainPrecision } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { formatWriter, setKeys } from '../config/writing.ts';
import { need } from '../run/need.ts';

const trainerSection = 'fairseq2 TrainerSection';

/** fairseq2's language-model recipes: training, instruction and preference fine-tuning. */
export const fairseq2: FrameworkReader = {
  id: 'fairseq2',
  name: 'fairseq2',
  source: 'facebookresearch/fairseq2 (2026-04-10)',
  syntaxes: ['yaml'],
  words: { config: ['num_steps', 'num_data_epochs'] },
  loader: 'pyyaml-typed',
  reads:
    'model.name or family and arch, regime.num_steps × dataset.max_num_tokens, mixed_precision',

  recognise(fields) {
    const model = ['name', 'family', 'arch'].some((key) => fields.isSet(`model.${key}`));
    const duration = ['num_steps', 'num_data_epochs'].some((key) => fields.has(`regime.${key}`));
    return model && duration && fields.map('dataset') !== null
      ? 'It has model.name or model.arch, regime.num_steps and a dataset, as fairseq2’s recipes do.'
      : null;
  },

  read(fields) {
    if (!isDecoder(fields)) {
      return otherReading('The model of this recipe is not a decoder language model.');
    }
    const { model, shape, needs } = readModel(fields);
    const role = roleOf(fields);
    const precision = readPrecision(fields);
    const place = placeOf(precision?.format) ?? fields.keyPlace('model');
    const row = (recipe: 'bf16' | 'fp16' | 'fp32', dtype: string) => ({
      recipe,
      edits: (f: Fields) => writeDtype(f, dtype),
    });
    return {
      role,
      model,
      shape,
      tokens: readTokens(fields, role),
      precision,
      setup: readSetup(fields, precision, role),
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(fields, [
        row('bf16', 'bfloat16'),
        row('fp16', 'float16'),
        row('fp32', 'float32'),
      ]),
      needs,
    };
  },
};

const decoderFamilies = /^(?:hg$|llama|qwen|mistral|mixtral|gemma|olmo|phi|gpt|deepseek|smollm)/;

/** wav2vec 2.0's recipes have the same schema: the family, or a text data set, tells. */
function isDecoder(fields: Fields): boolean {
  if (fields.has('dataset.max_audio_len')) return false;
  const family = fields.string('model.family') ?? fields.string('model.name');
  if (family) return decoderFamilies.test(family.value.toLowerCase());
  return decoderFamilies.test(fields.string('model.arch')?.value ?? '');
}

/** Text corpora are pre-training, or go on from a named model's weights; examples fine-tune. */
function roleOf(fields: Fields): Role {
  const corpus =
    fields.string('dataset.family')?.value === 'lm_train' ||
    fields.node('dataset.config_overrides.sources')?.kind === 'list';
  if (!corpus) return 'finetune';
  return fields.isSet('model.name') || fields.isSet('model.path') ? 'continued' : 'pretrain';
}

/** The model's name, an architecture, or a Hugging Face name; overrides go over its shape. */
function readModel(fields: Fields): NamedModel {
  const hugging = fields.string('model.config_overrides.hf_name');
  const written = hugging ?? fields.string('model.name') ?? fields.string('model.arch');
  const named = namedModel(written && { ...written, value: spaced(written.value) });
  return {
    model: written,
    shape: overridden(named.shape, fields),
    needs: named.needs,
  };
}

/** fairseq2 writes `qwen25_7b` for Qwen2.5-7B. */
function spaced(name: string): string {
  return name.replace(/^qwen(\d)(\d)_/, 'qwen$1.$2-');
}

function overridden(shape: ShapeReading, fields: Fields): ShapeReading {
  const at = (key: string) => fields.positive(`model.config_overrides.${key}`);
  const layers = at('num_layers');
  const hidden = at('model_dim');
  const heads = at('num_attn_heads') ?? at('num_heads');
  const keyValueHeads = at('num_key_value_heads');
  const vocabulary = at('vocab_size') ?? at('vocab_info.size');
  // The inner width is scaled and rounded by the architecture's own factors.
  const { feedForward, ...rest } = shape;
  const kept =
    (hidden ?? at('ffn_inner_dim')) ? rest : { ...rest, ...(feedForward && { feedForward }) };
  const width = hidden ?? shape.hidden;
  const count = heads ?? shape.heads;
  return {
    ...kept,
    ...(layers && { layers }),
    ...(hidden && { hidden }),
    ...(heads && { heads }),
    ...((hidden ?? heads) && width && count && { headDimension: headDimension(width, count) }),
    ...(keyValueHeads && { keyValueHeads }),
    ...(vocabulary && { vocabulary }),
  };
}

function headDimension(hidden: Known<number>, heads: Known<number>): Known<number> {
  return derived(hidden.value / heads.value, `${hidden.value} ÷ ${heads.value}`, [
    { name: 'model_dim', known: hidden },
    { name: 'num_attn_heads', known: heads },
  ]);
}

/** A batch holds max_num_tokens a rank: filled by a corpus or by packing, else an upper bound. */
function readTokens(fields: Fields, role: Role): TokenPlan {
  const steps = fields.positive('regime.num_steps');
  const epochs = fields.positive('regime.num_data_epochs');
  const filled = role !== 'finetune' || fields.isTrue('dataset.packing');
  const length = fields.positive('dataset.max_seq_len') ?? byDefault(8192, 'fairseq2 dataset');
  const tokens = fields.positive('dataset.max_num_tokens') ?? byDefault(16384, 'fairseq2 dataset');
  const batches =
    fields.positive('trainer.grad_accumulation.num_batches') ?? byDefault(1, trainerSection);
  const count: Known<number> = derived(
    (tokens.value / length.value) * batches.value,
    `${tokens.value} tokens ÷ ${length.value} × ${batches.value} batches`,
    [
      { name: 'max_num_tokens', known: tokens },
      { name: 'max_seq_len', known: length },
      { name: 'batches', known: batches },
    ],
  );
  const bound = steps && epochs ? ({ unit: 'epochs', count: epochs } as const) : null;
  return {
    duration: steps ? { unit: 'steps', count: steps } : epochs && { unit: 'epochs', count: epochs },
    stop: bound,
    sequenceLength: filled ? length : null,
    packed: filled,
    rankBatch: count,
    modelParallel: product([
      {
        name: 'tensor-parallel GPUs',
        known: fields.positive('gang.tensor_parallel_size') ?? byDefault(1, 'fairseq2 GangSection'),
      },
    ]),
    ...(!filled && {
      needs: [need('tokens', 'a batch holds max_num_tokens at most, not exactly')],
    }),
  };
}

/**
 * How its recipes keep a run (facebookresearch/fairseq2 027bdeb, recipe/config.py, data_parallel.py,
 * recipes/lm): weights in model.dtype, FP32 unless told otherwise, divided by FSDP2.
 */
function readSetup(fields: Fields, precision: Precision | null, role: Role): Setup | null {
  if (!precision) return null;
  const is16Bit = precision.format.value !== 'fp32';
  const isStored16 = (plainFormat(fields.string('model.dtype'))?.value ?? 'fp32') !== 'fp32';
  const at = 'trainer.fsdp';
  const isFsdp = (fields.string('trainer.data_parallelism')?.value ?? 'fsdp') === 'fsdp';
  const stays = fields.boolean(`${at}.reshard_after_forward`)?.value === false;
  const isWhole = fields.string(`${at}.granularity`)?.value === 'model';
  const every = fields.positive('trainer.activation_checkpointing.every_nth_layer')?.value ?? 1;
  const again = fields.string('trainer.activation_checkpointing.mode')?.value === 'layerwise';
  const { sequenceLength, rankBatch } = readTokens(fields, role);
  const batches = fields.positive('trainer.grad_accumulation.num_batches')?.value ?? 1;
  const sdpa = fields.string('common.torch.default_sdpa')?.value;
  const mixed = stays || isWhole ? autocast : fsdpMixed;
  const kept = isStored16 ? pure(2) : is16Bit ? (isFsdp ? mixed : autocast) : pure(4);
  return {
    adapters: null,
    frozen: null,
    optimizer: fields.string('optimizer.name') ?? byDefault('adamw', 'fairseq2 OptimizerSection'),
    kept: isFsdp ? kept : replicated(kept),
    layout: {
      ...undivided,
      tensor: fields.positive('gang.tensor_parallel_size')?.value ?? 1,
      sharding: isFsdp ? (stays || isWhole ? 'gradients' : 'all') : 'nothing',
      asOne: isWhole,
      ...(fields.isTrue(`${at}.hybrid`) && {
        unshared: 'trainer.fsdp.hybrid keeps a copy a node, and its number of GPUs is not told',
      }),
    },
    batch: {
      microBatch:
        fields.positive('dataset.batch_size') ??
        (rankBatch ? { ...rankBatch, value: rankBatch.value / batches } : null),
      // Examples that are not packed are shorter than the longest allowed.
      sequenceLength,
      recompute: again ? 'layers' : 'nothing',
      ...(again && every > 1 && { recomputed: { share: 1 / every } }),
      bytes: is16Bit ? 2 : 4,
      // Logits, their FP32 logarithms and the gradient of those (nn/functional/cross_entropy.py).
      logitBytes: is16Bit ? 10 : 12,
      scores: sdpa === 'torch_math' || (sdpa === undefined && role === 'finetune'),
      dropout: false,
    },
    needs: fields.isSet('reference_model')
      ? [need('memory', 'the reference model of preference training is not counted')]
      : [],
  };
}

/** The trainer's mixed precision; where it is off, the model's own dtype multiplies. */
function readPrecision(fields: Fields): Precision | null {
  const older = fields.string('trainer.mixed_precision');
  const mode = fields.string('trainer.mixed_precision.mode') ?? older;
  if (mode && /^(?:off|none|false)$/i.test(mode.value)) {
    return plainPrecision(
      plainFormat(fields.string('model.dtype')) ?? byDefault('fp32', 'fairseq2 ModelSection'),
    );
  }
  const dtype =
    fields.string('trainer.mixed_precision.dtype') ??
    fields.string('trainer.dtype') ??
    byDefault('bfloat16', trainerSection);
  const format = plainFormat(dtype);
  return format && plainPrecision(format);
}

function writeDtype(fields: Fields, dtype: string): WriteResult {
  const mode = fields.string('trainer.mixed_precision.mode')?.value;
  const older = fields.string('trainer.mixed_precision');
  if (older) return setKeys(fields, { 'trainer.dtype': dtype });
  return setKeys(fields, {
    'trainer.mixed_precision.dtype': dtype,
    ...(mode === 'off' && { 'trainer.mixed_precision.mode': 'static' }),
  });
}
