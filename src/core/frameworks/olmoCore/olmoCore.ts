import { own } from '../../run/own.ts';
import { countReading } from '../../architecture/count.ts';
import type { ShapeReading } from '../../architecture/shape.ts';
import { byDefault, derived, placeOf, stated, type Known } from '../../run/known.ts';
import type { Precision, Role, WriteResult } from '../../run/run.ts';
import type { Duration, TokenPlan } from '../../run/tokens.ts';
import { numberOf } from '../../syntax/scalars.ts';
import type { ConfigNode, MapNode } from '../../syntax/tree.ts';
import type { Fields } from '../../config/fields.ts';
import { isOlmoCorePreset, olmoCoreShape } from './models.ts';
import { runsByModel } from './runs.ts';
import { olmoCoreSetup } from './setup.ts';
import { plainPrecision, recipePrecision, recipes, type Recipe } from '../../config/precision.ts';
import { callsOf, valuesOf } from '../../config/pythonCalls.ts';
import type { FrameworkReader, Reading } from '../../config/reader.ts';
import { formatWriter, setKeys } from '../../config/writing.ts';
import { need } from '../../run/need.ts';
import { torchaoFloat8Recipe } from '../../config/recipeNames.ts';

const modelCall = /^TransformerConfig\.(?!from_)(\w+)$/;

/** Ai2's OLMo-core: training scripts in Python that name a preset, a duration and a batch in tokens. */
export const olmoCore: FrameworkReader = {
  id: 'olmo-core',
  name: 'OLMo-core',
  source: 'allenai/OLMo-core (2026-06-22)',
  syntaxes: ['python'],
  words: { python: ['olmo_core'] },
  loader: 'other',
  reads:
    'TransformerConfig presets, Duration in tokens, steps, epochs or Chinchilla multiples, Float8Config',

  recognise(fields) {
    const model = callsOf(fields.root, modelCall).length > 0;
    const trains = callsOf(fields.root, /^(?:TrainerConfig|Duration(?:\.\w+)?)$/).length > 0;
    return model && (trains || fields.has('$calls.main'))
      ? 'It calls TransformerConfig and TrainerConfig or Duration, as OLMo-core’s scripts do.'
      : null;
  },

  runs(fields) {
    return runsByModel(fields, modelCall);
  },

  read(fields) {
    const { model, shape, needs } = readModel(fields);
    const precision = readPrecision(fields);
    const low = lowOf(fields);
    const place = (precision && placeOf(precision.format)) ?? placeOf(model);
    return {
      role: roleOf(fields),
      model,
      shape,
      tokens: readTokens(fields, shape),
      precision,
      setup: olmoCoreSetup(fields, precision),
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(fields, [
        { recipe: 'bf16', edits: () => writeEnabled(fields, false) },
        ...(low?.recipe ? [{ recipe: low.recipe, edits: () => writeEnabled(fields, true) }] : []),
      ]),
      needs,
    };
  },
};

/** Labels that mask a conversation fine-tune a model; SFT's scripts load its weights by hand. */
function roleOf(fields: Fields): Role {
  if (valuesOf(fields.root, 'label_mask_paths').length > 0) return 'finetune';
  const isGiven = (node: ConfigNode) =>
    node.kind !== 'scalar' || node.value !== null || node.unresolved !== undefined;
  // `always` fails where there is nothing to load (train/common.py).
  const always = (node: ConfigNode) =>
    node.kind === 'scalar' && node.text.endsWith('LoadStrategy.always');
  const loads =
    valuesOf(fields.root, 'load_path').some(isGiven) ||
    valuesOf(fields.root, 'load_strategy').some(always);
  return loads ? 'continued' : 'pretrain';
}

/** Whether all calls make one model. */
function isOneModel(fields: Fields, calls: readonly MapNode[]): boolean {
  const shapes = calls.map((call) => {
    const shape = olmoCoreShape(modelCall.exec(call.tag ?? '')?.[1] ?? '', fields.with(call), null);
    return JSON.stringify(shape && Object.entries(shape).map(([key, { value }]) => [key, value]));
  });
  return new Set(shapes).size === 1 && shapes[0] !== 'null';
}

