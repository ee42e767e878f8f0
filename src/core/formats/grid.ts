import type { NumberFormat } from './format.ts';

/** A stretch of a format's values that lie evenly: `from`, `from + step`, … `to`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** What the values of a format follow from. */
export type GridFormat = Pick<
  NumberFormat,
  'exponentBits' | 'mantissaBits' | 'bias' | 'maximum' | 'codebook'
>;

/**
 * Binades that are told apart, counted from the largest value. What lies below is taken to be as
 * evenly spaced as the last of them: under 2^-16 of the largest value that is nothing next to the
 * error of the rest.
 */
const binades = 16;

/**
 * The values of a format from 0 up, as stretches of even spacing that follow on each other: one
 * list for both signs, or one a sign where they differ (NF4). Integers are taken symmetric.
 */
export function gridOf(format: GridFormat): readonly (readonly Stretch[])[] {
  const { exponentBits, mantissaBits, bias, maximum, codebook } = format;
  if (codebook) return [1, -1].map((sign) => stretchesBetween(codebook, sign));
  if (exponentBits === null || mantissaBits === null || bias === null) {
    return [[{ from: 0, to: maximum, step: 1 }]];
  }
  const top = Math.floor(Math.log2(maximum));
  const bottom = Math.max(1 - bias, top - binades);
  const stretches = [{ from: 0, to: 2 ** bottom, step: 2 ** (bottom - mantissaBits) }];
  for (let exponent = bottom; exponent <= top; exponent++) {
    const from = 2 ** exponent;
    const to = Math.min(2 * from, maximum);
    stretches.push({ from, to, step: from * 2 ** -mantissaBits });
  }
  return [stretches.filter(({ from, to }) => to > from)];
}

function stretchesBetween(codebook: readonly number[], sign: number): Stretch[] {
  const values = codebook.map((value) => value * sign).filter((value) => value >= 0);
  values.sort((a, b) => a - b);
  return values
    .slice(1)
    .map((to, index) => ({ from: values[index] ?? 0, to, step: to - (values[index] ?? 0) }));
}
