import type { Analysis } from '../core/analysis.ts';
import type { Trees } from '../core/config/trees.ts';
import { gather } from '../core/gather.ts';
import { tooLarge } from '../core/readDocument.ts';
import type { AnalysisSettings } from '../core/run/settings.ts';
import { isNear, readText, type TextRead } from './files.ts';

/** A file's analysis, or the sentence that says why there is none. */
export type AnalysedFile = { readonly analysis: Analysis } | { readonly problem: string };

/** Analyses a text that was read, with the other files it asks for as far as they lie near it. */
export async function analyseFile(
  cwd: string,
  file: string,
  read: TextRead,
  settings: AnalysisSettings,
  trees: Trees,
): Promise<AnalysedFile> {
  if (read === 'too large') {
    const notices = [{ message: tooLarge, place: null }];
    const nothing = { syntax: null, runs: [], problems: [], explanation: [], wants: [] };
    return { analysis: { file, ...nothing, notices, settings, sources: [] } };
  }
  if ('problem' in read) return read;
  const readOther = async (path: string): Promise<readonly [string, string | null]> => {
    // The calibration file of `--calibration` was named by hand: it may lie anywhere.
    const near = path === settings.calibrationFile || (await isNear(cwd, path, file));
    const other = near ? await readText(cwd, path) : null;
    return [path, other && typeof other !== 'string' && 'text' in other ? other.text : null];
  };
  const readAll = async (paths: readonly string[]) =>
    new Map(await Promise.all(paths.map(readOther)));
  const { analysis } = await gather({ file, text: read.text }, settings, readAll, trees);
  return { analysis };
}
