import { pointFor } from '../laws/point.ts';
import {
  baselineNames,
  columnsNamed,
  computeNames,
  countIn,
  leavesEmbeddingsOut,
  lossColumns,
  lossIn,
  normalised,
  parameterNames,
  quoted,
  repeatedNotes,
  textIn,
  tokenNames,
  type Column,
} from './columns.ts';
import type { MeasuredRun } from './model.ts';
import { readTable, type Row, type Table } from './table.ts';
import {
  precisionColumns,
  precisionIn,
  quantisersOf,
  saysFormat,
  type PrecisionColumns,
} from './tablePrecision.ts';

/** The finished runs of a table, and what was done to read it. */
export interface RunsRead {
  readonly runs: readonly MeasuredRun[];
  /** Which columns were used, what was assumed, which rows were left out: whole sentences. */
  readonly notes: readonly string[];
  /** Those of the notes that say which rows were left out. */
  readonly leftOut: readonly string[];
}

/** Which columns hold what; undefined where none does. */
interface Columns {
  readonly parameters: Column;
  readonly tokens: Column | undefined;
  readonly compute: Column | undefined;
  readonly loss: Column;
  readonly baseline: Column | undefined;
  readonly state: Column | undefined;
  readonly precision: PrecisionColumns;
}

/** A run, or why its row gives none: the end of the sentence “3 rows …”. */
type RowRead = { readonly run: MeasuredRun } | { readonly why: string };

/** Below this a number of parameters is a count in millions whose unit nobody wrote. */
const fewestParameters = 10_000;

/**
 * Reads a table of finished runs (CSV, JSONL or JSON): N, D, format and final loss by the names
 * that such columns commonly have. A row that cannot be read is left out and counted in `notes`;
 * a table without a single run is an error, one sentence.
 */
export function readRuns(name: string, text: string): RunsRead | { readonly error: string } {
  const table = readTable(name, text);
  if ('error' in table) return table;
  const columns = columnsOf(table.columns);
  if ('missing' in columns) {
    const seen = table.columns.slice(0, 12).map(quoted).join(', ');
    return { error: `${name} has no column of ${columns.missing}; its columns are ${seen}.` };
  }
  const runs: MeasuredRun[] = [];
  const failures = new Map<string, number[]>();
  for (const row of table.rows) {
    const read = readRow(row, columns);
    if ('run' in read) runs.push(read.run);
    else {
      const alike = failures.get(read.why);
      if (alike) alike.push(row.number);
      else failures.set(read.why, [row.number]);
    }
  }
  const leftOut = failureNotes(failures, table.rows.length, table.broken);
  if (runs.length === 0)
    return { error: `${name} holds no run that can be read. ${leftOut.join(' ')}` };
  const notes = [
    ...columnNotes(columns, table),
    ...recipeNotes(table.rows, columns),
    ...repeatNotes(runs),
    ...leftOut,
  ];
  return { runs, notes, leftOut };
}

function columnsOf(headers: readonly string[]): Columns | { readonly missing: string } {
  const first = (...names: readonly string[]) => columnsNamed(headers, names)[0];
  const [parameters] = columnsNamed(headers, parameterNames, true);
  const [tokens] = columnsNamed(headers, tokenNames, true);
  const [compute] = columnsNamed(headers, computeNames);
  const [loss] = lossColumns(headers, 'finished-run');
  if (!parameters) return { missing: 'parameters (such as “parameters” or “n”)' };
  if (!tokens && !compute) return { missing: 'tokens (such as “tokens” or “d”)' };
  if (!loss) return { missing: 'losses (such as “loss” or “val_loss”)' };
  return {
    ...{ parameters, tokens, compute, loss, baseline: first(...baselineNames) },
    precision: precisionColumns(headers),
    state: first('state'),
  };
}

function readRow({ cells }: Row, columns: Columns): RowRead {
  if (/^(?:crashed|failed|killed|running)$/i.test(textIn(cells, columns.state))) {
    return { why: 'of runs that did not finish' };
  }
  const parameters = countIn(cells, columns.parameters);
  if (parameters === null) return { why: 'without a number of parameters' };
  if (parameters < fewestParameters) {
    return { why: 'with fewer than 10,000 parameters (write 30M, or call the column params_m)' };
  }
  const tokens = tokensIn(cells, columns, parameters);
  if (tokens === null) return { why: 'without a number of tokens' };
  const loss = lossIn(cells, columns.loss);
  if (loss === null) return { why: 'without a loss above zero' };
  const precision = precisionIn(cells, columns.precision);
  if ('why' in precision) return precision;
  const point = pointFor({ parameters, tokens, ...precision });
  if (!point) return { why: 'whose numbers no law can be asked about' };
  const bf16Loss = columns.baseline ? lossIn(cells, columns.baseline) : null;
  return { run: { point, loss, bf16Loss } };
}

