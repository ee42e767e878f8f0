import { QuickPickItemKind, TabInputText, Uri, window, workspace, l10n } from 'vscode';
import type { RunAnalysis } from '../../core/analysis.ts';
import { lens } from '../../core/present/lens.ts';
import type { Analysed, Analyses } from '../analyses.ts';
import { inform, pickOne, type Pickable } from '../say.ts';
import type { ScannedRun } from '../workspaceScan.ts';
import type { CommandContext } from './command.ts';

/** One run of an open document. */
export interface Target {
  readonly analysed: Analysed;
  readonly runIndex: number;
  readonly run: RunAnalysis;
}

interface TargetItem extends Pickable {
  readonly target: Target;
}

/** The document that a command was called for, by its first argument: an address, its text, or a row of the Runs view. */
export function uriOf(argument: unknown): Uri | null {
  if (argument instanceof Uri) return argument;
  if (isRow(argument)) return argument.uri;
  return typeof argument === 'string' && argument !== '' ? Uri.parse(argument) : null;
}

/** Whether an argument is a row of the Runs view. */
export function isRow(argument: unknown): argument is Pick<ScannedRun, 'uri' | 'runIndex'> {
  if (typeof argument !== 'object' || argument === null) return false;
  const { uri, runIndex } = argument as Partial<Record<keyof ScannedRun, unknown>>;
  return uri instanceof Uri && typeof runIndex === 'number';
}

/**
 * The run that a command is about: the one it was called for, else that of the active editor or
 * Explorer, else one that the person picks from the open documents. Null when there is none, which is said, or none
 * was picked.
 */
export async function pickTarget(
  { analyses, explorer }: CommandContext,
  args: readonly unknown[],
): Promise<Target | null> {
  const uri = uriOf(args[0]) ?? window.activeTextEditor?.document.uri ?? explorer.activeUri;
  const runs = uri ? await targetsOf(analyses, uri) : [];
  const index = isRow(args[0]) ? args[0].runIndex : args[1];
  const asked = typeof index === 'number' ? runs[index] : undefined;
  if (asked) return asked;
  if (runs.length > 0) return runs.length === 1 ? (runs[0] ?? null) : pick(runs);
  if (uriOf(args[0])) {
    inform(l10n.t('Floatcast found no training run in this file; “Explain This File” says why.'));
    return null;
  }
  const found = await openTargets(analyses);
  if (found.length > 0) return pick(found);
  inform(
    l10n.t('Open a training config first: none of the open files is one that Floatcast knows.'),
  );
  return null;
}

/** The runs of every document that is open in a tab. */
export async function openTargets(analyses: Analyses): Promise<readonly Target[]> {
  const inTabs = window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .flatMap(({ input }) => (input instanceof TabInputText ? [input.uri] : []));
  return (await Promise.all(inTabs.map((each) => targetsOf(analyses, each)))).flat();
}

/** The runs of a document. */
export async function targetsOf(analyses: Analyses, uri: Uri): Promise<readonly Target[]> {
  const analysed = await analyses.get(await workspace.openTextDocument(uri));
  if (!analysed) return [];
  return analysed.analysis.runs.map((run, runIndex) => ({ analysed, runIndex, run }));
}

async function pick(targets: readonly Target[]): Promise<Target | null> {
  const items = targets.map((target): TargetItem => ({
    kind: QuickPickItemKind.Default,
    label: target.analysed.analysis.file,
    description: target.run.frameworkName,
    detail: lens(target.run).summary,
    target,
  }));
  const picked = await pickOne(items, { title: l10n.t('Which training run?') });
  return picked?.target ?? null;
}
