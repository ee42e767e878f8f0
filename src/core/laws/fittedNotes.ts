import type { Extrapolation, FittedRange } from './law.ts';

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** A range as a sentence has it: `30.5 M to 822 M`. */
function rangeWords([low, high]: readonly [number, number]): string {
  const spaced = (value: number) => compact.format(value).replace(/(?=[A-Z])/, ' ');
  return `${spaced(low)} to ${spaced(high)}`;
}

/** What to know of a run whose size lies outside of the fit, whole sentences; empty inside. */
export function sizeNotes(
  outside: readonly Extrapolation[],
  { parameters, tokens }: FittedRange,
): string[] {
  const sentence = (what: string) => `The law was fitted on ${what}, and this is outside.`;
  return [
    ...(outside.includes('parameters') ? [sentence(`${rangeWords(parameters)} parameters`)] : []),
    ...(outside.includes('tokens') ? [sentence(`${rangeWords(tokens)} tokens`)] : []),
  ];
}
