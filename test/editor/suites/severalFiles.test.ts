import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, file, lenses, open, replace } from './support.ts';

let copies = 0;
let folder = '';
let run = '';
let group = '';

const shorter = 'N 1.58 M non-embedding · D 10.5 T · FP8 E4M3';

async function titles(path: string): Promise<string[]> {
  return (await lenses(file(path))).map(({ title }) => title);
}

/** Waits until some lens of a file begins so; nothing says that lenses were drawn anew. */
async function untilLens(path: string, start: string): Promise<void> {
  const limit = Date.now() + 20_000;
  let seen = await titles(path);
  while (!seen.some((title) => title.startsWith(start))) {
    assert.ok(Date.now() < limit, `No lens begins with "${start}": ${seen.join(' | ')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    seen = await titles(path);
  }
}

describe('a run of several files', () => {
  beforeEach(async () => {
    copies += 1;
    folder = `several/${copies}`;
    [run, group, twin] = [
      `${folder}/run.yaml`,
      `${folder}/model/small.yaml`,
      `${folder}/twin.yaml`,
    ];
    await vscode.workspace.fs.copy(file('nemo/conf'), file(folder));
  });

  afterEach(async () => {
    await closeAll();
    await vscode.workspace.fs.delete(file(folder), { recursive: true });
  });

  it('takes values from the included file, and follows its edits', async () => {
    await open(run);
    await untilLens(run, 'N 1.58 M non-embedding · D 21.0 T tokens · FP8 E4M3');
    const included = await open(group);
    await replace(included, 'encoder_seq_length: 2048', 'encoder_seq_length: 1024');
    await untilLens(run, 'N 1.58 M non-embedding · D 10.5 T tokens · FP8 E4M3');
    await untilLens(group, `Used by ${run}: ${shorter}`);
  });

  it('is not named above files that are no part of it', async () => {
    await open(run);
    await open('deployment.yaml');
    await untilLens(run, 'N 1.58 M');
    assert.deepEqual(await titles('deployment.yaml'), []);
    assert.ok((await titles(run)).every((title) => !title.startsWith('Used by')));
  });
});
