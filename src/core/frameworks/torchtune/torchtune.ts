import { byDefault, placeOf, type Known } from '../../run/known.ts';
import type { Precision, WriteResult } from '../../run/run.ts';
import { product, type Duration, type TokenPlan } from '../../run/tokens.ts';
import type { Fields } from '../../config/fields.ts';
import { otherReading } from '../../config/otherReading.ts';
import {
  plainFormat,
  plainPrecision,
  recipePrecision,
  recipes,
  type Recipe,
} from '../../config/precision.ts';
import type { FrameworkReader } from '../../config/reader.ts';
import { torchtuneSetup } from './setup.ts';
import { builderOf, builtModel, isOtherBuilder } from './models.ts';
import { formatWriter, setKeys } from '../../config/writing.ts';
import { torchaoFloat8Recipe } from '../../config/recipeNames.ts';

/** Where recipes name the model that is trained. */
const modelKeys = ['model', 'policy_model'] as const;

/** torchtune: fine-tuning recipes; the model is a builder function's dotted name. */
export const torchtune: FrameworkReader = {
  id: 'torchtune',
  name: 'torchtune',
  source: 'pytorch/torchtune (2026-04-23)',
  // Read only where enable_fp8_training is on.
  harmless: ['fp8_recipe_name'],
  syntaxes: ['yaml'],
  words: { config: ['_component_'] },
  loader: 'omegaconf',
  reads: 'model._component_, epochs and max_steps_per_epoch, dtype, enable_fp8_training, quantizer',

  recognise(fields) {
    const built = modelKeys.some((key) => builderOf(fields, `${key}._component_`));
    return built && fields.has('optimizer') && fields.has('epochs')
      ? 'Its model._component_ is a torchtune builder, and it has an optimizer and epochs.'
      : null;
  },

  read(fields) {
    const key = modelKeys.find((each) => builderOf(fields, `${each}._component_`)) ?? 'model';
    const builder = builderOf(fields, `${key}._component_`);
    if (!builder || isOtherBuilder(builder)) {
      return otherReading(`“${builder?.name ?? ''}” is not a decoder language model.`);
    }
    const { model, shape, needs } = builtModel(fields, key, builder);
    const precision = readPrecision(fields, builder.adapter === 'qlora');
    const place = (precision && placeOf(precision.format)) ?? builder.place;
    const full = builder.adapter === null;
    const row = (recipe: Recipe, name: string) => ({
      recipe,
      edits: (f: Fields) => writeFp8(f, name),
    });
    return {
      role: 'finetune',
      model,
      shape,
      tokens: readTokens(fields),
      precision,
      setup: torchtuneSetup(fields, key, builder),
      precisionPlaces: place.end > place.start ? [place] : [],
      // A quantizer stays: the recipe that trains with it does nothing else.
      writeFormat:
        precision?.recipe === fakeRecipe
          ? null
          : formatWriter(fields, [
              { recipe: 'bf16', edits: (f) => writePlain(f, 'bf16') },
              { recipe: 'fp32', edits: (f) => writePlain(f, 'fp32') },
              // Only the full, distributed recipe converts its layers to FP8.
              ...(full
                ? [row(recipes.aoTensorwise, 'tensorwise'), row(recipes.aoRowwise, 'rowwise')]
                : []),
            ]),
      needs,
    };
  },
};

function readTokens(fields: Fields): TokenPlan {
  const bound = stepBound(fields);
  const one = (key: string) => fields.positive(key) ?? byDefault(1, 'torchtune recipe');
  return {
    duration: bound ?? { unit: 'epochs', count: one('epochs') },
    sequenceLength: fields.positive('tokenizer.max_seq_len'),
    packed: fields.isTrue('dataset.packed'),
    rankBatch: product([
      { name: 'sequences', known: fields.positive('batch_size') },
      { name: 'accumulation steps', known: one('gradient_accumulation_steps') },
    ]),
    modelParallel: product(
      ['tensor_parallel_dim', 'context_parallel_dim'].map((key) => ({
        name: key,
        known: one(key),
      })),
    ),
  };
}

/** max_steps_per_epoch bounds every epoch. */
function stepBound(fields: Fields): Duration | null {
  const steps = fields.positive('max_steps_per_epoch');
  const epochs = fields.positive('epochs') ?? byDefault(1, 'torchtune recipe');
  const total =
    epochs.value === 1
      ? steps
      : product([
          { name: 'epochs', known: epochs },
          { name: 'steps', known: steps },
        ]);
  return total && { unit: 'steps', count: total };
}

function readPrecision(fields: Fields, quantizedBase: boolean): Precision | null {
  const dtype = plainFormat(fields.string('dtype')) ?? byDefault('bf16', 'torchtune recipe');
  const fp8 = fields.boolean('enable_fp8_training');
  if (fp8?.value === true) {
    const recipe = torchaoFloat8Recipe(fields.string('fp8_recipe_name')?.value ?? 'tensorwise');
    return recipe && recipePrecision(recipe, fp8, dtype.value);
  }
  const fake = readFakeQuantised(fields, dtype.value);
  if (fake) return fake;
  const pure =
    dtype.value === 'bf16' ? ['The weights are BF16 too; there is no master copy in 32 bits.'] : [];
  const base = quantizedBase
    ? ['The frozen base weights are kept in NF4; the multiplications run in 16 bits.']
    : [];
  return plainPrecision(dtype, [...pure, ...base]);
}

const fakeRecipe = 'QAT';

/** QAT quantizers round INT4 weights in groups, with or without INT8 activations. */
function readFakeQuantised(fields: Fields, base: string): Precision | null {
  const quantizer = fields.string('quantizer._component_');
  const name = /\.(Int8DynActInt4Weight|Int4WeightOnly)QATQuantizer(?:ModuleSwap)?$/.exec(
    quantizer?.value ?? '',
  );
  if (!quantizer || !name) return null;
  const both = name[1] === 'Int8DynActInt4Weight';
  const format: Known<string> = { value: 'int4', origin: quantizer.origin };
  return {
    format,
    gradientFormat: null,
    granularity: 'block',
    block: fields.positive('quantizer.groupsize')?.value ?? 256,
    scale: null,
    operands: both ? ['weights', 'activations'] : ['weights'],
    base,
    recipe: fakeRecipe,
    notes: [
      'Quantisation-aware training: the forward pass is rounded, the multiplications and gradients stay in 16 bits.',
      ...(both ? ['Activations are rounded to INT8.'] : []),
    ],
  };
}

function writePlain(fields: Fields, dtype: 'bf16' | 'fp32'): WriteResult {
  const written = plainFormat(fields.string('dtype'))?.value;
  return setKeys(fields, {
    ...(written !== dtype && { dtype }),
    ...(fields.isTrue('enable_fp8_training') && { enable_fp8_training: 'false' }),
  });
}

function writeFp8(fields: Fields, recipe: string): WriteResult {
  return setKeys(fields, { enable_fp8_training: 'true', fp8_recipe_name: recipe });
}
