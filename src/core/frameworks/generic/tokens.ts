import { derived, stated, type Known } from '../../run/known.ts';
import { digits } from '../../run/digits.ts';
import type { Role } from '../../run/run.ts';
import { product, type Duration, type TokenPlan } from '../../run/tokens.ts';
import type { Fields, Path } from '../../config/fields.ts';
import { runSections, sections, under } from './places.ts';
import { vocabularyOf } from './shape.ts';
import { need } from '../../run/need.ts';

const stepNames = [
  'max_steps',
  'train_steps',
  'training_steps',
  'total_steps',
  'num_steps',
  'num_train_steps',
  'max_train_steps',
  'num_training_steps',
  'n_steps',
  'steps',
  'max_iters',
  'train_iters',
  'num_iterations',
  'total_iterations',
  'iterations',
];
/** Names that can only be the whole run's, and two that a batch or a generation has as well. */
const tokenNames = [
  'total_tokens',
  'train_tokens',
  'training_tokens',
  'num_train_tokens',
  'num_training_tokens',
  'total_train_tokens',
  'max_train_tokens',
  'token_budget',
];
const looseTokenNames = ['max_tokens', 'tokens', 'num_tokens'];
/** No step holds as many, no generation either. */
const leastRun = 1e9;

const globalNames = ['global_batch_size', 'global_train_batch_size', 'effective_batch_size'];
const tokenBatchNames = [
  'tokens_per_step',
  'tokens_per_batch',
  'global_batch_tokens',
  'global_batch_size_tokens',
  'batch_size_in_tokens',
  'global_tokens_per_batch',
];
const rankNames = [
  'micro_batch_size',
  'per_device_batch_size',
  'per_device_train_batch_size',
  'local_batch_size',
  'device_batch_size',
  'batch_size_per_gpu',
  'batch_size_per_device',
  'per_gpu_batch_size',
];
const accumulationNames = [
  'gradient_accumulation_steps',
  'grad_accum_steps',
  'grad_accumulation_steps',
  'accumulation_steps',
  'gradient_accumulation',
  'grad_acc_steps',
];
/** Sequences a device in one framework, over all of them, or tokens in others. */
const ambiguousNames = ['batch_size', 'train_batch_size', 'total_batch_size', 'bsz'];
const sequenceNames = [
  'seq_len',
  'seq_length',
  'sequence_length',
  'max_seq_len',
  'max_seq_length',
  'max_sequence_length',
  'context_length',
  'context_len',
  'ctx_len',
  'n_ctx',
  'block_size',
];

function all(
  fields: Fields,
  places: readonly Path[],
  names: readonly string[],
): readonly Known<number>[] {
  return places.flatMap((at) =>
    names.flatMap((name) => {
      const known = countOf(fields, under(at, name));
      return known ? [known] : [];
    }),
  );
}

/** A number above zero, or one with a letter behind it: `100B`, `1.5 T`. */
function countOf(fields: Fields, path: Path): Known<number> | null {
  const number = fields.positive(path);
  if (number) return number;
  const text = fields.string(path);
  if (!text) return null;
  const place = fields.place(path);
  const match = /^([\d.]+) ?([KMBT])(?: tokens)?$/i.exec(text.value);
  const times = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 }[match?.[2]?.toUpperCase() ?? ''];
  const value = Number(match?.[1]);
  if (!place || times === undefined || !(value > 0)) return null;
  const known = derived(Math.round(value * times), `${value} × ${digits(times)}`, [
    { name: 'as written', known: stated(text.value, place) },
  ]);
  return known;
}

/** The one value of several spellings; null with `conflict` when they disagree. */
function one(values: readonly Known<number>[]): {
  readonly known: Known<number> | null;
  readonly conflict: boolean;
} {
  const [first] = values;
  const conflict = values.some(({ value }) => value !== first?.value);
  return { known: conflict ? null : (first ?? null), conflict };
}

function runTokens(fields: Fields): readonly Known<number>[] {
  const places = runSections(fields);
  const loose = all(fields, places, looseTokenNames).filter(({ value }) => value >= leastRun);
  return [...all(fields, places, tokenNames), ...loose];
}

/** Whether the file says how long it trains, and with which batch where that is in steps. */
export function hasRun(fields: Fields, at: Path): boolean {
  if (runTokens(fields).length > 0) return true;
  const places = runSections(fields);
  const batch = [...globalNames, ...tokenBatchNames, ...rankNames, ...ambiguousNames];
  return (
    all(fields, places, stepNames).length > 0 &&
    all(fields, places, batch).length > 0 &&
    lengthOf(fields, at).found
  );
}

/** Whether the file is about text: a vocabulary, a tokenizer, or a run counted in tokens. */
export function statesText(fields: Fields, at: Path): boolean {
  const tokenizers = ['tokenizer', 'tokenizer_name', 'tokenizer_path', 'tokenizer_name_or_path'];
  return (
    vocabularyOf(fields, at) !== null ||
    runTokens(fields).length > 0 ||
    sections(fields).some((section) => tokenizers.some((key) => fields.has(under(section, key))))
  );
}

