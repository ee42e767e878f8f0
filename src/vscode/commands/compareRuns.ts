import { l10n, Uri } from 'vscode';
import { lens } from '../../core/present/lens.ts';
import { mostCompared } from '../../protocol/messages.ts';
import type { RunReference } from '../../protocol/state.ts';
import { commands } from '../ids.ts';
import { inform, pickMany } from '../say.ts';
import type { Command, CommandContext } from './command.ts';
import { isRow, openTargets, targetsOf, type Target } from './target.ts';

/** Lays several runs side by side: those selected in a list, else such as are picked. */
export const compareRuns: Command = {
  id: commands.compareRuns,
  async run(context, args) {
    const selected = Array.isArray(args[1]) ? (args[1] as readonly unknown[]) : [];
    const references = selected.length > 1 ? await ofSelected(context, selected) : null;
    const runs = references ?? (await ask(context));
    if (!runs) return;
    if (runs.length < 2)
      inform(l10n.t('Two runs at least are to be compared; there are not as many here.'));
    else context.explorer.compare(runs.slice(0, mostCompared + 1));
  },
};

/** The runs of rows of the Runs view, or of files: all that each describes. */
async function ofSelected(
  { analyses }: CommandContext,
  selected: readonly unknown[],
): Promise<readonly RunReference[]> {
  const found = await Promise.all(
    selected.map(async (each) => {
      if (isRow(each)) return [{ uri: each.uri.toString(), runIndex: each.runIndex }];
      return each instanceof Uri ? (await targetsOf(analyses, each)).map(referenceTo) : [];
    }),
  );
  return found.flat();
}

/** Lets a person pick among the runs of the workspace that are known, and of open documents. */
async function ask(context: CommandContext): Promise<readonly RunReference[] | null> {
  await context.runs.scan.start();
  const scanned = context.runs.scan.runs.map(({ file, run, uri, runIndex }) => ({
    file,
    run,
    reference: { uri: uri.toString(), runIndex },
  }));
  const known = new Set(scanned.map(({ reference: { uri } }) => uri));
  const open = (await openTargets(context.analyses))
    .filter(({ analysed }) => !known.has(analysed.uri.toString()))
    .map((target) => ({
      file: target.analysed.analysis.file,
      run: target.run,
      reference: referenceTo(target),
    }));
  const items = [...open, ...scanned].map(({ file, run, reference }) => ({
    label: file,
    description: run.definition?.name ?? run.frameworkName,
    detail: lens(run).summary,
    reference,
  }));
  if (items.length < 2) return [];
  const options = {
    title: l10n.t('Compare in Trade-off Explorer'),
    placeHolder: l10n.t('Two runs or more'),
  };
  return (await pickMany(items, options))?.map(({ reference }) => reference) ?? null;
}

function referenceTo({ analysed, runIndex }: Target): RunReference {
  return { uri: analysed.uri.toString(), runIndex };
}
