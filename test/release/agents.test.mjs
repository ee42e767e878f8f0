import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { root } from '../editor/host/paths.mjs';
import { temporaryFolder } from '../support/processes.mjs';
import { unzip } from './archives.mjs';

let folder, client;

beforeAll(async () => {
  folder = await temporaryFolder();
  for (const [path, bytes] of await unzip(inject('packages').extension)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [join(folder, 'extension', 'dist', 'agents.js')],
      cwd: join(root, 'examples'),
    }),
  );
});
afterAll(async () => {
  await client.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

it('the .vsix brings the server for agents, which needs no editor', async () => {
  const path = 'torchtitan/llama3-8b-mxfp4.toml';
  const { content } = await client.callTool({ name: 'forecast_config', arguments: { path } });
  const [{ format, findings }] = JSON.parse(content[0].text);
  expect(format.id).toBe('mxfp4');
  expect(findings.map(({ id }) => id)).toContain('critical-data-size');
});

it('and its pages', async () => {
  const uri = 'floatcast://docs/checks/critical-data-size.md';
  const { contents } = await client.readResource({ uri });
  expect(contents[0].text).toMatch(/^# /);
});
