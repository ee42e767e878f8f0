import { byDefault, placeOf, type Known } from '../run/known.ts';
import type { Granularity, Precision, Role, WriteResult } from '../run/run.ts';
import { product, type TokenPlan } from '../run/tokens.ts';
import { modelAt } from '../dialects/huggingFace/checkpoints.ts';
import { withDeepspeed } from '../dialects/deepspeed/file.ts';
import type { Fields } from '../config/fields.ts';
import { hfOverrides } from '../dialects/huggingFace/shape.ts';
import { otherReading } from '../config/otherReading.ts';
import {
  forwardOnly,
  plainPrecision,
  recipePrecision,
  recipes,
  type PlainFormat,
} from '../config/precision.ts';
import type { FrameworkReader, PlannedQuantisation } from '../config/reader.ts';
import { formatWriter, setKeys } from '../config/writing.ts';
import { need } from '../run/need.ts';
import type { Setup } from '../run/setup.ts';
import { allLinear } from '../dialects/adapters.ts';
import { loadedBase, peftAdapters } from '../dialects/huggingFace/peft.ts';
import {
  allWeights,
  trainerLayout,
  trainerSetup,
  type Trained,
} from '../dialects/huggingFace/setup.ts';

const configInput = 'axolotl AxolotlInputConfig';

/** axolotl: fine-tuning and continued pre-training by one YAML around a Hugging Face model. */
export const axolotl: FrameworkReader = {
  id: 'axolotl',
  name: 'axolotl',
  source: 'axolotl-ai-cloud/axolotl (2026-07-24)',
  syntaxes: ['yaml', 'json'],
  words: { config: ['base_model'] },
  loader: 'pyyaml-typed',
  reads:
    'base_model, max_steps or num_epochs, bf16, fp16, fp8 and the qat block; the quantization block after training',

  recognise(fields) {
    const data = ['datasets', 'pretraining_dataset'].some((key) => fields.has(key));
    const batch = ['micro_batch_size', 'sequence_len', 'gradient_accumulation_steps'].some((key) =>
      fields.has(key),
    );
    return fields.has('base_model') && data && batch
      ? 'It has base_model, datasets and a sequence length or batch size, as axolotl’s configs do.'
      : null;
  },

  read(fields) {
    if (fields.list('plugins').some(({ value }) => value.endsWith('DiffusionPlugin'))) {
      return otherReading('It trains a diffusion language model, which predicts no next token.');
    }
    const preset = modelAt(fields, 'base_model');
    const precision = readPrecision(fields);
    const place = placeOf(precision.format) ?? fields.keyPlace('base_model');
    const role = roleOf(fields);
    return withDeepspeed(fields, {
      role,
      model: preset.model,
      shape: hfOverrides(preset.shape, fields, 'overrides_of_model_config'),
      tokens: readTokens(fields),
      precision,
      setup: readSetup(fields),
      postTraining: readPlanned(fields),
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(fields, [
        { recipe: 'bf16', edits: (f) => writePlain(f, 'bf16') },
        { recipe: 'fp16', edits: (f) => writePlain(f, 'fp16') },
        { recipe: recipes.aoTensorwise, edits: writeFp8 },
        { recipe: recipes.nvfp4, edits: (f) => writeFakeQuantised(f, 'nvfp4', 16) },
        { recipe: recipes.mxfp4, edits: (f) => writeFakeQuantised(f, 'mxfp4', 32) },
      ]),
      needs: preset.needs,
    });
  },
};

/** A pretraining_dataset continues base_model's training, or starts anew with reinit_weights. */
function roleOf(fields: Fields): Role {
  if (!fields.isSet('pretraining_dataset') || fields.isSet('adapter')) return 'finetune';
  return fields.isTrue('reinit_weights') ? 'pretrain' : 'continued';
}

