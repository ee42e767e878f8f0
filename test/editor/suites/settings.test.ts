import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  apply,
  closeAll,
  fixes,
  hints,
  hovers,
  lenses,
  open,
  openCopy,
  replace,
  resetSettings,
  set,
  untilFindings,
  untitled,
} from './support.ts';

const both = ['gap-above-target', 'critical-data-size'];

describe('settings', () => {
  afterEach(async () => {
    await closeAll();
    await resetSettings();
  });

  it('switch everything off and on again', async () => {
    const document = await open('torchtitan/mxfp4.toml');
    await untilFindings(document.uri, both);
    await set('enable', false);
    await untilFindings(document.uri, []);
    assert.deepEqual(await lenses(document.uri), []);
    assert.deepEqual(await hints(document), []);
    assert.deepEqual(await hovers(document, '894_070'), []);
    await set('enable', true);
    await untilFindings(document.uri, both);
    assert.equal((await lenses(document.uri)).length, 4);
  });

  it('switch each surface off alone', async () => {
    const document = await open('torchtitan/mxfp4.toml');
    await untilFindings(document.uri, both);
    await set('codeLens', false);
    await set('inlayHints', false);
    await set('hover', false);
    assert.deepEqual(await lenses(document.uri), []);
    assert.deepEqual(await hints(document), []);
    assert.deepEqual(await hovers(document, '894_070'), []);
    await untilFindings(document.uri, both);
    await set('diagnostics', false);
    await untilFindings(document.uri, []);
    await set('inlayHints', undefined);
    assert.equal((await hints(document)).length, 3);
  });

  it('move the target of the gap', async () => {
    const { uri } = await open('torchtitan/mxfp4.toml');
    await untilFindings(uri, both);
    await set('gapTarget', 0.5);
    await untilFindings(uri, ['critical-data-size']);
  });

  it('move the threshold of nearness', async () => {
    const document = await openCopy('torchtitan/mxfp4.toml');
    await replace(document, 'mxfp4_cutlass', 'mxfp8_cublas');
    await untilFindings(document.uri, []);
    await set('nearCriticalRatio', 0.2);
    await untilFindings(document.uri, ['near-critical-data-size']);
  });

  it('choose the law that leads, wherever a number is shown', async () => {
    const document = await open('torchtitan/mxfp4.toml');
    await untilFindings(document.uri, both);
    const led = [
      // What each law says of MXFP4 at N = 6.98 B linear, D = 15.0 T: docs/laws.
      ['kumar', '(7 laws, Kumar +0.060: loss 2.89)', ['gap-above-target']],
      [
        'pooled',
        '(7 laws, Pooled public runs, our own fit +0.052: loss 2.11)',
        ['gap-above-target'],
      ],
      ['chen', '(7 laws, Chen +0.037: loss 2.28) · D is 0.6 % of D_crit', ['gap-above-target']],
      ['chinchilla', '(7 laws) · no Chinchilla forecast for this format', ['gap-above-target']],
    ] as const;
    for (const [law, lens, findings] of led) {
      await set('law', law);
      await untilFindings(document.uri, findings);
      const [first] = await lenses(document.uri);
      assert.equal(first?.title, `gap +0.03…0.21 ${lens}`);
      const shown = (await hints(document)).map((each) => each.slice(each.indexOf('|') + 1));
      assert.ok(shown.includes('MXFP4 · +0.03…0.21'));
      const [hover] = await hovers(document, 'mxfp4_cutlass');
      assert.ok(hover?.split('\n')[0]?.includes(lens.split(' · ')[0] ?? lens), hover);
    }
  });

  it('switch a check off, as the quick fix does', async () => {
    const { uri } = await openCopy('torchtitan/mxfp4.toml');
    await untilFindings(uri, both);
    const offered = await fixes(uri, 'critical-data-size');
    await apply(offered.get('Disable critical-data-size in this workspace'));
    await untilFindings(uri, ['gap-above-target']);
    const { workspaceValue } =
      vscode.workspace.getConfiguration('floatcast').inspect('disabledChecks') ?? {};
    assert.deepEqual(workspaceValue, ['critical-data-size']);
  });
});

describe('assumptions', () => {
  afterEach(async () => {
    await closeAll();
    await resetSettings();
  });

  it('of the workspace change what is shown', async () => {
    const document = await open('torchtitan/ranks.toml');
    await set('assumptions', { 'world-size': 64 });
    const size = (await lenses(document.uri))[2];
    // 100,000 steps × 2 sequences × 64 ranks × 8,192 tokens = 104,857,600,000
    assert.match(size?.title ?? '', /^N 8\.03 B · D 105 B tokens \(assumed 64 GPUs\) · /);
    assert.ok((await hints(document)).some((each) => each.startsWith('steps = 100_000|= 105 B')));
  });

  it('of the file win over the workspace’s', async () => {
    const source = await open('torchtitan/ranks.toml');
    await set('assumptions', { 'world-size': 64 });
    const text = `# floatcast: world-size=128\n${source.getText()}`;
    const document = await untitled(text, 'toml');
    const size = (await lenses(document.uri))[2];
    assert.match(size?.title ?? '', /^N 8\.03 B · D 210 B tokens \(assumed 128 GPUs\) · /);
  });

  it('that cannot be read are said to be so, where they stand', async () => {
    const source = await open('torchtitan/ranks.toml');
    const document = await untitled(`# floatcast: world-sise=8\n${source.getText()}`, 'toml');
    await untilFindings(document.uri, ['none']);
    const [only] = vscode.languages.getDiagnostics(document.uri);
    assert.match(only?.message ?? '', /world-sise=8/);
    assert.equal(document.getText(only?.range), 'world-sise=8');
  });
});
