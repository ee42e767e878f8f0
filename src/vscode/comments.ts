import { EndOfLine, Position, type TextDocument } from 'vscode';

/** A one-line insertion: where, and the whole text with its line break. */
export interface Insertion {
  readonly position: Position;
  readonly text: string;
}

/** What begins a comment in the document's language; null where it has none (strict JSON). */
export function commentMarker(document: TextDocument): '#' | '//' | null {
  switch (document.languageId) {
    case 'json':
      return null;
    case 'jsonc':
      return '//';
    default:
      return '#';
  }
}

/** A comment on its own line above `line`, indented like it. */
export function commentAbove(document: TextDocument, line: number, comment: string): Insertion {
  const indent = document
    .lineAt(line)
    .text.slice(0, document.lineAt(line).firstNonWhitespaceCharacterIndex);
  return { position: new Position(line, 0), text: `${indent}${comment}${endOfLine(document)}` };
}

/** A comment in the file's first line, or its second where the first must stay (`#!`, `%YAML`). */
export function commentAtTop(document: TextDocument, comment: string): Insertion {
  let line = 0;
  while (line < document.lineCount - 1 && /^(?:#!|%)/.test(document.lineAt(line).text)) line += 1;
  return { position: new Position(line, 0), text: `${comment}${endOfLine(document)}` };
}

function endOfLine(document: TextDocument): string {
  return document.eol === EndOfLine.CRLF ? '\r\n' : '\n';
}
