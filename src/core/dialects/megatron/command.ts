import { derived, type Known } from '../../run/known.ts';
import type { Role } from '../../run/run.ts';
import { noTokens, type Duration, type TokenPlan } from '../../run/tokens.ts';
import type { ConfigNode, Place } from '../../syntax/tree.ts';
import type { Fields } from '../../config/fields.ts';
import { countOf, launchedGpus, programOf, untold } from '../../config/launcher.ts';
import { isContinued, isOn, megatronShape, megatronTokens, type MegatronFlags } from './flags.ts';
import { megatronPrecision, megatronPrecisionPlaces, megatronRows } from './precision.ts';
import { megatronSetup } from './setup.ts';
import { otherReading } from '../../config/otherReading.ts';
import type { Reading } from '../../config/reader.ts';
import { formatWriter } from '../../config/writing.ts';
import { need, type Need } from '../../run/need.ts';

/** Programs of Megatron-LM and its forks that train a language model. */
const program = /^(?:pretrain|finetune)_\w+$/;

/** Programs of theirs that train something else. */
const otherProgram =
  /bert|_t5|_ict|vision|vit|vlm|retro|mimo|multimodal|mamba|rwkv|hybrid|realm|^(?:preprocess|prepare|generate|convert|merge|export|evaluate|eval|serve)(?:_|$)/i;

/** Flags of jobs that train nothing: retrieval's index, embeddings of a data set. */
const otherJobs = ['retro_tasks', 'output_bert_embeddings'];

const lengths = ['train_iters', 'train_samples', 'train_tokens'];

/** What a script that starts Megatron-LM holds one of, even where another file has the rest. */
export const megatronWords = [
  ...['num_layers', 'hidden_size', 'seq_length', 'micro_batch_size', ...lengths].map(
    (name) => `--${name}`,
  ),
];

/** Arguments that no other program has in this spelling, beside the shape and the length. */
const ownFlags = [
  'tensor_model_parallel_size',
  'pipeline_model_parallel_size',
  'num_attention_heads',
  'max_position_embeddings',
  'seq_length',
  'micro_batch_size',
  'global_batch_size',
  'lr_decay_style',
  'tokenizer_type',
  'split',
  'transformer_impl',
  'untie_embeddings_and_output_weights',
  'use_distributed_optimizer',
  'eval_iters',
  'no_load_optim',
];

/** Whether a command line is one of Megatron-LM's or a fork's. */
export function isMegatronCommand(fields: Fields): boolean {
  const trains = lengths.some((name) => fields.has(name));
  const shape = fields.has('num_layers') && fields.has('hidden_size');
  const own = countOf(fields, ownFlags);
  if (isPreset(fields)) return shape && own >= 1;
  return (shape && trains && own >= 2) || (program.test(programOf(fields)) && trains && own >= 2);
}

/** Flags of a model alone, in an array that launch scripts source: `MODEL_ARGS=(…)`. */
function isPreset(fields: Fields): boolean {
  return fields.has('$preset') && !lengths.some((name) => fields.has(name));
}

/** The flags of a command line, which the shell's tree spells as in Python. */
function commandFlags(fields: Fields): MegatronFlags {
  return { fields, path: (name) => name };
}

const shapeFlags = ['num_layers', 'hidden_size', 'num_attention_heads'];
const tokenFlags = [...lengths, 'global_batch_size', 'seq_length'];

const switches =
  /^(?:bf16|fp16|fp8_e4m3|fp8_hybrid|swiglu|quick_geglu|group_query_attention|qk_layernorm|multi_latent_attention|untie_|disable_|add_|use_|no_|apply_)/;

/** The vocabulary is counted apart: without it the rest of N stands. */
const shapes = (flag: string): boolean => !/vocab|tokenizer/.test(flag);

/** Scales' histories and the layers that are left out change no format. */
const setsFormat = (flag: string): boolean =>
  /^(?:bf16|fp16|fp[48](?:_format|_recipe|_e4m3|_hybrid)?)$/.test(flag);

