import { byDefault, placeOf, type Known } from '../../run/known.ts';
import { need, type Need } from '../../run/need.ts';
import type { Precision, Role, WriteResult } from '../../run/run.ts';
import { generatedTokens, type TokenPlan } from '../../run/tokens.ts';
import { mapNode, type ConfigNode, type Entry, type MapNode } from '../../syntax/tree.ts';
import { mostRunsOfFile } from '../../config/budget.ts';
import { namedRun } from '../../config/definition.ts';
import type { Fields } from '../../config/fields.ts';
import { plainFormat, plainPrecision } from '../../config/precision.ts';
import { callsOf } from '../../config/pythonCalls.ts';
import type { Reading } from '../../config/reader.ts';
import { formatWriter, setKeys } from '../../config/writing.ts';
import { trainerSwitch, trainerTokens } from '../../dialects/huggingFace/trainer.ts';
import { pythonSetup } from './pythonSetup.ts';
import { isTuned, modelIn, scriptModel } from './pythonModel.ts';

/** TRL's own arguments, which are transformers' TrainingArguments and more. */
const trlArguments = /(?:^|\.)(?:SFT|DPO|GRPO|ORPO|KTO|CPO|GKD|RLOO|PPO)Config$/;
const plainArguments = /(?:^|\.)(?:Unsloth)?TrainingArguments$/;

/** Trainers whose texts the model writes itself while it trains. */
const generating = /(?:GRPO|RLOO|PPO)Config$/;

/** Arguments of a run, two of which must be told: the rest may come from a command line. */
const runArguments = [
  'per_device_train_batch_size',
  'gradient_accumulation_steps',
  'num_train_epochs',
  'max_steps',
  'learning_rate',
  'bf16',
  'fp16',
  'packing',
];

/** Where the model stands in the fields of a run. */
const modelKey = '$model';

/** The runs of a script: each `TrainingArguments(…)` or TRL config with the language model it trains. */
export function trainerCalls(fields: Fields): readonly Fields[] {
  const calls = [...callsOf(fields.root, trlArguments), ...callsOf(fields.root, plainArguments)]
    .filter(
      (call) => runArguments.filter((key) => isLiteral(call.byKey.get(key)?.value)).length > 1,
    )
    // With one more the file is not analysed, whatever follows.
    .slice(0, mostRunsOfFile + 1);
  return calls.flatMap((call) => {
    const model = modelIn(fields.root, call);
    if (model === 'other') return [];
    // TRL trains language models only; the plain Trainer anything.
    if (model === null && !trlArguments.test(call.tag ?? '')) return [];
    const entries: readonly Entry[] = model
      ? [{ key: modelKey, keyPlace: model.place, value: model }, ...call.entries]
      : call.entries;
    const run = mapNode(call.place, entries, call.tag);
    const name = nameOf(fields.root, call);
    return [calls.length > 1 && name ? namedRun(fields, run, name) : fields.with(run)];
  });
}

function isLiteral(node: ConfigNode | undefined): boolean {
  return node?.kind === 'scalar' && node.unresolved === undefined && typeof node.value !== 'string';
}

function nameOf(root: MapNode, call: MapNode): Entry | undefined {
  const functions = root.byKey.get('$functions')?.value;
  const scopes = functions?.kind === 'map' ? functions.entries.map(({ value }) => value) : [];
  return [root, ...scopes]
    .flatMap((scope) => (scope.kind === 'map' ? scope.entries : []))
    .find(({ value }) => value === call);
}

/** Reads one run of a script. */
export function readTrainerCall(fields: Fields): Reading {
  const node = fields.root.byKey.get(modelKey)?.value ?? null;
  const { model, shape, needs, isNew } = scriptModel(fields, node);
  const { precision, needs: open } = readPrecision(fields, node);
  const place = placeOf(precision?.format) ?? fields.root.place;
  const row = (recipe: 'bf16' | 'fp16') => ({
    recipe,
    edits: (f: Fields) => writeSwitch(f, recipe),
  });
  return {
    role: roleOf(fields, isNew),
    model,
    shape,
    tokens: readTokens(fields),
    precision,
    setup: isNew ? null : pythonSetup(fields, node, precision),
    precisionPlaces: [place],
    writeFormat: formatWriter(fields, [row('bf16'), row('fp16')]),
    needs: [...needs, ...open],
  };
}