function tokensIn(
  cells: ReadonlyMap<string, string>,
  { tokens, compute }: Columns,
  parameters: number,
): number | null {
  if (tokens) return countIn(cells, tokens);
  const spent = compute ? countIn(cells, compute) : null;
  return spent === null ? null : spent / (6 * parameters);
}

/** Recipes that a fit takes for one although they are not. */
function recipeNotes(rows: readonly Row[], columns: Columns): readonly string[] {
  const named = rows.flatMap(({ cells }) => quantisersOf(cells, columns.precision.quantisers));
  const quantisers = [...new Set(named)];
  if (quantisers.length < 2) return [];
  const which = quantisers.slice(0, 6).map(quoted).join(', ');
  return [
    `Quantisers differ (${which}), and were taken for one: a table of one recipe tells more.`,
  ];
}

/** Seeds of one run end within a share of about half of this of each other (our own choice). */
const seedScatter = 0.01;

/** Runs that only their loss tells apart: several seeds, or several validation sets of one run. */
function repeatNotes(runs: readonly MeasuredRun[]): readonly string[] {
  const losses = new Map<string, { least: number; most: number }>();
  for (const { point, loss } of runs) {
    const of = JSON.stringify(point);
    const { least, most } = losses.get(of) ?? { least: loss, most: loss };
    losses.set(of, { least: Math.min(least, loss), most: Math.max(most, loss) });
  }
  const repeated = runs.length - losses.size;
  if (repeated === 0) return [];
  const apart = Math.max(...[...losses.values()].map(({ least, most }) => most / least - 1));
  const advice =
    apart > seedScatter
      ? `They end up to ${(100 * apart).toPrecision(2)} % apart, further than seeds do: what else ` +
        'tells them apart was not read, so keep the runs of one recipe and one text.'
      : 'Seeds are fine; of one run’s losses on several texts keep one.';
  return [`${repeated} of ${runs.length} runs repeat the N, D and format of another. ${advice}`];
}

function columnNotes(columns: Columns, { columns: headers, repeated }: Table): readonly string[] {
  const { parameters, tokens, compute, loss, precision } = columns;
  const rivals = lossColumns(headers, 'finished-run').filter(({ name }) => name !== loss.name);
  const used = [parameters, tokens ?? compute, loss].map((each) => `“${each?.name ?? ''}”`);
  return [
    `N, D and the loss were read from ${used.join(', ')}.`,
    ...(rivals.length > 0
      ? [`Other columns of losses were left alone: ${rivals.map(({ name }) => name).join(', ')}.`]
      : []),
    ...repeatedNotes(repeated),
    ...(tokens ? [] : ['D was worked out of the compute: C / 6N.']),
    ...(leavesEmbeddingsOut(parameters.name) || /^n[mb]?$/.test(normalised(parameters.name))
      ? []
      : [`The laws count N without embeddings; “${parameters.name}” was taken as it stands.`]),
    ...(saysFormat(precision)
      ? []
      : ['No column names a number format, so every run was taken for one in BF16.']),
    ...(saysFormat(precision) && precision.scalings.length === 0
      ? ['No column tells the scaling, so each format was taken with its default block.']
      : []),
  ];
}

function failureNotes(
  failures: ReadonlyMap<string, readonly number[]>,
  rows: number,
  broken: number,
): readonly string[] {
  const total = [...failures.values()].reduce((sum, each) => sum + each.length, 0) + broken;
  if (total === 0) return [];
  const reasons = [...failures].map(
    ([why, numbers]) =>
      `${numbers.length} ${why} (${numbers.length > 1 ? 'the first in ' : ''}row ${numbers[0] ?? 0})`,
  );
  if (broken > 0) reasons.push(`${broken} not in JSON`);
  const all = rows + broken === 1 ? '1 row' : `${rows + broken} rows`;
  return [`Left out ${total} of ${all}: ${reasons.join('; ')}.`];
}
