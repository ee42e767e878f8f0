import type { Notice } from '../run/notice.ts';
import type { FitResult } from '../calibrate/fit.ts';
import type { Files } from '../run/files.ts';
import type { CalibratedConstant, Calibration } from '../laws/calibration.ts';
import type { Law } from '../laws/law.ts';
import { pointFor } from '../laws/point.ts';
import { lawById, laws } from '../laws/registry.ts';
import { pathsAbove } from './pathsAbove.ts';
import { lineMap } from '../syntax/lines.ts';
import { parse } from '../syntax/parse.ts';
import type { ConfigNode, Entry, Place } from '../syntax/tree.ts';

/** The name of the file in which a workspace keeps its own constants of a law. */
export const calibrationFileName = 'floatcast.calibration.json';
const calibrationFileNames = [calibrationFileName];

/** Whether a path is that of a calibration file by its name, which is no training config. */
export function isCalibrationFile(path: string): boolean {
  return path.split('/').at(-1) === calibrationFileName;
}

/** What the calibration file in force for a config says, if there is one. */
export interface CalibrationRead {
  readonly calibration: Calibration | null;
  readonly notices: readonly Notice[];
  /** Paths that were not handed in. */
  readonly wants: readonly string[];
}

/**
 * Reads the calibration file for a config, out of the files handed in: the one of the setting,
 * else the nearest `floatcast.calibration.json` beside or above the config.
 */
export function readCalibration(
  config: string,
  path: string | null,
  files: Files,
): CalibrationRead {
  const paths = path === null ? pathsAbove(config, calibrationFileNames) : [path];
  const wants = paths.filter((each) => files.get(each) === undefined);
  const found = paths.find((each) => typeof files.get(each) === 'string');
  const text = found === undefined ? undefined : files.get(found);
  if (found !== undefined && typeof text === 'string') {
    return { ...readCalibrationFile(found, text), wants };
  }
  // Of a file that the setting names it is worth a word that it is not there.
  const gone = path !== null && files.get(path) === null;
  const message = `The calibration file ${path ?? ''} cannot be read: it has to lie in the workspace.`;
  return { calibration: null, notices: gone ? [{ message, place: null }] : [], wants };
}

/** Keys that say where the constants come from; nothing is computed from them. */
const remarks: readonly string[] = ['$schema', 'fittedOn', 'notes'];

const lawNeeded = `“law” is one of ${laws.map(({ id }) => id).join(', ')}.`;
const numberNeeded = 'needs a number, or { "value": …, "low": …, "high": … }.';

/** What one calibration file says, and what in it cannot be understood, each at its place. */
export function readCalibrationFile(path: string, text: string): Omit<CalibrationRead, 'wants'> {
  const tree = parse(path, text, 'json');
  const lineOf = lineMap(text);
  const notices: Notice[] = [];
  const complain = (place: Place, what: string) => {
    notices.push({ message: `${path}, line ${lineOf(place.start).line}: ${what}`, place });
  };
  for (const problem of tree.problems) {
    if (problem.severity === 'error') complain(problem.place, problem.message);
  }
  const [root] = tree.documents;
  const nothing = { calibration: null, notices };
  if (root?.kind !== 'map') {
    const place = root?.place ?? { file: path, start: 0, end: 0 };
    if (notices.length === 0) complain(place, 'the file is no object with “law” and “constants”.');
    return nothing;
  }
  for (const { key, keyPlace } of root.entries) {
    if (['law', 'constants', 'draws', ...remarks].includes(key)) continue;
    complain(keyPlace, `“${key}” is none of law, constants, draws, ${remarks.join(', ')}.`);
  }
  const named = root.byKey.get('law')?.value;
  const law = named?.kind === 'scalar' ? lawById(named.text) : undefined;
  if (!law) {
    complain(named?.place ?? root.place, lawNeeded);
    return nothing;
  }
  const given = root.byKey.get('constants')?.value;
  if (given?.kind !== 'map') {
    complain(given?.place ?? root.place, '“constants” maps the law’s constants to numbers.');
    return nothing;
  }
  const read = given.entries.map((entry) => [entry.key, readConstant(entry, law)] as const);
  for (const [, each] of read) if ('why' in each) complain(each.place, each.why);
  const constants: Readonly<Record<string, CalibratedConstant>> = Object.fromEntries(
    read.flatMap(([key, each]) => ('why' in each ? [] : [[key, each] as const])),
  );
  if (Object.keys(constants).length === 0) return nothing;
  const draws = drawsIn(root.byKey.get('draws')?.value, law);
  if (draws !== null && 'why' in draws) complain(draws.place, draws.why);
  const calibration = {
    file: path,
    law: law.id,
    constants,
    ...(draws !== null && 'values' in draws && { draws: draws.values }),
  };
  if (!isSensible(law, calibration)) {
    const what = 'gives losses that no model can have, so none of them is used';
    complain(given.place, `with these constants the law of ${law.name} ${what}.`);
    return nothing;
  }
  return { calibration, notices };
}

/** Kumar's offsets and Chen's exponents are fitted with their signs; the others are magnitudes. */
const mayBeNegative = /^offset|^gamma[DNG]W/;

