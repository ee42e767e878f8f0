import {
  ProgressLocation,
  Uri,
  WorkspaceEdit,
  commands as editor,
  window,
  workspace,
  l10n,
} from 'vscode';
import {
  calibrationFileName,
  calibrationText,
  readCalibrationFile,
} from '../../core/settings/calibrationFile.ts';
import * as engine from '../../core/calibrate/fit.ts';
import { readRuns } from '../../core/calibrate/readRuns.ts';
import { laws } from '../../core/laws/registry.ts';
import { fitMarkdown } from '../../core/present/fit.ts';
import { visible } from '../../core/present/plain.ts';
import { maximumCharacters } from '../../core/syntax/parse.ts';
import { readText } from '../analyseConfig.ts';
import { commands } from '../ids.ts';
import { isWithin } from '../realPaths.ts';
import { pickOne, warn, type Pickable } from '../say.ts';
import { stepsInSlices } from '../slices.ts';
import type { Command, CommandContext } from './command.ts';
import { confirmShown } from './previewAndApply.ts';

/** Tables of runs by their names. */
const tablePattern = '**/*.{csv,tsv,jsonl}';
const tableName = /\.(?:csv|tsv|jsonl)$/i;

/** How many tables are listed to pick from; a workspace may hold any number of data files. */
const mostTables = 200;

/** How many resamples the intervals are made from. */
const bootstrap = 100;

interface FileItem extends Pickable {
  /** Null stands for the file dialog. */
  readonly uri: Uri | null;
}

interface FolderItem extends Pickable {
  readonly folder: Uri | null;
}

/** Fits a law to a table of finished runs, and writes the constants where configs find them. */
export const fitLaw: Command = {
  id: commands.fitLaw,
  async run({ previews }, args) {
    const source = args[0] instanceof Uri ? args[0] : await askTable();
    if (!source) return;
    const name = workspace.asRelativePath(source);
    const text = await readText(source, maximumCharacters);
    if (text === null) throw new Error(l10n.t('{0} cannot be read, or is larger than 1 MB.', name));
    const read = readRuns(name, text);
    if ('error' in read) throw new Error(read.error);
    const law = await askLaw(read.runs.length);
    if (law === undefined) return;
    const fitted = await fitWithProgress(read.runs, law);
    if (!fitted) return;
    if ('error' in fitted) throw new Error([fitted.error, ...read.notes].join(' '));
    const result = { ...fitted, notes: [...read.notes, ...fitted.notes] };
    const file = name.split('/').pop() ?? name;
    const account = previews.keep(`${file} (fit)`, fitMarkdown(result, name));
    await editor.executeCommand('markdown.showPreview', account);
    const folder = await askFolder(source);
    const date = new Date().toISOString().slice(0, 10);
    if (folder)
      await writeCalibration(folder, calibrationText(result, { source: name, date }), previews);
  },
};

/** The table to fit to: one of the workspace, or of the file dialog. */
async function askTable(): Promise<Uri | undefined> {
  const active = window.activeTextEditor?.document.uri;
  const found = await workspace.findFiles(tablePattern, undefined, mostTables);
  const others = found
    .filter((uri) => uri.toString() !== active?.toString())
    .map((uri): FileItem => ({ label: workspace.asRelativePath(uri), uri }))
    .sort((a, b) => (a.label < b.label ? -1 : 1));
  // The table in front of a person comes first, wherever it lies.
  const shown = active && tableName.test(active.path) ? active : null;
  const items = shown
    ? [{ label: workspace.asRelativePath(shown), uri: shown }, ...others]
    : others;
  const browse: FileItem = {
    icon: 'folder-opened',
    label: l10n.t('Browse…'),
    alwaysShow: true,
    uri: null,
  };
  const picked = await pickOne([...items, browse], {
    title: l10n.t('Fit Law to Measured Runs'),
    placeHolder: l10n.t('A table with parameters, tokens, format and final loss of each run'),
  });
  if (!picked || picked.uri) return picked?.uri ?? undefined;
  const filters = { 'Tables of runs': ['csv', 'tsv', 'jsonl', 'json'] };
  return (await window.showOpenDialog({ canSelectMany: false, filters }))?.[0];
}

async function askLaw(runs: number): Promise<string | undefined> {
  const items = laws
    .filter(({ id }) => engine.fittableLaws.includes(id))
    .map(({ id, name, source }) => ({ label: name, detail: source, id }));
  const placeHolder = l10n.t('Which law to fit to the {0} runs?', runs);
  return (await pickOne(items, { title: l10n.t('Fit Law to Measured Runs'), placeHolder }))?.id;
}

/** The fit, in slices, with a notification that counts and can cancel it; null when cancelled. */
function fitWithProgress(
  runs: Parameters<typeof engine.fitLaw>[0],
  law: string,
): Thenable<engine.FitResult | { readonly error: string } | null> {
  const title = 'Floatcast fits the law';
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  return window.withProgress(options, (notification, token) => {
    const work = engine.fitLaw(runs, { law, pinned: {}, bootstrap, holdOut: 'largest-n' });
    return stepsInSlices(work, {
      progress: ({ phase, done, total }) =>
        notification.report({ message: l10n.t('{0}, {1} of {2}', phase, done, total) }),
      isCancelled: () => token.isCancellationRequested,
    });
  });
}

/** Where the constants shall hold; undefined when they shall not be written. */
async function askFolder(source: Uri): Promise<Uri | undefined> {
  const beside = Uri.joinPath(source, '..');
  const root = workspace.getWorkspaceFolder(source)?.uri ?? workspace.workspaceFolders?.[0]?.uri;
  const whole: FolderItem[] = root
    ? [{ label: l10n.t('Use in this workspace'), description: calibrationFileName, folder: root }]
    : [];
  const folder = `${workspace.asRelativePath(beside, false)}/${calibrationFileName}`;
  const near: FolderItem[] =
    beside.toString() === root?.toString()
      ? []
      : [{ label: l10n.t('Use beside and below the runs'), description: folder, folder: beside }];
  const none: FolderItem = { label: l10n.t('Do not use it'), folder: null };
  const picked = await pickOne([...whole, ...near, none], {
    title: l10n.t('Use the fitted constants?'),
    placeHolder: l10n.t(
      'A file keeps them; configs beside and below it are then forecast with them',
    ),
    ignoreFocusOut: true,
  });
  return picked?.folder ?? undefined;
}

/** Shows the file as it will be, asks, and writes it. */
async function writeCalibration(
  folder: Uri,
  text: string,
  previews: CommandContext['previews'],
): Promise<void> {
  const uri = Uri.joinPath(folder, calibrationFileName);
  const before = await readText(uri, maximumCharacters);
  if (before !== null && !(await isWithin(folder, calibrationFileName))) {
    throw new Error(l10n.t('{0} is a link that leads out of the workspace.', calibrationFileName));
  }
  const left = before === null ? previews.show(uri, '') : uri;
  const right = previews.show(uri, text);
  const name = workspace.asRelativePath(uri);
  const options = { preview: true, preserveFocus: true };
  await editor.executeCommand('vscode.diff', left, right, visible(`${name} (fit)`), options);
  if (!(await confirmShown(`Write ${name}?`, [right]))) return;
  const edit = new WorkspaceEdit();
  const contents = new TextEncoder().encode(text);
  edit.createFile(uri, { overwrite: true, contents });
  if (!(await workspace.applyEdit(edit)))
    throw new Error(l10n.t('{0} could not be written.', name));
  const { notices } = readCalibrationFile(name, text);
  if (notices[0]) warn(notices[0].message);
}