/** One preset; a script with several builds more than one model, and none is preferred. */
function readModel(fields: Fields): Pick<Reading, 'model' | 'shape' | 'needs'> {
  const calls = callsOf(fields.root, modelCall);
  const [call] = calls;
  const preset = modelCall.exec(call?.tag ?? '')?.[1];
  if (!call || preset === undefined) return { model: null, shape: {}, needs: [] };
  if (calls.length > 1 && !isOneModel(fields, calls)) {
    const needs = [need('parameters', 'the script builds more than one model')];
    return { model: null, shape: {}, needs };
  }
  const model = stated(preset, call.place);
  const vocabulary = readVocabulary(fields, call);
  const shape = olmoCoreShape(preset, fields.with(call), vocabulary);
  if (!shape) {
    const why = isOlmoCorePreset(preset)
      ? `what the script makes of OLMo-core’s “${preset}” is not followed`
      : `the shape of OLMo-core’s “${preset}” is not known`;
    return { model, shape: {}, needs: [need('parameters', why)] };
  }
  return {
    model,
    shape,
    needs: vocabulary
      ? []
      : [need('parameters', 'the total needs the tokenizer’s number of tokens')],
  };
}

/** Padded lengths of OLMo-core's tokenizers; its experiments use dolma2 unless told otherwise. */
const tokenizers: Readonly<Record<string, number>> = {
  dolma2: 100352,
  gpt_neox_olmo_dolma_v1_5: 50304,
  gpt2: 50304,
};

function readVocabulary(fields: Fields, call: MapNode): Known<number> | null {
  const value = call.byKey.get('vocab_size')?.value ?? call.byKey.get('0')?.value;
  if (value?.kind === 'list') return null;
  if (value?.kind === 'scalar') {
    const size = numberOf(value);
    return size === null ? null : stated(size, value.place);
  }
  if (value?.tag?.endsWith('padded_vocab_size') !== true) return null;
  const named = callsOf(fields.root, /^TokenizerConfig\.\w+$/)[0];
  const name = named?.tag?.split('.')[1] ?? '';
  if (named) {
    const size = own(tokenizers, name);
    return size === undefined ? null : byDefault(size, `OLMo-core TokenizerConfig.${name}`);
  }
  return value.tag.startsWith('common.')
    ? byDefault(tokenizers.dolma2 ?? 0, 'OLMo-core TokenizerConfig.dolma2')
    : null;
}

/** The one value that all settings of a name agree on. */
function onlyNumber(fields: Fields, key: string): Known<number> | null {
  const numbers = valuesOf(fields.root, key).flatMap((node): Known<number>[] => {
    const value = node.kind === 'scalar' ? numberOf(node) : null;
    return value === null || value <= 0 ? [] : [stated(value, node.place)];
  });
  const [first] = numbers;
  return first && numbers.every(({ value }) => value === first.value) ? first : null;
}

function readTokens(fields: Fields, shape: ShapeReading): TokenPlan {
  const durations = valuesOf(fields.root, 'max_duration').filter((node) => node.kind === 'map');
  const [first] = durations;
  const batch = onlyNumber(fields, 'global_batch_size') ?? onlyNumber(fields, 'GLOBAL_BATCH_SIZE');
  const rest = { sequenceLength: null, tokensPerStep: batch };
  if (!first) {
    return {
      ...rest,
      duration: null,
      needs: [need('tokens', 'the script does not tell max_duration')],
    };
  }
  if (durations.some((each) => each.tag !== first.tag)) {
    return {
      ...rest,
      duration: null,
      needs: [need('tokens', 'the script has more than one duration')],
    };
  }
  const duration = durationOf(fields.with(first), first, shape);
  const needs = duration
    ? []
    : [need('tokens', 'the script does not tell the number of its duration')];
  // TrainerConfig.hard_stop ends a run before its schedule does.
  const stops = valuesOf(fields.root, 'hard_stop').filter((node) => node.kind === 'map');
  const [stop] = stops;
  return {
    ...rest,
    duration,
    stop: stop ? durationOf(fields.with(stop), stop, shape) : null,
    needs,
  };
}

/** `Duration.tokens(n)` and `Duration(n, DurationUnit.tokens)`. */
function durationOf(call: Fields, node: MapNode, shape: ShapeReading): Duration | null {
  const count = call.positive('0') ?? call.positive('value') ?? call.positive('multiple');
  const written = call.string('1')?.value ?? call.string('unit')?.value ?? '';
  const unit = (node.tag === 'Duration' ? written : (node.tag ?? '')).split('.').at(-1);
  if (!count) return null;
  if (unit === 'chinchilla_tokens') return chinchilla(count, node, shape);
  return unit === 'tokens' || unit === 'steps' || unit === 'epochs' ? { unit, count } : null;
}

