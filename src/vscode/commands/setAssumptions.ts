import { WorkspaceEdit, window, workspace, l10n } from 'vscode';
import {
  assumptionsPaths,
  readAssumptions,
  writeAssumption,
} from '../../core/settings/assumptionsFile.ts';
import { accelerators } from '../../core/hardware/registry.ts';
import { laws } from '../../core/laws/registry.ts';
import { assumptionsFileNames, parseAssumption, type Said } from '../../core/run/assumptions.ts';
import type { AssumptionKey } from '../../core/run/run.ts';
import { parseCount } from '../../core/run/units.ts';
import { commentMarker } from '../comments.ts';
import { Positions } from '../convert.ts';
import { commands } from '../ids.ts';
import { pickOne, type Pickable } from '../say.ts';
import { modelineEdit, statedInFile, type ModelineKey } from '../modeline.ts';
import type { Command } from './command.ts';
import { configure } from './configure.ts';
import { pickTarget, type Target } from './target.ts';

/** Where an assumption is written: a comment of the file, an assumptions file, the settings. */
type Where = 'modeline' | 'assumptionsFile' | 'settings';

interface KeyItem extends Pickable {
  readonly key: ModelineKey;
}

interface WhereItem extends Pickable {
  readonly where: Where;
}

const words: Readonly<Record<ModelineKey, { readonly label: string; readonly prompt: string }>> = {
  'world-size': { label: l10n.t('World size'), prompt: l10n.t('How many GPUs will the run use?') },
  'data-parallel-ranks': {
    label: l10n.t('Data-parallel ranks'),
    prompt: l10n.t('How many copies of the model train side by side?'),
  },
  'dataset-tokens': {
    label: l10n.t('Tokens of the data set'),
    prompt: l10n.t('How many tokens is one epoch? For example 15T or 1.5e12.'),
  },
  hardware: { label: l10n.t('Accelerator'), prompt: l10n.t('Which accelerator will the run use?') },
  law: { label: l10n.t('Scaling law'), prompt: l10n.t('Which law’s numbers shall lead?') },
};

/** Asks for what a config cannot say, and writes it where the person wants it to hold. */
export const setAssumptions: Command = {
  id: commands.setAssumptions,
  async run(context, args) {
    const target = await pickTarget(context, args);
    if (!target) return;
    const key = await askKey(target, args[2]);
    const value = key && (await askValue(target, key));
    if (!key || value === undefined) return;
    switch (await askWhere(target, key)) {
      case 'modeline':
        return writeModeline(target, key, value);
      case 'assumptionsFile':
        return writeAssumptionsFile(target, key, value);
      case 'settings':
        return writeSetting(target, key, value);
      case undefined:
        return;
    }
  },
};

async function askKey({ analysed, run }: Target, asked: unknown): Promise<ModelineKey | undefined> {
  const keys = Object.keys(words) as ModelineKey[];
  const known = keys.find((key) => key === asked);
  if (known) return known;
  const settled: readonly string[] = run.run.tokens.settledBy;
  const items = keys.map((key): KeyItem => {
    const now = currentValue(analysed, key);
    const description =
      now ?? (settled.includes(key) ? l10n.t('would settle the number of tokens') : '');
    return { label: words[key].label, description, key };
  });
  const title = l10n.t('Set Assumptions: {0}', analysed.analysis.file);
  const wanted = items.filter(({ key }) => settled.includes(key));
  const others = items.filter(({ key }) => !settled.includes(key));
  return (await pickOne([...wanted, ...others], { title }))?.key;
}

/** What is assumed now, and where that is said. */
function currentValue(analysed: Target['analysed'], key: ModelineKey): string | null {
  const inFile = statedInFile(analysed, key);
  if (inFile) return l10n.t('{0} (this file)', inFile.value);
  const above = valueOf(readAssumptions(analysed.document.file, analysed.files).said, key);
  if (above !== null) return l10n.t('{0} (assumptions file)', above);
  const set = valueOf(analysed.settings.analysis, key);
  return set === null ? null : l10n.t('{0} (settings)', set);
}

function valueOf(said: Said, key: ModelineKey): string | null {
  const value = isChoice(key) ? said[key] : said.assumptions[key]?.value;
  return value === undefined || value === null ? null : String(value);
}

/** What is chosen from a list, where the others are numbers. */
type ChoiceKey = Exclude<ModelineKey, AssumptionKey>;

const isChoice = (key: ModelineKey): key is ChoiceKey => key === 'hardware' || key === 'law';

function choicesOf(key: ChoiceKey): readonly (Pickable & { readonly id: string })[] {
  if (key === 'law') {
    return laws.map(({ id, name, source }) => ({ label: name, description: source, id }));
  }
  const items = accelerators.map(({ id, name, vendor }) => ({
    label: name,
    description: vendor,
    id,
  }));
  return [
    ...items,
    { label: l10n.t('None'), description: l10n.t('Say nothing of hardware'), id: '' },
  ];
}

