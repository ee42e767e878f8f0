import { writeFormat } from '../../../src/core/optimise.ts';
import { gathering } from '../../../src/core/gather.ts';
import type { Analysis, RunAnalysis } from '../../../src/core/analysis.ts';
import type { FormatTarget } from '../../../src/core/run/run.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';
import { applyEdits } from '../../../src/core/syntax/edit.ts';

/** A workspace of a few texts, as the shells hand it to the core. */
export type Workspace = Readonly<Record<string, string>>;

/** A file analysed with all the files it asks for; what is not in the workspace does not exist. */
export function analysed(
  workspace: Workspace,
  file: string,
): { readonly analysis: Analysis; readonly asked: ReadonlyMap<string, string | null> } {
  const document = { file, text: workspace[file] ?? '' };
  const rounds = gathering(document, defaultSettings);
  let round = rounds.next();
  while (round.done !== true) {
    const given = round.value.map((path) => [path, workspace[path] ?? null] as const);
    round = rounds.next(new Map(given));
  }
  return { analysis: round.value.analysis, asked: round.value.files };
}

/** The one run of a file, which must be there. */
export function run(workspace: Workspace, file: string): RunAnalysis {
  const { analysis } = analysed(workspace, file);
  const [first] = analysis.runs;
  if (!first) throw new Error(`${file} describes no run: ${analysis.explanation.join(' ')}`);
  return first;
}

/** `fp8-e4m3 tensor`, `mxfp4 block 32`, with the gradients' format where it is another one. */
export function formatOf({ run: { precision } }: RunAnalysis): string | null {
  if (!precision) return null;
  const { format, granularity, block, gradientFormat } = precision;
  const parts = [format.value, granularity, block, gradientFormat && `(${gradientFormat})`];
  return parts.filter((part) => part !== null).join(' ');
}

/** The workspace with a format written in; the reason where it cannot be. */
export function written(workspace: Workspace, file: string, target: FormatTarget): Workspace {
  const { asked } = analysed(workspace, file);
  const document = { file, text: workspace[file] ?? '' };
  const result = writeFormat(document, defaultSettings, 0, target, asked);
  if (!result.ok) throw new Error(result.reason);
  const edited = Object.entries(workspace).map(([path, text]) => [
    path,
    applyEdits(text, path, result.edits),
  ]);
  return Object.fromEntries(edited) as Workspace;
}
