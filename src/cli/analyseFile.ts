import type { Analysis } from '../core/analysis.ts';
import { gather } from '../core/gather.ts';
import { tooLarge } from '../core/readDocument.ts';
import type { AnalysisSettings } from '../core/run/settings.ts';
import type { TextRead } from './readText.ts';
import type { FilesBeside } from './otherFiles.ts';

/** A file's analysis, or the sentence that says why there is none. */
export type AnalysedFile =
  | {
      readonly analysis: Analysis;
      /** The paths that it was asked for, of files that are there and of others. */
      readonly asked: readonly string[];
    }
  | { readonly problem: string };

/** Analyses a text that was read, with the other files it asks for as far as they lie near it. */
export async function analyseFile(
  file: string,
  read: TextRead,
  settings: AnalysisSettings,
  others: FilesBeside,
  language?: string,
): Promise<AnalysedFile> {
  if (read === 'too large') {
    const notices = [{ message: tooLarge, place: null }];
    const nothing = { syntax: null, runs: [], problems: [], explanation: [], wants: [] };
    return { analysis: { file, ...nothing, notices, settings, sources: [] }, asked: [] };
  }
  if ('problem' in read) return read;
  // The calibration file of `--calibration` was named by hand: it may lie anywhere.
  const textOf = (path: string) =>
    path === settings.calibrationFile ? others.named(path) : others.near(path, file);
  const readAll = async (paths: readonly string[]) =>
    new Map(await Promise.all(paths.map(async (path) => [path, await textOf(path)] as const)));
  const document = { file, text: read.text, ...(language !== undefined && { language }) };
  const { analysis, files } = await gather(document, settings, readAll, others.trees);
  return { analysis, asked: [...files.keys()] };
}
