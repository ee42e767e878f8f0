import type { Uri } from 'vscode';
import type { Place } from '../core/syntax/tree.ts';
import { internalCommands } from './ids.ts';

/** Where `floatcast.goToPlace` goes: a document, and offsets of its text. */
export interface Destination {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
}

/** The address of a link that runs a command. */
export function commandLink(command: string, ...args: readonly unknown[]): string {
  return `command:${command}?${encodeURIComponent(JSON.stringify(args))}`;
}

/**
 * The address of a link to a place. A command and not the document's own address: Markdown drops
 * links to `untitled:` and `vscode-vfs:`.
 */
export function placeLink(uriOf: (file: string) => Uri, place: Place): string {
  const { file, start, end } = place;
  const destination: Destination = { uri: uriOf(file).toString(), start, end };
  return commandLink(internalCommands.goToPlace, destination);
}