/**
 * Reads a command line with Megatron-LM's flags; without a 16-bit switch it trains in `otherwise`,
 * Megatron-LM's own default where that is left out.
 */
export function readMegatronCommand(fields: Fields, otherwise?: Known<'bf16' | 'fp32'>): Reading {
  const name = programOf(fields);
  if (otherProgram.test(name) || otherJobs.some((flag) => fields.has(flag))) {
    return otherReading(`${name}.py trains no transformer decoder language model.`);
  }
  const flags = commandFlags(fields);
  // A switch takes no value, so a word behind it that nobody can tell is one of its own.
  const isOpen = (flag: string) => !(switches.test(flag) && isOn(flags, flag));
  const read = fields.untoldIn(() => megatronShape(flags));
  const { shape, needs } = read.value;
  const unsaid = shapeFlags.filter((flag) => !fields.has(flag));
  const unknownShape = untold(fields, read.untold.filter(shapes).filter(isOpen), 'parameters');
  // What the script does not tell of the format it may yet be given: then nothing is known of it.
  const format = fields.untoldIn(() => megatronPrecision(flags, otherwise));
  const unknownFormat = untold(fields, format.untold.filter(setsFormat).filter(isOpen), 'format');
  // Where the script shows neither a shape nor a length, it shows no 16-bit switch that is off.
  const isHidden =
    !otherwise && unsaid.length === shapeFlags.length && !lengths.some((flag) => fields.has(flag));
  const isSilent = (isPreset(fields) || isHidden) && format.value?.format.origin.kind === 'default';
  const precision = unknownFormat.length > 0 || isSilent ? null : format.value;
  return {
    role: isPreset(fields) ? 'model' : roleOf(fields),
    model: null,
    shape: unsaid.length + unknownShape.length > 0 ? {} : shape,
    tokens: isPreset(fields) ? noTokens : readTokens(fields, flags),
    precision,
    setup: isPreset(fields) ? null : megatronSetup(flags, precision),
    precisionPlaces: places(fields, flags, precision),
    writeFormat: fields.isTrue('msamp')
      ? null
      : formatWriter(
          fields,
          megatronRows(
            { path: flags.path, fp8: 'fp8_format', fp4: 'fp4_format', none: null, on: '' },
            flags,
          ),
        ),
    needs: [
      ...(unsaid.length > 0
        ? [need('parameters', `the script does not say ${unsaid.join(', ')}`)]
        : [...unknownShape, ...needs]),
      ...unknownFormat,
      ...(isSilent && isHidden ? [need('format', 'the script shows none of the run’s flags')] : []),
    ],
  };
}

function places(
  fields: Fields,
  flags: MegatronFlags,
  precision: Reading['precision'],
): readonly Place[] {
  const found = megatronPrecisionPlaces(flags, precision);
  const fallback = fields.place('$program');
  return found.length > 0 || !fallback ? found : [fallback];
}

/**
 * What is tuned says so by Pai-Megatron's and Megatron-DeepSpeed's own ways, by the program, or,
 * where a run starts from weights, by the name of its data, of what it saves or of the script.
 */
function roleOf(fields: Fields): Role {
  const mode = fields.string('train_mode')?.value;
  const data = fields.string('dataset')?.value ?? '';
  const tuned = mode === 'finetune' || /-SFT|-Raw/i.test(data) || fields.isTrue('sft');
  if (tuned || programsOf(fields).some((name) => /^finetune(?:_|$)/.test(name))) return 'finetune';
  if (!isContinued(commandFlags(fields))) return 'pretrain';
  const names = ['data_path', 'train_data_path', 'save'].flatMap((flag) => {
    const node = fields.find(flag)?.node;
    return node?.kind === 'scalar' ? node.text : [];
  });
  return [...names, fields.tree.file].some(isOfInstructions) ? 'finetune' : 'continued';
}

