import { extensions, Uri, l10n } from 'vscode';

/** What is used of version 1 of the API that VS Code's own git extension exports. */
interface GitExtension {
  getAPI(version: 1): GitApi;
}

interface GitApi {
  getRepository(uri: Uri): Repository | null;
  openRepository?(root: Uri): Promise<Repository | null>;
}

interface Repository {
  /** The text of a file at a revision; rejects where it is not there. */
  show(revision: string, path: string): Promise<string>;
}

/** Reads files as the last commit has them; null for one that it does not have. */
export type HeadReader = (uri: Uri) => Promise<string | null>;

/**
 * What reads files of the repository that a file is in, or the sentence that says why nothing can:
 * browsers have no git, people switch it off, and not every folder is a repository.
 */
export async function headOf(uri: Uri): Promise<HeadReader | string> {
  const extension = extensions.getExtension<GitExtension>('vscode.git');
  if (!extension) return l10n.t('This editor has no git extension to ask for the last commit.');
  let api: GitApi;
  try {
    api = (await extension.activate()).getAPI(1);
  } catch {
    // It says no more than that where `git.enabled` is off.
    return l10n.t('The editor’s git extension is switched off (git.enabled).');
  }
  const known = () => api.getRepository(uri);
  // Repositories are looked for in the background; one that is asked for is opened at once.
  const repository = known() ?? (await api.openRepository?.(Uri.joinPath(uri, '..'))) ?? known();
  if (!repository) return l10n.t('The file is in no git repository that the editor knows of.');
  return async (file) => {
    try {
      return await repository.show('HEAD', file.fsPath);
    } catch {
      // New since then, or there is no commit yet.
      return null;
    }
  };
}
