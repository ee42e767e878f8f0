import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { gather } from '../../src/core/gather.ts';
import { checkJson, type CheckRun } from '../../src/core/present/json.ts';
import { defaultSettings } from '../../src/core/run/settings.ts';
import { floatcast } from '../unit/cli/harness.ts';
import { corpusCases } from './cases.ts';

/** The texts of paths below a folder, as an editor's shell reads them. */
function readFrom(folder: string) {
  return (paths: readonly string[]) => {
    const texts = paths.map((path) => {
      const at = join(folder, path);
      const isThere = existsSync(at) && statSync(at).isFile();
      return [path, isThere ? readFileSync(at, 'utf8') : null] as const;
    });
    return Promise.resolve(new Map(texts));
  };
}

// What Copy Forecast as JSON puts on the clipboard is `checkJson` of what the editor gathered.
it.each(corpusCases())('$name: the editor’s JSON is that of check --json', async (each) => {
  const argv = ['check', each.file, '--json', '--fail-on', 'never'];
  const { stdout } = await floatcast(argv, each.folder);
  const document = { file: each.file, text: each.text };
  const { analysis } = await gather(document, defaultSettings, readFrom(each.folder));
  expect(JSON.parse(JSON.stringify(checkJson(analysis)))).toEqual(
    // A file that was named and describes no run has a line that says so.
    (JSON.parse(stdout) as CheckRun[]).filter(({ framework }) => framework !== null),
  );
});
