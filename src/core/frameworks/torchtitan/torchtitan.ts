import { placeOf, type Known } from '../../run/known.ts';
import { generatedTokens } from '../../run/tokens.ts';
import type { Precision, WriteResult } from '../../run/run.ts';
import { mapNode, type Place } from '../../syntax/tree.ts';
import type { Fields, Path } from '../../config/fields.ts';
import { untold } from '../../config/launcher.ts';
import { namedModel, publishedShape, type NamedModel } from '../../dialects/models.ts';
import { otherReading } from '../../config/otherReading.ts';
import { plainPrecision, recipePrecision, recipes, type Recipe } from '../../config/precision.ts';
import type { FrameworkReader } from '../../config/reader.ts';
import {
  functionName,
  gpusOfCommand,
  isTorchtitanCommand,
  readTorchtitanCommand,
  withConfigFile,
} from './command.ts';
import { torchtitanSetup } from './setup.ts';
import { flavorShape, flavorSource } from './models.ts';
import { isOfRegistry, readTorchtitanPython, torchtitanFunctions } from './python.ts';
import { startsFromWeights, torchtitanBase, torchtitanTokens } from './tokens.ts';
import { formatWriter, setKeys, type WritableRow } from '../../config/writing.ts';
import { need } from '../../run/need.ts';
import { torchaoFloat8Recipe, torchaoMxRecipe } from '../../config/recipeNames.ts';

/**
 * PyTorch torchtitan: TOML (until v0.2.2) in all its generations of keys, Python since, launchers,
 * and the same tables in YAML, as meta-pytorch/torchforge has them.
 */
export const torchtitan: FrameworkReader = {
  id: 'torchtitan',
  name: 'torchtitan',
  source:
    'pytorch/torchtitan (v0.1.0 of 2025-06-17 to v0.2.2, and main of 2026-08-21); meta-pytorch/torchforge apps/ (001a6b6)',
  syntaxes: ['toml', 'yaml', 'python', 'shell'],
  words: {
    config: ['flavor'],
    python: ['Trainer.Config(', 'model_registry('],
    shell: ['torchtitan', '--module', 'job.config_file', 'run_train.sh', 'run_llama_train.sh'],
  },
  loader: 'other',
  // What the weights are kept in; mixed_precision_param is what they are multiplied in.
  harmless: ['dtype'],
  reads: 'model flavors, steps × batch × seq_len, converters with float8 and mx recipes',

  recognise(fields) {
    if (fields.tree.syntax === 'python') {
      return torchtitanFunctions(fields).length > 0
        ? 'Its functions return Trainer.Config with model and training, as torchtitan’s config registries do.'
        : null;
    }
    if (fields.tree.syntax === 'shell') {
      return isTorchtitanCommand(fields) ? 'It starts torchtitan with a config.' : null;
    }
    if (hasTables(fields)) {
      return 'It has model.flavor and a training table with steps, seq_len and a batch size, as torchtitan’s configs do.';
    }
    return isForgeTrainer(fields)
      ? 'It has torchtitan’s tables below trainer, as torchforge’s reinforcement learning does.'
      : null;
  },

  compose(fields) {
    if (fields.tree.syntax === 'shell') return withConfigFile(fields);
    return { fields: isForgeTrainer(fields) ? ofTrainer(fields) : fields, needs: [] };
  },

  runs: (fields) => (fields.tree.syntax === 'python' ? torchtitanFunctions(fields) : [fields]),

  read(fields) {
    if (fields.tree.syntax === 'python') return readTorchtitanPython(fields);
    const isCommand = fields.tree.syntax === 'shell';
    if (isCommand && isOfRegistry(fields)) {
      const reading = readTorchtitanPython(fields, functionName(fields));
      return { ...reading, tokens: { ...reading.tokens, worldSize: gpusOfCommand(fields) } };
    }
    if (isCommand && !hasTables(fields)) return readTorchtitanCommand(fields);
    const name = fields.string('model.name');
    if (name && /flux|diffusion|vlm|siglip|multimodal/i.test(name.value)) {
      return otherReading(`The model “${name.value}” is not a decoder language model.`);
    }
    const { model, shape, needs } = readModel(fields);
    const format = fields.untoldIn(() => readPrecision(fields));
    const unknownFormat = untold(fields, format.untold, 'format');
    const precision = unknownFormat.length > 0 ? null : format.value;
    const places = [
      placeOf(format.value?.format) ?? fields.keyPlace('model'),
      format.value && recipePlace(fields, format.value),
    ];
    const isGenerated = fields.has(trainerKey);
    const { tokens, missing } = isGenerated
      ? { tokens: generatedTokens, missing: [] }
      : torchtitanTokens(fields);
    return {
      role: isGenerated ? 'finetune' : roleOf(fields),
      model,
      shape,
      tokens: { ...tokens, ...(isCommand && { worldSize: gpusOfCommand(fields) }) },
      precision,
      setup: isGenerated ? null : torchtitanSetup(fields),
      precisionPlaces: places.filter((each) => each !== null),
      writeFormat: isGenerated ? null : formatWriter(fields, rows),
      needs: [...needs, ...missing, ...unknownFormat],
    };
  },
};

