import type { ExtensionContext } from 'vscode';
import type { startFeatures as start } from './features.ts';

/** What the browser's host asks for: there one script is the whole extension. */
export async function activate(context: ExtensionContext): Promise<void> {
  await (await import('./extension.ts')).activate(context);
}

/** What the entry in Node asks for, which brings no copy of the features of its own. */
export async function startFeatures(...given: Parameters<typeof start>) {
  return (await import('./features.ts')).startFeatures(...given);
}
