import { placeOf, stated, byDefault, type Known } from '../../run/known.ts';
import type { Precision } from '../../run/run.ts';
import { product, type TokenPlan } from '../../run/tokens.ts';
import { scalarNode } from '../../syntax/scalars.ts';
import { mapNode, type ConfigNode, type Entry, type MapNode } from '../../syntax/tree.ts';
import { namedRun } from '../../config/definition.ts';
import type { Fields } from '../../config/fields.ts';
import { untold } from '../../config/launcher.ts';
import { namedModel, type NamedModel } from '../../dialects/models.ts';
import { otherReading } from '../../config/otherReading.ts';
import {
  plainPrecision,
  recipePrecision,
  recipes,
  type PlainFormat,
  type Recipe,
} from '../../config/precision.ts';
import { callsOf, functionsOf } from '../../config/pythonCalls.ts';
import type { Reading } from '../../config/reader.ts';
import { formatWriter, setKeys } from '../../config/writing.ts';
import { need, type Need } from '../../run/need.ts';
import { megatronFp8Recipe } from '../../config/recipeNames.ts';

/** `llm.llama3_8b.pretrain_recipe`, `llm.recipes.llama3_8b.pretrain_recipe`, `llama3_8b.finetune_recipe`. */
const recipeCall = /^(?:(\w+)\.)*?(\w+)\.(pretrain|finetune)_recipe(?:_performance)?$/;

/** The runs of a NeMo 2 script: each object that a recipe of the library made. */
export function nemoRecipes(fields: Fields): readonly Fields[] {
  const made = (entry: Entry, value: ConfigNode | null) =>
    value?.kind === 'map' && recipeCall.test(value.tag ?? '') ? [{ entry, map: value }] : [];
  const variables = [...fields.root.byKey.values()].flatMap((entry) => made(entry, entry.value));
  const local = functionsOf(fields).flatMap(({ entry, names, returned }) => [
    ...[...names.byKey.values()].flatMap(({ value }) => made(entry, value)),
    ...made(entry, returned),
  ]);
  // A recipe that is changed after it was named is another node than the one returned.
  const byPlace = new Map<number, { readonly entry: Entry; readonly map: MapNode }>();
  for (const each of [...variables, ...local]) {
    const { place, entries } = each.map;
    const before = byPlace.get(place.start);
    if (!before || entries.length >= before.map.entries.length) byPlace.set(place.start, each);
  }
  return [...byPlace.values()].map(({ entry, map }) => {
    const name = scalarNode(map.place, map.tag ?? '', map.tag ?? '');
    const recipe = { key: '$recipe', keyPlace: map.place, value: name };
    return namedRun(fields, mapNode(map.place, [recipe, ...map.entries], map.tag), entry);
  });
}

/** Reads one recipe of the library with what the script sets on it. */
export function readNemoRecipe(fields: Fields): Reading {
  const tag = fields.string('$recipe')?.value ?? '';
  const [, , name = '', kind = ''] = recipeCall.exec(tag) ?? [];
  const package_ = tag.split('.')[0] ?? '';
  if (/^(?:vlm|diffusion|speech)/.test(package_) || /t5|bert|mamba|hyena|flux|clip/i.test(name)) {
    return otherReading(`The recipe ${name} trains no transformer decoder language model.`);
  }
  const { model, shape, needs } = readModel(fields, name);
  const { precision, unknown } = readPrecision(fields);
  const place = placeOf(precision?.format) ?? fields.place('$recipe');
  const plugins = 'trainer.plugins';
  const row = (recipe: 'bf16' | 'fp16' | Recipe, plugin: string) => ({
    recipe,
    edits: (f: Fields) => {
      // A call of another function needs its import too, which this does not write.
      const call = f.map(plugins)?.tag ?? '';
      return call === plugin
        ? setKeys(f, {})
        : {
            ok: false as const,
            reason: `${plugin}() would have to be imported, which is not written here.`,
          };
    },
  });
  return {
    role: kind === 'finetune' ? 'finetune' : continues(fields) ? 'continued' : 'pretrain',
    model,
    shape,
    tokens: readTokens(fields),
    precision,
    precisionPlaces: place ? [place] : [],
    writeFormat: formatWriter(fields, [
      row('bf16', 'bf16_mixed'),
      row('fp16', 'fp16_mixed'),
      row(recipes.teDelayedHybrid, 'bf16_with_fp8_mixed'),
      row(recipes.teBlock, 'bf16_with_fp8_subchannel_scaling_mixed'),
      row(recipes.mxfp8, 'bf16_with_mxfp8_mixed'),
    ]),
    needs: [...needs, ...unknown],
  };
}

function continues(fields: Fields): boolean {
  return fields.has('resume.restore_config');
}

/** The recipe's own name, unless the script gives it another model. */
function readModel(fields: Fields, name: string): NamedModel {
  const config = fields.find('model')?.node ?? null;
  if (config) {
    const needs = [
      need('parameters', 'the script gives the recipe a model of its own, which is not followed'),
    ];
    return { model: null, shape: {}, needs };
  }
  const place = fields.place('$recipe');
  // Names end in what a recipe changes beside the model: llama3_8b_16k, mixtral_8x7b_64k.
  const base = name.replace(/_(?:16k|64k|128k|256k|1m)$/, '');
  return place ? namedModel(stated(base, place)) : { model: null, shape: {}, needs: [] };
}

