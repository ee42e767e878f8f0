import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  apply,
  closeAll,
  diagnostics,
  file,
  findingIds,
  fixes,
  hints,
  hovers,
  lenses,
  open,
  openCopy,
  rangeOf,
  replace,
  untilFindings,
  untitled,
} from './support.ts';

const both = ['gap-above-target', 'critical-data-size'];

describe('CodeLens', () => {
  afterEach(closeAll);

  it('sums up a run above the first key of the file', async () => {
    const { uri } = await open('torchtitan/mxfp4.toml');
    assert.deepEqual(await lenses(uri), [
      {
        line: 2,
        title: 'gap +0.03…0.21 (7 laws, Capybara +0.21: loss 2.45) · D is 18× D_crit by 1 of 7',
      },
      { line: 2, title: 'Optimize precision…' },
      { line: 2, title: 'N 8.03 B · D 15.0 T tokens · MXFP4 (block 32)' },
      { line: 2, title: '≈ 200 GB undivided · 7.7e23 FLOP' },
    ]);
  });

  it('says what is missing and offers to set it', async () => {
    const { uri } = await open('torchtitan/ranks.toml');
    assert.deepEqual(
      (await lenses(uri)).map(({ title }) => title),
      [
        'N 8.03 B · D 1.64 B tokens × data-parallel ranks · FP8 E4M3 per channel',
        'Set it…',
        '≈ 200 GB undivided',
      ],
    );
  });

  it('stands above a YAML file’s first key, below its comments', async () => {
    const { uri } = await open('llm-foundry/mpt.yaml');
    const [first] = await lenses(uri);
    assert.deepEqual(first, {
      line: 1,
      title: 'gap +0.0024 (4 laws agree, rough) · loss 2.36 by Capybara · D is 2.2 % of D_crit',
    });
  });

  it('follows an edit', async () => {
    const document = await openCopy('torchtitan/mxfp4.toml');
    await untilFindings(document.uri, both);
    await replace(document, 'mxfp4_cutlass', 'mxfp8_cublas');
    await untilFindings(document.uri, []);
    const [first] = await lenses(document.uri);
    assert.equal(
      first?.title,
      'gap +0.0026 (4 laws agree) · loss 2.24 by Capybara · D is 25 % of D_crit',
    );
  });
});

describe('inlay hints', () => {
  afterEach(closeAll);

  it('stand behind the model, the format and the tokens', async () => {
    assert.deepEqual(await hints(await open('torchtitan/mxfp4.toml')), [
      'flavor = "8B"|N = 8.03 B',
      'converters = ["quantize.linear.mx"|MXFP4 · +0.03…0.21',
      'steps = 894_070|= 15.0 T · 18× D_crit (1 of 7)',
    ]);
  });
});

describe('hover', () => {
  afterEach(closeAll);

  it('gives the reasons on a token field', async () => {
    const document = await open('torchtitan/mxfp4.toml');
    const [text = ''] = await hovers(document, '894_070');
    assert.match(text, /\*\*D = 15\.0 T tokens\*\*/);
    assert.match(
      text,
      /15,000,005,509,120 tokens = 894,070 steps × 2,048 sequences × 8,192 tokens/,
    );
    assert.match(text, /!\[[^\]]*\]\(data:image\/svg\+xml;base64,[A-Za-z0-9+/]+=*[ )]/);
  });

  it('links to the place that states a number, by a command', async () => {
    const document = await open('torchtitan/mxfp4.toml');
    const [text = ''] = await hovers(document, '894_070');
    const link = /command:floatcast\.goToPlace\?([^)>\s]+)/.exec(text);
    assert.ok(link);
    const [destination] = JSON.parse(decodeURIComponent(link[1] ?? '')) as [{ uri: string }];
    assert.equal(destination.uri, document.uri.toString());
    await vscode.commands.executeCommand('floatcast.goToPlace', destination);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.toString(), document.uri.toString());
    assert.equal(editor.selection.isEmpty, false);
  });

  it('says nothing on other fields', async () => {
    const document = await open('torchtitan/ranks.toml');
    assert.deepEqual(await hovers(document, '[parallelism]'), []);
  });
});

