import { byDefault, type Known } from '../../run/known.ts';
import type { Precision, Role } from '../../run/run.ts';
import type { TokenPlan } from '../../run/tokens.ts';
import type { Fields } from '../../config/fields.ts';
import { bridgeFunctions, bridgeModel, bridgeScripts, shapeKeys, statedShape } from './python.ts';
import { isPlainRecipe, modelOfRecipe, recipeOf, roleOfRecipe } from './recipes.ts';
import {
  megatronShape,
  megatronTokens,
  type MegatronFlags,
} from '../../dialects/megatron/flags.ts';
import { namedModel } from '../../dialects/models.ts';
import { plainPrecision, recipePrecision, recipes, type Recipe } from '../../config/precision.ts';
import type { FrameworkReader } from '../../config/reader.ts';
import { formatWriter, setKeys, type WritableRow } from '../../config/writing.ts';
import { need } from '../../run/need.ts';
import { bridgeSetup } from './setup.ts';
import { megatronFp8Recipe } from '../../config/recipeNames.ts';

/** The registered precisions; `bf16_with_mxfp8_mixed` is E4M3 here (hybrid in NeMo 2). */
const lowPrecisions: readonly { readonly name: RegExp; readonly recipe: Recipe }[] = [
  { name: /_with_fp8_delayed_scaling_mixed$/, recipe: recipes.teDelayedHybrid },
  { name: /_with_fp8_current_scaling_mixed$/, recipe: recipes.teCurrentHybrid },
  { name: /_with_fp8_subchannel_scaling_mixed$/, recipe: recipes.teBlockHybrid },
  { name: /_with_mxfp8_mixed$/, recipe: recipes.mxfp8 },
  { name: /_with_nvfp4_mixed$/, recipe: recipes.nvfp4 },
];

const bases = { bf16: 'bf16', fp16: 'fp16', fp32: 'fp32', '32': 'fp32' } as const;

/** NVIDIA Megatron-Bridge: recipes in Python, and YAML overrides of one. */
export const megatronBridge: FrameworkReader = {
  id: 'megatron-bridge',
  name: 'Megatron-Bridge',
  source: 'NVIDIA-NeMo/Megatron-Bridge (2026-08-22)',
  syntaxes: ['yaml', 'python'],
  words: { config: ['global_batch_size'], python: ['ConfigContainer', 'megatron.bridge'] },
  loader: 'omegaconf',
  reads:
    'train_iters × global_batch_size × seq_length of a recipe or an override, mixed_precision by name',

  recognise(fields) {
    if (isPython(fields)) {
      if (bridgeFunctions(fields).length > 0) {
        return 'Its functions return configs with train and model, as Megatron-Bridge’s recipes do.';
      }
      return bridgeScripts(fields).length > 0
        ? 'It takes one of Megatron-Bridge’s recipes and sets its training length.'
        : null;
    }
    const train = fields.has('train.train_iters') || fields.has('train.train_samples');
    const parts = [
      ...['scheduler', 'checkpoint', 'dist', 'ddp', 'logger', 'rng', 'mixed_precision'],
      ...['train.micro_batch_size', 'dataset.sequence_length'],
    ];
    const present = parts.filter((key) => fields.has(key));
    return train && fields.has('train.global_batch_size') && present.length >= 2
      ? `It has train.train_iters, train.global_batch_size and ${present.slice(0, 2).join(' and ')}, as Megatron-Bridge’s overrides do.`
      : null;
  },

  runs: (fields) =>
    isPython(fields) ? [...bridgeFunctions(fields), ...bridgeScripts(fields)] : [fields],

  read(fields) {
    const precision = readPrecision(fields);
    const place = fields.place('mixed_precision') ?? fields.keyPlace('train');
    const { shape, needs, model } = isPython(fields) ? bridgeModel(fields) : readModel(fields);
    return {
      role: roleOf(fields),
      model,
      shape,
      tokens: readTokens(fields),
      precision,
      setup: bridgeSetup(fields, precision),
      precisionPlaces: place ? [place] : [],
      writeFormat: fields.map('mixed_precision') ? null : formatWriter(fields, rows),
      needs,
    };
  },
};

const isPython = (fields: Fields): boolean => fields.tree.syntax === 'python';

function roleOf(fields: Fields): Role {
  if (/^_(?:sft|peft)_common$/.test(fields.root.tag ?? '')) return 'finetune';
  if (fields.map('peft') || fields.has('optimizer.finetune_lr') || fields.has('model.kd_config')) {
    return 'finetune';
  }
  const recipe = recipeOf(fields);
  const mode = fields.string('mode')?.value ?? '';
  if (/^(?:sft|peft|lora|dora|finetune|dpo)$/.test(mode)) return 'finetune';
  if (recipe && roleOfRecipe(recipe) === 'finetune') return 'finetune';
  const weights =
    fields.isGiven('checkpoint.pretrained_checkpoint') || fields.isTrue('load_hf_weights');
  return weights || fields.isTrue('checkpoint.finetune') ? 'continued' : 'pretrain';
}