/** Numbers that the script does not set are the recipe's own, which are not in the file. */
function readTokens(fields: Fields): TokenPlan {
  const steps = fields.positive('trainer.max_steps') ?? fields.positive('max_steps');
  const globalBatch =
    fields.positive('data.global_batch_size') ?? fields.positive('global_batch_size');
  const sequenceLength = fields.positive('data.seq_length') ?? fields.positive('seq_length');
  const missing = (known: unknown, names: readonly string[]) =>
    known !== null || names.some((name) => fields.has(name))
      ? []
      : [need('tokens', `${names[0] ?? ''} is the recipe’s own, which is not in this file`)];
  const settings = [
    ['trainer.max_steps', 'max_steps'],
    ['data.global_batch_size', 'global_batch_size'],
    ['data.seq_length', 'seq_length'],
  ];
  return {
    duration: steps && { unit: 'steps', count: steps },
    sequenceLength,
    globalBatch,
    worldSize: product([
      { name: 'GPUs a node', known: fields.positive('num_gpus_per_node') },
      { name: 'nodes', known: fields.positive('num_nodes') },
    ]),
    needs: [
      ...[steps, globalBatch, sequenceLength].flatMap((known, index) =>
        missing(known, settings[index] ?? []),
      ),
      ...untold(fields, settings.flat(), 'tokens'),
    ],
  };
}

/** NeMo's precision plugins by their functions' names; the MX one is hybrid here. */
const plugins: readonly { readonly name: RegExp; readonly recipe: Recipe }[] = [
  // Its name says current scaling, its recipe is blockwise.
  { name: /^nanov2_bf16_with_fp8_current_scaling_mixed$/, recipe: recipes.teBlockHybrid },
  { name: /_with_fp8_current_scaling_mixed$/, recipe: recipes.teCurrentHybrid },
  { name: /_with_fp8_subchannel_scaling_mixed$/, recipe: recipes.teBlockHybrid },
  { name: /_with_mxfp8_mixed$/, recipe: recipes.mxfp8Hybrid },
  { name: /_with_nvfp4_mixed$/, recipe: recipes.nvfp4 },
  { name: /_with_fp8(?:_delayed_scaling)?_mixed$/, recipe: recipes.teDelayedHybrid },
];

interface ReadPrecision {
  readonly precision: Precision | null;
  readonly unknown: readonly Need[];
}

function readPrecision(fields: Fields): ReadPrecision {
  const plugin = fields.map('trainer.plugins');
  const known = (precision: Precision): ReadPrecision => ({ precision, unknown: [] });
  const cannotTell = need('format', 'the precision plugin is not one that is known by name');
  if (!plugin) {
    if (fields.has('trainer.plugins')) return { precision: null, unknown: [cannotTell] };
    return known(plainPrecision(byDefault('bf16', 'NeMo’s recipes (bf16_mixed)')));
  }
  const name = (plugin.tag ?? '').split('.').at(-1) ?? '';
  const here = stated(name, plugin.place);
  const base = name.startsWith('fp16') ? ('fp16' as const) : ('bf16' as const);
  const low = plugins.find((each) => each.name.test(name));
  if (low) return known(recipePrecision(low.recipe, here, base, tails(name)));
  if (/^(?:bf16|fp16)_mixed(?:_plugin)?$/.test(name)) {
    return known(plainPrecision({ ...here, value: base }));
  }
  const call = callsOf(plugin, /(?:^|\.)(?:MegatronMixedPrecision|Config)$/)[0];
  const own = call && isMixedPrecision(call) ? readOwn(fields.with(call)) : null;
  return own ? known(own) : { precision: null, unknown: [cannotTell] };
}

function tails(name: string): readonly string[] {
  return /^bf16_with_fp8_current_scaling_mixed$/.test(name)
    ? ['The first and the last layer stay in BF16.']
    : [];
}

/** `run.Config(nl.MegatronMixedPrecision, precision=…)` or the class itself. */
function isMixedPrecision(call: MapNode): boolean {
  const first = call.byKey.get('0')?.value;
  const named = first?.kind === 'scalar' ? first.text : '';
  return (
    `${call.tag ?? ''} ${named}`.endsWith('MegatronMixedPrecision') ||
    (call.tag ?? '').endsWith('MegatronMixedPrecision')
  );
}

function readOwn(call: Fields): Precision | null {
  const written = call.string('precision');
  const base: Known<PlainFormat> | null =
    written && /^(?:bf16|16|fp16|32)(?:-mixed|-true)?$/.test(written.value)
      ? {
          ...written,
          value: written.value.startsWith('bf16')
            ? 'bf16'
            : written.value.startsWith('32')
              ? 'fp32'
              : 'fp16',
        }
      : null;
  const name = base?.value ?? 'bf16';
  const fp4 = call.string('fp4');
  if (fp4) return recipePrecision(recipes.nvfp4, fp4, name);
  const fp8 = call.string('fp8');
  if (!fp8) return base && plainPrecision(base);
  const chosen = megatronFp8Recipe(call.string('fp8_recipe')?.value ?? 'delayed', fp8.value);
  return chosen && recipePrecision(chosen, fp8, name);
}
