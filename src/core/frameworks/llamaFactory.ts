import { byDefault, placeOf, type Known } from '../run/known.ts';
import type { Precision, Role, WriteResult } from '../run/run.ts';
import { product, type TokenPlan } from '../run/tokens.ts';
import { modelAt } from '../dialects/huggingFace/checkpoints.ts';
import { withDeepspeed } from '../dialects/deepspeed/file.ts';
import type { Fields } from '../config/fields.ts';
import { plainPrecision, recipePrecision, recipes, type PlainFormat } from '../config/precision.ts';
import type { FrameworkReader, PlannedQuantisation } from '../config/reader.ts';
import { formatWriter, setKeys } from '../config/writing.ts';
import { otherReading } from '../config/otherReading.ts';
import { need } from '../run/need.ts';
import type { Setup } from '../run/setup.ts';
import { allLinear } from '../dialects/adapters.ts';
import { loadedBase, peftAdapters } from '../dialects/huggingFace/peft.ts';
import {
  allWeights,
  launcherDecides,
  trainerLayout,
  trainerOptimizer,
  trainerSetup,
  type Trained,
} from '../dialects/huggingFace/setup.ts';

const trainingArguments = 'transformers TrainingArguments';

/** LLaMA-Factory: one YAML a training stage; inference, export and merge files are not read. */
export const llamaFactory: FrameworkReader = {
  id: 'llama-factory',
  name: 'LLaMA-Factory',
  source: 'hiyouga/LLaMA-Factory (2026-08-18)',
  syntaxes: ['yaml', 'json'],
  words: { config: ['model_name_or_path', 'model_class', 'train_dataset'] },
  loader: 'omegaconf',
  reads:
    'model_name_or_path, max_steps or num_train_epochs, bf16, fp16, fp8 and fp8_backend, export_quantization_bit',

  recognise(fields) {
    const stage = /^(?:pt|sft|rm|ppo|dpo|kto)$/.test(fields.string('stage')?.value ?? '');
    const own = ['finetuning_type', 'template', 'dataset'].some((key) => fields.has(key));
    if (stage && fields.has('model_name_or_path') && own) {
      return 'It has a training stage, model_name_or_path and finetuning_type, template or dataset, as LLaMA-Factory’s configs do.';
    }
    const second = ['model_class', 'train_dataset', 'kernel_config', 'dist_config'];
    return fields.has('model') && second.filter((key) => fields.has(key)).length >= 3
      ? 'It has model_class, train_dataset and dist_config, as LLaMA-Factory’s newer configs do.'
      : null;
  },

  read(fields) {
    const other = otherJob(fields);
    if (other !== null) return otherReading(other);
    const preset = modelAt(
      fields,
      fields.string('model_name_or_path') ? 'model_name_or_path' : 'model',
    );
    const precision = readPrecision(fields);
    const place = placeOf(precision?.format) ?? fields.keyPlace('model_name_or_path');
    return withDeepspeed(fields, {
      role: roleOf(fields),
      model: preset.model,
      shape: preset.shape,
      tokens: readTokens(fields),
      precision,
      setup: readSetup(fields),
      postTraining: readPlanned(fields),
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(fields, [
        { recipe: 'bf16', edits: (f) => writePlain(f, 'bf16') },
        { recipe: 'fp16', edits: (f) => writePlain(f, 'fp16') },
        { recipe: recipes.aoRowwise, edits: (f) => writeFp8(f, 'torchao') },
        { recipe: recipes.teDelayedHybrid, edits: (f) => writeFp8(f, 'te') },
      ]),
      needs: preset.needs,
    });
  },
};

/** What a file of a training run says of its steps; one of them is enough. */
const schedule = [
  ...['max_steps', 'num_train_epochs', 'learning_rate', 'gradient_accumulation_steps'],
  ...['per_device_train_batch_size', 'lr_scheduler_type', 'warmup_ratio', 'warmup_steps'],
];