/** The recipe's model is chosen in Python; only an override that spells a model out tells it. */
function readModel(fields: Fields): ReturnType<typeof namedModel> {
  const flags: MegatronFlags = { fields, path: (name) => `model.${name}` };
  const named = ['model.hf_model_id', 'hf_path', 'hf_model_path'].map((path) =>
    fields.string(path),
  );
  const recipe = recipeOf(fields);
  const changed = [...shapeKeys].filter((key) => fields.isSet(`model.${key}`));
  const name = named.find((each) => each !== null);
  if (changed.length === 0 && name) return namedModel(name);
  if (changed.length === 0 && recipe) return modelOfRecipe(recipe);
  if (recipe) {
    const needs = [need('parameters', `${changed.join(', ')} changes the recipe’s model`)];
    return { model: null, shape: {}, needs };
  }
  const provider = fields.map('model');
  if (provider && (fields.string('model._target_')?.value ?? '').endsWith('ModelProvider')) {
    const shape = statedShape(fields.with(provider));
    const needs = shape ? [] : [need('parameters', 'the provider’s layers are not counted')];
    return { model: null, shape: shape ?? {}, needs };
  }
  if (!fields.has('model.num_layers') || !fields.has('model.hidden_size')) {
    const needs = [
      need('parameters', 'the model is the recipe’s, which this override does not name'),
    ];
    return { model: null, shape: {}, needs };
  }
  return { ...megatronShape(flags), model: null };
}

function readTokens(fields: Fields): TokenPlan {
  const inTrain = /^(?:train_|global_batch|micro_batch|rampup)/;
  const flags: MegatronFlags = {
    fields,
    path: (name) => (inTrain.test(name) ? `train.${name}` : `model.${name}`),
  };
  const sequence =
    fields.positive('dataset.seq_length') ??
    fields.positive('dataset.sequence_length') ??
    fields.positive('model.seq_length');
  const parallel = ['tensor', 'pipeline'].every((name) =>
    fields.has(`model.${name}_model_parallel_size`),
  );
  const plan = megatronTokens(flags);
  return {
    ...plan,
    sequenceLength: sequence,
    packed: fields.map('dataset.packed_sequence_specs') !== null,
    // What an override leaves out is the recipe's, not 1.
    modelParallel: parallel ? (plan.modelParallel ?? null) : null,
  };
}

/** The name of a registered precision; dashes and underscores are the same. */
function precisionName(fields: Fields): Known<string> | null {
  const stated = fields.string('mixed_precision');
  return stated && { ...stated, value: stated.value.replaceAll('-', '_') };
}

function readPrecision(fields: Fields): Precision | null {
  if (fields.map('mixed_precision')) return readFields(fields);
  const name = precisionName(fields);
  if (!name && /^_(?:pretrain|sft|peft)_common$/.test(fields.root.tag ?? '')) {
    return plainPrecision(byDefault('bf16', 'Megatron-Bridge’s common recipe (bf16_mixed)'));
  }
  const recipe = recipeOf(fields);
  if (!name && recipe && isPlainRecipe(recipe) && !fields.has('mixed_precision')) {
    return plainPrecision(byDefault('bf16', 'Megatron-Bridge’s common recipe (bf16_mixed)'));
  }
  if (!name) return null;
  const base = /^(?:.*_)?(bf16|fp16)_/.exec(name.value)?.[1] as 'bf16' | 'fp16' | undefined;
  const low = lowPrecisions.find((each) => each.name.test(name.value));
  if (low) return recipePrecision(low.recipe, name, base ?? 'bf16', tails(name.value));
  const plain = Object.hasOwn(bases, name.value) ? bases[name.value as keyof typeof bases] : base;
  return plain ? plainPrecision({ ...name, value: plain }) : null;
}

function tails(name: string): readonly string[] {
  if (name.startsWith('nemotron_3_super')) return ['The last 14 layers stay in BF16.'];
  return name.endsWith('_with_fp8_current_scaling_mixed')
    ? ['The first and the last layer stay in BF16.']
    : [];
}

/** MixedPrecisionConfig spelled out: fp8 or fp4 switch it on, and the recipe is tensorwise if not said. */
function readFields(fields: Fields): Precision | null {
  const at = (key: string) => fields.string(`mixed_precision.${key}`);
  const base = fields.isTrue('mixed_precision.fp16') ? 'fp16' : 'bf16';
  const fp4 = at('fp4');
  if (fp4) return recipePrecision(recipes.nvfp4, fp4, base);
  const fp8 = at('fp8');
  if (!fp8) {
    const stated = fields.boolean(`mixed_precision.${base}`);
    return plainPrecision(stated ? { ...stated, value: base } : byDefault(base, 'Megatron-Bridge'));
  }
  const recipe = megatronFp8Recipe(at('fp8_recipe')?.value ?? 'tensorwise', fp8.value);
  return recipe && recipePrecision(recipe, fp8, base);
}

const row = (recipe: WritableRow['recipe'], name: string): WritableRow => ({
  recipe,
  edits: (fields) => setKeys(fields, { mixed_precision: isPython(fields) ? `"${name}"` : name }),
});

const rows: readonly WritableRow[] = [
  row('bf16', 'bf16_mixed'),
  row('fp16', 'fp16_mixed'),
  row(recipes.teCurrentHybrid, 'bf16_with_fp8_current_scaling_mixed'),
  row(recipes.teBlock, 'bf16_with_fp8_subchannel_scaling_mixed'),
  row(recipes.mxfp8, 'bf16_with_mxfp8_mixed'),
  row(recipes.nvfp4, 'bf16_with_nvfp4_mixed'),
];
