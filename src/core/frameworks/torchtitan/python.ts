import { derived, placeOf, stated, type Known } from '../../run/known.ts';
import type { Precision, WriteResult } from '../../run/run.ts';
import { product, type TokenPlan } from '../../run/tokens.ts';
import { replaceScalar } from '../../syntax/edits.ts';
import { mapNode, type ConfigNode, type Entry, type MapNode } from '../../syntax/tree.ts';
import { definitionOf, namedRun, runName } from '../../config/definition.ts';
import type { Fields } from '../../config/fields.ts';
import { untold } from '../../config/launcher.ts';
import { publishedShape, type NamedModel } from '../../dialects/models.ts';
import { otherReading } from '../../config/otherReading.ts';
import { plainPrecision, recipePrecision, recipes, type Recipe } from '../../config/precision.ts';
import { callsOf, functionsOf, type PythonFunction } from '../../config/pythonCalls.ts';
import type { Reading } from '../../config/reader.ts';
import { pythonSetup } from './setup.ts';
import { flavorShape, flavorSource } from './models.ts';
import { startsFromWeights, torchtitanBase, torchtitanTokens } from './tokens.ts';
import { formatWriter, setKeys } from '../../config/writing.ts';
import { need } from '../../run/need.ts';
import { torchaoFloat8Recipe, torchaoMxRecipe } from '../../config/recipeNames.ts';

const trainerConfig = /(?:^|\.)\w*Trainer\.Config$/;
const otherTrainer = /RL|PPO|Flux|Diffusion/;

/** How many functions may build on each other; more is a circle. */
const maximumSteps = 8;

/**
 * The runs of a config registry: every function that returns a `Trainer.Config`, its own or that of
 * another function of the file with changes on top. Names with a leading underscore only serve
 * others.
 */
export function torchtitanFunctions(fields: Fields): readonly Fields[] {
  const functions = functionsOf(fields);
  const byName = new Map(functions.map((each) => [each.name, each]));
  return functions.flatMap((each) => {
    const config = each.name.startsWith('_') ? null : configOf(each.returned, byName, 0);
    if (!config || !describesRun(config)) return [];
    return [namedRun(fields, config, each.entry)];
  });
}

function describesRun(config: MapNode): boolean {
  const tag = config.tag ?? '';
  const has = (key: string) => config.byKey.has(key);
  return (
    trainerConfig.test(tag) &&
    !otherTrainer.test(tag) &&
    has('training') &&
    (has('model_spec') || has('model'))
  );
}

/** The config that a value stands for: a call of another function, with what was set afterwards. */
function configOf(
  value: MapNode | null,
  functions: ReadonlyMap<string, PythonFunction>,
  steps: number,
): MapNode | null {
  const tag = value?.tag;
  if (!value || tag === undefined || steps > maximumSteps) return null;
  if (trainerConfig.test(tag)) return value;
  if (tag === 'apply_transforms') {
    const inner = value.byKey.get('0')?.value;
    return inner?.kind === 'map' ? configOf(inner, functions, steps + 1) : null;
  }
  const base = configOf(functions.get(tag)?.returned ?? null, functions, steps + 1);
  return base && laidOn(base, value);
}

/** Attributes set later: `config.training.steps = 5` goes into the mapping, a new call replaces it. */
function laidOn(base: MapNode, over: MapNode): MapNode {
  const kept = [...base.byKey.values()].map((entry): Entry => {
    const other = over.byKey.get(entry.key);
    if (!other) return entry;
    const { value } = other;
    const isInside = entry.value.kind === 'map' && value.kind === 'map' && value.tag === undefined;
    return isInside ? { ...other, value: laidOn(entry.value, value) } : other;
  });
  const added = [...over.byKey.values()].filter(({ key }) => !base.byKey.has(key));
  return mapNode(base.place, [...kept, ...added], base.tag);
}

/** Whether a run's tables are those of a function of a config registry. */
export function isOfRegistry(fields: Fields): boolean {
  return describesRun(fields.root);
}

