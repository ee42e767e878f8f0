import { own } from '../../run/own.ts';
import type { ShapeReading } from '../../architecture/shape.ts';
import { gptReading, withoutAbsent } from '../../architecture/shapes.ts';
import { byDefault, type Known } from '../../run/known.ts';
import type { Precision, Role } from '../../run/run.ts';
import { product, type TokenPlan } from '../../run/tokens.ts';
import { modelAt } from '../../dialects/huggingFace/checkpoints.ts';
import type { Fields } from '../../config/fields.ts';
import type { NamedModel } from '../../dialects/models.ts';
import {
  plainFormat,
  plainPrecision,
  recipePrecision,
  recipes,
  type Recipe,
} from '../../config/precision.ts';
import type { FrameworkReader } from '../../config/reader.ts';
import { formatWriter, setKeys, type WritableRow } from '../../config/writing.ts';
import { need } from '../../run/need.ts';
import { automodelSetup } from './setup.ts';
import { torchaoFloat8Recipe } from '../../config/recipeNames.ts';

/** NVIDIA NeMo Automodel: Hugging Face models by `_target_`, trained by a recipe. */
export const nemoAutomodel: FrameworkReader = {
  id: 'nemo-automodel',
  name: 'NeMo Automodel',
  source: 'NVIDIA-NeMo/Automodel (2026-08-22)',
  syntaxes: ['yaml'],
  words: { config: ['step_scheduler'] },
  loader: 'omegaconf',
  reads: 'model._target_, step_scheduler × the data set’s sequence length, fp8.recipe_name',

  recognise(fields) {
    const keys = ['global_batch_size', 'local_batch_size', 'max_steps', 'num_epochs'];
    const steps = keys.filter((key) => fields.has(`step_scheduler.${key}`));
    // Both batches of a step scheduler are said by no other framework.
    const isOwn = fields.has('model._target_') || (steps.length > 2 && fields.has('optimizer'));
    return steps.length > 0 && isOwn
      ? `It has step_scheduler.${steps.join(' and step_scheduler.')}, as NeMo Automodel’s recipes do.`
      : null;
  },

  read(fields) {
    const target = fields.string('model._target_')?.value ?? '';
    const { model, shape, needs } = readModel(fields);
    const precision = readPrecision(fields);
    const places = ['fp8.recipe_name', 'fp8.enabled', 'model.torch_dtype'];
    return {
      role: roleOf(fields, target),
      model,
      shape,
      tokens: readTokens(fields),
      precision,
      setup: automodelSetup(fields),
      precisionPlaces: places.flatMap((path) => fields.place(path) ?? []),
      writeFormat: formatWriter(fields, rows),
      needs,
    };
  },
};

function readModel(fields: Fields): NamedModel {
  for (const path of [
    'model.pretrained_model_name_or_path',
    'model.config.pretrained_model_name_or_path',
    'model.config.name_or_path',
  ]) {
    if (fields.has(path)) return modelAt(fields, path);
  }
  if (fields.has('model.n_layer') && fields.has('model.n_embd')) {
    return { model: fields.string('model._target_'), shape: gptShape(fields), needs: [] };
  }
  return {
    model: null,
    shape: {},
    needs: [need('parameters', 'the recipe names no model that is known')],
  };
}

/** `build_gpt2_model`: GPT-2 with its numbers as arguments. */
function gptShape(fields: Fields): ShapeReading {
  const at = (key: string) => fields.positive(`model.${key}`);
  return gptReading(
    withoutAbsent({
      layers: at('n_layer'),
      hidden: at('n_embd'),
      heads: at('n_head'),
      vocabulary: at('vocab_size'),
      learnedPositions: at('n_positions'),
    }),
    'NeMo Automodel build_gpt2_model',
  );
}

/** A checkpoint trained on plain text goes on pre-training; on instructions it is tuned. */
function roleOf(fields: Fields, target: string): Role {
  if (fields.map('peft')) return 'finetune';
  if (!target.endsWith('from_pretrained')) return 'pretrain';
  const data = fields.string('dataset._target_')?.value ?? '';
  return /nanogpt|megatron|pretrain/i.test(data) ? 'continued' : 'finetune';
}

function readTokens(fields: Fields): TokenPlan {
  const steps = fields.positive('step_scheduler.max_steps');
  const epochs = fields.positive('step_scheduler.num_epochs');
  return {
    duration: steps ? { unit: 'steps', count: steps } : epochs && { unit: 'epochs', count: epochs },
    globalBatch: fields.positive('step_scheduler.global_batch_size'),
    rankBatch: fields.positive('step_scheduler.local_batch_size'),
    sequenceLength:
      fields.positive('packed_sequence.packed_sequence_size') ??
      fields.positive('dataset.seq_length') ??
      fields.positive('dataset.seq_len'),
    packed: fields.positive('packed_sequence.packed_sequence_size') !== null,
    modelParallel: readModelParallel(fields),
  };
}

/** GPUs of a copy of the model (components/distributed/mesh.py); untold without the section. */
function readModelParallel(fields: Fields): Known<number> | null {
  if (!fields.map('distributed')) return null;
  const size = (key: string) => ({
    name: key,
    known: fields.positive(`distributed.${key}`) ?? byDefault(1, 'NeMo Automodel'),
  });
  return product([size('tp_size'), size('pp_size'), size('cp_size')]);
}

const engineRecipes: Readonly<Record<string, Recipe>> = {
  current: recipes.teCurrentHybrid,
  block: recipes.teBlock,
  mxfp8: recipes.mxfp8,
};

function readPrecision(fields: Fields): Precision | null {
  const dtype = fields.string('model.torch_dtype') ?? fields.string('model.dtype');
  const base = dtype ? plainFormat(dtype) : byDefault('bf16' as const, 'NeMo Automodel');
  const engine = fields.string('model.backend.te_fp8.recipe');
  const engineRecipe = engine && own(engineRecipes, engine.value);
  if (engine && engineRecipe) return recipePrecision(engineRecipe, engine, base?.value ?? null);
  const enabled = fields.boolean('fp8.enabled');
  if (enabled?.value === true) {
    const name = fields.string('fp8.recipe_name');
    const recipe = torchaoFloat8Recipe(name?.value ?? 'tensorwise');
    return recipe && recipePrecision(recipe, name ?? enabled, base?.value ?? null);
  }
  return base && plainPrecision(base);
}

function plain(recipe: 'bf16' | 'fp16' | 'fp32', dtype: string): WritableRow {
  return {
    recipe,
    edits: (fields) => {
      const key = fields.has('model.dtype') ? 'model.dtype' : 'model.torch_dtype';
      const stated = fields.string(key);
      const now = stated ? plainFormat(stated)?.value : 'bf16';
      return setKeys(fields, {
        ...(now === recipe ? {} : { [key]: dtype }),
        ...(fields.isTrue('fp8.enabled') ? { 'fp8.enabled': 'false' } : {}),
      });
    },
  };
}

function low(recipe: Recipe, name: string): WritableRow {
  return {
    recipe,
    edits: (fields) => setKeys(fields, { 'fp8.enabled': 'true', 'fp8.recipe_name': name }),
  };
}

const rows: readonly WritableRow[] = [
  plain('bf16', 'bf16'),
  plain('fp16', 'fp16'),
  plain('fp32', 'fp32'),
  low(recipes.aoTensorwise, 'tensorwise'),
  low(recipes.aoRowwise, 'rowwise'),
];
