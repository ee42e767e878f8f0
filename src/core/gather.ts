import { conclude } from './analyse.ts';
import type { Analysis, ConfigDocument } from './analysis.ts';
import { mostFiles } from './config/budget.ts';
import { Trees } from './config/trees.ts';
import { look } from './look.ts';
import { notAnalysed } from './readDocument.ts';
import type { Files } from './run/files.ts';
import type { AnalysisSettings } from './run/settings.ts';

/** Rounds of "may I see that file too?": presets extend presets, each known only by the one before. */
const mostRounds = 16;

/** How many characters all the files of one config may have. */
const mostCharacters = 8_000_000;

const tooMuch =
  'The config draws on more files than Floatcast reads for one, so it was not analysed.';

/** A config's analysis with the files that were asked for: those of null are not there. */
export interface Gathered {
  readonly analysis: Analysis;
  readonly files: Files;
}

/**
 * Asks for what a config needs, round by round, and analyses it once: yields paths, none at the
 * last, is given their texts (null = not there or out of reach). What needs more rounds, files or characters than there
 * are bounds for gets one sentence and no number. `trees` keeps what is parsed from one config to
 * the next.
 */
export function* gathering(
  document: ConfigDocument,
  settings: AnalysisSettings,
  trees = new Trees(),
): Generator<readonly string[], Gathered, Files> {
  const files = new Map<string, string | null>();
  let found = 0;
  let characters = 0;
  let seen = look(document, settings, files, trees);
  for (let round = 0; seen.wants.length > 0; round += 1) {
    if (round === mostRounds || found > mostFiles || characters > mostCharacters) {
      return { analysis: conclude({ ...seen, read: notAnalysed(tooMuch), wants: [] }), files };
    }
    const given = yield seen.wants;
    for (const path of seen.wants) {
      const text = given.get(path) ?? null;
      files.set(path, text);
      if (text === null) continue;
      found += 1;
      characters += text.length;
    }
    seen = look(document, settings, files, trees, seen);
  }
  // Reading and forecasting are the two long pieces of work: between them others may have their turn.
  yield [];
  return { analysis: conclude(seen), files };
}

/** The same with a shell that reads files; a failure of `read` is the caller's to see. */
export async function gather(
  document: ConfigDocument,
  settings: AnalysisSettings,
  read: (paths: readonly string[]) => Promise<Files>,
  trees?: Trees,
): Promise<Gathered> {
  const rounds = gathering(document, settings, trees);
  let round = rounds.next();
  while (round.done !== true) round = rounds.next(await read(round.value));
  return round.value;
}
