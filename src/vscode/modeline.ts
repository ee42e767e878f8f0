import type { Position } from 'vscode';
import { Range, type TextDocument } from 'vscode';
import type { AssumptionKey } from '../core/run/run.ts';
import { readDirectives, type DirectiveSetting } from '../core/syntax/directives.ts';
import type { Analysed } from './analyses.ts';
import { commentAtTop, commentMarker } from './comments.ts';

/** What a modeline may say that `Set Assumptions…` asks for. */
export type ModelineKey = AssumptionKey | 'hardware' | 'law';

/** A replacement of a range by a text. */
export interface Change {
  readonly range: Range;
  readonly text: string;
}

/** What the file's own modeline says of a key; the last one counts. */
export function statedInFile(analysed: Analysed, key: ModelineKey): DirectiveSetting | undefined {
  return settingsInFile(analysed).findLast((each) => each.key === key);
}

/**
 * The change that makes the file's modeline say `key=value`: the pair replaced, added to the last
 * modeline, or a new comment at the top. '' takes the pair out. Null when nothing has to change.
 */
export function modelineEdit(
  analysed: Analysed,
  document: TextDocument,
  key: ModelineKey,
  value: string,
): Change | null {
  const pair = `${key}=${value}`;
  const settings = settingsInFile(analysed);
  const said = settings.findLast((each) => each.key === key);
  if (said) {
    const { end } = analysed.rangeOf(said.place);
    if (value !== '') return { range: analysed.rangeOf(said.place), text: pair };
    return { range: withBlankBefore(analysed, said, end), text: '' };
  }
  if (value === '') return null;
  const last = settings.at(-1);
  if (last) {
    const { end } = analysed.rangeOf(last.place);
    return { range: new Range(end, end), text: ` ${pair}` };
  }
  const marker = commentMarker(document) ?? '#';
  const { position, text } = commentAtTop(document, `${marker} floatcast: ${pair}`);
  return { range: new Range(position, position), text };
}

function withBlankBefore(analysed: Analysed, said: DirectiveSetting, end: Position): Range {
  const before = analysed.document.text.slice(0, said.place.start);
  const start = before.trimEnd().length;
  return new Range(analysed.rangeOf({ ...said.place, start }).start, end);
}

function settingsInFile({ document, analysis }: Analysed): readonly DirectiveSetting[] {
  if (!analysis.syntax) return [];
  return readDirectives(document.file, document.text, analysis.syntax).settings;
}
