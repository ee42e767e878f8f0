import type { RunAnalysis } from '../core/analysis.ts';
import { defaultLaw } from '../core/laws/registry.ts';
import { bytes } from '../core/present/cost.ts';
import { spreadSentence } from '../core/present/disagreement.ts';
import type { CheckRun } from '../core/present/json.ts';
import { lens } from '../core/present/lens.ts';
import { plural } from '../core/present/numbers.ts';
import {
  measuredSpeedups,
  partsOf,
  resourceParts,
  speedupSentence,
} from '../core/present/resources.ts';
import { lawPhrase } from '../core/present/words.ts';
import type { Checked, Reported } from './checkFiles.ts';
import { bold, dim, ofSeverity, type Line, type Styled } from './output.ts';
import { severities } from './severities.ts';

/**
 * What was checked, for a person: the findings, the worst first, then a line a run, then how many
 * there are. `verbose` adds what each law says, what is missing, and notes.
 */
export function reportLines(checked: readonly Checked[], verbose: boolean): readonly Line[] {
  const findings = checked.flatMap((each) => each.findings);
  const ordered = severities
    .toReversed()
    .flatMap((severity) => findings.filter(({ json }) => json.severity === severity));
  const runs = checked.flatMap((each) => runLines(each, verbose));
  return [
    ...ordered.flatMap(findingLines),
    ...(ordered.length > 0 && runs.length > 0 ? [''] : []),
    ...runs,
    ...(ordered.length > 0 || runs.length > 0 ? [''] : []),
    summary(checked.flatMap((each) => each.runs)),
  ];
}

/** A finding at its place, as terminals make a link of it, with the fixes on offer. */
function findingLines({ json }: Reported): readonly Line[] {
  const place = `${json.file}:${json.line ?? 1}:${json.column ?? 1}`;
  return [
    [bold(place), '  ', ofSeverity(json.severity, json.severity), '  ', dim(json.id)],
    indented(json.message),
    ...json.fixes.map((fix) => indented(dim(`fix: ${fix}`))),
    ...(json.noFix === null ? [] : [indented(dim(`no fix: ${json.noFix}`))]),
  ];
}

function runLines({ analysis, runs }: Checked, verbose: boolean): readonly Line[] {
  return runs.flatMap((json, index): readonly Line[] => {
    const run = analysis.runs[index];
    if (!run) {
      return [
        [bold(json.file), '  no training config'],
        ...json.notes.map((note) => indented(note)),
      ];
    }
    const told = [lens(run).summary, ...resourceParts(run)].join(' · ');
    const line = [bold(headingOf(json)), '  ', told];
    if (!verbose) return [line];
    return [
      line,
      indented(dim(`${run.frameworkName}, ${run.run.role}`)),
      ...lawLines(run).map((each) => indented(dim(each))),
      ...resourceLines(run).map((each) => indented(dim(each))),
      ...[...json.needs, ...(json.resources?.needs ?? [])].map((need) =>
        indented(dim(`missing: ${need}`)),
      ),
      ...json.notes.map((note) => indented(dim(note))),
    ];
  });
}

/** A run's file; of a file with several the line as well, and the run's own name. */
export function headingOf({ file, line, name }: CheckRun): string {
  return `${file}${line === null ? '' : `:${line}`}${name === null ? '' : ` ${name}`}`;
}

/** Of what a run's memory is made up, and what others measured of its format. */
function resourceLines(run: RunAnalysis): readonly string[] {
  const { memory } = run.resources;
  const parts = memory ? partsOf(memory.device ?? memory.whole) : [];
  const made = parts.map(([name, value]) => `${name} ${bytes(value)}`).join(', ');
  const measured = measuredSpeedups(run).map((each) => `measured ${speedupSentence(each)}`);
  return [...(made === '' ? [] : [`memory: ${made}`]), ...measured];
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

/** How many training configs, how many findings of each severity. */
export function summary(runs: readonly CheckRun[]): string {
  const described = runs.filter((run) => run.framework !== null);
  if (described.length === 0) return 'No training config found.';
  const files = new Set(described.map((run) => run.file)).size;
  const findings = runs.flatMap((run) => run.findings);
  const counted = severities.toReversed().flatMap((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [plural(number, severity, severity === 'information' ? '' : 's')];
  });
  const found = counted.length === 0 ? 'nothing to report' : counted.join(', ');
  return `${plural(described.length, 'run')} in ${plural(files, 'training config')}: ${found}.`;
}
