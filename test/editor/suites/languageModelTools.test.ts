import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { checkJson, type CheckRun } from '../../../src/core/present/json.ts';
import { analyse } from '../../../src/core/analyse.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';
import { closeAll, file, manifest, openCopy, replace, resetSettings, set } from './support.ts';

const path = 'torchtitan/mxfp4.toml';

async function ask(name: string, input: object): Promise<unknown> {
  const { content } = await vscode.lm.invokeTool(`floatcast_${name}`, {
    input,
    toolInvocationToken: undefined,
  });
  const [part] = content;
  assert.ok(part instanceof vscode.LanguageModelTextPart);
  return JSON.parse(part.value) as unknown;
}

function fails(name: string, input: object, why: RegExp): Promise<void> {
  return assert.rejects(ask(name, input), why);
}

describe('the tools for language models', function () {
  // The editor asks for a confirmation of each call.
  this.timeout(120_000);

  afterEach(async () => {
    await closeAll();
    await resetSettings();
  });

  it('are those of the manifest', () => {
    const names = vscode.lm.tools
      .map(({ name }) => name)
      .filter((each) => each.startsWith('floatcast'));
    const contributed = manifest().contributes.languageModelTools.map(({ name }) => name);
    assert.equal(contributed.length, 4);
    assert.deepEqual(names.sort(), contributed.sort());
  });

  it('forecast a config as check --json prints it', async () => {
    const document = await vscode.workspace.openTextDocument(file(path));
    const text = document.getText();
    const expected = checkJson(analyse({ file: path, text }, defaultSettings));
    assert.deepEqual(await ask('forecast_config', { path }), JSON.parse(JSON.stringify(expected)));
    assert.deepEqual(await ask('forecast_config', { path: file(path).path }), expected);
  });

  it('see what is typed and set, and what they are told', async () => {
    // What is typed may be saved meanwhile.
    const document = await openCopy(path);
    const copy = vscode.workspace.asRelativePath(document.uri);
    const forecast = async (more = {}) =>
      (await ask('forecast_config', { path: copy, ...more })) as readonly CheckRun[];
    const [before] = await forecast();
    await replace(document, '894_070', '8_940_700');
    const [after] = await forecast();
    assert.equal((after?.tokens ?? 0) / (before?.tokens ?? 1), 10);
    await set('law', 'chen');
    assert.equal((await forecast())[0]?.forecast?.law, 'chen');
    assert.equal((await forecast({ law: 'capybara' }))[0]?.forecast?.law, 'capybara');
  });

  it('rank formats, estimate memory, explain a finding', async () => {
    const ranked = await ask('rank_formats', { path, hardware: 'b200' });
    const [{ candidates, current }] = ranked as [{ candidates: object[]; current: object }];
    assert.ok(candidates.length > 3);
    assert.deepEqual((current as { format: string }).format, 'mxfp4');
    const taken = await ask('estimate_memory', {
      path,
      hardware: 'b200',
      assume: ['world-size=64'],
    });
    const [{ resources }] = taken as [{ resources: { memory: { devices: number } } }];
    assert.equal(resources.memory.devices, 64);
    const explained = await ask('explain_finding', { id: 'critical-data-size' });
    assert.match((explained as { page: string }).page, /^# critical-data-size/);
  });

  it('read nothing outside of the workspace, and say what is wrong', async () => {
    await fails('forecast_config', { path: '../outside.yaml' }, /no such file in the workspace/);
    await fails('forecast_config', { path: '/etc/hosts' }, /no such file in the workspace/);
    await fails('forecast_config', { path: 'nowhere.yaml' }, /no such file in the workspace/);
    await fails('forecast_config', { path, law: 'moore' }, /Unknown law “moore”/);
    await fails('explain_finding', { id: 'nothing' }, /There is no finding “nothing”/);
  });
});
