import { Uri, workspace } from 'vscode';
import { needWords } from '../core/present/needs.ts';
import { resourceParts } from '../core/present/resources.ts';
import { roleWords } from '../core/present/words.ts';
import { mostCompared, type ComparedRun } from '../protocol/messages.ts';
import type { RunReference } from '../protocol/state.ts';
import type { Analyses } from './analyses.ts';
import type { Log } from './log.ts';
import { pathOf } from './runList.ts';

/** What the Explorer lays beside a run: as the files have it now; files that are gone are left out. */
export async function comparedRuns(
  references: readonly RunReference[],
  analyses: Analyses,
  log: Log,
): Promise<readonly ComparedRun[]> {
  const found = await Promise.all(
    references.slice(0, mostCompared).map(async ({ uri, runIndex }) => {
      const analysed = await readAnalysis(uri, analyses, log);
      const run = analysed?.analysis.runs[runIndex];
      if (!analysed || !run) return [];
      const { file, runs } = analysed.analysis;
      const needs = run.needs.map(needWords).join('; ');
      const why = needs === '' ? (roleWords(run) ?? 'no law speaks of it') : needs;
      return [
        {
          uri,
          runIndex,
          name: pathOf({ file, run, runIndex }, runs.length > 1),
          point: run.point,
          why: run.point ? '' : `${why}.`,
          taken: resourceParts(run).join(' · '),
        },
      ];
    }),
  );
  return found.flat();
}

async function readAnalysis(uri: string, analyses: Analyses, log: Log) {
  try {
    return await analyses.get(await workspace.openTextDocument(Uri.parse(uri, true)));
  } catch (error) {
    log.debug(`${uri} cannot be compared any more: ${String(error)}`);
    return null;
  }
}
