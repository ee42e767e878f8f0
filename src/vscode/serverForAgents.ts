import {
  EventEmitter,
  lm,
  McpStdioServerDefinition,
  Uri,
  workspace,
  type ExtensionContext,
} from 'vscode';
import { Disposables, type Ends } from './disposables.ts';
import { serverProvider } from './ids.ts';

/**
 * Tells the editor how the server for agents is started, once for each folder of the workspace; the
 * editor lists them, and starts one when a person wants it. Editors without a place for servers go
 * without.
 */
export function registerServerForAgents(context: ExtensionContext): Ends {
  const { registerMcpServerDefinitionProvider: register } = lm as Partial<typeof lm>;
  if (typeof register !== 'function') return new Disposables();
  const changed = new EventEmitter<void>();
  return new Disposables().add(
    changed,
    workspace.onDidChangeWorkspaceFolders(() => changed.fire()),
    lm.registerMcpServerDefinitionProvider(serverProvider, {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions: () => serverDefinitions(context),
    }),
  );
}

/** A server for each folder on the disk of this host; none in a browser, which has no Node. */
export function serverDefinitions({
  extensionUri,
  extension,
}: Pick<ExtensionContext, 'extensionUri' | 'extension'>): McpStdioServerDefinition[] {
  const { process } = globalThis as { readonly process?: { readonly execPath?: string } };
  const node = process?.execPath;
  if (node === undefined || extensionUri.scheme !== 'file') return [];
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const script = Uri.joinPath(extensionUri, 'dist', 'agents.js').fsPath;
  const { version } = extension.packageJSON as { readonly version: string };
  return folders.map(({ name, uri }) => {
    const label = folders.length > 1 ? `Floatcast (${name})` : 'Floatcast';
    // The desktop's Node is Electron.
    const environment = { ELECTRON_RUN_AS_NODE: '1' };
    const server = new McpStdioServerDefinition(label, node, [script], environment, version);
    server.cwd = uri;
    return server;
  });
}