/** The run's own sequence length; the model's is a maximum and counts only where no other is stated. */
function lengthOf(
  fields: Fields,
  at: Path,
): { readonly known: Known<number> | null; readonly conflict: boolean; readonly found: boolean } {
  const places = runSections(fields);
  const ofRun = all(
    fields,
    places.filter((section) => section === '' || section !== at),
    sequenceNames,
  );
  const values = ofRun.length > 0 ? ofRun : all(fields, [at], sequenceNames);
  return { ...one(values), found: values.length > 0 };
}

/** What the file says of its run. */
export function genericTokens(
  fields: Fields,
  at: Path,
): { readonly tokens: TokenPlan; readonly role: Role } {
  const places = runSections(fields);
  const steps = one(all(fields, places, stepNames));
  const total = one(runTokens(fields));
  const length = lengthOf(fields, at);
  const global = one(all(fields, places, globalNames));
  const perStep = one(all(fields, places, tokenBatchNames));
  const micro = one(all(fields, places, rankNames));
  const accumulation = one(all(fields, places, accumulationNames));
  const ambiguous = all(fields, places, ambiguousNames).length > 0;
  const batchKnown = global.known ?? perStep.known;
  const conflicts = [
    ...(steps.conflict ? [need('tokens', 'the file names several numbers of steps')] : []),
    ...(total.conflict ? [need('tokens', 'the file names several token counts')] : []),
  ];
  const ofStep = [
    ...(length.conflict ? [need('tokens', 'the file names several sequence lengths')] : []),
    ...(global.conflict || perStep.conflict
      ? [need('tokens', 'the file names several batch sizes')]
      : []),
    ...(!batchKnown && micro.known && !accumulation.known
      ? [need('tokens', 'the file does not say how many micro-batches make a step')]
      : []),
    ...(!batchKnown && !micro.known && ambiguous
      ? [need('tokens', 'the batch size may be counted per device or over all of them')]
      : []),
  ];
  const needs = total.known ? conflicts : [...conflicts, ...ofStep];
  const plan: TokenPlan = {
    // What is said twice or in two senses counts nothing, and the reason stands in `needs`.
    duration: needs.length > 0 ? null : durationOf(steps.known, total.known),
    sequenceLength: length.known,
    globalBatch: perStep.known ? null : global.known,
    tokensPerStep: perStep.known,
    rankBatch: product([
      { name: 'sequences', known: micro.known },
      { name: 'accumulation steps', known: accumulation.known },
    ]),
    modelParallel: null,
    needs,
  };
  return { tokens: checked(plan, steps.known, total.known), role: roleOf(fields) };
}

function durationOf(steps: Known<number> | null, total: Known<number> | null): Duration | null {
  if (total) return { unit: 'tokens', count: total };
  return steps && { unit: 'steps', count: steps };
}

/** A token count and steps that multiply to another one leave it open which of them ends the run. */
function checked(
  plan: TokenPlan,
  steps: Known<number> | null,
  total: Known<number> | null,
): TokenPlan {
  const { globalBatch, sequenceLength, tokensPerStep } = plan;
  const each =
    tokensPerStep?.value ??
    (globalBatch && sequenceLength ? globalBatch.value * sequenceLength.value : null);
  if (!steps || !total || each === null) return plan;
  const ratio = (steps.value * each) / total.value;
  if (Math.abs(ratio - 1) <= 0.01) return plan;
  const disagree = need('tokens', 'the steps and the token count of the file do not agree');
  return { ...plan, duration: null, needs: [...(plan.needs ?? []), disagree] };
}

const fromWeights = [
  'load_path',
  'resume_from',
  'resume_from_checkpoint',
  'init_checkpoint',
  'initialize_from',
  'pretrained',
  'pretrained_path',
  'pretrained_model',
  'pretrained_model_name_or_path',
  'from_pretrained',
  'load_checkpoint',
];

/** Weights to start from continue a run; adapters and instruction data fine-tune. */
function roleOf(fields: Fields): Role {
  const places = sections(fields);
  const stated = (names: readonly string[]) =>
    places.some((at) =>
      names.some((name) => {
        const path = under(at, name);
        return fields.isSet(path) && fields.boolean(path)?.value !== false;
      }),
    );
  const adapters = ['lora', 'lora_r', 'lora_rank', 'peft', 'adapter', 'finetune', 'finetuning'];
  if (stated(adapters)) return 'finetune';
  const start = places.map((at) => fields.string(under(at, 'init_from'))?.value).find(Boolean);
  const elsewhereFrom = start !== undefined && start !== 'scratch' && start !== 'random';
  return stated(fromWeights) || elsewhereFrom ? 'continued' : 'pretrain';
}
