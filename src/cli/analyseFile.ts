import { analyse } from '../core/analyse.ts';
import type { Analysis } from '../core/analysis.ts';
import type { AnalysisSettings } from '../core/run/settings.ts';
import { isNear, readText } from './files.ts';

/** A file with its analysis, its text, and the texts of the other files that went into it. */
export interface AnalysedFile {
  readonly analysis: Analysis;
  readonly text: string;
  readonly files: ReadonlyMap<string, string>;
}

/** Bounds on what one file may make us read: include chains are short. */
const mostRounds = 16;
const mostFiles = 64;

/** The sentence for a file too large to be read at all. */
const tooLarge = 'The file is larger than 1 MB, so it was not analysed.';

/**
 * Reads and analyses a file, with the other files it asks for as far as they lie near it.
 * A file that cannot be read gives a sentence that says why.
 */
export async function analyseFile(
  cwd: string,
  file: string,
  settings: AnalysisSettings,
): Promise<AnalysedFile | { readonly problem: string }> {
  const read = await readText(cwd, file);
  if (read === 'too large') {
    const notices = [{ message: tooLarge, place: null }];
    const nothing = { syntax: null, runs: [], problems: [], explanation: [], wants: [] };
    return { analysis: { file, ...nothing, notices }, text: '', files: new Map() };
  }
  if ('problem' in read) return read;
  const document = { file, text: read.text };
  // A file that is not there is handed in as null: only then does the analysis know that it is missing.
  const given = new Map<string, string | null>();
  let found = 0;
  let analysis = analyse(document, settings, given);
  for (let round = 0; round < mostRounds; round++) {
    const wanted = analysis.wants.filter((path) => !given.has(path));
    if (wanted.length === 0) break;
    for (const path of wanted) {
      // The calibration file of `--calibration` was named by hand: it may lie anywhere.
      const named = path === settings.calibrationFile;
      const near = found < mostFiles && (named || (await isNear(cwd, path, file)));
      const other = near ? await readText(cwd, path) : null;
      const text = other && typeof other !== 'string' && 'text' in other ? other.text : null;
      if (text !== null) found += 1;
      given.set(path, text);
    }
    analysis = analyse(document, settings, given);
  }
  const files = new Map(
    [...given].flatMap(([path, text]) => (text === null ? [] : [[path, text]])),
  );
  return { analysis, text: read.text, files };
}
