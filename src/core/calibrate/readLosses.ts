import { digits } from '../run/digits.ts';
import type { LossPoint, MeasuredLosses } from '../run/measured.ts';
import {
  baselineNames,
  columnsNamed,
  countIn,
  lossColumns,
  lossIn,
  normalised,
  repeatedNotes,
  stepNames,
  tokensSoFarNames,
  type Column,
} from './columns.ts';
import { readTable, type Table } from './table.ts';

/** The longest log that is read, in characters: some 300,000 steps, read in seconds. */
export const mostLogCharacters = 8_000_000;

/** A curve of more points than a plot has pixels says no more. */
const mostPoints = 2000;

/** The two curves' columns, and along what they run. */
interface LogColumns {
  readonly along: Column;
  readonly tokensPerUnit: number;
  readonly loss: Column;
  readonly baseline: Column | undefined;
  readonly notes: readonly string[];
}

/**
 * Reads one run's loss log (CSV, JSONL or JSON, W&B charts too): losses over tokens, or over steps
 * when `tokensPerStep` is known. Sorted, each number of tokens once (the row that comes last), and
 * thinned to 2,000 points by medians. What cannot be read so is an error, one sentence.
 */
export function readLosses(
  name: string,
  text: string,
  { tokensPerStep }: { readonly tokensPerStep: number | null },
): MeasuredLosses | { readonly error: string } {
  const table = readTable(name, text, mostLogCharacters);
  if ('error' in table) return table;
  const columns = columnsOf(name, table.columns, tokensPerStep);
  if ('error' in columns) return columns;
  const own = curve(table, columns, columns.loss);
  if (own.points.length === 0) return { error: `${name} holds no loss with its tokens.` };
  const twin = columns.baseline && curve(table, columns, columns.baseline);
  return {
    name,
    points: own.points,
    baseline: twin && twin.points.length > 0 ? twin.points : null,
    notes: [
      ...columns.notes,
      ...repeatedNotes(table.repeated),
      ...own.notes,
      ...(table.broken > 0 ? [`Left out, for they are not JSON: ${rowCount(table.broken)}.`] : []),
    ],
  };
}

function columnsOf(
  name: string,
  headers: readonly string[],
  tokensPerStep: number | null,
): LogColumns | { readonly error: string } {
  const [tokens] = columnsNamed(headers, tokensSoFarNames, true);
  const [step] = columnsNamed(headers, stepNames);
  const along = tokens ?? step;
  if (!along) {
    return { error: `${name} has no column of tokens or steps (such as “tokens” or “step”).` };
  }
  if (!tokens && tokensPerStep === null) {
    return {
      error: `${name} counts steps (“${along.name}”), and the tokens of a step are not known.`,
    };
  }
  const curves = curvesOf(name, headers);
  if ('error' in curves) return curves;
  const { loss, baseline, rivals } = curves;
  const from = tokens
    ? `over “${along.name}”`
    : `over “${along.name}” × ${digits(tokensPerStep ?? 0)} tokens a step`;
  const notes = [
    `The losses are “${loss.name}” ${from}.`,
    ...(baseline ? [`The BF16 twin’s are “${baseline.name}”.`] : []),
    ...(rivals.length > 0 ? [`Other losses were left alone: ${rivals.join(', ')}.`] : []),
  ];
  return { along, tokensPerUnit: tokens ? 1 : (tokensPerStep ?? 0), loss, baseline, notes };
}

interface Curves {
  readonly loss: Column;
  readonly baseline: Column | undefined;
  readonly rivals: readonly string[];
}

/** Which columns hold the run's losses and its twin's. */
function curvesOf(name: string, headers: readonly string[]): Curves | { readonly error: string } {
  const charted = chartedRuns(headers);
  if (charted.length === 0) {
    const [loss, ...others] = lossColumns(headers, 'log');
    if (!loss) return { error: `${name} has no column of losses (such as “loss”).` };
    const [baseline] = columnsNamed(headers, baselineNames);
    return { loss, baseline, rivals: others.map((each) => each.name) };
  }
  const isTwin = ({ run }: { readonly run: string }) => /bf16|bfloat16|baseline/i.test(run);
  const twins = charted.filter(isTwin);
  const own = charted.length === 1 ? charted : charted.filter((each) => !isTwin(each));
  const [loss] = own;
  if (!loss || own.length > 1 || twins.length > 1) {
    const runs = charted.map(({ run }) => run).join(', ');
    return { error: `${name} holds the losses of several runs (${runs}); export one of them.` };
  }
  const baseline = twins.find((each) => each !== loss);
  return { loss: loss.column, baseline: baseline?.column, rivals: [] };
}

/** The columns of a W&B chart, `my-run - train/loss`, without those of its envelope. */
function chartedRuns(
  headers: readonly string[],
): readonly { readonly run: string; readonly column: Column }[] {
  return headers.flatMap((header) => {
    const at = header.indexOf(' - ', 1);
    const isLoss = at > 0 && normalised(header.slice(at + 3)).endsWith('loss');
    return isLoss ? [{ run: header.slice(0, at), column: { name: header, unit: 1 } }] : [];
  });
}

function curve(
  { rows }: Table,
  { along, tokensPerUnit }: LogColumns,
  loss: Column,
): { readonly points: readonly LossPoint[]; readonly notes: readonly string[] } {
  const byTokens = new Map<number, number>();
  let unread = 0;
  let repeated = 0;
  for (const { cells } of rows) {
    // Logs have rows of other measurements, and begin with step 0, before any token.
    if (!cells.has(loss.name) || Number(cells.get(along.name)) === 0) continue;
    const passed = countIn(cells, along);
    const value = lossIn(cells, loss);
    if (passed === null || value === null) {
      unread += 1;
      continue;
    }
    const tokens = passed * tokensPerUnit;
    if (byTokens.has(tokens)) repeated += 1;
    byTokens.set(tokens, value);
  }
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

function rowCount(number: number): string {
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
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
