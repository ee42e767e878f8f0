import type { RunAnalysis } from '../core/analysis.ts';

/** One run of a file of the workspace. */
export interface ListedRun {
  /** The file's path from its workspace folder, with `/`. */
  readonly file: string;
  readonly runIndex: number;
  readonly run: RunAnalysis;
}

/** What the list can be sorted by. */
export const sortKeys = ['name', 'parameters', 'tokens', 'gap', 'ratio'] as const;
export type SortKey = (typeof sortKeys)[number];

/** Which runs are listed: all, those with findings, or those of one framework by its id. */
export type RunFilter = 'all' | 'findings' | { readonly framework: string };

const numbers: Readonly<
  Record<Exclude<SortKey, 'name'>, (run: RunAnalysis) => number | null | undefined>
> = {
  parameters: ({ run: { parameters } }) => parameters?.total ?? parameters?.nonEmbedding,
  tokens: ({ run: { tokens } }) => tokens.total?.value,
  gap: ({ forecast }) => forecast?.gap,
  ratio: ({ forecast }) => forecast?.ratio,
};

/** The runs that the filter lets through, sorted: names from A, numbers from the largest. */
export function listed<Run extends ListedRun>(
  runs: readonly Run[],
  sort: SortKey,
  filter: RunFilter,
): readonly Run[] {
  const size = ({ run }: Run) => (sort === 'name' ? 0 : (numbers[sort](run) ?? -Infinity));
  const byName = (a: Run, b: Run) =>
    a.file === b.file ? a.runIndex - b.runIndex : a.file < b.file ? -1 : 1;
  return runs
    .filter(({ run }) => passes(run, filter))
    .sort((a, b) => {
      const [left, right] = [size(a), size(b)];
      return left === right ? byName(a, b) : right - left;
    });
}

function passes(run: RunAnalysis, filter: RunFilter): boolean {
  if (filter === 'all') return true;
  return filter === 'findings' ? run.findings.length > 0 : run.framework === filter.framework;
}

/** A name that tells runs of one folder apart: the file's, and which one where it has several. */
export function nameOf({ file, run, runIndex }: ListedRun, several: boolean): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return several ? `${name} (${numberOrName(run, runIndex)})` : name;
}

/** Which of a file's runs one is: by its own name, else by its number from 1. */
export function numberOrName({ definition }: RunAnalysis, runIndex: number): string {
  return definition?.name ?? String(runIndex + 1);
}