/**
 * Why a file trains nothing, or null. The Trainer trains only where `do_train` is on (every
 * workflow.py below train/). A run whose `tokenized_path` is not there yet writes the data set to it
 * and asks for a training run to be launched with it (data/loader.py, ff6d4d1): a file that names
 * one and says nothing of its steps is for that.
 */
function otherJob(fields: Fields): string | null {
  const trains = fields.boolean('do_train');
  const evaluates = ['do_predict', 'do_eval'].some((key) => fields.isTrue(key));
  if (trains?.value === false || (evaluates && !fields.has('do_train'))) {
    return 'It evaluates or predicts and trains nothing: do_train is not on.';
  }
  const prepares = fields.isGiven('tokenized_path') && !schedule.some((key) => fields.has(key));
  return prepares ? 'It writes a tokenized data set to tokenized_path and trains nothing.' : null;
}

/** Stage `pt` goes on from the named model, unless it trains from scratch; adapters fine-tune. */
function roleOf(fields: Fields): Role {
  const adapter = fields.string('finetuning_type')?.value ?? 'lora';
  if (fields.string('stage')?.value !== 'pt') return 'finetune';
  if (fields.isTrue('train_from_scratch')) return 'pretrain';
  return adapter === 'full' ? 'continued' : 'finetune';
}

function readTokens(fields: Fields): TokenPlan {
  const steps = fields.positive('max_steps');
  const epochs = fields.positive('num_train_epochs') ?? byDefault(3, trainingArguments);
  const batch =
    fields.positive('per_device_train_batch_size') ??
    fields.positive('micro_batch_size') ??
    byDefault(8, trainingArguments);
  const one = byDefault(1, trainingArguments);
  const parallel = [
    'tensor_model_parallel_size',
    'pipeline_model_parallel_size',
    'context_parallel_size',
  ];
  return {
    duration: steps ? { unit: 'steps', count: steps } : { unit: 'epochs', count: epochs },
    sequenceLength: fields.positive('cutoff_len') ?? byDefault(2048, 'LLaMA-Factory DataArguments'),
    packed: fields.isTrue('packing') || fields.string('stage')?.value === 'pt',
    rankBatch: product([
      { name: 'sequences', known: batch },
      {
        name: 'accumulation steps',
        known: fields.positive('gradient_accumulation_steps') ?? one,
      },
    ]),
    modelParallel: product(
      parallel.map((key) => ({ name: key, known: fields.positive(key) ?? one })),
    ),
  };
}

/** Weights are loaded in 16 bits, trained ones cast to FP32 (model/adapter.py, 2026-08). */
function readSetup(fields: Fields): Setup | null {
  // Its newer files, and those for Megatron, are trained by other loops.
  if (fields.has('model_class') || fields.isSet('tensor_model_parallel_size')) return null;
  const is16Bit = readBase(fields) !== null;
  const isPure = fields.isTrue('pure_bf16');
  const stage = fields.string('stage')?.value ?? 'sft';
  const other = ['use_galore', 'use_apollo', 'use_badam', 'use_adam_mini', 'use_muon'].find((key) =>
    fields.isTrue(key),
  );
  const named = /^(?:pt|sft)$/.test(stage)
    ? other
    : `stage ${stage}, with its models beside the trained one,`;
  return trainerSetup(fields, {
    trained: readTrained(fields, is16Bit ? 2 : 4),
    weights: isPure ? 2 : 4,
    is16Bit,
    optimizer: trainerOptimizer(fields),
    microBatch:
      fields.positive('per_device_train_batch_size') ??
      fields.positive('micro_batch_size') ??
      byDefault(8, trainingArguments),
    sequenceLength: fields.positive('cutoff_len') ?? byDefault(2048, 'LLaMA-Factory DataArguments'),
    recomputes: !fields.isTrue('disable_gradient_checkpointing'),
    fusedLoss: fields.isTrue('enable_liger_kernel') || fields.isTrue('use_unsloth'),
    layout: trainerLayout(fields, launcherDecides),
    needs: named === undefined ? [] : [need('memory', `what ${named} keeps is not counted`)],
  });
}

