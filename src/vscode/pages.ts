import { Uri } from 'vscode';
import { documentationBase } from '../core/present/findings.ts';
import { commands } from './ids.ts';
import { commandLink } from './links.ts';

/** Whether a value names a page by its path below `docs/`: nothing leads out of that folder. */
export function isPage(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^(?:[a-z0-9-]+\/){0,4}[A-Za-z0-9-]+\.md(?:#[a-z0-9_-]+)?$/.test(value)
  );
}

/** Where a page of documentation lies in the extension, with its heading as the fragment. */
export function pageUri(extensionUri: Uri, page: string): Uri {
  const [path = '', fragment = ''] = page.split('#');
  return Uri.joinPath(extensionUri, 'docs', path).with({ fragment });
}

/** Markdown of a hover, its links to pages on the web made links to our own, which open offline. */
export function withPageCommands(markdown: string): string {
  return withPages(markdown, (page) => commandLink(commands.openDocs, page));
}

/** The same for a preview, in which commands do not run. */
export function withPageAddresses(markdown: string, extensionUri: Uri): string {
  return withPages(markdown, (page) => pageUri(extensionUri, page).toString());
}

function withPages(markdown: string, addressOf: (page: string) => string): string {
  const [first = '', ...rest] = markdown.split(`](${documentationBase}/`);
  const linked = rest.map((text) => {
    const end = text.indexOf(')');
    return `](${addressOf(text.slice(0, end))}${text.slice(end)}`;
  });
  return [first, ...linked].join('');
}
