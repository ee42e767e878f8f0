import type { Analysis, RunAnalysis } from '../../core/analysis.ts';
import { readers } from '../../core/frameworks/registry.ts';
import { defaultLaw } from '../../core/laws/registry.ts';
import { findingIds, isDisabled } from '../../core/checks/registry.ts';
import type { Severity } from '../../core/checks/check.ts';
import { checkJson, noRunJson, type CheckRun } from '../../core/present/json.ts';
import { spreadSentence } from '../../core/present/disagreement.ts';
import { bytes } from '../../core/present/cost.ts';
import { lens } from '../../core/present/lens.ts';
import {
  measuredSpeedups,
  partsOf,
  resourceParts,
  speedupSentence,
} from '../../core/present/resources.ts';
import { lawPhrase } from '../../core/present/words.ts';
import {
  assumptionKeys,
  parseAssumption,
  variableOf,
  type Said,
} from '../../core/run/assumptions.ts';
import { nearestWord } from '../../core/syntax/nearestWord.ts';
import { assumed, type Known } from '../../core/run/known.ts';
import type { AssumptionKey } from '../../core/run/run.ts';
import { defaultSettings, type AnalysisSettings } from '../../core/run/settings.ts';
import { analyseFile } from '../analyseFile.ts';
import { calibrationOption } from '../calibration.ts';
import { hardwareOption, lawOption, parseOptions, unknownId, UsageError } from '../args.ts';
import { collectFiles, readAhead, type TextRead } from '../files.ts';
import { exitCodes, type Io } from '../io.ts';
import { OtherFiles } from '../otherFiles.ts';
import {
  bold,
  complain,
  dim,
  ofSeverity,
  printJson,
  printLines,
  type Line,
  type Styled,
} from '../output.ts';

const severities: readonly Severity[] = ['information', 'warning', 'error'];

/** From how many files on a person at a terminal is shown the progress. */
const manyFiles = 200;

/** `floatcast check`: analyses files, folders and globs; exits by what was found. */
export async function check(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(
    argv,
    {
      json: { type: 'boolean' },
      'fail-on': { type: 'string' },
      law: { type: 'string' },
      hardware: { type: 'string' },
      assume: { type: 'string', multiple: true },
      framework: { type: 'string' },
      calibration: { type: 'string' },
      disable: { type: 'string', multiple: true },
      enable: { type: 'string', multiple: true },
    },
    true,
  );
  const threshold = failOn(values['fail-on']);
  const law = lawOption(values.law).id;
  const hardware = hardwareOption(values.hardware);
  // Read here too, so that a file that is not there is a usage error and no notice a config.
  const calibration = await calibrationOption(values.calibration, io);
  const settings: AnalysisSettings = {
    ...defaultSettings,
    calibrationFile: calibration?.file ?? null,
    framework: framework(values.framework),
    enabledChecks: checkIds('enable', values.enable),
    overrides: {
      ...(values.law !== undefined && { law }),
      ...(hardware !== null && { hardware }),
      ...assumptions(values.assume ?? []),
    },
  };
  if (positionals.length === 0) {
    throw new UsageError('check needs at least one file, folder or glob.');
  }
  const { files, problems } = await collectFiles(io.cwd, positionals);
  for (const problem of problems) complain(io, problem);
  let failed = problems.length > 0;
  const runs: CheckRun[] = [];
  const progress = progressFor(io, files.length);
  const others = new OtherFiles(io.cwd);
  const disabled = checkIds('disable', values.disable);
  for await (const [index, { file, named }, read] of readAhead(io.cwd, files)) {
    progress(index);
    const checked = await checkFile(file, read, settings, others);
    if ('problem' in checked) {
      complain(io, checked.problem);
      failed = true;
      continue;
    }
    const { analysis } = checked;
    const described = checked.described.map((run) => without(run, disabled));
    const found = described.length === 0 && named ? [noRunJson(analysis)] : described;
    runs.push(...found);
    if (!values.json) printLines(io, fileLines(analysis, found));
  }
  progress(files.length);
  if (values.json) printJson(io, runs);
  else printLines(io, [summary(runs)]);
  if (failed) return exitCodes.failed;
  const worst = Math.max(
    -1,
    ...findingsOf(runs).map(({ severity }) => severities.indexOf(severity)),
  );
  return worst >= threshold ? exitCodes.findings : exitCodes.clean;
}

/**
 * The ids of `--enable` or `--disable`, which may be those of a check or of a rule.
 * @throws UsageError for one that no finding has.
 */
function checkIds(option: string, ids: readonly string[] = []): readonly string[] {
  const wrong = ids.find((id) => !findingIds.includes(id));
  if (wrong === undefined) return ids;
  const meant = nearestWord(wrong, findingIds);
  const guess =
    meant === null ? 'floatcast rules lists those of rules' : `did you mean “${meant}”?`;
  throw new UsageError(`--${option} ${wrong}: there is no such finding; ${guess}`);
}

function without(run: CheckRun, disabled: readonly string[]): CheckRun {
  return { ...run, findings: run.findings.filter(({ id }) => !isDisabled(id, disabled)) };
}

/** A file's runs; a fault of ours ends only its own file, which is named. */
async function checkFile(
  file: string,
  read: TextRead,
  settings: AnalysisSettings,
  others: OtherFiles,
): Promise<
  | { readonly analysis: Analysis; readonly described: readonly CheckRun[] }
  | { readonly problem: string }
