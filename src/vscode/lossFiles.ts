import { Uri, window, workspace, l10n } from 'vscode';
import { withBaseline } from '../core/advise/lossCurves.ts';
import type { LogUnits, LossError } from '../core/calibrate/lossCurve.ts';
import { mostLogCharacters, readLosses } from '../core/calibrate/readLosses.ts';
import type { MeasuredLosses } from '../core/run/measured.ts';
import { pickOne } from './say.ts';

/** The most bytes that a log of that many characters can have: three a UTF-16 unit. */
const maximumBytes = mostLogCharacters * 3;

/** Asks for the run's own loss log and, where there is one, its BF16 twin's; the run's comes first. */
export async function pickLossFiles(beside: Uri): Promise<readonly Uri[]> {
  const picked = await window.showOpenDialog({
    title: l10n.t('Losses of the run, and of its BF16 twin if there is one'),
    openLabel: l10n.t('Load'),
    canSelectMany: true,
    filters: { [l10n.t('Loss logs')]: ['log', 'out', 'txt', 'csv', 'jsonl', 'ndjson', 'json'] },
    ...(beside.scheme !== 'untitled' && { defaultUri: Uri.joinPath(beside, '..') }),
  });
  const [first, second, ...more] = picked ?? [];
  if (!first || !second || more.length > 0) return picked ?? [];
  const twin = await pickOne(
    [first, second].map((uri) => ({ label: nameOf(uri), uri })),
    { title: l10n.t('Which of them is the BF16 twin?') },
  );
  if (!twin) return [];
  return twin.uri === first ? [second, first] : [first, second];
}

/** Reads the run's log and, from a second file, its twin's. What cannot be read is a sentence. */
export async function readLossFiles(
  uris: readonly Uri[],
  units: LogUnits,
): Promise<MeasuredLosses | LossError> {
  if (uris.length > 2)
    return { error: l10n.t('At most two logs can be compared: the run’s and its twin’s.') };
  const logs: MeasuredLosses[] = [];
  for (const uri of uris) {
    const { size } = await workspace.fs.stat(uri);
    if (size > maximumBytes) {
      return { error: l10n.t('{0} is larger than {1} MB.', nameOf(uri), mostLogCharacters / 1e6) };
    }
    const text = new TextDecoder().decode(await workspace.fs.readFile(uri));
    const read = readLosses(nameOf(uri), text, units);
    if ('error' in read) return read;
    logs.push(read);
  }
  const [run, twin] = logs;
  if (!run) return { error: 'No loss log was picked.' };
  return twin ? withBaseline(run, twin) : run;
}

function nameOf(uri: Uri): string {
  return uri.path.split('/').pop() ?? uri.path;
}