/** A model made from a config is trained anew; weights are tuned, also where texts make them go on. */
function roleOf(fields: Fields, isNew: boolean): Role {
  const tag = fields.root.tag ?? '';
  const isPreference = trlArguments.test(tag) && !tag.endsWith('SFTConfig');
  return isNew && !isPreference && !isTuned(fields.root.byKey.get(modelKey)?.value)
    ? 'pretrain'
    : 'finetune';
}

function readTokens(fields: Fields): TokenPlan {
  const tag = fields.root.tag ?? '';
  if (generating.test(tag)) {
    return generatedTokens;
  }
  const packed = fields.isTrue('packing')
    ? (fields.positive('max_length') ??
      fields.positive('max_seq_length') ??
      (['max_length', 'max_seq_length'].some((key) => fields.has(key))
        ? null
        : byDefault(1024, 'TRL SFTConfig')))
    : null;
  const why = need('tokens', 'the script does not say how long a sequence is');
  const plan = trainerTokens(fields, packed, why);
  const names = [
    'max_steps',
    'num_train_epochs',
    'per_device_train_batch_size',
    'gradient_accumulation_steps',
  ];
  // What the script computes must not fall back to a default.
  const open = names.filter((name) => fields.has(name) && fields.number(name) === null);
  if (open.length === 0) return plan;
  const unknown = open.map((name) => need('tokens', `${name} is not told in this file`));
  return { ...plan, duration: null, rankBatch: null, needs: unknown };
}

function readPrecision(
  fields: Fields,
  model: ConfigNode | null,
): { readonly precision: Precision | null; readonly needs: readonly Need[] } {
  const loaded = model?.kind === 'map' ? fields.with(model) : null;
  if (loaded?.isTrue('load_in_fp8') === true) {
    return { precision: null, needs: [need('format', 'load_in_fp8 is not understood here')] };
  }
  const notes =
    loaded?.isTrue('load_in_4bit') === true
      ? ['The frozen base weights are loaded in 4 bits; the multiplications run in 16.']
      : [];
  const on = trainerSwitch(fields) ?? whereSupported(fields);
  if (on) return { precision: plainPrecision(on, notes), needs: [] };
  const open = ['bf16', 'fp16'].filter((key) => fields.has(key) && fields.boolean(key) === null);
  if (open.length > 0) {
    const needs = open.map((key) => need('format', `${key} is not told in this file`));
    return { precision: null, needs };
  }
  const dtype = loaded?.string('torch_dtype') ?? loaded?.string('dtype') ?? null;
  const weights = plainFormat(dtype && { ...dtype, value: dtype.value.replace(/^\w+\./, '') });
  if (weights) return { precision: plainPrecision(weights, notes), needs: [] };
  const isTrl = trlArguments.test(fields.root.tag ?? '') && !fields.has('bf16');
  if (isTrl)
    return { precision: plainPrecision(byDefault('bf16', 'TRL’s configs'), notes), needs: [] };
  const why = 'neither bf16 nor fp16 is on, so the format is that of the weights';
  return { precision: null, needs: [need('format', why)] };
}

/** `bf16=is_bfloat16_supported()`: the GPU is asked. */
function whereSupported(fields: Fields): Known<'bf16'> | null {
  const node = fields.root.byKey.get('bf16')?.value;
  const asked = node?.kind === 'map' ? (node.tag ?? '') : node?.kind === 'scalar' ? node.text : '';
  return /(?:^|\.)is_bf(?:loat)?16_supported(?:$|\()/.test(asked)
    ? byDefault('bf16', 'the script, on GPUs that have it')
    : null;
}

/** Python's own words; a switch that is not there cannot be added to a call. */
function writeSwitch(fields: Fields, base: 'bf16' | 'fp16'): WriteResult {
  const other = base === 'bf16' ? 'fp16' : 'bf16';
  return setKeys(fields, {
    ...(fields.isTrue(other) && { [other]: 'False' }),
    ...(!fields.isTrue(base) && { [base]: 'True' }),
  });
}
