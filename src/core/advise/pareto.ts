import type { Law, RunPoint } from '../laws/law.ts';
import { candidates, type Candidate } from './candidates.ts';
import { runCost, type CostTerms, type RunCost } from './cost.ts';
import { tokensToMatchTwin } from './matchTokens.ts';
import { trainingMemory, type StoredParameters, type TrainingMemory } from './memory.ts';

/** A format for the run with what it costs. */
export interface TradeOff {
  readonly candidate: Candidate;
  readonly cost: RunCost;
  readonly memory: TrainingMemory;
  /** Tokens at which it reaches the loss of the BF16 twin; null when the law sees none. */
  readonly tokensToMatch: number | null;
}

/** What can be spent: bit-linear compute with scales, hours, money, or bytes of memory. */
export type Spending = 'compute' | 'hours' | 'money' | 'memory';

/** Every format that the run could train in, on the accelerator where there is one, and its own. */
export function tradeOffs(
  law: Law,
  point: RunPoint,
  stored: StoredParameters,
  terms: CostTerms,
): readonly TradeOff[] {
  return candidates(law, point, terms.accelerator)
    .filter(({ native, current }) => native !== false || current)
    .map((candidate) => ({
      candidate,
      cost: runCost(candidate.point, candidate.storedBits, terms),
      memory: trainingMemory(stored, candidate.point, candidate.storedBits),
      tokensToMatch: tokensToMatchTwin(law, candidate.point),
    }));
}

/** What a row spends of one thing; null where that is not known. */
function spent({ cost, memory }: TradeOff, on: Spending): number | null {
  switch (on) {
    case 'compute':
      return cost.bitLinearWithScales;
    case 'hours':
    case 'money':
      return cost[on];
    case 'memory':
      return memory.total;
  }
}

/** A row whose gap and spending are both known. */
export interface Placed {
  readonly row: TradeOff;
  readonly gap: number;
  readonly amount: number;
}

/** The rows that have a gap and an amount, the cheapest first, then the least gap. */
export function placed(rows: readonly TradeOff[], on: Spending): readonly Placed[] {
  return rows
    .flatMap((row) => {
      const { gap } = row.candidate.forecast;
      const amount = spent(row, on);
      return gap === null || amount === null ? [] : [{ row, gap, amount }];
    })
    .sort((a, b) => a.amount - b.amount || a.gap - b.gap);
}

/**
 * The rows of which no other has both a gap and an amount as small and one of them smaller, the
 * cheapest first. Rows alike in both stand or fall together.
 */
export function paretoFront(rows: readonly Placed[]): readonly Placed[] {
  return rows.filter(
    (one) =>
      !rows.some(
        (other) =>
          other.gap <= one.gap &&
          other.amount <= one.amount &&
          (other.gap < one.gap || other.amount < one.amount),
      ),
  );
}

/** The cheapest row with a gap of at most `gapNats`; null when there is none. */
export function cheapestWithin(rows: readonly Placed[], gapNats: number): Placed | null {
  return rows.find(({ gap }) => gap <= gapNats) ?? null;
}

/** A row trained on until it reaches the loss of the run's BF16 twin, and what that spends. */
export interface Matching {
  readonly row: TradeOff;
  /** Tokens relative to the run's own. */
  readonly tokenRatio: number;
  readonly amount: number;
}

/**
 * The rows that reach the loss of the BF16 twin, cheapest first with the longer training counted:
 * time, money and compute grow with the tokens, memory does not.
 */
export function cheapestToMatch(rows: readonly Placed[], on: Spending): readonly Matching[] {
  return rows
    .flatMap(({ row, amount }) => {
      if (row.tokensToMatch === null) return [];
      const tokenRatio = row.tokensToMatch / row.candidate.point.tokens;
      return [{ row, tokenRatio, amount: on === 'memory' ? amount : amount * tokenRatio }];
    })
    .sort((a, b) => a.amount - b.amount);
}
