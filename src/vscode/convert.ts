import { Position, Range, WorkspaceEdit, type Uri } from 'vscode';
import type { Edit } from '../core/syntax/edit.ts';
import { lineMap } from '../core/syntax/lines.ts';
import type { Span } from '../core/syntax/tree.ts';

/**
 * Converts offsets of one text to positions. It is asked of the text that was analysed, not of the
 * live document: so a range is right for its version even while a person types on.
 */
export class Positions {
  readonly #lineOf: ReturnType<typeof lineMap>;

  constructor(text: string) {
    this.#lineOf = lineMap(text);
  }

  position(offset: number): Position {
    const { line, column } = this.#lineOf(offset);
    return new Position(line - 1, column - 1);
  }

  range({ start, end }: Span): Range {
    return new Range(this.position(start), this.position(end));
  }
}

/** What is needed of an analysed document to turn the core's edits into the editor's. */
export interface EditTarget {
  readonly uriOf: (file: string) => Uri;
  rangeOf(place: Edit['place']): Range;
}

/** The core's edits as one edit of the editor's. */
export function workspaceEdit(target: EditTarget, edits: readonly Edit[]): WorkspaceEdit {
  const result = new WorkspaceEdit();
  for (const { place, newText } of edits) {
    result.replace(target.uriOf(place.file), target.rangeOf(place), newText);
  }
  return result;
}

/** The bytes that base64 stands for. */
export function fromBase64(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