function readConstant(
  { key, keyPlace, value }: Entry,
  law: Law,
): CalibratedConstant | { readonly place: Place; readonly why: string } {
  if (!Object.hasOwn(law.constants, key)) {
    const known = Object.keys(law.constants).join(', ');
    return { place: keyPlace, why: `“${key}” is none of the constants of ${law.name}: ${known}.` };
  }
  const number = numberOf(value.kind === 'map' ? value.byKey.get('value')?.value : value);
  if (number === null) return { place: value.place, why: `“${key}” ${numberNeeded}` };
  if (number < 0 && (law.constants[key] ?? 0) > 0 && !mayBeNegative.test(key)) {
    return { place: value.place, why: `“${key}” is a constant that cannot be negative.` };
  }
  if (!isSensibleConstant(number, law.constants[key] ?? 1)) {
    const why = `“${key}” is out of any sensible range: it gives losses that no model can have.`;
    return { place: value.place, why };
  }
  const bound = (name: string) =>
    value.kind === 'map' ? numberOf(value.byKey.get(name)?.value) : null;
  return { value: number, low: bound('low'), high: bound('high') };
}

/** More resamples than this would make every forecast slow. */
const mostDraws = 200;

/** The constants of resampled fits; null where there are none, or why they cannot be used. */
function drawsIn(
  node: ConfigNode | undefined,
  law: Law,
):
  | { readonly values: Readonly<Record<string, readonly number[]>> }
  | { readonly place: Place; readonly why: string }
  | null {
  if (node === undefined) return null;
  const why = `“draws” maps constants of ${law.name} to lists of at most ${mostDraws} numbers, all as long.`;
  const wrong = { place: node.place, why };
  if (node.kind !== 'map') return wrong;
  const lists = node.entries.map(({ key, value }) => {
    const numbers = value.kind === 'list' ? value.items.map(numberOf) : [];
    const usable = numbers.filter(
      (each) => each !== null && isSensibleConstant(each, law.constants[key] ?? 1),
    );
    return [key, usable as readonly number[], numbers.length] as const;
  });
  const length = lists[0]?.[1].length ?? 0;
  const isWhole = lists.every(
    ([key, usable, all]) =>
      Object.hasOwn(law.constants, key) && usable.length === all && all === length,
  );
  if (length === 0 || length > mostDraws || !isWhole) return wrong;
  return { values: Object.fromEntries(lists.map(([key, usable]) => [key, usable])) };
}

function numberOf(node: ConfigNode | undefined): number | null {
  if (node?.kind !== 'scalar') return null;
  const value = node.style === 'quoted' ? null : node.value;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** How many times larger or smaller than the published one a constant of other runs can be. */
const farthest = 1e6;

function isSensibleConstant(value: number, published: number): boolean {
  const [size, usual] = [Math.abs(value), Math.abs(published)];
  const least = Math.min(1, usual) / farthest;
  return size <= Math.max(1, usual) * farthest && (size === 0 || size >= least);
}

/** Above this, in nats per token, is worse than any guess over a vocabulary of 10⁸ words. */
const highestLoss = 20;

/**
 * Whether a law with these constants can be asked: finite numbers from the smallest run to the
 * largest, and of an ordinary run a loss that a model can have.
 */
function isSensible(law: Law, { file, constants }: Calibration): boolean {
  const values = Object.entries(constants).map(([name, { value }]) => [name, value] as const);
  const own = law.withConstants(Object.fromEntries(values), file);
  const sayings = (parameters: number, tokens: number) =>
    ['bf16', 'fp8-e4m3', 'int4'].flatMap((format) => {
      const point = pointFor({ parameters, tokens, format });
      return point ? [own.forecast(point)] : [];
    });
  const extremes = [1e6, 1e13].flatMap((n) => [1e7, 1e16].flatMap((d) => sayings(n, d)));
  const isFinite = (value: number | null) => value === null || Number.isFinite(value);
  return (
    extremes.every((said) => [said.loss, said.gap, said.criticalTokens].every(isFinite)) &&
    sayings(1e9, 2e10).every(
      ({ bf16Loss, gap }) =>
        (bf16Loss === null || (bf16Loss > 0 && bf16Loss < highestLoss)) &&
        Math.abs(gap ?? 0) < highestLoss,
    )
  );
}

/** What a calibration file says of the runs that its constants were fitted to. */
export interface FittedOn {
  /** The table of runs, as a person would name it. */
  readonly source: string;
  /** The day of the fit, such as `2026-11-22`. */
  readonly date: string;
}

/** The text of the calibration file of a fit. */
export function calibrationText(fit: FitResult, { source, date }: FittedOn): string {
  const constants = Object.entries(fit.constants).map(([name, { value, low, high }]) => [
    name,
    { value: digits(value), low: digits(low), high: digits(high) },
  ]);
  const file = {
    law: fit.law,
    constants: Object.fromEntries(constants) as unknown,
    ...(fit.draws && { draws: shortened(fit.draws) }),
    fittedOn: { source, date, runs: fit.runs, objective: fit.objective, holdOut: fit.holdOut },
    notes: fit.notes,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Five digits are enough of a resample. */
function shortened(draws: NonNullable<FitResult['draws']>): unknown {
  return Object.fromEntries(
    Object.entries(draws).map(([name, each]) => [
      name,
      each.map((value) => Number(value.toPrecision(5))),
    ]),
  );
}

/** Eight digits are more than any fit knows, and as many as give the same forecast back. */
function digits<T extends number | null>(value: T): number | T {
  return value === null ? value : Number(value.toPrecision(8));
}
