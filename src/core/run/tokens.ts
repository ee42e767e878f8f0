import type { Edit } from '../syntax/edit.ts';
import { digits } from './digits.ts';
import { derived, placeOf, restsOn, type Known, type Part } from './known.ts';
import { assumptionKeys } from './assumptions.ts';
import type { AssumptionKey, Assumptions, Role, TokenCount, WriteResult } from './run.ts';
import { need, type Need } from './need.ts';

/** How long a run lasts, in the unit the config uses. */
export interface Duration {
  readonly unit: 'steps' | 'sequences' | 'tokens' | 'epochs' | 'seconds';
  readonly count: Known<number>;
  /** The text to write for another count, unit suffix included; plain digits when absent. */
  readonly write?: (count: number) => string;
}

/**
 * What a config says of its training tokens, before arithmetic. Absent knowledge is null.
 * A step trains on `tokensPerStep`, or on a batch of sequences of `sequenceLength` tokens each.
 */
export interface TokenPlan {
  readonly duration: Duration | null;
  /** A second bound on the duration: the run ends at whichever comes first. */
  readonly stop?: Duration | null;
  readonly sequenceLength: Known<number> | null;
  /** Sequences a step over all ranks. */
  readonly globalBatch?: Known<number> | null;
  /** Sequences a step on one data-parallel rank: micro-batch × accumulation. */
  readonly rankBatch?: Known<number> | null;
  /** Tokens a step over all ranks, where the config counts the batch in tokens. */
  readonly tokensPerStep?: Known<number> | null;
  /** Data-parallel ranks, where the file states them. */
  readonly ranks?: Known<number> | null;
  /** GPUs, where the file states them. */
  readonly worldSize?: Known<number> | null;
  /** GPUs that hold one copy of the model (tensor × pipeline × context parallel); null = unknown. */
  readonly modelParallel?: Known<number> | null;
  /** Whether samples are packed: of a fine-tuning run only then every sequence has its full length. */
  readonly packed?: boolean;
  /** What the reader knows to be missing. */
  readonly needs?: readonly Need[];
}

/** Nothing is known of the tokens (a model file, a recipe). */
export const noTokens: TokenPlan = { duration: null, sequenceLength: null };

/** The plan of a run that trains on what its model generates: the tokens stand in no data set. */
export const generatedTokens: TokenPlan = {
  ...noTokens,
  needs: [need('tokens', 'the tokens are generated while the run goes on')],
};

const samplesNeeded = need(
  'tokens',
  'samples are not known to be packed, so a sequence is as long as its sample',
);

/**
 * The plan that D is counted from. Fine-tuning trains on samples of any length unless they are
 * packed: the longest that is allowed, multiplied by steps, would be an upper bound, and is no D.
 */
export function countedPlan(role: Role, plan: TokenPlan): TokenPlan {
  const unit = plan.duration?.unit;
  const isExplained = !plan.sequenceLength && plan.needs !== undefined;
  if (role !== 'finetune' || plan.packed === true || isExplained) return plan;
  if (unit !== 'steps' && unit !== 'sequences') return plan;
  return { ...plan, sequenceLength: null, needs: [...(plan.needs ?? []), samplesNeeded] };
}

const ranksNeeded = need('tokens', 'the global batch needs the number of data-parallel ranks');
const datasetNeeded = need(
  'tokens',
  'the duration is in epochs, so the data set’s tokens are needed (assumption dataset-tokens)',
);

/**
 * Multiplies named factors into one derived value, or gives null when one is missing.
 * `unit` words stand behind each number of the formula: `64,000 steps × 1,024 sequences`.
 */
export function product(
  factors: readonly { readonly name: string; readonly known: Known<number> | null | undefined }[],
): Known<number> | null {
  const parts: Part[] = [];
  let value = 1;
  for (const { name, known } of factors) {
    if (!known) return null;
    value *= known.value;
    parts.push({ name, known });
  }
  if (parts.length === 1 && factors[0]?.known) return factors[0].known;
  const formula = parts.map((p) => `${digits(Number(p.known.value))} ${p.name}`).join(' × ');
  return derived(value, formula, parts);
}

/** Data-parallel ranks: stated, told, or GPUs ÷ GPUs per model copy. */
export function ranksOf(plan: TokenPlan, assumptions: Assumptions): Known<number> | null {
  const told = plan.ranks ?? assumptions['data-parallel-ranks'];
  if (told) return told;
  const gpus = plan.worldSize ?? assumptions['world-size'];
  if (!gpus || plan.modelParallel === null) return null;
  const perCopy = plan.modelParallel?.value ?? 1;
  if (perCopy === 1) return gpus;
  const ranks = gpus.value / perCopy;
  if (!plan.modelParallel || !Number.isInteger(ranks) || ranks < 1) return null;
  return derived(ranks, `${digits(gpus.value)} GPUs ÷ ${digits(perCopy)} per model copy`, [
    { name: 'GPUs', known: gpus },
    { name: 'GPUs per model copy', known: plan.modelParallel },
  ]);
}

/** Tokens of one step: exact, or per data-parallel rank. */
function stepTokens(
  plan: TokenPlan,
  assumptions: Assumptions,
): { total: Known<number> | null; perRank: Known<number> | null } {
  if (plan.tokensPerStep) return { total: plan.tokensPerStep, perRank: null };
  const sequence = { name: 'tokens', known: plan.sequenceLength };
  if (plan.globalBatch) {
    return {
      total: product([{ name: 'sequences', known: plan.globalBatch }, sequence]),
      perRank: null,
    };
  }
  const perRank = product([{ name: 'sequences per rank', known: plan.rankBatch }, sequence]);
  const ranks = ranksOf(plan, assumptions);
  const total = ranks
    ? product([
        { name: 'sequences per rank', known: plan.rankBatch },
        { name: 'ranks', known: ranks },
        sequence,
      ])
    : null;
  return { total, perRank };
}

