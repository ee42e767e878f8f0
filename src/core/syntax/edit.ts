import type { Place } from './tree.ts';

/** Replace the text at `place` by `newText`; `place.start === place.end` inserts. */
export interface Edit {
  readonly place: Place;
  readonly newText: string;
}

/**
 * Applies the edits that name `file` to its text. Edits must not overlap.
 * @throws RangeError when two edits overlap: the caller composed them wrongly.
 */
export function applyEdits(text: string, file: string, edits: readonly Edit[]): string {
  const ours = edits
    .filter((edit) => edit.place.file === file)
    .sort((a, b) => a.place.start - b.place.start || a.place.end - b.place.end);
  let result = '';
  let at = 0;
  for (const edit of ours) {
    if (edit.place.start < at) throw new RangeError('Edits overlap.');
    result += text.slice(at, edit.place.start) + edit.newText;
    at = edit.place.end;
  }
  return result + text.slice(at);
}