/** Reads one run of a config registry. */
export function readTorchtitanPython(fields: Fields, name = runName(fields)): Reading {
  const { model, shape, needs } = readModel(fields, name);
  if (/flux|diffusion|_vlm|siglip|multimodal/i.test(`${name} ${model?.value ?? ''}`)) {
    return otherReading(`The model of ${name} is not a decoder language model.`);
  }
  const low = converters(fields);
  const precision = readPrecision(fields, low);
  const place =
    placeOf(precision?.format) ??
    fields.keyPlace('model_spec') ??
    fields.keyPlace('model') ??
    definitionOf(fields, true)?.place;
  const row = (recipe: Recipe, named: string) => ({
    recipe,
    edits: (f: Fields) => writeRecipe(f, low, named),
  });
  return {
    role: roleOf(fields, name),
    model,
    shape,
    tokens: readTokens(fields),
    precision,
    setup: pythonSetup(fields),
    precisionPlaces: place ? [place] : [],
    writeFormat: formatWriter(fields, [
      { recipe: 'bf16', edits: (f) => writePlain(f, low, 'bfloat16') },
      { recipe: 'fp32', edits: (f) => writePlain(f, low, 'float32') },
      row(recipes.aoTensorwise, 'tensorwise'),
      row(recipes.aoRowwise, 'rowwise'),
    ]),
    needs,
  };
}

function roleOf(fields: Fields, name: string): 'pretrain' | 'continued' | 'finetune' {
  const chat = callsOf(fields.root, /(?:Chat|SFT)\w{0,60}\.Config$/).length > 0;
  if (chat || /(?:^|_)(?:sft|lora|dpo)(?:_|$)/.test(name)) return 'finetune';
  return startsFromWeights(fields) ? 'continued' : 'pretrain';
}

/** What a flavor is asked for by, and arguments that add no parameter to it. */
const harmlessArguments =
  /^(?:\d+|name|flavor|converters|hf_assets_path)$|(?:backend|capacity_factor|attn_type|_fn|adapter)$/;

/**
 * `model_registry("8B")` names a flavor of the package that the file lies in; without the folder
 * the function's own name begins with it.
 */
function readModel(fields: Fields, functionName: string): NamedModel {
  const call = fields.map('model_spec') ?? fields.map('model');
  const path = fields.map('model_spec') ? 'model_spec' : 'model';
  const flavor = fields.string(`${path}.0`) ?? fields.string(`${path}.flavor`);
  if (!call || !flavor) {
    const needs = [need('parameters', 'the flavor of the model is not told in this file')];
    return { model: null, shape: {}, needs };
  }
  const changed = call.entries.find(({ key }) => !harmlessArguments.test(key));
  if (changed) {
    const why = `“${changed.key}” of ${call.tag ?? 'the model'} is not followed`;
    return { model: null, shape: {}, needs: [need('parameters', why)] };
  }
  const words = functionName.split('_');
  const families = [
    /models\/(\w+)\/[^/]*$/.exec(call.place.file)?.[1],
    /from torchtitan\.models\.(\w+) import/.exec(fields.textOf(call.place.file))?.[1],
    ...words.map((_, index) => words.slice(0, words.length - index).join('_')),
  ].filter((family) => family !== undefined);
  for (const family of families) {
    const shape = flavorShape(family, flavor.value);
    if (!shape) continue;
    const title = `${family} ${flavor.value}`;
    const model = { value: title, origin: flavor.origin };
    return { model, shape: publishedShape(shape, `torchtitan ${title}`, flavorSource), needs: [] };
  }
  const title = `${families[0] ?? ''} ${flavor.value}`.trim();
  const needs = [need('parameters', `the shape of torchtitan’s flavor “${title}” is not known`)];
  return { model: { value: title, origin: flavor.origin }, shape: {}, needs };
}

/** Batches in sequences as in TOML, or in tokens since 2026-05. */
function readTokens(fields: Fields): TokenPlan {
  const { tokens, missing } = torchtitanTokens(fields);
  const at = (key: string) => `training.${key}`;
  const step = fields.positive(at('num_tokens_per_train_step'));
  const perRank = 'num_tokens_per_microbatch_per_dp_rank';
  const newKeys = [perRank, 'num_tokens_per_train_step', 'max_context_length'];
  const unknown = untold(fields, newKeys.map(at), 'tokens');
  const needs = [...missing, ...unknown];
  if (step) return { ...tokens, tokensPerStep: step, needs };
  if (!fields.has(at(perRank))) {
    const told = unknown.length === 0;
    return { ...tokens, ...(!told && { globalBatch: null, rankBatch: null }), needs };
  }
  const micro = fields.positive(at(perRank));
  const length = fields.positive(at('max_context_length'));
  const pipeline = fields.positive('parallelism.pipeline_parallel_degree');
  const microbatches =
    pipeline && pipeline.value > 1 ? fields.positive('parallelism.num_pp_microbatches') : null;
  const sequences: Known<number> | null =
    micro && length
      ? derived(micro.value / length.value, `${micro.value} ÷ ${length.value} tokens`, [
          { name: 'tokens a microbatch', known: micro },
          { name: 'tokens a sequence', known: length },
        ])
      : null;
  return {
    ...tokens,
    sequenceLength: length,
    globalBatch: null,
    rankBatch:
      sequences && microbatches
        ? product([
            { name: 'sequences', known: sequences },
            { name: 'microbatches', known: microbatches },
          ])
        : sequences,
    needs,
  };
}