/** A name with a word of its own for data of instructions, or for tuning on it. */
function isOfInstructions(name: string): boolean {
  const last = name.split('/').slice(-2).join('/');
  return /(?:^|[^a-z])(?:sft|instruct|instructions?|fine_?-?tun(?:e|ed|ing))(?:[^a-z]|$)/i.test(
    last,
  );
}

/** The program, or those that a variable of the command may name: `deepspeed finetune_x.py`. */
function programsOf(fields: Fields): readonly string[] {
  const known = programOf(fields);
  if (known !== '') return [known];
  const words = fields.root.byKey.get('$positional')?.value;
  const texts = words?.kind === 'list' ? words.items.flatMap(choicesOf) : [];
  const all = texts.flatMap((text) => text.split(/\s+/));
  return all.flatMap((word) =>
    word.endsWith('.py') ? (word.split('/').at(-1)?.slice(0, -3) ?? '') : [],
  );
}

const choicesOf = (node: ConfigNode): readonly string[] =>
  node.kind === 'scalar' ? (node.choices ?? [node.text]) : [];

function readTokens(fields: Fields, flags: MegatronFlags): TokenPlan {
  const plan = megatronTokens(flags);
  // Of a model that sees pictures seq_length is the image encoder's.
  const sequenceLength =
    fields.positive('decoder_seq_length') ??
    plan.sequenceLength ??
    fields.positive('encoder_seq_length');
  const duration = scheduled(fields, plan, sequenceLength) ?? plan.duration;
  const tokens = fields.positive('train_tokens');
  const stop: Duration | null =
    tokens && plan.duration?.unit !== 'tokens' ? { unit: 'tokens', count: tokens } : null;
  const unknown = untold(fields, tokenFlags, 'tokens');
  // What is named and not told must not be made up from the parts: a batch by the micro-batch.
  if (unknown.length > 0) return { duration: null, sequenceLength, needs: unknown };
  return {
    ...plan,
    duration,
    stop,
    sequenceLength,
    worldSize: launchedGpus(fields),
    needs: duration ? [] : noLength(fields),
  };
}

function noLength(fields: Fields): readonly Need[] {
  return lengths.some((name) => fields.has(name))
    ? []
    : [need('tokens', 'the script does not say train_iters, train_samples or train_tokens')];
}

/**
 * Steps under `--step-batch-size-schedule "0:384 200B:768"`, as sequences: from so many tokens on
 * a step has so many sequences.
 */
function scheduled(
  fields: Fields,
  plan: TokenPlan,
  sequenceLength: Known<number> | null,
): Duration | null {
  const written = fields.string('step_batch_size_schedule');
  if (!written || plan.duration?.unit !== 'steps' || !sequenceLength) return null;
  const stages = written.value.split(/[\s,]+/).map((stage) => {
    const [, count = '', unit = '', batch = ''] = /^([\d.]+)([KMBT]?):(\d+)$/i.exec(stage) ?? [];
    const scale = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 }[unit.toUpperCase()] ?? 1;
    return { from: Number(count || NaN) * scale, batch: Number(batch || NaN) };
  });
  if (stages.some(({ from, batch }) => !(from >= 0 && batch > 0))) return null;
  const steps = plan.duration.count;
  let left = steps.value;
  let sequences = 0;
  stages.forEach(({ batch }, index) => {
    const end = (stages[index + 1]?.from ?? Infinity) / sequenceLength.value;
    const taken = Math.min(left, Math.max(0, Math.ceil((end - sequences) / batch)));
    sequences += taken * batch;
    left -= taken;
  });
  return {
    unit: 'sequences',
    count: derived(sequences, `${steps.value} steps with the batches ${written.value}`, [
      { name: 'steps', known: steps },
      { name: 'schedule', known: written },
      { name: 'tokens', known: sequenceLength },
    ]),
  };
}
