import { byDefault, placeOf, type Known } from '../run/known.ts';
import type { Precision, WriteResult } from '../run/run.ts';
import { product, type TokenPlan } from '../run/tokens.ts';
import type { Fields, Path } from './fields.ts';
import { namedModel, publishedShape, type NamedModel } from './models.ts';
import { otherReading } from './otherReading.ts';
import { plainFormat, plainPrecision, recipePrecision, recipes, type Recipe } from './precision.ts';
import type { FrameworkReader } from './reader.ts';
import { flavorShape, flavorSource } from './torchtitanModels.ts';
import { formatWriter, setKeys } from './writing.ts';

const jobConfig = 'torchtitan JobConfig';

/** PyTorch torchtitan's TOML configs (until v0.2.2), in all their generations of keys. */
export const torchtitan: FrameworkReader = {
  id: 'torchtitan',
  name: 'torchtitan',
  source: 'pytorch/torchtitan (v0.1.0 of 2025-06-17 to v0.2.2 of 2026-02-20)',
  syntaxes: ['toml'],
  loader: 'other',
  reads: 'model flavors, steps × batch × seq_len, converters with float8 and mx recipes',

  recognise(fields) {
    const names = fields.has('model.name') && fields.has('model.flavor');
    const batch = ['local_batch_size', 'batch_size', 'global_batch_size'];
    const keys = ['steps', 'seq_len', ...batch].filter((key) => fields.has(`training.${key}`));
    return names && keys.length >= 2
      ? 'It has model.flavor and a [training] table with steps, seq_len and a batch size, as torchtitan’s configs do.'
      : null;
  },

  read(fields) {
    const name = fields.string('model.name');
    if (name && /flux|diffusion|vlm|siglip|multimodal/i.test(name.value)) {
      return otherReading(`The model “${name.value}” is not a decoder language model.`);
    }
    const { model, shape, needs } = readModel(fields);
    const precision = readPrecision(fields);
    const place = placeOf(precision.format) ?? fields.keyPlace('model');
    const { tokens, missing } = readTokens(fields);
    return {
      role: startsFromWeights(fields) ? 'continued' : 'pretrain',
      model,
      shape,
      tokens,
      precision,
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(fields, [
        { recipe: 'bf16', edits: (f) => writePlain(f, 'bfloat16') },
        { recipe: 'fp32', edits: (f) => writePlain(f, 'float32') },
        { recipe: recipes.aoTensorwise, edits: (f) => writeFloat8(f, 'tensorwise') },
        { recipe: recipes.aoRowwise, edits: (f) => writeFloat8(f, 'rowwise') },
        { recipe: recipes.mxfp8, edits: (f) => writeMx(f, 'mxfp8_cublas') },
        { recipe: recipes.mxfp4, edits: (f) => writeMx(f, 'mxfp4_cutlass') },
      ]),
      needs: [...needs, ...missing],
    };
  },
};

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
    const needs = [`parameters: the shape of torchtitan’s flavor “${title}” is not known`];
    return { model, shape: {}, needs };
  }
  return { model, shape: publishedShape(shape, `torchtitan ${title}`, flavorSource), needs: [] };
}

function startsFromWeights(fields: Fields): boolean {
  const enabled =
    fields.isTrue('checkpoint.enable') || fields.isTrue('checkpoint.enable_checkpoint');
  const initial =
    fields.isSet('checkpoint.initial_load_path') || fields.isTrue('checkpoint.initial_load_in_hf');
  return enabled && initial;
}

/** Steps have a default of 10,000, but launchers pass their own: without the key D is unknown. */
function readTokens(fields: Fields): { tokens: TokenPlan; missing: readonly string[] } {
  const steps = fields.positive('training.steps');
  const degree = (keys: readonly Path[]) => fields.firstNumber(keys);
  const one = byDefault(1, jobConfig);
  const tables = ['parallelism', 'training', 'experimental'];
  const parallel = ['tensor', 'pipeline', 'context'].map((kind) => ({
    name: `${kind}-parallel`,
    known: degree(tables.map((table) => `${table}.${kind}_parallel_degree`)) ?? one,
  }));
  const shard = degree([
    'parallelism.data_parallel_shard_degree',
    'training.data_parallel_shard_degree',
    'training.data_parallel_degree',
  ]);
  const replicate =
    degree([
      'parallelism.data_parallel_replicate_degree',
      'training.data_parallel_replicate_degree',
    ]) ?? one;
  return {
    tokens: {
      duration: steps && { unit: 'steps', count: steps },
      sequenceLength: fields.positive('training.seq_len') ?? byDefault(2048, jobConfig),
      globalBatch: fields.positive('training.global_batch_size'),
      rankBatch:
        fields.positive('training.local_batch_size') ??
        fields.positive('training.batch_size') ??
        byDefault(8, jobConfig),
      // A shard degree of -1 takes what is left of the GPUs.
      ranks:
        shard && shard.value > 0
          ? product([
              { name: 'replicas', known: replicate },
              { name: 'shards', known: shard },
            ])
          : null,
      modelParallel: product(parallel),
    },
    missing: steps
      ? []
      : ['tokens: training.steps is not in the file, and launchers pass their own'],
  };
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
function readPrecision(fields: Fields): Precision {
  const base = readBase(fields);
  const low = converters(fields).filter(({ value }) => isFloat8(value) || isMx(value));
  const old = fields.boolean('float8.enable_float8_linear');
  const linear = low.find(({ value }) => !isGrouped(value));
  const experts = low.find(({ value }) => isGrouped(value));
  if (linear) return recipePrecision(recipeOf(fields, linear.value), linear, base.value);
  if (old?.value === true) return recipePrecision(float8Recipe(fields), old, base.value);
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

function readBase(fields: Fields): Known<'bf16' | 'fp16' | 'fp32'> {
  return (
    plainFormat(fields.string('training.mixed_precision_param')) ??
    byDefault('bf16', `${jobConfig} mixed_precision_param`)
  );
}

/** The section of a converter under whichever name the file's generation gives it. */
function sectionOf(fields: Fields, kind: 'float8' | 'mx'): Path | null {
  const names = [`quantize.linear.${kind}`, `quantize.dense.${kind}`, kind];
  return names.find((name) => fields.map(name) !== null) ?? null;
}

function recipeOf(fields: Fields, converter: string): Recipe {
  return isMx(converter) ? mxRecipe(fields) : float8Recipe(fields);
}

function float8Recipe(fields: Fields): Recipe {
  const section = sectionOf(fields, 'float8');
  const name = section === null ? null : fields.string(`${section}.recipe_name`);
  if (name?.value === 'rowwise') return recipes.aoRowwise;
  return name?.value === 'rowwise_with_gw_hp'
    ? recipes.aoRowwiseHighPrecisionGradient
    : recipes.aoTensorwise;
}

function mxRecipe(fields: Fields): Recipe {
  const section = sectionOf(fields, 'mx');
  const name = section === null ? '' : (fields.string(`${section}.recipe_name`)?.value ?? '');
  if (name.startsWith('mxfp4')) return recipes.mxfp4;
  return name.includes('wgrad_with_hp') ? recipes.aoMxfp8HighPrecisionGradient : recipes.mxfp8;
}

/** The list without low-precision converters, and `added` at its end, as TOML. */
function withConverter(fields: Fields, added: string | null): string {
  const kept = converters(fields)
    .map(({ value }) => value)
    .filter((value) => !isFloat8(value) && !isMx(value));
  return `[${[...kept, ...(added === null ? [] : [added])].map((each) => `"${each}"`).join(', ')}]`;
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