function readTokens(fields: Fields): TokenPlan {
  const steps = fields.positive('max_steps');
  const epochs = fields.positive('num_epochs') ?? byDefault(1, configInput);
  const one = byDefault(1, configInput);
  const parallel = [
    'tensor_parallel_size',
    'context_parallel_size',
    'sequence_parallel_degree',
  ] as const;
  return {
    duration: steps ? { unit: 'steps', count: steps } : { unit: 'epochs', count: epochs },
    sequenceLength: fields.positive('sequence_len') ?? byDefault(512, configInput),
    packed: fields.isSet('pretraining_dataset') || fields.isTrue('sample_packing'),
    rankBatch: product([
      { name: 'sequences', known: fields.positive('micro_batch_size') ?? one },
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

/** How it is trained: axolotl loads weights in the format of the products (loaders/model.py, 2026-07). */
function readSetup(fields: Fields): Setup {
  const base = readBase(fields).value;
  const is16Bit = base === 'bf16' || base === 'fp16';
  const one = byDefault(1, configInput);
  const size = (...keys: readonly string[]) => fields.firstNumber(keys)?.value ?? 1;
  const other = ['rl', 'gptq', 'lisa_n_layers', 'relora', 'unfrozen_parameters', 'qat'].find(
    (key) => fields.isSet(key) && fields.boolean(key)?.value !== false,
  );
  return trainerSetup(fields, {
    trained: readTrained(fields, is16Bit ? 2 : 4),
    weights: is16Bit ? 2 : 4,
    is16Bit,
    optimizer: fields.string('optimizer') ?? byDefault('adamw_torch_fused', configInput),
    microBatch: fields.positive('micro_batch_size') ?? one,
    sequenceLength: fields.positive('sequence_len') ?? byDefault(512, configInput),
    recomputes: !/^(?:false|)$/i.test(fields.string('gradient_checkpointing')?.value ?? ''),
    fusedLoss: ['liger_fused_linear_cross_entropy', 'cut_cross_entropy'].some((key) =>
      fields.isTrue(key),
    ),
    layout: {
      ...trainerLayout(fields, null),
      tensor: size('tensor_parallel_size'),
      context: size('context_parallel_size', 'sequence_parallel_degree'),
    },
    needs: other === undefined ? [] : [need('memory', `what “${other}” keeps is not counted`)],
  });
}

/** A quantised base has constants that are quantised again (bnb_4bit_use_double_quant). */
function readTrained(fields: Fields, others: 2 | 4): Trained {
  const adapter = fields.string('adapter')?.value ?? '';
  if (adapter === '') return allWeights;
  const bits = fields.isTrue('load_in_4bit') ? 4 : fields.isTrue('load_in_8bit') ? 8 : null;
  if (!/^q?lora$/.test(adapter) || fields.isSet('lora_target_parameters')) {
    const why = `what the adapter “${adapter}” trains is not counted`;
    return { ...allWeights, needs: [need('memory', why)] };
  }
  const keys = {
    rank: 'lora_r',
    targets: 'lora_target_modules',
    whole: 'lora_modules_to_save',
    dora: 'peft_use_dora',
  };
  const targets = fields.isTrue('lora_target_linear') ? allLinear : null;
  return peftAdapters(
    fields,
    keys,
    { of: configInput, rank: null, targets },
    loadedBase(bits, true, others),
  );
}

/** The first switch that is on, or the default: bf16 where the GPU has it. */
function readBase(fields: Fields): Known<PlainFormat> {
  for (const key of ['bf16', 'bfloat16']) {
    const stated = fields.string(key);
    if (stated && /^(?:true|auto|full)$/i.test(stated.value)) return { ...stated, value: 'bf16' };
  }
  for (const key of ['fp16', 'float16']) {
    const stated = fields.boolean(key);
    if (stated?.value === true) return { ...stated, value: 'fp16' };
  }
  const off = fields.boolean('bf16');
  if (off?.value !== false) return byDefault('bf16', `${configInput} bf16: auto`);
  return fields.isTrue('tf32') ? { ...off, value: 'tf32' } : { ...off, value: 'fp32' };
}

function readPrecision(fields: Fields): Precision {
  const base = readBase(fields);
  const fp8 = fields.boolean('fp8');
  if (fp8?.value === true) return recipePrecision(recipes.aoTensorwise, fp8, base.value);
  const fake = readFakeQuantised(fields, 'qat', base.value);
  if (fake) return fake;
  const loaded = fields.isTrue('load_in_4bit')
    ? ['The frozen base weights are loaded in 4 bits (NF4); the multiplications run in 16 bits.']
    : fields.isTrue('load_in_8bit')
      ? ['The frozen base weights are loaded in INT8; the multiplications run in 16 bits.']
      : [];
  return plainPrecision(base, loaded);
}

const fakeNote =
  'Quantisation-aware training: the forward pass is rounded, the multiplications and gradients stay in 16 bits.';

/** `axolotl quantize` rounds the trained model by the quantization block, which reads as qat does. */
function readPlanned(fields: Fields): PlannedQuantisation | null {
  const planned = readFakeQuantised(fields, 'quantization', 'bf16');
  return planned && { ...planned, format: planned.format.value };
}

/** A qat block: what the weights are rounded to leads, 32 values a group where it has groups. */
function readFakeQuantised(
  fields: Fields,
  key: 'qat' | 'quantization',
  base: string,
): Precision | null {
  if (!fields.map(key)) return null;
  const stated = fields.string(`${key}.weight_dtype`);
  const weight = stated ?? byDefault('int8', 'axolotl QATConfig');
  const activation = fields.string(`${key}.activation_dtype`);
  const block = fields.positive(`${key}.group_size`)?.value ?? (weight.value === 'nvfp4' ? 16 : 32);
  const operands = activation ? (['weights', 'activations'] as const) : (['weights'] as const);
  const differs =
    activation && activation.value !== weight.value
      ? [`Activations are rounded to ${activation.value}.`]
      : [];
  const notes = [fakeNote, ...differs];
  const of = (format: string, granularity: Granularity): Precision => ({
    format: { ...weight, value: format },
    gradientFormat: null,
    granularity,
    block: granularity === 'block' ? block : null,
    scale: null,
    operands,
    base,
    recipe: `QAT ${weight.value}`,
    notes,
  });
  switch (weight.value) {
    case 'nvfp4':
      return {
        ...recipePrecision(forwardOnly(recipes.nvfp4, operands), weight, base, notes),
        block,
      };
    case 'mxfp4':
      return {
        ...recipePrecision(forwardOnly(recipes.mxfp4, operands), weight, base, notes),
        block,
      };
    case 'int4':
    case 'int8':
      return of(weight.value, 'block');
    case 'float8_e4m3fn':
    case 'float8':
    case 'fp8':
      return of('fp8-e4m3', 'tensor');
    default:
      return null;
  }
}

/** Switches off what is on beside the wanted 16-bit base. */
function baseKeys(fields: Fields, base: 'bf16' | 'fp16'): Record<string, string | null> {
  const current = readBase(fields);
  if (current.value === base) return {};
  const keys: Record<string, string | null> = { [base]: 'true' };
  for (const other of ['bf16', 'bfloat16', 'fp16', 'float16']) {
    if (other !== base && fields.has(other)) keys[other] = 'false';
  }
  // bf16 is on by default, so it must be said that it is off.
  return base === 'fp16' ? { ...keys, bf16: 'false' } : keys;
}

function writePlain(fields: Fields, base: 'bf16' | 'fp16'): WriteResult {
  return setKeys(fields, {
    ...baseKeys(fields, base),
    ...(fields.isTrue('fp8') && { fp8: 'false' }),
    qat: null,
  });
}

function writeFp8(fields: Fields): WriteResult {
  return setKeys(fields, { fp8: 'true', qat: null });
}

function writeFakeQuantised(fields: Fields, dtype: string, group: number): WriteResult {
  const written = setKeys(fields, {
    ...(fields.isTrue('fp8') && { fp8: 'false' }),
    'qat.activation_dtype': dtype,
    'qat.weight_dtype': dtype,
    'qat.group_size': String(group),
  });
  return written.ok ? { ...written, notes: [fakeNote] } : written;
}
