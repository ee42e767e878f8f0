import { changeCells, changeHeads, changesMarkdown } from '../../core/present/changes.ts';
import { isMove, runChanges, type RunChange } from '../../core/present/runChange.ts';
import type { FailOn } from '../../core/run/policy.ts';
import { syntaxOf } from '../../core/syntax/syntaxOf.ts';
import { analysisSettings, type AnalysisValues } from '../analysisOptions.ts';
import { UsageError } from '../args.ts';
import { checkFile, type Checked } from '../checkFiles.ts';
import { collectFiles } from '../files.ts';
import { Git } from '../git.ts';
import { exitCodes, type Io } from '../io.ts';
import { OtherFiles } from '../otherFiles.ts';
import { columns, complain, printJson, printLines, widthOf } from '../output.ts';
import { readText } from '../readText.ts';
import { plural } from '../../core/present/numbers.ts';
import { RevisionFiles } from '../revisionFiles.ts';
import { reaching } from '../severities.ts';

interface Values extends AnalysisValues {
  readonly base?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly 'max-increase'?: string;
  readonly 'fail-on'?: FailOn;
}

/** `floatcast diff`: what configs that changed since a revision, or draw on what did, do now. */
export async function diff(values: Values, named: readonly string[], io: Io): Promise<number> {
  if (values.json && values.markdown) {
    throw new UsageError('Only one of --json and --markdown can be asked for.');
  }
  const most = natsOption(values['max-increase']);
  const settings = await analysisSettings(values, io);
  const git = await Git.at(io.cwd, values.base ?? 'HEAD');
  const [changed, old] = await Promise.all([git.changed(), git.files()]);
  const now = await collectFiles(io.cwd, named.length > 0 ? named : ['.']);
  // A file that is gone may be named too.
  const isGone = (problem: string) =>
    named.some((each) => old.includes(each) && problem.startsWith(`${each} `));
  const problems = now.problems.filter((problem) => !isGone(problem));
  for (const problem of problems) complain(io, problem);
  let failed = problems.length > 0;
  const wanted = (file: string) =>
    named.length === 0 ||
    named.some(
      (each) => file === each || each === '.' || file.startsWith(`${each.replace(/\/$/, '')}/`),
    );
  const gone = old.filter((file) => changed.includes(file) && syntaxOf(file) && wanted(file));
  const files = [...new Set([...now.files.map(({ file }) => file), ...gone])].sort();
  const [present, past] = [new OtherFiles(io.cwd), new RevisionFiles(git, old)];
  const isTouched = touching(new Set(changed));
  const rows: { readonly row: RunChange; readonly failOn: FailOn }[] = [];
  for (const file of files) {
    const after = now.files.some((each) => each.file === file)
      ? await checkFile({ file, named: false }, await readText(io.cwd, file), settings, present)
      : null;
    if (after && 'problem' in after) {
      complain(io, after.problem);
      failed = true;
      continue;
    }
    const isNamed = named.includes(file);
    // What asks for nothing that changed is as it was: most of a repository.
    if (after && !isNamed && !isTouched(file, after)) continue;
    const text = await past.named(file);
    const before =
      text === null ? null : await checkFile({ file, named: false }, { text }, settings, past);
    const was = before && !('problem' in before) ? before : null;
    const failOn = values['fail-on'] ?? after?.analysis.settings.failOn ?? 'warning';
    rows.push(
      ...runChanges(file, was?.runs ?? [], after?.runs ?? []).map((row) => ({ row, failOn })),
    );
  }
  const changes = rows.map(({ row }) => row);
  if (values.json) printJson(io, changes);
  else if (values.markdown)
    io.stdout.write(changesMarkdown(changes, values.base ?? 'HEAD', most ?? 0));
  else printLines(io, textLines(changes, widthOf(io.stdout)));
  if (failed) return exitCodes.failed;
  const isFailure = rows.some(
    ({ row: { change }, failOn }) =>
      (most !== undefined && (change.gap ?? 0) > most) ||
      change.findings.new.some(reaching(failOn)),
  );
  return isFailure ? exitCodes.findings : exitCodes.clean;
}

/** Reads `--max-increase`, which may be zero. */
function natsOption(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? NaN : Number(text);
  if (value >= 0 && Number.isFinite(value)) return value;
  throw new UsageError('--max-increase must be a number of nats from 0 on, such as 0.002.');
}

/** Whether a config, or what it asks for to be put together, is among files that changed. */
function touching(changed: ReadonlySet<string>) {
  return (file: string, { asked }: Checked): boolean =>
    changed.has(file) || asked.some((each) => changed.has(each));
}

function textLines(changes: readonly RunChange[], width?: number): readonly string[] {
  const moved = changes.filter((each) => isMove(each, 0));
  const rest = changes.length - moved.length;
  const still = rest === 0 ? [] : [`${plural(rest, 'run')} changed without an effect on these.`];
  if (moved.length === 0) return still.length > 0 ? still : ['No training config changed.'];
  return [...columns([changeHeads, ...moved.map(changeCells)], [], width), ...still];
}