> {
  try {
    const analysed = await analyseFile(file, read, settings, others);
    if ('problem' in analysed) return analysed;
    return { ...analysed, described: checkJson(analysed.analysis) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { problem: `${file} could not be analysed, by a fault of Floatcast: ${why}.` };
  }
}

/** The place among the severities from which on a finding fails the run; Infinity for `never`. */
function failOn(text = 'warning'): number {
  if (text === 'never') return Infinity;
  const index = severities.findIndex((severity) => severity === text);
  if (index < 0) throw new UsageError('--fail-on must be information, warning, error or never.');
  return index;
}

function framework(id: string | undefined): string | null {
  if (id !== undefined && !readers.some((reader) => reader.id === id)) {
    throw unknownId('framework', id, readers);
  }
  return id ?? null;
}

/** What `--assume key=value` says, of counts and of variables (`var.DTYPE=fp8`). */
function assumptions(pairs: readonly string[]): Pick<Said, 'assumptions' | 'variables'> {
  const told: Partial<Record<AssumptionKey, Known<number>>> = {};
  const variables: [string, string][] = [];
  for (const pair of pairs) {
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const variable = variableOf(name);
    if (variable !== null) {
      variables.push([variable, value]);
      continue;
    }
    const key = assumptionKeys.find((each) => each === name);
    if (!key) {
      const known = `${assumptionKeys.join(', ')} and var.NAME`;
      throw new UsageError(`--assume knows ${known}, not “${name}”.`);
    }
    const count = parseAssumption(key, value);
    if (count === null)
      throw new UsageError(`--assume ${key} needs a positive number, as 64 or 15T.`);
    told[key] = assumed(count, `--assume ${key}=${value}`);
  }
  return { assumptions: told, variables: Object.fromEntries(variables) };
}

function fileLines(analysis: Analysis, found: readonly CheckRun[]): readonly Line[] {
  return found.flatMap((json, index): readonly Line[] => {
    const run = analysis.runs[index];
    if (!run) {
      return [
        [bold(json.file), '  no training config'],
        ...json.notes.map((note) => indented(note)),
        '',
      ];
    }
    return [
      [bold(headingOf(json)), '  ', dim(`${run.frameworkName}, ${run.run.role}`)],
      indented(lens(run).summary),
      ...lawLines(run).map((line) => indented(dim(line))),
      ...resourceLines(run).map((line) => indented(dim(line))),
      ...[...json.needs, ...(json.resources?.needs ?? [])].map((need) =>
        indented(dim(`missing: ${need}`)),
      ),
      ...json.notes.map((note) => indented(dim(note))),
      ...json.findings.flatMap((finding) => [
        indented(
          `${finding.file === json.file ? '' : `${finding.file}:`}${finding.line ?? '?'}:${finding.column ?? '?'}  `,
          ofSeverity(finding.severity, finding.severity),
          `  ${finding.message}  `,
          dim(finding.id),
        ),
        ...finding.fixes.map((fix) => indented(`  fix: ${fix}`)),
        ...(finding.noFix === null ? [] : [indented(`  no fix: ${finding.noFix}`)]),
      ]),
      '',
    ];
  });
}

/** A run's file; of a file with several the line as well, and the run's own name. */
function headingOf({ file, line, name }: CheckRun): string {
  return `${file}${line === null ? '' : `:${line}`}${name === null ? '' : ` ${name}`}`;
}

/** What a run takes, and of what its memory is made up. */
function resourceLines(run: RunAnalysis): readonly string[] {
  const { memory } = run.resources;
  const line = resourceParts(run).join(' · ');
  if (line === '') return [];
  const parts = memory ? partsOf(memory.device ?? memory.whole) : [];
  const made = parts.map(([name, value]) => `${name} ${bytes(value)}`).join(', ');
  const measured = measuredSpeedups(run).map((each) => `measured ${speedupSentence(each)}`);
  return [line, ...(made === '' ? [] : [`of it ${made}`]), ...measured];
}

/** Whose law the numbers are by, and what the others say; nothing where there is no gap. */
function lawLines({ forecast, forecasts }: RunAnalysis): readonly string[] {
  const plain = forecast?.law === defaultLaw.id && forecast.calibration === null;
  const silent = (forecast?.gap ?? null) === null;
  const spread = spreadSentence(forecasts);
  return [
    ...(!forecast || plain || silent ? [] : [`By ${lawPhrase(forecast)}.`]),
    ...(spread === null ? [] : [spread]),
  ];
}

function indented(...pieces: readonly (string | Styled)[]): Line {
  return ['  ', ...pieces];
}

function findingsOf(runs: readonly CheckRun[]): readonly CheckRun['findings'][number][] {
  return runs.flatMap((run) => run.findings);
}

/** The last line: how many training configs, how many findings of each severity. */
function summary(runs: readonly CheckRun[]): string {
  const described = runs.filter((run) => run.framework !== null);
  if (described.length === 0) return 'No training config found.';
  const files = new Set(described.map((run) => run.file)).size;
  const findings = findingsOf(runs);
  const counted = severities.toReversed().flatMap((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [plural(number, severity, severity === 'information' ? '' : 's')];
  });
  const found = counted.length === 0 ? 'nothing to report' : counted.join(', ');
  return `${plural(described.length, 'run')} in ${plural(files, 'training config')}: ${found}.`;
}

function plural(number: number, noun: string, ending = 's'): string {
  return `${number} ${noun}${number === 1 ? '' : ending}`;
}

/** Keeps a count on the last line of a terminal while many files are read; silent elsewhere. */
function progressFor({ stderr }: Io, total: number): (done: number) => void {
  if (stderr.isTTY !== true || total <= manyFiles) return () => undefined;
  return (done) => {
    if (done === total) stderr.write('\r\u001b[K');
    else if (done % 20 === 0) stderr.write(`\r${done} of ${total} files`);
  };
}
