import { l10n, Uri, workspace } from 'vscode';
import { configTools, explainFinding } from '../core/answers.ts';
import { pathFrom } from '../core/config/library.ts';
import { jsonText } from '../core/present/plain.ts';
import { overridesOf } from '../core/settings/overrides.ts';
import { maximumBytes, maximumCharacters } from '../core/syntax/limits.ts';
import { analyseConfig, readText } from './analyseConfig.ts';
import { openDocument } from './documents.ts';
import { isWithin } from './realPaths.ts';
import type { Question } from './toolIds.ts';

type Input = Readonly<Record<string, unknown>>;

/**
 * The answer to a language model's question, as JSON. Reads files of the workspace alone.
 * @throws Error with one sentence for what cannot be answered.
 */
export async function toolAnswer(
  question: Question,
  input: Input,
  extensionUri: Uri,
): Promise<string> {
  if (question === 'explain_finding') return explanation(textOf(input, 'id'), extensionUri);
  const uri = await inWorkspace(textOf(input, 'path'));
  const text = await readText(uri, maximumBytes);
  if (text === null) throw new Error(l10n.t('The file cannot be read, or is larger than 1 MB.'));
  const { law, hardware, assume } = input;
  const overrides = overridesOf({
    law: typeof law === 'string' ? law : undefined,
    hardware: typeof hardware === 'string' ? hardware : undefined,
    assume: Array.isArray(assume) ? assume.map(String) : undefined,
  });
  if (typeof overrides === 'string') throw new Error(overrides);
  const open = openDocument(uri);
  const analysed = await analyseConfig(uri, text, open?.languageId, { overrides });
  const { analysis, document, files, settings } = analysed;
  const tool = configTools.find(({ name }) => name === question);
  const subject = { analysis, document, files, settings: { ...settings.analysis, overrides } };
  return jsonText(tool?.answer(subject) ?? null);
}

function textOf(input: Input, key: string): string {
  const value = input[key];
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(l10n.t('The tool needs “{0}”.', key));
}

/** The file of a path, from a workspace folder or from the root; links followed, it lies inside. */
async function inWorkspace(path: string): Promise<Uri> {
  for (const { uri: folder } of workspace.workspaceFolders ?? []) {
    const root = `${folder.path.replace(/\/$/, '')}/`;
    const relative = pathFrom('', path.startsWith(root) ? path.slice(root.length) : path);
    if (relative !== null && relative !== '' && (await isWithin(folder, relative))) {
      return Uri.joinPath(folder, relative);
    }
  }
  throw new Error(l10n.t('There is no such file in the workspace.'));
}

async function explanation(id: string, extensionUri: Uri): Promise<string> {
  const explained = await explainFinding(id, (page) =>
    readText(Uri.joinPath(extensionUri, 'docs', page), maximumCharacters),
  );
  if (explained === null) throw new Error(l10n.t('There is no finding “{0}”.', id));
  return jsonText(explained);
}