/** Adapters stand beside every linear layer unless their targets are named (FinetuningArguments). */
function readTrained(fields: Fields, others: 2 | 4): Trained {
  const type = fields.string('finetuning_type')?.value ?? 'lora';
  if (type === 'full') return allWeights;
  if (type !== 'lora') {
    return { ...allWeights, needs: [need('memory', `what “${type}” trains is not counted`)] };
  }
  const method = fields.string('quantization_method')?.value ?? 'bnb';
  const bits = fields.positive('quantization_bit')?.value ?? null;
  const isOther = bits !== null && !/^(?:bnb|bitsandbytes)$/.test(method);
  const keys = {
    rank: 'lora_rank',
    targets: 'lora_target',
    whole: 'additional_target',
    dora: 'use_dora',
  };
  const defaults = { of: 'LLaMA-Factory FinetuningArguments', rank: 8, targets: allLinear };
  const nested = fields.boolean('double_quantization')?.value !== false;
  const trained = peftAdapters(fields, keys, defaults, loadedBase(bits, nested, others));
  const needs = isOther ? [need('memory', `how ${method} stores weights is not counted`)] : [];
  return { ...trained, needs: [...trained.needs, ...needs] };
}

function readBase(fields: Fields): Known<PlainFormat> | null {
  const switches: readonly (readonly [key: string, format: 'bf16' | 'fp16'])[] = [
    ['bf16', 'bf16'],
    ['pure_bf16', 'bf16'],
    ['fp16', 'fp16'],
  ];
  for (const [key, value] of switches) {
    const stated = fields.boolean(key);
    if (stated?.value === true) return { ...stated, value };
  }
  return null;
}

/** The same `fp8: true` means another recipe by backend: torchao's rowwise, or TE's delayed. */
function readPrecision(fields: Fields): Precision | null {
  const base = readBase(fields);
  const fp8 = fields.boolean('fp8');
  if (fp8?.value === true) {
    const backend = fields.string('fp8_backend')?.value;
    const recipe =
      backend === 'te'
        ? recipes.teDelayedHybrid
        : backend === 'msamp'
          ? recipes.msAmp
          : recipes.aoRowwise;
    return recipePrecision(recipe, fp8, base?.value ?? 'bf16');
  }
  const bits = fields.positive('quantization_bit');
  const notes = bits
    ? [`The frozen base weights are loaded in ${bits.value} bits; the multiplications run in 16.`]
    : [];
  return base && plainPrecision(base, notes);
}

/** The export quantises the weights by GPTQ, 128 values a group (transformers GPTQConfig). */
function readPlanned(fields: Fields): PlannedQuantisation | null {
  const bits = fields.positive('export_quantization_bit')?.value;
  return bits !== undefined && [2, 3, 4, 8].includes(bits)
    ? {
        format: `int${bits}`,
        granularity: 'block',
        block: 128,
        scale: null,
        operands: ['weights'],
      }
    : null;
}

function writePlain(fields: Fields, base: 'bf16' | 'fp16'): WriteResult {
  const other = base === 'bf16' ? 'fp16' : 'bf16';
  const kept = readBase(fields)?.value === base;
  return setKeys(fields, {
    ...(fields.isTrue('fp8') && { fp8: 'false' }),
    ...(!kept && { [base]: 'true' }),
    ...(!kept && fields.has(other) && { [other]: 'false' }),
    ...(base === 'fp16' && fields.isTrue('pure_bf16') && { pure_bf16: 'false' }),
  });
}

function writeFp8(fields: Fields, backend: 'torchao' | 'te'): WriteResult {
  const stated = fields.has('fp8_backend');
  return setKeys(fields, {
    fp8: 'true',
    ...((stated || backend === 'te') && { fp8_backend: backend }),
  });
}
