import { WorkspaceEdit, window, workspace, type QuickPickItem } from 'vscode';
import { accelerators } from '../../core/hardware/registry.ts';
import type { AssumptionKey } from '../../core/run/run.ts';
import { parseCount } from '../../core/run/units.ts';
import { commentMarker } from '../comments.ts';
import { commands } from '../ids.ts';
import { modelineEdit, statedInFile, type ModelineKey } from '../modeline.ts';
import type { Command } from './command.ts';
import { configure } from './configure.ts';
import { pickTarget, type Target } from './target.ts';

interface KeyItem extends QuickPickItem {
  readonly key: ModelineKey;
}

const words: Readonly<Record<ModelineKey, { readonly label: string; readonly prompt: string }>> = {
  'world-size': { label: 'World size', prompt: 'How many GPUs will the run use?' },
  'data-parallel-ranks': {
    label: 'Data-parallel ranks',
    prompt: 'How many copies of the model train side by side?',
  },
  'dataset-tokens': {
    label: 'Tokens of the data set',
    prompt: 'How many tokens is one epoch? For example 15T or 1.5e12.',
  },
  hardware: { label: 'Accelerator', prompt: 'Which accelerator will the run use?' },
};

/** Asks for what a config cannot say, and writes it into the file or the workspace's settings. */
export const setAssumptions: Command = {
  id: commands.setAssumptions,
  async run(context, args) {
    const target = await pickTarget(context, args);
    if (!target) return;
    const key = await askKey(target, args[2]);
    const value = key && (await askValue(target, key));
    if (!key || value === undefined) return;
    const inFile = await askWhere(target, key);
    if (inFile === undefined) return;
    if (inFile) await writeModeline(target, key, value);
    else await writeSetting(target, key, value);
  },
};

async function askKey({ analysed, run }: Target, asked: unknown): Promise<ModelineKey | undefined> {
  const keys = Object.keys(words) as ModelineKey[];
  const known = keys.find((key) => key === asked);
  if (known) return known;
  const settled: readonly string[] = run.run.tokens.settledBy;
  const items = keys.map((key): KeyItem => {
    const now = currentValue(analysed, key);
    const description = now ?? (settled.includes(key) ? 'would settle the number of tokens' : '');
    return { label: words[key].label, description, key };
  });
  const title = `Set Assumptions: ${analysed.analysis.file}`;
  const wanted = items.filter(({ key }) => settled.includes(key));
  const others = items.filter(({ key }) => !settled.includes(key));
  return (await window.showQuickPick([...wanted, ...others], { title }))?.key;
}

/** What is assumed now, and where that is said. */
function currentValue(analysed: Target['analysed'], key: ModelineKey): string | null {
  const inFile = statedInFile(analysed, key);
  if (inFile) return `${inFile.value} (this file)`;
  const { assumptions, hardware } = analysed.settings.analysis;
  const set = key === 'hardware' ? hardware : assumptions[key]?.value;
  return set === undefined || set === null ? null : `${set} (settings)`;
}

/** The new value; '' takes the assumption back; undefined when the person gave up. */
async function askValue({ analysed }: Target, key: ModelineKey): Promise<string | undefined> {
  const { label: title, prompt } = words[key];
  if (key === 'hardware') {
    const items = accelerators.map(({ id, name, vendor }) => ({
      label: name,
      description: vendor,
      id,
    }));
    const none = { label: 'None', description: 'Say nothing of hardware', id: '' };
    return (await window.showQuickPick([...items, none], { title, placeHolder: prompt }))?.id;
  }
  const set = analysed.settings.analysis.assumptions[key]?.value;
  const value = await window.showInputBox({
    title,
    prompt: `${prompt} Leave it empty to assume nothing.`,
    value: statedInFile(analysed, key)?.value ?? (set === undefined ? '' : String(set)),
    validateInput: (text) =>
      text.trim() === '' || parseCount(text) !== null
        ? null
        : 'Write a number above zero, such as 64, 1.5e12 or 15T.',
  });
  return value?.replace(/[\s,]/g, '');
}

/** Whether the assumption goes into the file; undefined when the person gave up. */
async function askWhere({ analysed }: Target, key: ModelineKey): Promise<boolean | undefined> {
  const document = await workspace.openTextDocument(analysed.uri);
  // A comment would break a strict JSON file for the framework that loads it.
  if (commentMarker(document) === null) return false;
  const here = {
    label: 'This file',
    description: 'a comment that travels with it, and that the command line reads too',
    inFile: true,
  };
  const everywhere = {
    label: workspace.workspaceFolders ? 'Workspace settings' : 'User settings',
    description: key === 'hardware' ? 'for every config' : 'for every config that does not say it',
    inFile: false,
  };
  return (await window.showQuickPick([here, everywhere], { title: `${words[key].label}: where?` }))
    ?.inFile;
}

async function writeModeline({ analysed }: Target, key: ModelineKey, value: string): Promise<void> {
  const document = await workspace.openTextDocument(analysed.uri);
  const change = modelineEdit(analysed, document, key, value);
  if (!change) return;
  const edit = new WorkspaceEdit();
  edit.replace(analysed.uri, change.range, change.text);
  if (document.version !== analysed.version || !(await workspace.applyEdit(edit))) {
    throw new Error('The file has changed since; nothing was written.');
  }
}

async function writeSetting({ analysed }: Target, key: ModelineKey, value: string): Promise<void> {
  if (key === 'hardware') {
    await configure('hardware', analysed.uri, () => (value === '' ? undefined : value));
    return;
  }
  await configure('assumptions', analysed.uri, (set) => withAssumption(set ?? {}, key, value));
}

/** Small counts as numbers, the way the manifest wants them; `15T` as it was written. */
function withAssumption(
  set: Readonly<Partial<Record<AssumptionKey, number | string>>>,
  key: AssumptionKey,
  value: string,
): Partial<Record<AssumptionKey, number | string>> | undefined {
  const others = Object.entries(set).filter(([each]) => each !== key);
  const written = key === 'dataset-tokens' ? value : (parseCount(value) ?? value);
  const entries = value === '' ? others : [...others, [key, written] as const];
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
