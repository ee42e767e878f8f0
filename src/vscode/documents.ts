import { languages, workspace, type DocumentFilter, type TextDocument, type Uri } from 'vscode';
import { mayBeOurs } from '../core/config/prefilter.ts';
import { maximumCharacters } from '../core/syntax/limits.ts';
import { syntaxOf } from '../core/syntax/syntaxOf.ts';

/** Schemes of documents that a person edits; neither sides of a diff nor output. */
const schemes = ['file', 'untitled', 'vscode-vfs', 'vscode-remote'];

const languageIds = ['yaml', 'json', 'jsonc', 'toml', 'shellscript', 'python'];

/** The documents that can be ours by language and scheme; their keys decide in a second step. */
export const selector: readonly DocumentFilter[] = schemes.flatMap((scheme) => [
  ...languageIds.map((language) => ({ scheme, language })),
  // Editors without these languages open such files as plain text.
  { scheme, pattern: '**/*.{toml,slurm,sbatch}' },
]);

/**
 * The names of files that a search of the workspace's folders looks at. Python modules are only
 * read when they are opened: environments hold tens of thousands of them.
 */
export const configPattern = '**/*.{yaml,yml,json,jsonc,toml,sh,bash,slurm,sbatch}';

/** The files in which a workspace keeps what it assumes and what it measured. */
const ownFiles = /(?:^|\/)floatcast\.[^/]+$/;

/**
 * Whether there can be anything to say of a document: a first look at its name and its bytes, which
 * needs none of the parsers.
 */
export function mayConcernUs(document: TextDocument): boolean {
  if (languages.match(selector, document) === 0) return false;
  const { path } = document.uri;
  const syntax = syntaxOf(path, document.languageId);
  if (!syntax) return false;
  if (ownFiles.test(path)) return true;
  const text = document.getText();
  return text.length <= maximumCharacters && mayBeOurs(text, syntax);
}

/** The document of a file that the editor holds, with what is typed and not yet saved. */
export function openDocument(uri: Uri): TextDocument | undefined {
  const name = uri.toString();
  return workspace.textDocuments.find((each) => each.uri.toString() === name);
}
