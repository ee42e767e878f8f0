import { dsvFormat } from 'd3-dsv';
import { maximumCharacters } from '../syntax/limits.ts';

/** One row of a table: its filled cells by column, as text, trimmed. */
export interface Row {
  /** Its line in a CSV or JSONL file, its place in a JSON array; from 1 on. */
  readonly number: number;
  readonly cells: ReadonlyMap<string, string>;
}

/** A table of measurements, whatever file it came in. */
export interface Table {
  /** Every column that some row fills or the header names, in the order of the file. */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** Names that several columns of a CSV file have, of which the first is read. */
  readonly repeated: readonly string[];
  /** How many rows could not be read as such (broken JSON lines). */
  readonly broken: number;
}

/** What binary files and UTF-16 have among their first characters, and no table has. */
const controlCharacter = /[^\P{Cc}\t\r\n\f\v]/u;

/** Objects in objects are read this deep: a W&B summary has two levels. */
const maximumDepth = 4;

/**
 * Reads CSV (comma, semicolon or tab), JSONL, a JSON array of objects, or a JSON object that holds
 * one (`log_history` of a Hugging Face trainer). Never throws: what is no table is an error, one
 * sentence. `name` is the file's, for the sentence; of a text above `most` characters nothing is
 * read.
 */
export function readTable(
  name: string,
  text: string,
  most = maximumCharacters,
): Table | { readonly error: string } {
  if (text.length > most) {
    return { error: `${name} is larger than ${most / 1e6} MB, so it was not read.` };
  }
  if (controlCharacter.test(text.slice(0, 1000))) {
    return { error: `${name} is no text in UTF-8, so it holds no table that can be read.` };
  }
  const content = text.replace(/^\uFEFF/, '');
  const table = /^\s*[[{]/.test(content) ? jsonTable(content) : csvTable(content);
  return table.rows.length > 0 ? table : { error: `${name} holds no table of measurements.` };
}

function csvTable(text: string): Table {
  // The parser knows line feeds and CR LF; old exports have lone carriage returns.
  const lines = text.replace(/\r(?!\n)/g, '\n');
  const places = new Map<string, number>();
  const repeated = new Set<string>();
  const readHead = (head: readonly string[]) => {
    for (const [at, written] of head.entries()) {
      const column = written.trim();
      if (places.has(column)) repeated.add(column);
      else if (column !== '') places.set(column, at);
    }
  };
  // Row by row, so that a file of empty lines takes no memory.
  const rows = dsvFormat(delimiterOf(lines)).parseRows(lines, (line, index): Row | null => {
    if (places.size === 0) {
      readHead(line);
      return null;
    }
    const filled = [...places].flatMap(([column, at]): [string, string][] => {
      const cell = (line[at] ?? '').trim();
      return cell === '' ? [] : [[column, cell]];
    });
    return filled.length > 0 ? { number: index + 1, cells: new Map(filled) } : null;
  });
  return { columns: [...places.keys()], rows, repeated: [...repeated], broken: 0 };
}

/** The delimiter that stands most often in the header; a comma when none does. */
function delimiterOf(text: string): string {
  const head = (/^.*\S.*/m.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '');
  const counted = [',', ';', '\t'].map((each) => ({ each, times: head.split(each).length }));
  return counted.reduce((best, next) => (next.times > best.times ? next : best)).each;
}

function jsonTable(text: string): Table {
  const whole = parsed(text);
  const list = whole === undefined ? null : listOf(whole);
  if (list) return fromRecords(list.map((value, index) => ({ value, number: index + 1 })));
  const lines = text
    .split(/\r\n?|\n/)
    .map((line, index) => ({ value: parsed(line), number: index + 1, line }))
    .filter(({ line }) => line.trim() !== '');
  return fromRecords(lines);
}

/** A JSON value; Python writes NaN and Infinity, which JSON lacks. Undefined for what is none. */
function parsed(text: string): unknown {
  const mended = text.replace(/-?\b(?:NaN|Infinity)\b/g, 'null');
  for (const candidate of mended === text ? [text] : [text, mended]) {
    try {
      return JSON.parse(candidate) as unknown;
    } catch {
      // Not this way; a text that is JSON no way is counted by the caller.
    }
  }
  return undefined;
}

/** The rows of a JSON file: itself, or the longest list of objects that stands in it. */
function listOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return list.every(isTriple) ? list.map(fromTriple) : list;
  }
  if (!isObject(value)) return null;
  const lists = Object.values(value).filter((each) => Array.isArray(each) && each.some(isObject));
  const longest = (lists as unknown[][]).sort((a, b) => b.length - a.length)[0];
  return longest ?? [value];
}

/** TensorBoard's JSON of one curve: `[[wall time, step, value], …]`. */
function isTriple(value: unknown): value is readonly [number, number, number] {
  return (
    Array.isArray(value) && value.length === 3 && value.every((each) => typeof each === 'number')
  );
}

function fromTriple([wallTime, step, value]: readonly [number, number, number]) {
  return { 'Wall time': wallTime, Step: step, Value: value };
}

function fromRecords(
  records: readonly { readonly value: unknown; readonly number: number }[],
): Table {
  const columns = new Set<string>();
  let broken = 0;
  const rows = records.flatMap(({ value, number }): Row[] => {
    if (!isObject(value)) {
      broken += 1;
      return [];
    }
    const cells = new Map<string, string>();
    flatten(value, '', 0, cells);
    for (const column of cells.keys()) columns.add(column);
    return [{ number, cells }];
  });
  return { columns: [...columns], rows, repeated: [], broken };
}

/** Puts the scalars of an object into `cells`, the keys of inner objects joined with dots. */
function flatten(
  value: Readonly<Record<string, unknown>>,
  prefix: string,
  depth: number,
  cells: Map<string, string>,
): void {
  for (const [key, each] of Object.entries(value)) {
    // W&B wraps each key of a config into { "value": … }.
    const name = prefix !== '' && key === 'value' ? prefix : prefix + (prefix && '.') + key;
    if (isObject(each) && depth < maximumDepth) flatten(each, name, depth + 1, cells);
    else if (typeof each === 'number' || typeof each === 'boolean') cells.set(name, String(each));
    else if (typeof each === 'string' && each.trim() !== '') cells.set(name, each.trim());
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
