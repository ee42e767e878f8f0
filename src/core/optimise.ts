import { candidates, layoutsOfWidth } from './advise/candidates.ts';
import { tokensToMatchTwin } from './advise/matchTokens.ts';
import { acceleratorOf, conclude, leadingLaw } from './analyse.ts';
import type { CandidateRow, ConfigDocument } from './analysis.ts';
import type { Reading } from './config/reader.ts';
import { describe } from './describe.ts';
import type { Law, RunPoint } from './laws/law.ts';
import { look, lookAfter } from './look.ts';
import type { ReadRun } from './readDocument.ts';
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

/** The candidates of a run, ranked by predicted gap, each with the edits that write it. */
export function optimise(
  document: ConfigDocument,
  settings: AnalysisSettings,
  runIndex: number,
  files: Files = new Map(),
): readonly CandidateRow[] {
  const seen = look(document, settings, files);
  const { inForce } = seen;
  const readRun = seen.read.runs[runIndex];
  if (!readRun) return [];
  const point = conclude(seen).runs[runIndex]?.point;
  if (!point) return [];
  const accelerator = acceleratorOf(inForce.settings, readRun);
  const law = leadingLaw(inForce);
  const rows = [...candidates(law, point, accelerator), ...layoutsOfWidth(law, point, accelerator)];
  return rows.map((candidate) => ({
    format: candidate.format,
    granularity: candidate.granularity,
    block: candidate.block,
    gap: candidate.forecast.gap,
    criticalTokens: candidate.forecast.criticalTokens,
    ratio: candidate.forecast.ratio,
    throughput: candidate.throughput,
    native: candidate.native,
    tokenRatioToMatch: ratioToMatch(law, candidate.point),
    current: candidate.current,
    notes: candidate.notes,
    write: write(readRun, candidate),
  }));
}

function ratioToMatch(law: Law, point: RunPoint): number | null {
  const tokens = tokensToMatchTwin(law, point);
  return tokens === null ? null : tokens / point.tokens;
}

function write(run: ReadRun, target: FormatTarget): WriteResult {
  return run.reading.writeFormat?.(target) ?? noFormatKey;
}
