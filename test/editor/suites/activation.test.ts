import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, diagnostics, extensionId, hints, lenses, open } from './support.ts';

describe('activation', () => {
  afterEach(closeAll);

  const isActive = () => vscode.extensions.getExtension(extensionId)?.isActive;

  /** The scripts of the extension that its host has loaded so far. */
  const loaded = () => {
    const home = vscode.extensions.getExtension(extensionId)?.extensionPath ?? '';
    return Object.keys(require.cache)
      .filter((path) => path.startsWith(home))
      .map((path) => path.slice(home.length + 1).replaceAll('\\', '/'))
      .filter((path) => path.startsWith('dist/'))
      .sort();
  };

  // The first of all tests: a script that was loaded once stays loaded.
  it('loads its entry only for files of somebody else, and the rest for one of ours', async () => {
    for (const path of ['deployment.yaml', 'docker-compose.yml', 'tsconfig.json']) {
      await open(path);
      assert.equal(isActive(), true);
    }
    assert.deepEqual(loaded(), ['dist/extension.js']);
    const document = await open('torchtitan/mxfp4.toml');
    assert.equal((await lenses(document.uri)).length, 4);
    assert.deepEqual(loaded(), ['dist/extension.js', 'dist/features.js']);
  });

  it('draws nothing in YAML of somebody else', async () => {
    const document = await open('deployment.yaml');
    await vscode.extensions.getExtension(extensionId)?.activate();
    assert.deepEqual(await lenses(document.uri), []);
    assert.deepEqual(await hints(document), []);
    assert.deepEqual(diagnostics(document.uri), []);
  });

  for (const path of ['docker-compose.yml', 'tsconfig.json']) {
    it(`draws nothing in ${path}`, async () => {
      const document = await open(path);
      assert.deepEqual(await lenses(document.uri), []);
      assert.deepEqual(diagnostics(document.uri), []);
    });
  }

  it('is active on a training config, whose language it brings', async () => {
    const document = await open('torchtitan/mxfp4.toml');
    assert.equal(document.languageId, 'toml');
    assert.equal(isActive(), true);
    assert.equal((await lenses(document.uri)).length, 4);
  });
});
