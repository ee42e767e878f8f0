import { own } from '../../run/own.ts';
import { byDefault, type Known } from '../../run/known.ts';
import type { Precision, Role } from '../../run/run.ts';
import type { Duration, TokenPlan } from '../../run/tokens.ts';
import type { Fields } from '../../config/fields.ts';
import { levanterSequence, levanterShape, otherTypes } from './shape.ts';
import { levanterSetup } from './setup.ts';
import { namedModel } from '../../dialects/models.ts';
import { otherReading } from '../../config/otherReading.ts';
import {
  forwardOnly,
  plainFormat,
  plainPrecision,
  recipePrecision,
  recipes,
  isLow,
} from '../../config/precision.ts';
import { scheduledSequences, type BatchStage } from '../../dialects/rampUp.ts';
import type { FrameworkReader } from '../../config/reader.ts';
import { namedTokenizer } from '../../dialects/tokenizers.ts';
import { formatWriter, setKeys } from '../../config/writing.ts';

const of = 'Levanter TrainerConfig';

const haliaxFp8 = { ...recipes.teDelayedHybrid, name: 'haliax FP8, delayed scaling' };
const haliaxInt8 = {
  ...forwardOnly(recipes.teDelayedE4m3),
  name: 'haliax INT8',
  format: 'int8',
} as const;

/** Stanford's Levanter: JAX models by type, data brought in with !include. */
export const levanter: FrameworkReader = {
  id: 'levanter',
  name: 'Levanter',
  source: 'stanford-crfm/levanter (2025-09-26)',
  syntaxes: ['yaml'],
  words: { config: ['num_train_steps', 'train_batch_size'] },
  loader: 'other',
  reads:
    'model.type and its defaults, num_train_steps × train_batch_size × seq_len, mp and quantization',

  recognise(fields) {
    const trains = ['mp', 'num_train_steps', 'train_batch_size'].filter((key) =>
      fields.has(`trainer.${key}`),
    );
    const evaluates = fields.has('eval_harness') || fields.has('checkpoint_path');
    const model = fields.has('model.type') || fields.isSet('initialize_from_hf');
    return trains.length >= 2 && model && fields.has('data') && !evaluates
      ? `It has model.type, data and trainer.${trains.join(' and trainer.')}, as Levanter’s configs do.`
      : null;
  },

  read(fields) {
    const type = fields.string('model.type');
    if (type && otherTypes.test(type.value)) {
      return otherReading(`Its model is of type ${type.value}, not a decoder language model.`);
    }
    const precision = readPrecision(fields);
    const places = ['trainer.quantization.fp8', 'trainer.quantization.int8'];
    const low = places.flatMap((path) => fields.place(path) ?? []);
    const mp = fields.place('trainer.mp');
    // The checkpoint's own config takes the place of the file's model block.
    const hf = fields.isTrue('use_hf_model_config') ? checkpoint(fields) : null;
    const { shape, needs, model } = hf
      ? namedModel(hf)
      : { ...levanterShape(fields, namedTokenizer(fields, ['data.tokenizer'])), model: type };
    return {
      role: roleOf(fields),
      model,
      shape,
      tokens: readTokens(fields),
      precision,
      setup: levanterSetup(fields, precision),
      precisionPlaces: isLow(precision) ? [...low, ...(mp ? [mp] : [])] : mp ? [mp] : [],
      writeFormat: formatWriter(fields, [
        { recipe: 'bf16', edits: (f) => write(f, 'p=f32,c=bfloat16', 'bf16', false) },
        { recipe: 'fp16', edits: (f) => write(f, 'p=f32,c=float16', 'fp16', false) },
        { recipe: 'fp32', edits: (f) => write(f, 'f32', 'fp32', false) },
        { recipe: haliaxFp8, edits: (f) => write(f, 'p=f32,c=bfloat16', 'bf16', true) },
      ]),
      needs,
    };
  },
};

function checkpoint(fields: Fields): Known<string> | null {
  const named = fields.string('initialize_from_hf');
  return named && !/^(?:true|false)$/i.test(named.value)
    ? named
    : fields.string('model.reference_checkpoint');
}

function roleOf(fields: Fields): Role {
  if (fields.has('prompts') || fields.has('data.messages_field')) return 'finetune';
  const hf =
    fields.isSet('initialize_from_hf') && fields.boolean('initialize_from_hf')?.value !== false;
  const weights =
    fields.isGiven('trainer.initialize_from') || fields.isGiven('initialize_from_checkpoint_path');
  return hf || weights ? 'continued' : 'pretrain';
}

/** Steps and batch have defaults that no launch overrides; the batch may be a schedule by step. */
function readTokens(fields: Fields): TokenPlan {
  const steps = fields.positive('trainer.num_train_steps') ?? byDefault(400_000, of);
  const stages = readStages(fields);
  const sequences = stages && scheduledSequences(steps, stages);
  const duration: Duration = sequences
    ? { unit: 'sequences', count: sequences }
    : { unit: 'steps', count: steps };
  return {
    duration,
    sequenceLength: levanterSequence(fields),
    globalBatch: stages
      ? null
      : (fields.positive('trainer.train_batch_size') ?? byDefault(512, of)),
  };
}

function readStages(fields: Fields): readonly BatchStage[] | null {
  const node = fields.node('trainer.train_batch_size');
  if (node?.kind !== 'list') return null;
  return node.items.map((_, index) => {
    const at = `trainer.train_batch_size.${index}`;
    return {
      start: fields.number(`${at}.start`)?.value ?? NaN,
      sequences: fields.positive(`${at}.value`)?.value ?? NaN,
    };
  });
}

/** A jmp policy: `p=f32,c=bfloat16`, `compute=…,params=…`, or one type for all. */
function computeType(policy: Known<string>): Known<'bf16' | 'fp16' | 'fp32'> | null {
  const named = /(?:^|,)\s*c(?:ompute)?\s*=\s*(\w+)/.exec(policy.value)?.[1] ?? policy.value;
  const full: Readonly<Record<string, string>> = { f32: 'fp32', f16: 'fp16' };
  return plainFormat({ ...policy, value: own(full, named) ?? named });
}

function readPrecision(fields: Fields): Precision | null {
  const stated = fields.string('trainer.mp');
  const base = stated ? computeType(stated) : byDefault('fp32' as const, of);
  const fp8 = fields.boolean('trainer.quantization.fp8');
  const int8 = fields.boolean('trainer.quantization.int8');
  const name = base?.value ?? null;
  if (fp8?.value === true) return recipePrecision(haliaxFp8, fp8, name);
  if (int8?.value === true) return recipePrecision(haliaxInt8, int8, name);
  return base && plainPrecision(base);
}

function write(fields: Fields, policy: string, format: string, low: boolean) {
  const stated = fields.string('trainer.mp');
  const same = stated !== null && computeType(stated)?.value === format;
  const on = ['fp8', 'int8'].filter((key) => fields.isTrue(`trainer.quantization.${key}`));
  const off = on.filter((key) => !low || key !== 'fp8');
  return setKeys(fields, {
    ...(same ? {} : { 'trainer.mp': policy }),
    ...Object.fromEntries(off.map((key) => [`trainer.quantization.${key}`, 'false'])),
    ...(low ? { 'trainer.quantization.fp8': 'true' } : {}),
  });
}
