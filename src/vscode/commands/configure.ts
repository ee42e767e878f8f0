import { ConfigurationTarget, workspace, type Uri } from 'vscode';
import { section, type Contributed } from '../settings.ts';

/**
 * Changes a setting of the workspace, or the person's own where no folder is open. `change` gets
 * what is set at that very level, not what other levels add.
 */
export async function configure<K extends keyof Contributed>(
  key: K,
  uri: Uri,
  change: (set: Contributed[K] | undefined) => Contributed[K] | undefined,
): Promise<void> {
  const configuration = workspace.getConfiguration(section, uri);
  const set = configuration.inspect<Contributed[K]>(key);
  const inWorkspace = workspace.workspaceFolders !== undefined;
  const value = change(inWorkspace ? set?.workspaceValue : set?.globalValue);
  const level = inWorkspace ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  await configuration.update(key, value, level);
}
