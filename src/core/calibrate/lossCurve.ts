import { digits } from '../run/digits.ts';
import type { LossPoint } from '../run/measured.ts';

/** What a log does not say itself. */
export interface LogUnits {
  readonly tokensPerStep: number | null;
  /** Tokens of a sample, for logs that count samples. */
  readonly sequenceLength?: number | null;
  /** For losses in bits per byte: how many bytes a token stands for. */
  readonly bytesPerToken?: number | null;
}

/** A curve of more points than a plot has pixels says no more. */
const mostPoints = 2000;

/** Nats a token in one bit a byte; null where it is not known how many bytes a token has. */
export function natsPerBit({ bytesPerToken = null }: LogUnits): number | null {
  return bytesPerToken === null ? null : Math.LN2 * bytesPerToken;
}

/** Says how bits were made nats. */
export function bitsNote({ bytesPerToken = 0 }: LogUnits): string {
  return `Bits per byte were made nats per token with ${digits(bytesPerToken ?? 0)} bytes a token, as stated.`;
}

/** Why a log gives no losses: a sentence, and whether a number of the caller's would help. */
export interface LossError {
  readonly error: string;
  readonly needs?: 'bytesPerToken';
}

/** That a log in bits per byte needs the bytes of a token. */
export function bitsNeedBytes(name: string): LossError {
  const error = `${name} has its losses in bits per byte; how many bytes a token stands for has to be stated.`;
  return { error, needs: 'bytesPerToken' };
}

/** A curve and what was done to get it, whole sentences. */
export interface Curve {
  readonly points: readonly LossPoint[];
  readonly notes: readonly string[];
}

/** Points in order, each number of tokens once, as many as a plot can show. */
export function curveOf(logged: readonly LossPoint[], unread: number): Curve {
  const byTokens = new Map(logged.map(({ tokens, loss }) => [tokens, loss]));
  const repeated = logged.length - byTokens.size;
  const points = [...byTokens]
    .map(([tokens, value]) => ({ tokens, loss: value }))
    .sort((a, b) => a.tokens - b.tokens);
  const thinned = thin(points);
  const notes = [
    ...(unread > 0
      ? [`Left out, for they hold no number that can be read: ${rowCount(unread)}.`]
      : []),
    ...(repeated > 0
      ? [`Logged more than once, the last time counts: ${rowCount(repeated)}.`]
      : []),
    ...(thinned.length < points.length
      ? [`${points.length} points were thinned to ${thinned.length}, the median of each stretch.`]
      : []),
  ];
  return { points: thinned, notes };
}

/** `3 rows`, `1 row`. */
export function rowCount(number: number): string {
  return number === 1 ? '1 row' : `${number} rows`;
}

/** At most `mostPoints` points: stretches of as many rows each, each by its medians. */
function thin(points: readonly LossPoint[]): readonly LossPoint[] {
  if (points.length <= mostPoints) return points;
  return Array.from({ length: mostPoints }, (_, index) => {
    const from = Math.floor((index * points.length) / mostPoints);
    const to = Math.floor(((index + 1) * points.length) / mostPoints);
    const stretch = points.slice(from, to);
    return {
      tokens: median(stretch.map(({ tokens }) => tokens)),
      loss: median(stretch.map(({ loss }) => loss)),
    };
  });
}

/** The middle value, or the lower of the two middle ones, so that it is one that was measured. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
