import type { Extrapolation, FittedRange } from './law.ts';

/** The sizes of a fit alone, without what it was fitted on. */
type Sizes = Pick<FittedRange, 'parameters' | 'tokens'>;

/** Whether N parameters and D tokens lie outside the sizes that a law was fitted on. */
export function outsideSizes(N: number, D: number, { parameters, tokens }: Sizes): Extrapolation[] {
  return [
    ...(within(N, parameters) ? [] : (['parameters'] as const)),
    ...(within(D, tokens) ? [] : (['tokens'] as const)),
  ];
}

/**
 * How far N and D lie outside of a fit, whole sentences; empty inside. Null = no part of the
 * question.
 */
export function sizeNotes(
  N: number | null,
  D: number | null,
  { parameters, tokens }: Sizes,
): string[] {
  return [
    ...(N === null ? [] : sizeNote('N', N, parameters, 'parameters')),
    ...(D === null ? [] : sizeNote('D', D, tokens, 'tokens')),
  ];
}

function sizeNote(
  letter: string,
  value: number,
  range: readonly [number, number],
  what: string,
): string[] {
  if (within(value, range)) return [];
  const [low, high] = range;
  const fit = `of the fit (${sizeWords(low)} to ${sizeWords(high)} ${what})`;
  return [
    value > high
      ? `${letter} is ${threeDigits(value / high)}× the largest ${fit}.`
      : `The smallest ${letter} ${fit} is ${threeDigits(low / value)}× as large.`,
  ];
}

/** Whether a value lies in a range, its ends included. */
export function within(value: number, [low, high]: readonly [number, number]): boolean {
  return value >= low && value <= high;
}

const siLetters = ['', ' K', ' M', ' B', ' T'] as const;

/** A size as a sentence has it: `30.5 M`. */
function sizeWords(value: number): string {
  const step = Math.min(Math.floor(Math.log10(value) / 3), siLetters.length - 1);
  return threeDigits(value / 1000 ** step) + (siLetters[step] ?? '');
}

function threeDigits(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
