import { candidates, layoutsOfWidth, type Candidate } from './advise/candidates.ts';
import { ranked, recommendedOf, type Objective } from './advise/objectives.ts';
import { verdictOf } from './advise/verdict.ts';
import { acceleratorOf, conclude, leadingLaw } from './analyse.ts';
import type { ConfigDocument, Plan, PlanRow, RunAnalysis } from './analysis.ts';
import type { Reading } from './config/reader.ts';
import { describe } from './describe.ts';
import type { Accelerator } from './hardware/accelerator.ts';
import { lawsInForce } from './laws/calibration.ts';
import type { Law, RunPoint } from './laws/law.ts';
import { look, lookAfter, type Look } from './look.ts';
import type { ReadRun } from './readDocument.ts';
import { newRules } from './recipe.ts';
import { stateTotal, totalOf } from './resources/resources.ts';
import type { Files } from './run/files.ts';
import { noFormatKey, type FormatTarget, type WriteResult } from './run/run.ts';
import type { AnalysisSettings } from './run/settings.ts';

/** The edits that write `target` into the file, or why that cannot be done. */
export function writeFormat(
  document: ConfigDocument,
  settings: AnalysisSettings,
  runIndex: number,
  target: FormatTarget,
  files: Files = new Map(),
): WriteResult {
  const seen = look(document, settings, files);
  const run = seen.read.runs[runIndex];
  if (!run) return { ok: false, reason: 'The file no longer describes this run.' };
  const written = write(run, target);
  if (!written.ok) return written;
  // In a file that is not as its framework wants it, the keys may not mean what they should.
  const after = lookAfter(seen, written.edits).read.runs[runIndex];
  return after && isAsPromised(run.reading, after.reading, target) ? written : notAsPromised;
}

const notAsPromised: WriteResult = {
  ok: false,
  reason: 'As the file stands, writing this format would not be read back as it.',
};

/** Whether what is read after a change is the format asked for, and else the same run. */
function isAsPromised(before: Reading, after: Reading, target: FormatTarget): boolean {
  return (
    after.precision?.format.value === target.format &&
    after.precision.granularity === target.granularity &&
    after.role === before.role &&
    sizeOf(after) === sizeOf(before)
  );
}

function sizeOf(reading: Reading): string {
  const { run } = describe(reading, {});
  return JSON.stringify([run.parameters?.linear ?? null, run.tokens.total?.value ?? null]);
}

/**
 * The formats of a run in the order of an objective, each with the edits that write it and what
 * the written config is found to be; null where the run has no forecast.
 */
export function optimise(
  document: ConfigDocument,
  settings: AnalysisSettings,
  runIndex: number,
  files: Files = new Map(),
  objective: Objective = 'fastest',
): Plan | null {
  const seen = look(document, settings, files);
  const { settings: inForce, calibration } = seen.inForce;
  const readRun = seen.read.runs[runIndex];
  const now = conclude(seen).runs[runIndex];
  if (!readRun || !now?.point) return null;
  const accelerator = acceleratorOf(inForce, readRun);
  const law = leadingLaw(seen.inForce);
  const laws = lawsInForce(calibration);
  const { gapTarget } = inForce;
  const about: About = { seen, readRun, runIndex, now, law, laws, accelerator, gapTarget };
  const rows = [
    ...candidates(law, now.point, accelerator),
    ...layoutsOfWidth(law, now.point, accelerator),
  ].map((candidate) => rowOf(candidate, about));
  const inOrder = ranked(rows, objective, gapTarget);
  const best = recommendedOf(inOrder, objective, gapTarget);
  const recommended = inOrder.map((row) => ({ ...row, recommended: row === best }));
  return {
    objective,
    law: { law: law.id, calibration: now.forecast?.calibration ?? null },
    hardware: accelerator?.id ?? null,
    gapTarget,
    rows: [
      ...recommended.filter((row) => row.recommended),
      ...recommended.filter((row) => row.current && !row.recommended),
      ...recommended.filter((row) => !row.current && !row.recommended),
    ],
    notes: now.resources.hours === null ? notesWithoutHours(objective) : [],
  };
}

