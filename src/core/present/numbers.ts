import { digits } from '../run/digits.ts';

const siLetters = ['', ' K', ' M', ' B', ' T'] as const;

/** Rounds to `count` significant digits and drops the exponent form as far as a person reads it. */
function significant(value: number, count: number): string {
  const rounded = Number(value.toPrecision(count));
  const decimals = Math.max(0, count - 1 - Math.floor(Math.log10(Math.abs(rounded))));
  return rounded.toFixed(Math.min(decimals, 20));
}

/**
 * A count of parameters or tokens with SI letters and three significant digits: `8.03 B`.
 * Beyond 10,000 T it takes an exponent: `7.70e+16`.
 */
export function count(value: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  if (Math.abs(value) < 999.5) return Number(value.toPrecision(3)).toString();
  const rounded = Number(value.toPrecision(3));
  if (Math.abs(rounded) >= 1e16) return rounded.toExponential(2);
  const step = Math.min(Math.floor(Math.log10(Math.abs(rounded)) / 3), siLetters.length - 1);
  return significant(rounded / 1000 ** step, 3) + (siLetters[step] ?? '');
}

/** A letter that stands for a factor of a count. */
export type CountUnit = 'M' | 'B' | 'T';

const unitSizes: Readonly<Record<CountUnit, number>> = { M: 1e6, B: 1e9, T: 1e12 };

/**
 * A count in a unit that someone else chose, without the letter: `0.31`, `13.4`, `600`.
 * Null where it would take more than five digits or a third decimal.
 */
export function inUnit(value: number, unit: CountUnit): string | null {
  const inside = value / unitSizes[unit];
  if (inside < 0.01 || inside >= 99_999.5) return null;
  return Number(inside.toPrecision(inside < 1 ? 2 : inside < 1000 ? 3 : 5)).toString();
}

/** A whole number with its digits grouped: `6,658,859,008`. */
export function exact(value: number): string {
  return digits(value);
}

/** A loss in nats per token with three significant digits: `2.29`. */
export function lossNats(value: number): string {
  return Number.isFinite(value) && value !== 0 ? significant(value, 3) : '0';
}

/**
 * A gap in nats per token with its sign, in as many significant digits as it has earned: of one
 * that was measured, three and below 0.01 two; a law's are told. Below 0.0001 only that it is so
 * small; a gap of exactly 0 is `0`.
 */
export function gapNats(value: number, digits?: 2 | 3): string {
  if (value === 0 || !Number.isFinite(value)) return '0';
  const size = Math.abs(value);
  if (size < 0.0001) return value < 0 ? '>−0.0001' : '<0.0001';
  return (value < 0 ? '−' : '+') + significant(size, digits ?? (size < 0.01 ? 2 : 3));
}

/**
 * From the least to the greatest gap: `+0.03…0.21`. The lower end has no more decimals than the
 * upper, as long as that leaves it a digit: what is finer than the spread says nothing.
 */
export function gapRange(
  low: number,
  high: number,
  [lowDigits, highDigits]: readonly [2 | 3, 2 | 3] = [2, 2],
): string {
  const upper = gapNats(high, highDigits);
  const own = gapNats(low, lowDigits);
  const decimals = upper.split('.')[1]?.length ?? 0;
  const coarse = low >= 0.0001 ? `+${low.toFixed(decimals)}` : own;
  const lower = /[1-9]/.test(coarse) && coarse.length < own.length ? coarse : own;
  if (lower === upper) return upper;
  return `${lower}…${lower.startsWith('+') ? upper.replace(/^\+/, '') : upper}`;
}

/** A ratio as a share, `10 %`, and from ten on as a multiple, `18×`; two digits below 100 %. */
export function percent(ratio: number): string {
  if (ratio === 0 || !Number.isFinite(ratio)) return '0 %';
  if (ratio < 0.001) return '<0.1 %';
  const two = Number(ratio.toPrecision(2));
  if (two >= 10) return `${Number(ratio.toPrecision(ratio < 100 ? 2 : 3)).toString()}×`;
  const digits = two >= 1 ? 3 : two >= 0.1 ? 2 : 1 + Number(two >= 0.01);
  return `${Number((ratio * 100).toPrecision(digits)).toString()} %`;
}

/** D / D_crit as words: `10 % of D_crit`, `18× D_crit`. */
export function shareOfCritical(ratio: number): string {
  const share = percent(ratio);
  return share.endsWith('×') ? `${share} D_crit` : `${share} of D_crit`;
}

/** A number of bits or of times with at most three significant digits and no trailing zeros. */
export function plain(value: number): string {
  return Number(value.toPrecision(3)).toString();
}

/** Twelve significant digits, which every platform agrees on; null for what is no finite number. */
export function rounded(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? Number(value.toPrecision(12)) : null;
}

/** A number of things: `1 run`, `2 runs`. */
export function plural(number: number, noun: string, ending = 's'): string {
  return `${number} ${noun}${number === 1 ? '' : ending}`;
}
