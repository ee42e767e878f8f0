import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { expect, it, onTestFinished } from 'vitest';
import { builtCli, folderOf, llmFoundryConfig } from './harness.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** Builds the command line and its server as they are shipped, into a folder with the pages. */
async function built(): Promise<string> {
  const folder = await folderOf({});
  await symlink(path.join(root, 'docs'), path.join(folder, 'docs'));
  return builtCli(folder, /cli\.js$|mcp\.js$/);
}

it('answers a client over stdio, and reads nothing outside of its folder', async () => {
  const cli = await built();
  const cwd = await folderOf({
    'a.yaml': llmFoundryConfig(64_000_000),
    'floatcast.yaml': 'hardware: h100\nworld-size: 64\n',
  });
  const outside = await folderOf({ 'x.yaml': llmFoundryConfig() });
  await symlink(path.join(outside, 'x.yaml'), path.join(cwd, 'link.yaml'));
  await writeFile(path.join(cwd, 'none.yaml'), 'x: 1\n');
  const client = new Client({ name: 'test', version: '1.0.0' });
  onTestFinished(() => client.close());
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [cli, 'mcp'], cwd }),
  );
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name).sort()).toEqual([
    'estimate_memory',
    'explain_finding',
    'forecast_config',
    'rank_formats',
  ]);
  const call = async (name: string, given: Record<string, unknown>) => {
    const answer = await client.callTool({ name, arguments: given });
    const [content] = answer.content as readonly { readonly text: string }[];
    return { isError: answer.isError === true, text: content?.text ?? '' };
  };
  const parsed = async (name: string, given: Record<string, unknown>) =>
    JSON.parse((await call(name, given)).text) as unknown;

  expect(await parsed('forecast_config', { path: 'a.yaml' })).toMatchObject([
    { file: 'a.yaml', tokens: 134_217_728_000_000, findings: [{ id: 'critical-data-size' }, {}] },
  ]);
  expect(await parsed('forecast_config', { path: 'none.yaml' })).toEqual([]);
  expect(await parsed('rank_formats', { path: 'a.yaml', law: 'kumar' })).toMatchObject([
    { file: 'a.yaml', current: { format: 'fp8-e4m3', granularity: 'tensor' } },
  ]);
  expect(await parsed('estimate_memory', { path: 'a.yaml' })).toMatchObject([
    { file: 'a.yaml', role: 'pretrain', resources: { hours: expect.any(Number) as number } },
  ]);
  expect(await parsed('explain_finding', { id: 'critical-data-size' })).toMatchObject({
    severity: 'warning',
    page: expect.stringContaining('# critical-data-size') as string,
  });
  for (const [name, given, sentence] of [
    ['forecast_config', { path: 'link.yaml' }, 'link.yaml is no file below the working directory.'],
    ['forecast_config', { path: `${outside}/x.yaml` }, 'x.yaml is no file below'],
    ['forecast_config', { path: 'a.yaml', law: 'moore' }, 'Unknown law “moore”'],
    ['explain_finding', { id: 'nothing' }, 'There is no finding “nothing”'],
  ] as const) {
    const { isError, text } = await call(name, given);
    expect([isError, text]).toEqual([true, expect.stringContaining(sentence)]);
  }

  const { resources } = await client.listResources();
  const page = resources.find(({ uri }) => uri === 'floatcast://docs/laws/capybara.md');
  const { contents } = await client.readResource({ uri: page?.uri ?? '' });
  expect(contents[0]).toMatchObject({ text: expect.stringMatching(/^# /) as string });
});