/** A converter of the model, called here or by a function of the file that the config calls. */
interface Converter {
  readonly call: MapNode;
  readonly kind: 'float8' | 'mx' | 'nvfp4';
  readonly grouped: boolean;
}

const converterCall = 'Converter.Config';

function converters(fields: Fields): readonly Converter[] {
  const called = callsOf(fields.root, /./).flatMap((call) => {
    const name = call.tag ?? '';
    if (name.endsWith(converterCall)) return [call];
    const helper = /converter/i.test(name) ? returnedBy(fields, name) : null;
    return helper ? [helper] : [];
  });
  return called.flatMap((call): Converter[] => {
    const name = (call.tag ?? '').slice(0, -converterCall.length).split('.').at(-1) ?? '';
    const kind = /float8/i.test(name)
      ? 'float8'
      : /nvfp4/i.test(name)
        ? 'nvfp4'
        : /mx/i.test(name)
          ? 'mx'
          : null;
    return kind ? [{ call, kind, grouped: /Grouped|MoE/i.test(name) }] : [];
  });
}

/** What a helper of the module returns, where that is a converter. */
function returnedBy(fields: Fields, name: string): MapNode | null {
  const { file } = (fields.map('model_spec') ?? fields.root).place;
  const root: ConfigNode | undefined = fields.treeOf(file).documents[0];
  const functions = root?.kind === 'map' ? fields.with(root) : fields;
  const helper = functionsOf(functions).find((each) => each.name === name)?.returned;
  return helper?.tag?.endsWith(converterCall) ? helper : null;
}

function readPrecision(fields: Fields, low: readonly Converter[]): Precision | null {
  const base = torchtitanBase(fields);
  if (untold(fields, ['training.mixed_precision_param'], 'format').length > 0) return null;
  const chosen = low.find(({ grouped }) => !grouped) ?? low[0];
  if (!chosen) return plainPrecision(base);
  const switched: Known<string> = stated(chosen.call.tag ?? '', chosen.call.place);
  const recipe = recipeOf(chosen);
  return recipe && recipePrecision(recipe, switched, base.value, notesOf(chosen, low));
}

function recipeOf({ call, kind }: Converter): Recipe | null {
  if (kind === 'nvfp4') return recipes.nvfp4;
  const name = recipeName(call);
  if (kind === 'mx') return torchaoMxRecipe(name ?? 'mxfp8_cublas');
  if (name !== null) return torchaoFloat8Recipe(name);
  // rowwise is the default since 2026; the all-gather in FP8 exists for one scale a tensor alone.
  const tensorwise = ['enable_fsdp_float8_all_gather', 'precompute_float8_dynamic_scale_for_fsdp'];
  return tensorwise.some((key) => call.byKey.has(key)) ? recipes.aoTensorwise : recipes.aoRowwise;
}

function recipeName(call: MapNode): string | null {
  const value = call.byKey.get('recipe_name')?.value;
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : null;
}

function notesOf(chosen: Converter, low: readonly Converter[]): readonly string[] {
  const notes: string[] = [];
  if (chosen.grouped) {
    notes.push(
      'Only the experts’ grouped multiplications are converted; the other layers stay in 16 bits.',
    );
  }
  if (new Set(low.map(({ kind }) => kind)).size > 1) {
    notes.push('Other layers are converted to another format.');
  }
  if (chosen.call.byKey.has('fqns')) notes.push('Only the layers that fqns names are converted.');
  return notes;
}

/** Only a recipe that is stated by name can be replaced: converters are calls, not keys. */
function writeRecipe(fields: Fields, low: readonly Converter[], recipe: string): WriteResult {
  const stated = low.find(({ kind, grouped }) => kind === 'float8' && !grouped);
  const node = stated?.call.byKey.get('recipe_name')?.value;
  if (node?.kind !== 'scalar' || node.unresolved !== undefined) {
    return { ok: false, reason: 'No Float8LinearConverter here states recipe_name.' };
  }
  const { file } = node.place;
  return { ok: true, edits: [replaceScalar(fields.textOf(file), node, recipe, 'python')] };
}

function writePlain(fields: Fields, low: readonly Converter[], dtype: string): WriteResult {
  if (low.length > 0) {
    return { ok: false, reason: 'A converter is a call, which is not taken out of Python.' };
  }
  return setKeys(fields, { 'training.mixed_precision_param': `"${dtype}"` });
}
