import { FileType, Uri, workspace } from 'vscode';

/**
 * Whether a file, by its path from `folder`, lies in there or in a folder of the workspace once
 * links are followed: one that is linked to can lie anywhere. VS Code does not say where a link
 * leads; where Node is not there to ask, as in a browser, none is followed.
 */
export async function isWithin(folder: Uri, path: string): Promise<boolean> {
  const node = folder.scheme === 'file' && (await import('node:fs/promises').catch(() => null));
  if (!node) return !(await isBehindLink(folder, path));
  const real = async ({ fsPath }: Uri) => Uri.file(await node.realpath(fsPath)).path;
  try {
    const target = await real(Uri.joinPath(folder, path));
    const folders = [folder, ...(workspace.workspaceFolders ?? []).map(({ uri }) => uri)];
    const roots = await Promise.all(folders.filter(({ scheme }) => scheme === 'file').map(real));
    return roots.some((root) => target.startsWith(root.endsWith('/') ? root : `${root}/`));
  } catch {
    // A file that is gone is nowhere.
    return false;
  }
}

async function isBehindLink(folder: Uri, path: string): Promise<boolean> {
  const parts = path.split('/');
  try {
    for (let depth = parts.length; depth > 0; depth -= 1) {
      const { type } = await workspace.fs.stat(Uri.joinPath(folder, ...parts.slice(0, depth)));
      if ((type & FileType.SymbolicLink) !== 0) return true;
    }
  } catch {
    // What is not there leads nowhere.
  }
  return false;
}