/** Flattens nested products so that a formula reads as one line of factors. */
function times(steps: Known<number>, name: string, each: Known<number>): Known<number> {
  const inner =
    each.origin.kind === 'derived' && each.origin.formula.includes(' × ')
      ? each.origin.parts.map((p) => ({ name: p.name, known: p.known as Known<number> }))
      : [{ name: 'tokens', known: each }];
  return product([{ name, known: steps }, ...inner]) ?? steps;
}

interface Bound {
  readonly total: Known<number> | null;
  readonly perRank: Known<number> | null;
  readonly needs: readonly Need[];
  readonly settledBy: readonly AssumptionKey[];
}

const nothing: Bound = { total: null, perRank: null, needs: [], settledBy: [] };

/** A reader that leaves the length out on purpose has said why. */
function sequenceNeeds(plan: TokenPlan): readonly Need[] {
  return plan.sequenceLength || plan.needs?.length
    ? []
    : [need('tokens', 'the sequence length is not in the file')];
}

function boundBySteps(steps: Known<number>, plan: TokenPlan, assumptions: Assumptions): Bound {
  const each = stepTokens(plan, assumptions);
  if (each.total) return { ...nothing, total: times(steps, 'steps', each.total) };
  if (each.perRank) {
    return {
      total: null,
      perRank: times(steps, 'steps', each.perRank),
      needs: [ranksNeeded],
      settledBy: plan.modelParallel === null ? ['data-parallel-ranks'] : ['world-size'],
    };
  }
  // A reader that leaves the batch out on purpose has said why.
  const explained = plan.globalBatch ?? plan.rankBatch ?? plan.needs?.length;
  const batch = explained ? [] : [need('tokens', 'the batch size is not in the file')];
  return { ...nothing, needs: [...batch, ...sequenceNeeds(plan)] };
}

function bound(duration: Duration, plan: TokenPlan, assumptions: Assumptions): Bound {
  switch (duration.unit) {
    case 'tokens':
      return { ...nothing, total: duration.count };
    case 'steps':
      return boundBySteps(duration.count, plan, assumptions);
    case 'sequences': {
      const total = plan.sequenceLength && times(duration.count, 'sequences', plan.sequenceLength);
      return { ...nothing, total: total ?? null, needs: sequenceNeeds(plan) };
    }
    case 'epochs': {
      const dataset = assumptions['dataset-tokens'];
      return dataset
        ? { ...nothing, total: times(duration.count, 'epochs', dataset) }
        : { ...nothing, needs: [datasetNeeded], settledBy: ['dataset-tokens'] };
    }
    case 'seconds':
      return {
        ...nothing,
        needs: [need('tokens', 'the duration is a time limit, not a token count')],
      };
  }
}

/**
 * Works out D from what a config says and what a person assumed.
 * Exact, or exact per data-parallel rank, or unknown with the reason: never guessed.
 */
export function countTokens(plan: TokenPlan, assumptions: Assumptions): TokenCount {
  const own = plan.needs ?? [];
  if (!plan.duration) {
    return { total: null, perRank: null, needs: own, settledBy: [] };
  }
  const first = bound(plan.duration, plan, assumptions);
  const second = plan.stop ? bound(plan.stop, plan, assumptions) : null;
  const chosen = second ? earlier(first, second) : first;
  const exact = chosen.total && isCount(chosen.total.value);
  const perRank = chosen.perRank?.value ?? 1;
  if ((chosen.total && !exact) || !isCount(perRank)) {
    return {
      total: null,
      perRank: null,
      needs: [...own, need('tokens', 'the stated numbers do not multiply to a positive count')],
      settledBy: [],
    };
  }
  const assumed = assumedIn(chosen.total, assumptions);
  return {
    ...chosen,
    needs: exact ? [] : [...own, ...chosen.needs],
    ...(assumed.length > 0 && { assumed }),
  };
}

/** The assumptions that a value rests on. */
function assumedIn(
  total: Known<number> | null,
  assumptions: Assumptions,
): NonNullable<TokenCount['assumed']> {
  const found: { key: AssumptionKey; value: number }[] = [];
  for (const key of assumptionKeys) {
    const told = assumptions[key];
    if (told && total && restsOn(total, told)) found.push({ key, value: told.value });
  }
  return found;
}

/** Of two bounds the one that ends the run first; a known one beats an unknown one (an upper bound). */
function earlier(a: Bound, b: Bound): Bound {
  if (a.total && b.total) return b.total.value < a.total.value ? b : a;
  if (a.total) return a;
  if (b.total) return b;
  return a.perRank ? a : b.perRank ? b : a;
}

function isCount(value: number): boolean {
  return Number.isFinite(value) && value >= 1 && value <= Number.MAX_SAFE_INTEGER;
}

/**
 * Cuts the stated duration to at most `tokens`, in its own unit, at the place that states it.
 * Refuses where the duration is not stated as a plain number in a file.
 */
export function cutTokens(plan: TokenPlan, count: TokenCount, tokens: number): WriteResult {
  const duration = plan.duration;
  const place = placeOf(duration?.count);
  if (!duration || !place || !count.total) {
    return { ok: false, reason: 'The duration is not stated as a number in this file.' };
  }
  const perUnit = count.total.value / duration.count.value;
  const cut = Math.floor(tokens / perUnit);
  if (duration.unit === 'epochs' || duration.unit === 'seconds' || cut < 1) {
    return { ok: false, reason: `A duration in ${duration.unit} cannot be cut to a token count.` };
  }
  const edit: Edit = { place, newText: duration.write?.(cut) ?? String(cut) };
  return { ok: true, edits: [edit] };
}
