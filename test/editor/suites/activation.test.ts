import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, diagnostics, extensionId, hints, lenses, open } from './support.ts';

describe('activation', () => {
  afterEach(closeAll);

  const isActive = () => vscode.extensions.getExtension(extensionId)?.isActive;

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
    assert.equal((await lenses(document.uri)).length, 2);
  });
});
