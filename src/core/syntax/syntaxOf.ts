import type { SyntaxKind } from './tree.ts';

const byExtension: Readonly<Record<string, SyntaxKind>> = {
  yaml: 'yaml',
  yml: 'yaml',
  json: 'json',
  jsonc: 'json',
  toml: 'toml',
  sh: 'shell',
  bash: 'shell',
  slurm: 'shell',
  sbatch: 'shell',
  py: 'python',
};

const byLanguage: Readonly<Record<string, SyntaxKind>> = {
  yaml: 'yaml',
  json: 'json',
  jsonc: 'json',
  toml: 'toml',
  shellscript: 'shell',
  python: 'python',
};

/** The syntax of a file by its extension, else by VS Code's language id; undefined for others. */
export function syntaxOf(file: string, language?: string): SyntaxKind | undefined {
  const extension = /\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase() ?? '';
  if (Object.hasOwn(byExtension, extension)) return byExtension[extension];
  return language !== undefined && Object.hasOwn(byLanguage, language)
    ? byLanguage[language]
    : undefined;
}