describe('diagnostics', () => {
  afterEach(closeAll);

  it('mark the field, name the finding, and link to its page', async () => {
    const document = await open('torchtitan/mxfp4.toml');
    await untilFindings(document.uri, both);
    const critical = diagnostics(document.uri).find(
      ({ severity }) => severity === vscode.DiagnosticSeverity.Warning,
    );
    assert.ok(critical && typeof critical.code === 'object');
    assert.equal(critical.code.value, 'critical-data-size');
    assert.match(critical.code.target.toString(), /critical-data-size/);
    assert.deepEqual(critical.range, rangeOf(document, '894_070'));
    assert.match(
      critical.message,
      /^15\.0 T tokens is 18× the critical data size \(850 B\) of MXFP4/,
    );
    const [related] = critical.relatedInformation ?? [];
    assert.equal(related?.location.uri.toString(), document.uri.toString());
    assert.deepEqual(related.location.range, rangeOf(document, '"quantize.linear.mx"'));
  });

  it('go when the document is closed', async () => {
    const uri = file('torchtitan/critical.toml');
    // Not through the test's own document, which the editor would keep open for a while.
    await vscode.commands.executeCommand('vscode.open', uri);
    await untilFindings(uri, both);
    await closeAll();
    await untilFindings(uri, []);
  });

  it('stay out of documents that nobody edits', async () => {
    const document = await open('torchtitan/mxfp4.toml');
    await untilFindings(document.uri, both);
    const copy = document.uri.with({ scheme: 'floatcast-preview', query: '0' });
    const shown = await vscode.workspace.openTextDocument(copy);
    assert.deepEqual(await lenses(shown.uri), []);
    assert.deepEqual(diagnostics(shown.uri), []);
  });
});

describe('quick fixes', () => {
  afterEach(closeAll);

  it('write another format, and change nothing else', async () => {
    const document = await openCopy('torchtitan/mxfp4.toml');
    const before = document.getText();
    await untilFindings(document.uri, both);
    const offered = await fixes(document.uri, 'critical-data-size');
    const [train = '', ...others] = offered.keys();
    assert.match(train, /^Train in MXFP8 E4M3 \(block 32\): loss −0\.21 by Capybara, /);
    assert.deepEqual(others, [
      'Compare what the laws say of this run',
      'Disable critical-data-size for this line',
      'Disable critical-data-size for this file',
      'Disable critical-data-size in this workspace',
    ]);
    const [first] = offered.values();
    // The laws disagree, so that none of the fixes is the one to take without reading.
    assert.equal(first?.isPreferred, false);
    await apply(first);
    assert.equal(document.getText(), before.replace('mxfp4_cutlass', 'mxfp8_cublas'));
    await untilFindings(document.uri, []);
  });

  it('switch a finding off on its line', async () => {
    const document = await openCopy('torchtitan/mxfp4.toml');
    const before = document.getText();
    await untilFindings(document.uri, both);
    const offered = await fixes(document.uri, 'critical-data-size');
    await apply(offered.get('Disable critical-data-size for this line'));
    assert.equal(
      document.getText(),
      before.replace('steps', '# floatcast-disable-next-line critical-data-size\nsteps'),
    );
    await untilFindings(document.uri, ['gap-above-target']);
  });

  it('switch a finding off in the file, with the file’s own line ends', async () => {
    const source = await open('torchtitan/mxfp4.toml');
    const text = source.getText().replaceAll('\n', '\r\n');
    const document = await untitled(text, 'toml');
    await untilFindings(document.uri, both);
    const offered = await fixes(document.uri, 'gap-above-target');
    await apply(offered.get('Disable gap-above-target for this file'));
    assert.equal(document.getText(), `# floatcast-disable gap-above-target\r\n${text}`);
    await untilFindings(document.uri, ['critical-data-size']);
    assert.deepEqual(findingIds(document.uri), ['critical-data-size']);
  });
});