const rows: readonly WritableRow[] = [
  { recipe: 'bf16', edits: (f) => writePlain(f, 'bfloat16') },
  { recipe: 'fp32', edits: (f) => writePlain(f, 'float32') },
  { recipe: recipes.aoTensorwise, edits: (f) => writeFloat8(f, 'tensorwise') },
  { recipe: recipes.aoRowwise, edits: (f) => writeFloat8(f, 'rowwise') },
  { recipe: recipes.mxfp8, edits: (f) => writeMx(f, 'mxfp8_cublas') },
  { recipe: recipes.mxfp4, edits: (f) => writeMx(f, 'mxfp4_cutlass') },
];

/** Under which key a run keeps that it is the trainer of a loop that makes its own data. */
const trainerKey = '$trainer';

function hasTables(fields: Fields, at = ''): boolean {
  if (!fields.has(`${at}model.name`) || !fields.has(`${at}model.flavor`)) return false;
  const keys = ['steps', 'seq_len', 'local_batch_size', 'batch_size', 'global_batch_size'];
  return keys.filter((key) => fields.has(`${at}training.${key}`)).length >= 2;
}

/** The tables of a GRPO or distillation loop of torchforge, beside those of other models. */
function isForgeTrainer(fields: Fields): boolean {
  return fields.tree.syntax === 'yaml' && hasTables(fields, 'trainer.');
}

/** The trainer's tables where a config has them; references still lead into the whole file. */
function ofTrainer(fields: Fields): Fields {
  const entry = fields.root.byKey.get('trainer');
  const trainer = fields.map('trainer');
  if (!entry || !trainer) return fields;
  const others = fields.root.entries.filter(({ key }) => !trainer.byKey.has(key));
  const entries = [...trainer.entries, { ...entry, key: trainerKey }, ...others];
  return fields.with(mapNode(trainer.place, entries));
}

/** Weights tuned on chats or instructions are said to be so by the name of the app or the data. */
function roleOf(fields: Fields): 'pretrain' | 'continued' | 'finetune' {
  if (!startsFromWeights(fields)) return 'pretrain';
  const data = fields.string('training.datasets.0.path') ?? fields.string('training.dataset');
  const named = `${fields.tree.file} ${data?.value ?? ''}`;
  return /(?:^|[/_\-])(?:sft|lora|dpo|alpaca|chat|instruct)(?:[/_\-]|$)/i.test(named)
    ? 'finetune'
    : 'continued';
}

function readModel(fields: Fields): NamedModel {
  const hub = fields.string('hf_transformers.model');
  if (hub) return namedModel(hub);
  const name = fields.string('model.name');
  const flavor = fields.string('model.flavor');
  if (!name || !flavor) return namedModel(null);
  const title = `${name.value} ${flavor.value}`;
  const model = { value: title, origin: flavor.origin };
  const shape = flavorShape(name.value, flavor.value);
  if (!shape) {
    const needs = [need('parameters', `the shape of torchtitan’s flavor “${title}” is not known`)];
    return { model, shape: {}, needs };
  }
  return { model, shape: publishedShape(shape, `torchtitan ${title}`, flavorSource), needs: [] };
}

/** The converters that are switched on; a [float8] section without one does nothing. */
function converters(fields: Fields): readonly Known<string>[] {
  const listed = fields.list('model.converters');
  if (listed.length > 0) return listed;
  // Older parsers took a text with commas.
  const text = fields.string('model.converters');
  return (text?.value ?? '')
    .split(',')
    .flatMap((part) => (text && part.trim() ? [{ ...text, value: part.trim() }] : []));
}

const isFloat8 = (name: string): boolean => /(?:^|\.)float8$/.test(name);
const isMx = (name: string): boolean => /(?:^|\.)mx$/.test(name);
const isGrouped = (name: string): boolean => /grouped_mm|\.moe\./.test(name);

