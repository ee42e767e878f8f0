import { digits } from '../run/digits.ts';
import type { LossPoint, MeasuredLosses } from '../run/measured.ts';
import {
  baselineNames,
  bitsNames,
  bitsTwinNames,
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
import { readConsoleLog } from './consoleLog.ts';
import { consoleLosses } from './consoleLosses.ts';
import {
  bitsNeedBytes,
  bitsNote,
  curveOf,
  natsPerBit,
  rowCount,
  type Curve,
  type LogUnits,
  type LossError,
} from './lossCurve.ts';
import { readTable, type Table } from './table.ts';

/** The longest log that is read, in characters: what frameworks print has long lines. */
export const mostLogCharacters = 64_000_000;

/** The longest table that is read: some 300,000 steps, read in seconds. */
const mostTableCharacters = 8_000_000;

/** The two curves' columns, and along what they run. */
interface LogColumns {
  readonly along: Column;
  readonly tokensPerUnit: number;
  readonly natsPerUnit: number;
  readonly loss: Column;
  readonly baseline: Column | undefined;
  readonly notes: readonly string[];
}

/**
 * Reads one run's loss log: what a framework printed, or a table (CSV, JSONL or JSON, charts of W&B
 * and TensorBoard, `trainer_state.json`). Losses over tokens, or over steps when `tokensPerStep` is
 * known. Sorted, each number of tokens once (the row that comes last), and thinned to 2,000 points
 * by medians. What cannot be read so is an error, one sentence.
 */
export function readLosses(
  name: string,
  text: string,
  units: LogUnits,
): MeasuredLosses | LossError {
  const printed = /^\s*[[{]["\s{[]/.test(text.slice(0, 200)) ? null : readConsoleLog(text);
  if (printed) return consoleLosses(name, printed, units);
  const table = readTable(name, text, mostTableCharacters);
  if ('error' in table) return table;
  const columns = columnsOf(name, table.columns, units);
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
  units: LogUnits,
): LogColumns | LossError {
  const [tokens] = columnsNamed(headers, tokensSoFarNames, true);
  const [step] = columnsNamed(headers, stepNames);
  const { tokensPerStep } = units;
  const along = tokens ?? step;
  if (!along) {
    return { error: `${name} has no column of tokens or steps (such as “tokens” or “step”).` };
  }
  if (!tokens && tokensPerStep === null) {
    return {
      error: `${name} counts steps (“${along.name}”), and the tokens of a step are not known.`,
    };
  }
  const curves = curvesOf(name, headers, units);
  if ('error' in curves) return curves;
  const { loss, baseline, rivals, inBits } = curves;
  const from = tokens
    ? `over “${along.name}”`
    : `over “${along.name}” × ${digits(tokensPerStep ?? 0)} tokens a step`;
  const notes = [
    `The losses are “${loss.name}” ${from}.`,
    ...(baseline ? [`The BF16 twin’s are “${baseline.name}”.`] : []),
    ...(rivals.length > 0 ? [`Other losses were left alone: ${rivals.join(', ')}.`] : []),
    ...(inBits ? [bitsNote(units)] : []),
  ];
  const natsPerUnit = inBits ? (natsPerBit(units) ?? 1) : 1;
  const tokensPerUnit = tokens ? 1 : (tokensPerStep ?? 0);
  return { along, tokensPerUnit, natsPerUnit, loss, baseline, notes };
}

interface Curves {
  readonly loss: Column;
  readonly baseline: Column | undefined;
  readonly rivals: readonly string[];
  readonly inBits: boolean;
}

/** Which columns hold the run's losses and its twin's. */
function curvesOf(name: string, headers: readonly string[], units: LogUnits): Curves | LossError {
  const charted = chartedRuns(headers);
  if (charted.length === 0) {
    // TensorBoard exports one curve: Wall time, Step, Value.
    const isTensorBoard = columnsNamed(headers, ['walltime']).length > 0;
    const curve = isTensorBoard ? columnsNamed(headers, ['value']) : [];
    const [loss, ...others] = [...lossColumns(headers, 'log'), ...curve];
    const [baseline] = columnsNamed(headers, baselineNames);
    if (loss) return { loss, baseline, rivals: others.map((each) => each.name), inBits: false };
    const [bits, ...more] = columnsNamed(headers, bitsNames);
    if (!bits) return { error: `${name} has no column of losses (such as “loss”).` };
    if (natsPerBit(units) === null) return bitsNeedBytes(name);
    const [bitsTwin] = columnsNamed(headers, bitsTwinNames);
    return { loss: bits, baseline: bitsTwin, rivals: more.map((each) => each.name), inBits: true };
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
  return { loss: loss.column, baseline: baseline?.column, rivals: [], inBits: false };
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
  { along, tokensPerUnit, natsPerUnit }: LogColumns,
  loss: Column,
): Curve {
  const points: LossPoint[] = [];
  let unread = 0;
  for (const { cells } of rows) {
    // Logs have rows of other measurements, and begin with step 0, before any token.
    if (!cells.has(loss.name) || Number(cells.get(along.name)) === 0) continue;
    const passed = countIn(cells, along);
    const value = lossIn(cells, loss);
    if (passed === null || value === null) unread += 1;
    else points.push({ tokens: passed * tokensPerUnit, loss: value * natsPerUnit });
  }
  return curveOf(points, unread);
}
