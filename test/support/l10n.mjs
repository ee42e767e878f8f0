/** The strings that the editor shows by `l10n.t`, as `l10n/bundle.l10n.json` offers them to translators. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getL10nJson } from '@vscode/l10n-dev';
import { root } from '../editor/host/paths.mjs';

/** All of them, sorted, by what the sources say now. */
export async function editorStrings() {
  const folder = join(root, 'src', 'vscode');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .sort();
  const sources = files.map((name) => ({
    extension: '.ts',
    contents: readFileSync(join(folder, name), 'utf8'),
  }));
  const strings = Object.entries(await getL10nJson(sources)).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(strings);
}
