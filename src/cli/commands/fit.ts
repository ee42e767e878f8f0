import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { calibrationText } from '../../core/settings/calibrationFile.ts';
import {
  fitLaw,
  fittableLaws,
  usualLaw,
  type FitProgress,
  type FitResult,
} from '../../core/calibrate/fit.ts';
import { readRuns, type RunsRead } from '../../core/calibrate/readRuns.ts';
import { lawById, laws } from '../../core/laws/registry.ts';
import { fitRows, fitSentences } from '../../core/present/fit.ts';
import { integerOption, lawOption, UsageError } from '../args.ts';
import { readText, reasonOf } from '../readText.ts';
import { exitCodes, type Io } from '../io.ts';
import { bold, columns, complain, printJson, printLines, type Line } from '../output.ts';

/** How many resamples the intervals are made from when nobody says. */
const defaultBootstrap = 100;

/** More resamples than this tell no more, and take hours. */
const mostBootstrap = 10_000;

interface Values {
  readonly law?: string;
  readonly 'hold-out'?: string;
  readonly bootstrap?: string;
  readonly pin?: readonly string[];
  readonly output?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `floatcast fit`: the constants of a law from a table of finished runs. */
export async function fit(values: Values, positionals: readonly string[], io: Io): Promise<number> {
  const named = values.law === undefined ? null : fittable(values.law);
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) {
    throw new UsageError('fit needs one table of runs, as CSV, JSONL or JSON.');
  }
  const bootstrap =
    integerOption('bootstrap', values.bootstrap, 0, mostBootstrap) ?? defaultBootstrap;
  const holdOut = holdOutOption(values['hold-out']);
  const force = values.force === true;
  if (values.output !== undefined) await checkOutput(io, values.output, file, force);
  const read = await readTableOf(io, file);
  const law = named ?? usualLaw(read.runs);
  const options = { law, pinned: pinnedConstants(law, values.pin ?? []), bootstrap, holdOut };
  const fitted = finish(fitLaw(read.runs, options), progressOn(io));
  if ('error' in fitted) throw new UsageError([fitted.error, ...read.leftOut].join(' '));
  const notes = [...choiceNotes(named, law), ...read.notes, ...fitted.notes];
  const result = { ...fitted, notes };
  if (values.json) {
    // The resamples are for the calibration file; they tell a reader nothing.
    printJson(io, { ...result, draws: undefined });
  } else printLines(io, lines(result));
  if (values.output !== undefined) {
    const text = calibrationText(result, { source: file, date: today() });
    await write(io, values.output, text, force);
  }
  return exitCodes.clean;
}

/** Says which law was fitted where nobody named one and it is not the one that usually leads. */
function choiceNotes(named: string | null, law: string): readonly string[] {
  return named !== null || law === laws[0]?.id
    ? []
    : [
        `No run is in low precision, so ${lawById(law)?.name ?? law} was fitted; --law names another.`,
      ];
}

function fittable(id: string): string {
  const law = lawOption(id).id;
  if (fittableLaws.includes(law)) return law;
  throw new UsageError(
    `The law ${law} cannot be fitted; those that can: ${fittableLaws.join(', ')}.`,
  );
}

function holdOutOption(text: string | undefined): 'largest-n' | null {
  if (text === undefined || text === 'largest-n') return text ?? null;
  throw new UsageError('--hold-out must be largest-n.');
}

/** The constants of `--pin name=value`. */
function pinnedConstants(law: string, pairs: readonly string[]): Readonly<Record<string, number>> {
  const { name: lawName = law, constants = {} } = lawById(law) ?? {};
  const known = Object.keys(constants);
  const pinned = pairs.map((pair) => {
    const [name = '', text = ''] = pair.split(/=(.*)/s);
    if (!known.includes(name)) {
      throw new UsageError(`--pin knows ${known.join(', ')} of ${lawName}, not “${name}”.`);
    }
    const value = text.trim() === '' ? NaN : Number(text);
    if (!Number.isFinite(value))
      throw new UsageError(`--pin ${name} needs a number, as ${name}=1.`);
    return [name, value] as const;
  });
  return Object.fromEntries(pinned);
}

async function readTableOf(io: Io, file: string): Promise<RunsRead> {
  const text = await readText(io.cwd, file);
  if (text === 'too large')
    throw new UsageError(`${file} is larger than 1 MB, so it was not read.`);
  if ('problem' in text) throw new UsageError(text.problem);
  const read = readRuns(file, text.text);
  if ('error' in read) throw new UsageError(read.error);
  return read;
}

function finish(
  work: ReturnType<typeof fitLaw>,
  progress: (at: FitProgress | null) => void,
): FitResult | { readonly error: string } {
  for (;;) {
    const step = work.next();
    if (step.done === true) {
      progress(null);
      return step.value;
    }
    progress(step.value);
  }
}

const phases: Readonly<Record<FitProgress['phase'], string>> = {
  starts: 'starts',
  bootstrap: 'resamples',
  'hold-out': 'steps of the hold-out',
};

/** Keeps a count on the last line of a terminal; silent elsewhere. */
function progressOn({ stderr }: Io): (at: FitProgress | null) => void {
  if (stderr.isTTY !== true) return () => undefined;
  return (at) =>
    void stderr.write(
      at ? `\r\u001b[K${at.done} of ${at.total} ${phases[at.phase]}` : '\r\u001b[K',
    );
}

function lines(result: FitResult): readonly Line[] {
  const [head, ...rows] = fitRows(result);
  const [title, ...sentences] = fitSentences(result);
  return [bold(title ?? ''), '', ...columns([head ?? [], ...rows], [1, 2, 3]), '', ...sentences];
}

/**
 * Refuses to write over the table, by whatever path, and over any other file unless that is asked
 * for: before the fit, which takes its time.
 */
async function checkOutput(io: Io, output: string, table: string, force: boolean): Promise<void> {
  if (output === '') throw new UsageError('An empty path names no file to write.');
  const statusOf = (file: string) => stat(path.resolve(io.cwd, file)).catch(() => null);
  const [there, read] = await Promise.all([statusOf(output), statusOf(table)]);
  if (!there) return;
  if (there.ino === read?.ino && there.dev === read.dev) {
    throw new UsageError(`${output} is the table of runs itself; -o has to name another file.`);
  }
  if (!force) throw new UsageError(`${output} is there already; --force writes over it.`);
}

async function write(io: Io, file: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(path.resolve(io.cwd, file), text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${reasonOf(error)}.`);
  }
  if (io.stderr.isTTY === true) complain(io, `the constants are in ${file}.`);
}

/** The day by the clock of the machine, as `2026-11-22`. */
function today(): string {
  const now = new Date();
  const two = (part: number) => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