/** 20 tokens a parameter; which parameters is said by the property that is passed. */
function chinchilla(multiple: Known<number>, node: MapNode, shape: ShapeReading): Duration | null {
  const counted = countReading(shape);
  const passed: ConfigNode | undefined = node.byKey.get('model_params')?.value;
  const { hidden, vocabulary } = shape;
  if (!('counts' in counted) || passed?.kind !== 'scalar' || !hidden || !vocabulary) return null;
  const total = counted.counts.total;
  const property = passed.text.split('.').at(-1) ?? '';
  // OLMo-core's count without embeddings keeps the head.
  const embedding = hidden.value * (vocabulary.value ?? 0);
  const without = total === null ? null : total - embedding;
  const dense = counted.counts.active === null;
  const parameters =
    numberOf(passed) ??
    (/^num_(?:active_)?non_embedding_params$/.test(property) && dense
      ? without
      : /^num_(?:active_)?params$/.test(property) && dense
        ? total
        : null);
  if (parameters === null) return null;
  const count = derived(
    Math.trunc(20 * multiple.value * parameters),
    `20 × ${multiple.value} × ${parameters} parameters`,
    [{ name: 'multiple', known: multiple }],
  );
  return { unit: 'tokens', count };
}

interface Low {
  readonly call: MapNode;
  /** Null where its name is none of torchao's. */
  readonly recipe: Recipe | null;
  readonly enabled: Known<boolean>;
}

/** The Float8Config of the script: on unless it says `enabled=False`. */
function lowOf(fields: Fields): Low | null {
  const call = callsOf(fields.root, /^Float8Config$/)[0];
  if (!call) return null;
  const inner = fields.with(call);
  const enabled = inner.boolean('enabled') ?? { ...stated(true, call.place), value: true };
  const mx = inner.map('ao_mx')?.tag ?? '';
  if (inner.isSet('ao_mx')) {
    return { call, enabled, recipe: mx.includes('mxfp4') ? recipes.mxfp4 : recipes.mxfp8 };
  }
  const name = inner.string('ao_recipe')?.value.split('.').at(-1) ?? 'tensorwise';
  return { call, enabled, recipe: torchaoFloat8Recipe(name) };
}

function readPrecision(fields: Fields): Precision | null {
  const low = lowOf(fields);
  const dtypes = ['param_dtype', 'autocast_precision'].flatMap((key) =>
    valuesOf(fields.root, key).flatMap((node) =>
      node.kind === 'scalar' && node.unresolved === undefined
        ? [stated(node.text, node.place)]
        : [],
    ),
  );
  const half = dtypes.find(({ value }) => value.endsWith('bfloat16'));
  const made = callsOf(fields.root, /(?:^|\.)configure_train_module$/)[0];
  if (!half && made) return madePrecision(fields.with(made));
  // Without a train module in the script its format is that of what builds it elsewhere.
  const isStated = half ?? low ?? callsOf(fields.root, /TrainModuleConfig$/)[0];
  if (!isStated) return null;
  const base: Known<'bf16' | 'fp32'> = half
    ? { ...half, value: 'bf16' }
    : byDefault('fp32', 'OLMo-core TransformerConfig.dtype');
  if (low?.enabled.value === true) {
    return low.recipe && recipePrecision(low.recipe, low.enabled, base.value);
  }
  return plainPrecision(base, low ? ['Float8Config is there, but enabled is False.'] : []);
}

/** What `cookbook.configure_train_module` builds: BF16, FP8 by a scale a tensor where it is asked for. */
function madePrecision(call: Fields): Precision | null {
  const enabled = call.boolean('float8_enabled');
  if (!enabled && call.has('float8_enabled')) return null;
  return enabled?.value === true
    ? recipePrecision(recipes.aoTensorwise, enabled, 'bf16')
    : plainPrecision(byDefault('bf16', 'OLMo-core internal/cookbook.py (fa6c501)'));
}

/** The one switch that a script has: `enabled` of its Float8Config. */
function writeEnabled(fields: Fields, on: boolean): WriteResult {
  const low = lowOf(fields);
  if (low?.enabled.value === on) return { ok: true, edits: [] };
  if (!low?.call.byKey.has('enabled')) {
    return { ok: false, reason: 'The script has no Float8Config that states enabled.' };
  }
  return setKeys(fields.with(low.call), { enabled: on ? 'True' : 'False' });
}
