import type { BudgetQuestion, Law, Optimum } from '../laws/law.ts';

/** The compute-optimal precision by one law, as `budget --json` shows it. */
export interface Budget extends Optimum {
  readonly law: string;
}

/**
 * Asks a law for its compute-optimal precision. Every number is null, with the reason in the
 * notes, when the law gives none or a size in the question is not a positive number.
 */
export function computeOptimal(law: Law, question: BudgetQuestion): Budget {
  const nothing = { bits: null, parameters: null, tokens: null, compute: null, loss: null };
  if (!sizesOf(question).every((size) => Number.isFinite(size) && size > 0)) {
    return { law: law.id, ...nothing, notes: ['The sizes must be positive numbers.'] };
  }
  if (!law.optimum) {
    const reason = `The ${law.name} law gives no compute-optimal precision.`;
    return { law: law.id, ...nothing, notes: [reason] };
  }
  const found = law.optimum(question);
  if (isPossible(found)) {
    return { law: law.id, ...found, notes: [...found.notes, ...outside(found.bits)] };
  }
  return { law: law.id, ...nothing, notes: [`The ${law.name} law has no optimum at such sizes.`] };
}

/** Between which widths an optimum can be that of a format. */
const sensibleBits = { least: 2, most: 10 };

/** What to make of an optimum that no format near the law's data has. */
function outside(bits: number | null): readonly string[] {
  const { least, most } = sensibleBits;
  // A law that knows no formats says 16.
  if (bits === null || bits === 16 || (bits >= least && bits <= most)) return [];
  const instead = bits > most ? 'as many bits as there are' : 'as few bits as there are';
  return [
    `${plainBits(bits)} bits is outside the ${least} to ${most} bits that the law can tell apart: read it as “${instead}”.`,
  ];
}

const plainBits = (bits: number): string => String(Number(bits.toPrecision(3)));

/** Whether every number is one that a run can have: far outside its data a law runs out of them. */
function isPossible({ bits, parameters, tokens, compute, loss }: Optimum): boolean {
  const numbers = [bits, parameters, tokens, compute, loss].filter((each) => each !== null);
  return numbers.every((each) => Number.isFinite(each) && each > 0);
}

function sizesOf(question: BudgetQuestion): readonly number[] {
  switch (question.fixed) {
    case 'compute':
      return [question.compute];
    case 'tokens':
      return [question.tokens];
    case 'parameters':
      return [question.parameters, question.compute];
  }
}
