import { createHash } from 'node:crypto';
import type { Analysis } from '../core/analysis.ts';
import type { Finding } from '../core/checks/check.ts';
import { isDisabled } from '../core/checks/registry.ts';
import { checkJson, noRunJson, type CheckRun } from '../core/present/json.ts';
import type { AnalysisSettings } from '../core/run/settings.ts';
import { analyseFile } from './analyseFile.ts';
import type { Found } from './files.ts';
import type { FilesBeside } from './otherFiles.ts';
import type { TextRead } from './readText.ts';

/** A finding as it is printed, with what the machine outputs need of it. */
export interface Reported {
  /** The run that it is of. */
  readonly run: CheckRun;
  readonly json: CheckRun['findings'][number];
  readonly finding: Finding;
  /** Stays the same when lines move: of the id, the file and the text of its line. */
  readonly fingerprint: string;
}

/** A file that was analysed: its runs as they are printed, and their findings. */
export interface Checked {
  readonly analysis: Analysis;
  /** The paths that it asked for, of files that are there and of others. */
  readonly asked: readonly string[];
  readonly runs: readonly CheckRun[];
  readonly findings: readonly Reported[];
}

/** A file's runs and findings, or why there are none; a fault of ours ends only its own file. */
export async function checkFile(
  { file, named, language }: Found,
  read: TextRead,
  settings: AnalysisSettings,
  others: FilesBeside,
  disabled: readonly string[] = [],
): Promise<Checked | { readonly problem: string }> {
  try {
    const analysed = await analyseFile(file, read, settings, others, language);
    if ('problem' in analysed) return analysed;
    return checkedOf(analysed, named, disabled);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { problem: `${file} could not be analysed, by a fault of Floatcast: ${why}.` };
  }
}

function checkedOf(
  { analysis, asked }: Pick<Checked, 'analysis' | 'asked'>,
  named: boolean,
  disabled: readonly string[],
): Checked {
  const described = checkJson(analysis);
  if (described.length === 0) {
    return { analysis, asked, runs: named ? [noRunJson(analysis)] : [], findings: [] };
  }
  const fingerprint = fingerprinting(analysis);
  const findings = described.flatMap((run, index) =>
    (analysis.runs[index]?.findings ?? []).flatMap((finding, at): readonly Reported[] => {
      const json = run.findings[at];
      if (!json || isDisabled(finding.id, disabled)) return [];
      return [{ run, json, finding, fingerprint: fingerprint(finding) }];
    }),
  );
  return keeping({ analysis, asked, runs: described, findings }, () => true);
}

/** What was checked with those findings only that `isKept` says yes to. */
export function keeping(checked: Checked, isKept: (each: Reported) => boolean): Checked {
  const findings = checked.findings.filter(isKept);
  const kept = new Set(findings.map(({ json }) => json));
  const runs = new Map(
    checked.runs.map((run) => [
      run,
      { ...run, findings: run.findings.filter((each) => kept.has(each)) },
    ]),
  );
  return {
    ...checked,
    runs: [...runs.values()],
    findings: findings.map((each) => ({ ...each, run: runs.get(each.run) ?? each.run })),
  };
}

/** Gives fingerprints of an analysis' findings; equal lines are told apart by their order. */
function fingerprinting({ sources }: Analysis): (finding: Finding) => string {
  const texts = new Map(sources.map(({ file, text }) => [file, text]));
  const seen = new Map<string, number>();
  return ({ id, place }) => {
    const text = texts.get(place.file) ?? '';
    const start = text.lastIndexOf('\n', place.start - 1) + 1;
    const end = text.indexOf('\n', place.start);
    const line = text.slice(start, end < 0 ? undefined : end).trim();
    const key = JSON.stringify([id, place.file, line]);
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    return createHash('sha256').update(`${key}${nth}`).digest('hex').slice(0, 32);
  };
}
