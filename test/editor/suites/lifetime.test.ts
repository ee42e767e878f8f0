import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Analyses } from '../../../src/vscode/analyses.ts';
import { registerCodeLens } from '../../../src/vscode/codeLens.ts';
import { registerDiagnostics } from '../../../src/vscode/diagnostics.ts';
import { Disposables } from '../../../src/vscode/disposables.ts';
import { registerInlayHints } from '../../../src/vscode/inlayHints.ts';
import { Log } from '../../../src/vscode/log.ts';
import { registerReports } from '../../../src/vscode/virtualDocuments.ts';
import { WorkspaceScan } from '../../../src/vscode/workspaceScan.ts';
import { closeAll, diagnostics, hints, home, lenses, openCopy, replace, until } from './support.ts';

/** A second set of everything beside the extension's own: each thing is then there twice. */
function secondSet(): { analyses: Analyses; all: Disposables } {
  const log = new Log('Floatcast, of a test');
  const analyses = new Analyses(log);
  const scan = new WorkspaceScan(log);
  const all = new Disposables().add(
    log,
    analyses,
    registerDiagnostics(analyses, home()),
    scan,
    registerCodeLens(analyses, scan, log),
    registerInlayHints(analyses, log),
    registerReports(analyses, scan, home()),
  );
  return { analyses, all };
}

describe('lifetime', () => {
  afterEach(closeAll);

  it('ends with nothing left', async () => {
    const document = await openCopy('torchtitan/mxfp4.toml');
    const { uri } = document;
    const count = (expected: number) =>
      until(
        vscode.languages.onDidChangeDiagnostics,
        () => diagnostics(uri).length === expected,
        () => `${expected} diagnostics`,
      );
    await count(2);
    const { analyses, all } = secondSet();
    await count(4);
    assert.equal((await lenses(uri)).length, 8);
    assert.equal((await hints(document)).length, 6);
    all.dispose();
    await count(2);
    assert.equal((await lenses(uri)).length, 4);
    assert.equal((await hints(document)).length, 3);
    // An edit reaches the extension's own set and wakes nothing in the one that has ended.
    let woken = false;
    analyses.onDidChange(() => (woken = true));
    await replace(document, 'mxfp4_cutlass', 'mxfp8_cublas');
    await count(0);
    assert.equal(woken, false);
  });

  it('takes over what is added too late, and ends it', () => {
    const ended: string[] = [];
    const all = new Disposables().add(
      { dispose: () => ended.push('first') },
      { dispose: () => ended.push('second') },
    );
    all.dispose();
    all.add({ dispose: () => ended.push('late') });
    assert.deepEqual(ended, ['second', 'first', 'late']);
  });

  it('gives one analysis for one version, and none for a closed document', async () => {
    const document = await openCopy('torchtitan/mxfp4.toml');
    const { analyses, all } = secondSet();
    const [one, same] = await Promise.all([analyses.get(document), analyses.get(document)]);
    assert.ok(one);
    assert.equal(one, same);
    await replace(document, '894_070', '894_071');
    const next = await analyses.get(document);
    assert.notEqual(next, one);
    assert.equal(next?.version, document.version);
    all.dispose();
  });
});
