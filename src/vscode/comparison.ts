import { workspace, type Uri, l10n } from 'vscode';
import { changesMarkdown } from '../core/present/changes.ts';
import { checkJson } from '../core/present/json.ts';
import { escapeMarkdown } from '../core/present/markdown.ts';
import { isMove, runChanges, type RunChange } from '../core/present/runChange.ts';
import { maximumBytes } from '../core/syntax/limits.ts';
import { analyseConfig, readText } from './analyseConfig.ts';
import { openDocument } from './documents.ts';
import { headOf, type HeadReader } from './git.ts';
import type { WorkspaceScan } from './workspaceScan.ts';

/**
 * What the runs of a file, and those of every config that draws on it, are against the last commit:
 * the table of `floatcast diff`, or a sentence where there is none.
 */
export async function comparisonMarkdown(source: Uri, scan: WorkspaceScan): Promise<string> {
  const head = await headOf(source);
  if (typeof head === 'string') return `${head}\n`;
  await scan.start();
  const others = scan.configsAsking(source.toString());
  const configs = [source, ...others.filter((each) => each.toString() !== source.toString())];
  const changes = (await Promise.all(configs.map((each) => changesOf(each, head)))).flat();
  const table = changesMarkdown(changes, 'HEAD', 0);
  if (table !== '') return table + still(changes);
  const name = escapeMarkdown(workspace.asRelativePath(source));
  if (changes.length === 0)
    return `${l10n.t('{0} is part of no training run, now or at HEAD.', name)}\n`;
  return `${l10n.t('Nothing that Floatcast reports of {0} has moved since HEAD.', name)}\n`;
}

/** How many runs stand in no row, whose texts changed all the same. */
function still(changes: readonly RunChange[]): string {
  const names = changes.filter((each) => !isMove(each, 0)).map(({ file }) => escapeMarkdown(file));
  return names.length === 0
    ? ''
    : `\n${l10n.t('Without an effect on: {0}.', [...new Set(names)].join(', '))}\n`;
}

async function changesOf(uri: Uri, head: HeadReader): Promise<readonly RunChange[]> {
  const [now, then] = await Promise.all([readText(uri, maximumBytes), head(uri)]);
  const open = openDocument(uri);
  const runsOf = async (text: string | null, read?: HeadReader) => {
    if (text === null) return { file: '', runs: [] };
    const { analysis } = await analyseConfig(uri, text, open?.languageId, {
      ...(read && { readOther: read }),
    });
    return { file: analysis.file, runs: checkJson(analysis) };
  };
  const [after, before] = await Promise.all([runsOf(now), runsOf(then, head)]);
  return runChanges(after.file || before.file, before.runs, after.runs);
}
