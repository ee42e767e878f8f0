import type { FailOn } from '../../core/run/policy.ts';
import { analysisSettings, findingIdsOption, type AnalysisValues } from '../analysisOptions.ts';
import { UsageError } from '../args.ts';
import { beyond, readBaseline, writeBaseline } from '../baseline.ts';
import { checkFile, type Checked } from '../checkFiles.ts';
import { collectFiles, readAhead, standardInput, type Found } from '../files.ts';
import type { TextRead } from '../readText.ts';
import { exitCodes, type Io } from '../io.ts';
import { OtherFiles } from '../otherFiles.ts';
import { complain, printLines } from '../output.ts';
import { print, type OutputKind } from '../outputs/registry.ts';
import { plural } from '../../core/present/numbers.ts';
import { isFailure } from '../severities.ts';
import { preflight } from './preflight.ts';

/** From how many files on a person at a terminal is shown the progress. */
const manyFiles = 200;

interface Values extends AnalysisValues {
  readonly output?: OutputKind;
  readonly json?: boolean;
  readonly sarif?: boolean;
  readonly verbose?: boolean;
  readonly preflight?: boolean;
  readonly 'fail-on'?: FailOn;
  readonly disable?: readonly string[];
  readonly baseline?: string;
  readonly 'write-baseline'?: string;
  readonly 'stdin-filename'?: string;
  readonly exclude?: readonly string[];
  readonly 'no-ignore'?: boolean;
}

/** `floatcast check`: analyses files, folders and globs; exits by what was found. */
export async function check(
  values: Values,
  positionals: readonly string[],
  io: Io,
): Promise<number> {
  const settings = await analysisSettings(values, io);
  const disabled = findingIdsOption('disable', values.disable);
  const kind = outputKind(values);
  const writes = values['write-baseline'];
  if (values.baseline !== undefined && writes !== undefined) {
    throw new UsageError('Only one of --baseline and --write-baseline can be asked for.');
  }
  const known = values.baseline === undefined ? null : await readBaseline(io, values.baseline);
  if (values.preflight) forPreflight(values, positionals);
  const { problems, total, texts } = await textsOf(values, positionals, io);
  for (const problem of problems) complain(io, problem);
  if (values.preflight) {
    const code = await preflight(
      { texts, settings, disabled, known, failOn: values['fail-on'] },
      io,
    );
    return problems.length > 0 ? exitCodes.failed : code;
  }
  let failed = problems.length > 0;
  const done: Checked[] = [];
  const progress = progressFor(io, total);
  const others = new OtherFiles(io.cwd);
  for await (const [index, found, read] of texts) {
    progress(index);
    const checked = await checkFile(found, read, settings, others, disabled);
    if ('problem' in checked) {
      complain(io, checked.problem);
      failed = true;
    } else if (checked.runs.length > 0) {
      done.push(known ? beyond(known, checked) : checked);
    }
  }
  progress(total);
  if (writes !== undefined) {
    const written = await writeBaseline(io, writes, done);
    printLines(io, [`${plural(written, 'finding')} in the baseline ${writes}.`]);
    return failed ? exitCodes.failed : exitCodes.clean;
  }
  print(kind, io, done, values.verbose === true);
  if (failed) return exitCodes.failed;
  return isFailure(done, values['fail-on']) ? exitCodes.findings : exitCodes.clean;
}

function outputKind({ output, json, sarif }: Values): OutputKind | 'runs' {
  const asked = [output, json && 'runs', sarif && 'sarif'].filter((each) => each !== undefined);
  if (asked.length > 1) {
    throw new UsageError('Only one of --output, --json and --sarif can be asked for.');
  }
  return output ?? (json ? 'runs' : sarif ? 'sarif' : 'text');
}

/** @throws UsageError for what does not go with one line a script. */
function forPreflight(values: Values, positionals: readonly string[]): void {
  const others = ['output', 'json', 'sarif', 'verbose', 'write-baseline'] as const;
  const other = others.find((each) => values[each] !== undefined);
  if (other !== undefined) throw new UsageError(`--preflight does not go with --${other}.`);
  if (positionals.length === 0) throw new UsageError('--preflight needs a launch script.');
}

interface Texts {
  readonly problems: readonly string[];
  readonly total: number;
  readonly texts: AsyncIterable<readonly [number, Found, TextRead]>;
}

/** The files that are named, or what stands on standard input under the name it was given. */
async function textsOf(values: Values, named: readonly string[], io: Io): Promise<Texts> {
  const name = values['stdin-filename'];
  if (!named.includes('-')) {
    if (name !== undefined) throw new UsageError('--stdin-filename goes with - as the only path.');
    const { files, problems } = await collectFiles(io.cwd, named.length > 0 ? named : ['.'], {
      exclude: values.exclude ?? [],
      ignored: values['no-ignore'] !== true,
    });
    return { problems, total: files.length, texts: readAhead(io.cwd, files) };
  }
  if (named.length > 1 || name === undefined || name === '') {
    throw new UsageError('- is read as the only path, and needs --stdin-filename NAME.');
  }
  return { problems: [], total: 1, texts: standardInput(io, name) };
}

/** Keeps a count on the last line of a terminal while many files are read; silent elsewhere. */
function progressFor({ stderr }: Io, total: number): (done: number) => void {
  if (stderr.isTTY !== true || total <= manyFiles) return () => undefined;
  return (done) => {
    if (done === total) stderr.write('\r\u001b[K');
    else if (done % 20 === 0) stderr.write(`\r${done} of ${total} files`);
  };
}
