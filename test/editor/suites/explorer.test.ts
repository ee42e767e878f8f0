import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ToPanel } from '../../../src/protocol/messages.ts';
import { initialState } from '../../../src/protocol/state.ts';
import { Analyses } from '../../../src/vscode/analyses.ts';
import { ExplorerSession } from '../../../src/vscode/explorerSession.ts';
import { Log } from '../../../src/vscode/log.ts';
import { readLossFiles } from '../../../src/vscode/lossFiles.ts';
import {
  closeAll,
  file,
  open,
  openCopy,
  replace,
  resetSettings,
  set,
  until,
  untitled,
} from './support.ts';

const mxfp8 = { format: 'mxfp8-e4m3', granularity: 'block', block: 32 } as const;

describe('the Explorer’s host', () => {
  let log: Log;
  let analyses: Analyses;
  let fromPanel: vscode.EventEmitter<unknown>;
  let toPanel: vscode.EventEmitter<ToPanel>;
  let received: ToPanel[];
  let session: ExplorerSession | undefined;

  beforeEach(() => {
    log = new Log('Floatcast, of a test');
    analyses = new Analyses(log);
    fromPanel = new vscode.EventEmitter();
    toPanel = new vscode.EventEmitter();
    received = [];
    toPanel.event((message) => received.push(message));
  });

  afterEach(async () => {
    session?.dispose();
    analyses.dispose();
    log.dispose();
    await closeAll();
    await resetSettings();
  });

  function connect(uri: vscode.Uri): void {
    const port = {
      postMessage: (message: ToPanel) => toPanel.fire(message),
      onDidReceiveMessage: fromPanel.event,
    };
    session = new ExplorerSession(port, { uri, runIndex: 0 }, analyses, log);
  }

  /** Sends a message, and gives the next one that comes back. */
  async function ask(message: unknown): Promise<ToPanel> {
    const count = received.length;
    fromPanel.fire(message);
    await until(
      toPanel.event,
      () => received.length > count,
      () => 'an answer',
    );
    const answer = received[count];
    assert.ok(answer);
    return answer;
  }

  async function snapshot(uri: vscode.Uri): Promise<Extract<ToPanel, { type: 'snapshot' }>> {
    connect(uri);
    const message = await ask({ type: 'ready' });
    assert.ok(message.type === 'snapshot');
    return message;
  }

  it('sends everything once the panel is ready', async () => {
    const { uri, version } = await open('torchtitan/mxfp4.toml');
    const message = await snapshot(uri);
    assert.equal(message.uri, uri.toString());
    assert.equal(message.version, version);
    assert.equal(message.name, 'torchtitan/mxfp4.toml');
    assert.equal(message.analysis.runs.length, 1);
    assert.deepEqual(message.settings, {
      law: 'capybara',
      hardware: null,
      gapTarget: 0.01,
      nearCriticalRatio: 0.5,
      pricePerHour: null,
    });
  });

  it('sends the runs that it compares, each as its file has it now', async () => {
    const { uri } = await open('torchtitan/mxfp4.toml');
    const other = await openCopy('llm-foundry/mpt.yaml');
    const unsettled = file('torchtitan/ranks.toml');
    const port = {
      postMessage: (message: ToPanel) => toPanel.fire(message),
      onDidReceiveMessage: fromPanel.event,
    };
    const compared = [other.uri, unsettled, file('torchtitan/never-there.toml')].map((each) => ({
      uri: each.toString(),
      runIndex: 0,
    }));
    session = new ExplorerSession(port, { uri, runIndex: 0, compared }, analyses, log);
    const message = await ask({ type: 'ready' });
    assert.ok(message.type === 'snapshot');
    const [known, unknown, ...rest] = message.compared;
    assert.equal(known?.point?.tokens, 134_217_728_000);
    assert.match(known.name, /^copies\/\d+\/mpt\.yaml$/);
    assert.equal(unknown?.point, null);
    assert.match(unknown.why, /^tokens: /);
    assert.deepEqual(rest, []);
    await replace(other, '64000ba', '32000ba');
    const halved = () =>
      received.some(
        (each) =>
          each.type === 'snapshot' && each.compared[0]?.point?.tokens === 134_217_728_000 / 2,
      );
    await until(toPanel.event, halved, () => 'the change of the other file');
  });

  it('says nothing twice to a page that brought it along, and all to one that has an old one', async () => {
    const { uri, version } = await open('torchtitan/mxfp4.toml');
    connect(uri);
    const brought = await session?.snapshot();
    assert.equal(brought?.version, version);
    fromPanel.fire({ type: 'ready', version });
    // The next answer is to the request, none to the page.
    const stale = { uri, version: version + 1, runIndex: 0, target: mxfp8 };
    const answer = await ask({ type: 'apply', requestId: 3, ...stale, uri: uri.toString() });
    assert.equal(answer.type, 'answer');
    assert.equal(received.length, 1);
    const again = await ask({ type: 'ready', version: version + 1 });
    assert.equal(again.type, 'snapshot');
  });

  it('sends the settings that the file’s own comment decides', async () => {
    const source = await open('torchtitan/mxfp4.toml');
    await set('hardware', 'a100');
    const text = `# floatcast: hardware=b200\n${source.getText()}`;
    const { uri } = await untitled(text, 'toml');
    const { settings } = await snapshot(uri);
    assert.equal(settings.hardware, 'b200');
  });

  it('sends the law, the accelerator and the price of the settings, and each change of them', async () => {
    const { uri } = await open('torchtitan/mxfp4.toml');
    await set('hardware', 'h100');
    await set('pricePerHour', 2.5);
    const { settings } = await snapshot(uri);
    assert.equal(settings.hardware, 'h100');
    assert.equal(settings.pricePerHour, 2.5);
    const last = () => received.filter((each) => each.type === 'snapshot').at(-1);
    await set('law', 'pooled');
    const led = () => last()?.settings.law === 'pooled';
    await until(toPanel.event, led, () => 'the pooled law leads');
    assert.equal(last()?.analysis.runs[0]?.forecast?.law, 'pooled');
    // A price that is none costs nothing.
    await set('pricePerHour', -1);
    const free = () => last()?.settings.pricePerHour === null;
    await until(toPanel.event, free, () => 'no price');
  });

  it('writes a format into the file, and sends the new forecast', async () => {
    const document = await openCopy('torchtitan/mxfp4.toml');
    const { uri, version } = await snapshot(document.uri);
    const apply = { type: 'apply', requestId: 7, uri, version, runIndex: 0, target: mxfp8 };
    assert.deepEqual(await ask(apply), { type: 'answer', requestId: 7, ok: true });
    assert.match(document.getText(), /recipe_name = "mxfp8_cublas"/);
    const isNew = () => received.some((each) => each.type === 'snapshot' && each.version > version);
    await until(toPanel.event, isNew, () => 'a snapshot of the new text');
  });

  it('refuses to write into a text that has changed since', async () => {
    const document = await openCopy('torchtitan/mxfp4.toml');
    const { uri, version } = await snapshot(document.uri);
    await replace(document, '894_070', '894_071');
    const after = document.getText();
    fromPanel.fire({ type: 'apply', requestId: 8, uri, version, runIndex: 0, target: mxfp8 });
    const isAnswer = () => received.some((each) => each.type === 'answer');
    await until(toPanel.event, isAnswer, () => 'an answer');
    const answer = received.find((each) => each.type === 'answer');
    assert.equal(answer?.ok, false);
    assert.match(answer.message ?? '', /has changed/);
    assert.equal(document.getText(), after);
  });

  it('says what a framework cannot say', async () => {
    const document = await openCopy('torchtitan/mxfp4.toml');
    const { uri, version } = await snapshot(document.uri);
    const target = { format: 'nvfp4', granularity: 'block', block: 16 };
    const answer = await ask({ type: 'apply', requestId: 9, uri, version, runIndex: 0, target });
    assert.ok(answer.type === 'answer');
    assert.equal(answer.ok, false);
    assert.match(answer.message ?? '', /NVFP4/);
  });

  it('shows a place that the panel asks for', async () => {
    const document = await open('torchtitan/mxfp4.toml');
    await snapshot(document.uri);
    const start = document.getText().indexOf('894_070');
    const place = { file: 'torchtitan/mxfp4.toml', start, end: start + 7 };
    const selected = () => {
      const editor = vscode.window.activeTextEditor;
      return editor?.document.getText(editor.selection) === '894_070';
    };
    fromPanel.fire({ type: 'reveal', place });
    await until(vscode.window.onDidChangeTextEditorSelection, selected, () => 'the selection');
  });

  it('reads the loss log again that a restored panel remembers', async () => {
    const { uri } = await openCopy('torchtitan/mxfp4.toml');
    const log = (name: string) => vscode.Uri.joinPath(uri, '..', name);
    const write = (name: string, losses: readonly number[]) => {
      const rows = losses.map((loss, at) => `${(at + 1) * 1000},${loss}`);
      const text = ['step,loss', ...rows, ''].join('\n');
      return vscode.workspace.fs.writeFile(log(name), new TextEncoder().encode(text));
    };
    await write('run.csv', [3.2, 3.1]);
    await write('bf16.csv', [3.1, 3]);
    const measuredFrom = [log('run.csv').toString(), log('bf16.csv').toString()];
    const state = { ...initialState, uri: uri.toString(), measuredFrom };
    connect(uri);
    const message = await ask({ type: 'ready', state });
    assert.ok(message.type === 'snapshot');
    assert.deepEqual(message.measuredFrom, measuredFrom);
    // Steps of 2048 sequences of 8192 tokens, as the config has them.
    const tokens = 1000 * 2048 * 8192;
    assert.deepEqual(message.measured?.points[0], { tokens, loss: 3.2 });
    assert.deepEqual(message.measured.baseline?.[0], { tokens, loss: 3.1 });
  });

  it('does not read a log that is too large for it', async () => {
    const { uri } = await openCopy('torchtitan/mxfp4.toml');
    const log = vscode.Uri.joinPath(uri, '..', 'huge.csv');
    await vscode.workspace.fs.writeFile(log, new Uint8Array(24_000_001).fill(0x31));
    const huge = { error: 'huge.csv is larger than 8 MB, so it was not read.' };
    assert.deepEqual(await readLossFiles([log], { tokensPerStep: 1 }), huge);
  });

  it('forgets a loss log that is gone', async () => {
    const { uri } = await openCopy('torchtitan/mxfp4.toml');
    const measuredFrom = [vscode.Uri.joinPath(uri, '..', 'gone.csv').toString()];
    connect(uri);
    const state = { ...initialState, uri: uri.toString(), measuredFrom };
    const message = await ask({ type: 'ready', state });
    assert.ok(message.type === 'snapshot');
    assert.equal(message.measured, null);
    assert.deepEqual(message.measuredFrom, []);
  });

  it('ignores what is no message', async () => {
    const { uri } = await openCopy('torchtitan/mxfp4.toml');
    connect(uri);
    fromPanel.fire({ type: 'apply', requestId: 1 });
    fromPanel.fire('ready');
    const message = await ask({ type: 'ready' });
    assert.equal(message.type, 'snapshot');
    assert.equal(received.length, 1);
  });

  it('says when the document is gone', async () => {
    connect(file('torchtitan/never-there.toml'));
    const uri = file('torchtitan/never-there.toml').toString();
    assert.deepEqual(await ask({ type: 'ready' }), { type: 'gone', uri });
  });
});
