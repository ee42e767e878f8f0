import type { RunAnalysis } from '../core/analysis.ts';
import { groupOf, runGroups, type RunGroup } from '../core/present/runGroups.ts';
import { stateTotal, totalOf, type MemoryParts } from '../core/resources/resources.ts';

/** A run, and which of which file it is. */
export interface NamedRun {
  /** The file's path from its workspace folder, with `/`. */
  readonly file: string;
  readonly runIndex: number;
  readonly run: RunAnalysis;
}

/** One run of a file of the workspace. */
export interface ListedRun extends NamedRun {
  /** The gap that the run should stay under, as its settings have it. */
  readonly gapTarget: number;
}

/** The runs of one group, sorted. */
export interface ListedGroup<Run extends ListedRun> {
  readonly group: RunGroup;
  readonly runs: readonly Run[];
}

/** What the list can be sorted by. */
export const sortKeys = [
  'name',
  'folder',
  'gap',
  'ratio',
  'findings',
  'parameters',
  'tokens',
  'memory',
] as const;
export type SortKey = (typeof sortKeys)[number];

/** Which runs are listed: all, those with findings, or those of one framework by its id. */
export type RunFilter = 'all' | 'findings' | { readonly framework: string };

const numbers: Readonly<
  Record<Exclude<SortKey, 'name' | 'folder'>, (run: RunAnalysis) => number | null | undefined>
> = {
  gap: ({ forecast }) => forecast?.gap,
  ratio: ({ forecast }) => forecast?.ratio,
  findings: ({ findings }) => findings.length,
  parameters: ({ run: { parameters } }) => parameters?.total ?? parameters?.nonEmbedding,
  tokens: ({ run: { tokens } }) => tokens.total?.value,
  memory: ({ resources: { memory } }) => memory && largest(memory.device ?? memory.whole),
};

/** The runs that the filter lets through, sorted: words from A, numbers from the largest. */
export function listed<Run extends ListedRun>(
  runs: readonly Run[],
  sort: SortKey,
  filter: RunFilter,
): readonly Run[] {
  const number = sort === 'name' || sort === 'folder' ? () => 0 : numbers[sort];
  const size = ({ run }: Run) => number(run) ?? -Infinity;
  // By name: files of one name, which many folders may have, by their folders.
  const word = ({ file }: Run) => (sort === 'name' ? `${baseName(file)}/${file}` : file);
  const byWord = (a: Run, b: Run) =>
    a.file === b.file ? a.runIndex - b.runIndex : word(a) < word(b) ? -1 : 1;
  return runs
    .filter(({ run }) => passes(run, filter))
    .sort((a, b) => {
      const [left, right] = [size(a), size(b)];
      return left === right ? byWord(a, b) : right - left;
    });
}

/** Runs that are sorted, divided into the groups that hold any. */
export function grouped<Run extends ListedRun>(runs: readonly Run[]): readonly ListedGroup<Run>[] {
  return runGroups
    .map((group) => ({
      group,
      runs: runs.filter(({ run, gapTarget }) => groupOf(run, gapTarget).group === group),
    }))
    .filter((each) => each.runs.length > 0);
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** All that is known of a memory: where a part is not, the rest of it. */
function largest(parts: MemoryParts): number {
  return totalOf(parts) ?? stateTotal(parts);
}

function passes(run: RunAnalysis, filter: RunFilter): boolean {
  if (filter === 'all') return true;
  return filter === 'findings' ? run.findings.length > 0 : run.framework === filter.framework;
}

/** A name that tells runs of one folder apart: the file's, and which one where it has several. */
export function nameOf({ file, run, runIndex }: NamedRun, several: boolean): string {
  return withNumber(baseName(file), run, runIndex, several);
}

/** The same with the whole path. */
export function pathOf({ file, run, runIndex }: NamedRun, several: boolean): string {
  return withNumber(file, run, runIndex, several);
}

function withNumber(name: string, run: RunAnalysis, runIndex: number, several: boolean): string {
  return several ? `${name} (${numberOrName(run, runIndex)})` : name;
}

/** Which of a file's runs one is: by its own name, else by its number from 1. */
export function numberOrName({ definition }: RunAnalysis, runIndex: number): string {
  return definition?.name ?? String(runIndex + 1);
}