/** The recipe of the linear layers leads; one of the experts alone is said to be so. */
function readPrecision(fields: Fields): Precision | null {
  const base = torchtitanBase(fields);
  const low = converters(fields).filter(({ value }) => isFloat8(value) || isMx(value));
  const old = fields.boolean('float8.enable_float8_linear') ?? firstFloat8(fields);
  const linear = low.find(({ value }) => !isGrouped(value));
  const experts = low.find(({ value }) => isGrouped(value));
  const chosen = linear ?? (old?.value === true ? old : null);
  if (chosen) {
    const recipe = linear && isMx(linear.value) ? mxRecipe(fields) : float8Recipe(fields);
    return recipe && recipePrecision(recipe, chosen, base.value);
  }
  if (experts) {
    const recipe = isMx(experts.value) ? recipes.mxfp8 : recipes.aoRowwise;
    return recipePrecision(recipe, experts, base.value, [
      'Only the experts’ grouped multiplications are converted; the other layers stay in 16 bits.',
    ]);
  }
  const section = sectionOf(fields, 'float8') ?? sectionOf(fields, 'mx');
  return plainPrecision(
    base,
    section === null
      ? []
      : [`The section [${section}] does nothing: model.converters does not name it.`],
  );
}

/** The section of a converter under whichever name the file's generation gives it. */
function sectionOf(fields: Fields, kind: 'float8' | 'mx'): Path | null {
  const names = [`quantize.linear.${kind}`, `quantize.dense.${kind}`, kind];
  return names.find((name) => fields.map(name) !== null) ?? null;
}

/** Where the recipe in force is named: a field that states the format as much as its converter. */
function recipePlace(fields: Fields, precision: Precision): Place | null {
  const section = sectionOf(fields, precision.format.value.startsWith('mx') ? 'mx' : 'float8');
  return precision.recipe === null || section === null
    ? null
    : fields.place(`${section}.recipe_name`);
}

/**
 * The switch of torchtitan's first FP8 (spring of 2024): float8_experimental's linear layers, E4M3
 * forward and E5M2 backward with a scale a tensor, current or delayed.
 */
function firstFloat8(fields: Fields): Known<boolean> | null {
  const kind = fields.string('training.fp8_linear');
  if (kind) return { ...kind, value: /^(?:dynamic|delayed)$/.test(kind.value) };
  return fields.boolean('training.enable_fp8_linear');
}

function float8Recipe(fields: Fields): Recipe | null {
  return torchaoFloat8Recipe(recipeName(fields, 'float8') ?? 'tensorwise');
}

function mxRecipe(fields: Fields): Recipe | null {
  return torchaoMxRecipe(recipeName(fields, 'mx') ?? 'mxfp8_cublas');
}

function recipeName(fields: Fields, kind: 'float8' | 'mx'): string | null {
  const section = sectionOf(fields, kind);
  return section === null ? null : (fields.string(`${section}.recipe_name`)?.value ?? null);
}

/** The list without low-precision converters, and `added` at its end, as TOML or as a flag. */
function withConverter(fields: Fields, added: string | null): string {
  const kept = converters(fields)
    .map(({ value }) => value)
    .filter((value) => !isFloat8(value) && !isMx(value));
  const names = [...kept, ...(added === null ? [] : [added])];
  const file = fields.place('model.converters')?.file;
  return file !== undefined && fields.treeOf(file).syntax === 'shell'
    ? names.join(',')
    : `[${names.map((each) => `"${each}"`).join(', ')}]`;
}

/** The oldest generation has a switch of its own in [float8], and no converters. */
const switchKey = 'float8.enable_float8_linear';

function writePlain(fields: Fields, param: 'bfloat16' | 'float32'): WriteResult {
  const other = fields.has('training.mixed_precision_param') || param === 'float32';
  return setKeys(fields, {
    ...(fields.has(switchKey) && { [switchKey]: 'false' }),
    ...(fields.has('model.converters') && { 'model.converters': withConverter(fields, null) }),
    ...(other && { 'training.mixed_precision_param': `"${param}"` }),
  });
}

function writeFloat8(fields: Fields, recipe: 'tensorwise' | 'rowwise'): WriteResult {
  if (fields.has(switchKey)) {
    return recipe === 'tensorwise'
      ? setKeys(fields, { [switchKey]: 'true' })
      : { ok: false, reason: 'This generation of torchtitan scales FP8 per tensor only.' };
  }
  const section = sectionOf(fields, 'float8') ?? 'quantize.linear.float8';
  const key = `${section}.recipe_name`;
  return setKeys(fields, {
    'model.converters': withConverter(fields, section),
    // Without a name the recipe is tensorwise.
    ...((recipe === 'rowwise' || fields.has(key)) && { [key]: `"${recipe}"` }),
  });
}

function writeMx(fields: Fields, recipe: 'mxfp8_cublas' | 'mxfp4_cutlass'): WriteResult {
  if (fields.has(switchKey)) {
    return { ok: false, reason: 'This generation of torchtitan has no MX formats.' };
  }
  const section = sectionOf(fields, 'mx') ?? 'quantize.linear.mx';
  const key = `${section}.recipe_name`;
  // Without a name the recipe is mxfp8_cublas.
  const named = recipe === 'mxfp4_cutlass' || fields.has(key);
  return setKeys(fields, {
    'model.converters': withConverter(fields, section),
    ...(named && { [key]: `"${recipe}"` }),
  });
}