/** The new value; '' takes the assumption back; undefined when the person gave up. */
async function askValue({ analysed }: Target, key: ModelineKey): Promise<string | undefined> {
  const { label: title, prompt } = words[key];
  if (isChoice(key)) return (await pickOne(choicesOf(key), { title, placeHolder: prompt }))?.id;
  const { said } = readAssumptions(analysed.document.file, analysed.files);
  const set = valueOf(said, key) ?? valueOf(analysed.settings.analysis, key) ?? '';
  const value = await window.showInputBox({
    title,
    prompt: l10n.t('{0} Leave it empty to assume nothing.', prompt),
    value: statedInFile(analysed, key)?.value ?? set,
    validateInput: (text) =>
      text.trim() === '' || parseAssumption(key, text) !== null
        ? null
        : key === 'dataset-tokens'
          ? l10n.t('Write a number above zero, such as 1.5e12 or 15T.')
          : l10n.t('Write a whole number above zero, such as 64.'),
  });
  return value?.replace(/[\s,]/g, '');
}

/** Where the assumption shall stand; undefined when the person gave up. */
async function askWhere({ analysed }: Target, key: ModelineKey): Promise<Where | undefined> {
  const document = await workspace.openTextDocument(analysed.uri);
  const here: WhereItem = {
    label: l10n.t('This file'),
    description: l10n.t('a comment that travels with it, and that the command line reads too'),
    where: 'modeline',
  };
  const above: WhereItem = {
    label: l10n.t('{0} (workspace)', assumptionsFileOf(analysed)),
    description: l10n.t('for every config below its folder; the command line reads it too'),
    where: 'assumptionsFile',
  };
  const everywhere: WhereItem = {
    label: workspace.workspaceFolders ? l10n.t('Workspace settings') : l10n.t('User settings'),
    description: isChoice(key)
      ? l10n.t('for every config')
      : l10n.t('for every config that does not say it'),
    where: 'settings',
  };
  const items = [
    // A comment would break a strict JSON file for the framework that loads it.
    ...(commentMarker(document) === null ? [] : [here]),
    ...(workspace.getWorkspaceFolder(analysed.uri) ? [above] : []),
    everywhere,
  ];
  if (items.length === 1) return 'settings';
  return (await pickOne(items, { title: l10n.t('{0}: where?', words[key].label) }))?.where;
}

/** The nearest assumptions file above a config, else the one to make at the workspace's root. */
function assumptionsFileOf({ document, files }: Target['analysed']): string {
  const there = assumptionsPaths(document.file).find((path) => typeof files.get(path) === 'string');
  return there ?? assumptionsFileNames[0] ?? '';
}

async function writeAssumptionsFile(
  { analysed }: Target,
  key: ModelineKey,
  value: string,
): Promise<void> {
  const path = assumptionsFileOf(analysed);
  const uri = analysed.uriOf(path);
  const edit = new WorkspaceEdit();
  if (typeof analysed.files.get(path) !== 'string') {
    if (value === '') return;
    const [first] = writeAssumption(path, '', analysed.document.file, key, value) ?? [];
    edit.createFile(uri, { contents: new TextEncoder().encode(first?.newText) });
    if (!(await workspace.applyEdit(edit))) throw new Error(l10n.t('{0} could not be made.', path));
    return;
  }
  const document = await workspace.openTextDocument(uri);
  const { isDirty } = document;
  const text = document.getText();
  const edits = writeAssumption(path, text, analysed.document.file, key, value);
  if (!edits)
    throw new Error(l10n.t('{0} has no place for it as it stands; nothing was written.', path));
  const positions = new Positions(text);
  for (const { place, newText } of edits) edit.replace(uri, positions.range(place), newText);
  if (!(await workspace.applyEdit(edit)))
    throw new Error(l10n.t('{0} could not be changed.', path));
  // Nobody may have it open to save it; what a person is about to write in it stays theirs to save.
  if (!isDirty) await document.save();
}

async function writeModeline({ analysed }: Target, key: ModelineKey, value: string): Promise<void> {
  const document = await workspace.openTextDocument(analysed.uri);
  const change = modelineEdit(analysed, document, key, value);
  if (!change) return;
  const edit = new WorkspaceEdit();
  edit.replace(analysed.uri, change.range, change.text);
  if (document.version !== analysed.version || !(await workspace.applyEdit(edit))) {
    throw new Error(l10n.t('The file has changed since; nothing was written.'));
  }
}

async function writeSetting({ analysed }: Target, key: ModelineKey, value: string): Promise<void> {
  if (isChoice(key)) {
    await configure(key, analysed.uri, () => (value === '' ? undefined : value));
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