/** What an objective falls back to where the hours of the run are not known. */
function notesWithoutHours(objective: Objective): readonly string[] {
  const why = 'How long the run takes is not known (name the hardware it is for)';
  if (objective === 'fastest') return [`${why}: formats stand in the order of their stored bits.`];
  return objective === 'same-hours' ? [`${why}: formats stand in the order of their gap.`] : [];
}

/** The run that rows are made for, and what is known of it. */
interface About {
  readonly seen: Look;
  readonly readRun: ReadRun;
  readonly runIndex: number;
  readonly now: RunAnalysis;
  readonly law: Law;
  readonly laws: readonly Law[];
  readonly accelerator: Accelerator | null;
  readonly gapTarget: number;
}

function rowOf(candidate: Candidate, about: About): PlanRow {
  const { format, granularity, block, native, throughput, storedBits, current, notes } = candidate;
  const { now, law, laws, accelerator, gapTarget } = about;
  const written = current ? { write: unchanged, after: now } : writtenRun(candidate, about);
  // What is written may quantise other operands than the run does now: then its own point counts.
  const point = written.after?.point ?? candidate.point;
  const forecasts = laws.map((each) => each.forecast(point));
  const forecast = forecasts.find((each) => each.law === law.id) ?? candidate.forecast;
  const verdict = verdictOf(point, forecasts, law, gapTarget);
  const resources = written.after?.resources;
  const memory = resources?.memory ?? null;
  const edits = written.write.ok ? written.write.edits : [];
  const findings =
    current || !written.write.ok
      ? []
      : (newRules(about.seen, about.runIndex, edits, accelerator) ?? []);
  const hours = resources?.hours ?? null;
  return {
    format,
    granularity,
    block,
    gap: forecast.gap,
    pooledGap: forecasts.find((each) => each.law === 'pooled')?.gap ?? null,
    criticalTokens: forecast.criticalTokens,
    ratio: forecast.ratio,
    range: verdict && { low: verdict.low, high: verdict.high, laws: verdict.laws.length },
    throughput,
    native,
    speedupBound: resources?.speedupBound ?? null,
    hours,
    storedBits,
    stateBytes: memory && stateTotal(memory.device ?? memory.whole),
    memoryPerDevice: memory?.device ? totalOf(memory.device) : null,
    lossInSameHours: lossIn(now.resources.hours, hours, law, point),
    isReady: written.write.ok && native !== false && findings.length === 0,
    current,
    recommended: false,
    findings,
    notes,
    write: written.write,
  };
}

const unchanged: WriteResult = { ok: true, edits: [] };

/** What a candidate is written as, and the run that the written config describes. */
function writtenRun(
  candidate: FormatTarget,
  { seen, readRun, runIndex }: About,
): { readonly write: WriteResult; readonly after: RunAnalysis | null } {
  const written = write(readRun, candidate);
  if (!written.ok) return { write: written, after: null };
  const looked = lookAfter(seen, written.edits);
  const reading = looked.read.runs[runIndex]?.reading;
  if (!reading || !isAsPromised(readRun.reading, reading, candidate)) {
    return { write: notAsPromised, after: null };
  }
  return { write: written, after: conclude(looked).runs[runIndex] ?? null };
}

/** The loss of a run that goes on for as many hours as another takes; null where not known. */
function lossIn(
  budget: number | null,
  hours: number | null,
  law: Law,
  point: RunPoint,
): number | null {
  if (budget === null || hours === null) return null;
  return law.curve(point)((point.tokens * budget) / hours).loss;
}

function write(run: ReadRun, target: FormatTarget): WriteResult {
  return run.reading.writeFormat?.(target) ?? noFormatKey;
}
