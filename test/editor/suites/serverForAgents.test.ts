import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import { serverDefinitions } from '../../../src/vscode/serverForAgents.ts';
import { extensionId } from './support.ts';

describe('the server for agents', () => {
  it('is announced once a folder, and answers when it is started so', async () => {
    const extension = vscode.extensions.getExtension<unknown>(extensionId);
    assert.ok(extension);
    const servers = serverDefinitions({ extensionUri: extension.extensionUri, extension });
    const folders = vscode.workspace.workspaceFolders ?? [];
    assert.equal(servers.length, folders.length);
    const [server] = servers;
    assert.ok(server);
    assert.equal(server.label, 'Floatcast');
    assert.equal(server.cwd?.fsPath, folders[0]?.uri.fsPath);
    const environment = { ...process.env, ...(server.env as Record<string, string>) };
    const child = spawn(server.command, server.args, { cwd: server.cwd?.fsPath, env: environment });
    try {
      const said = createInterface(child.stdout)[Symbol.asyncIterator]();
      const ask = async (message: object): Promise<unknown> => {
        child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
        const next = await said.next();
        return (JSON.parse(String(next.value)) as { result: unknown }).result;
      };
      const clientInfo = { name: 'test', version: '1' };
      const params = { protocolVersion: '2025-03-26', capabilities: {}, clientInfo };
      await ask({ id: 1, method: 'initialize', params });
      child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
      const { tools } = (await ask({ id: 2, method: 'tools/list' })) as {
        tools: readonly { readonly name: string }[];
      };
      const names = tools.map(({ name }) => name).sort();
      const questions = ['estimate_memory', 'explain_finding', 'forecast_config', 'rank_formats'];
      assert.deepEqual(names, questions);
    } finally {
      child.kill();
    }
  });
});
