import { QuickPickItemKind } from 'vscode';
import { optimise } from '../../core/optimise.ts';
import type { CandidateRow } from '../../core/analysis.ts';
import { acceleratorById } from '../../core/hardware/registry.ts';
import { candidateText } from '../../core/present/candidates.ts';
import { needWords } from '../../core/present/needs.ts';
import { commands } from '../ids.ts';
import { inform, pickOne, type Pickable } from '../say.ts';
import type { Command } from './command.ts';
import { previewAndApply } from './previewAndApply.ts';
import { pickTarget, type Target } from './target.ts';

interface RowItem extends Pickable {
  readonly row?: CandidateRow;
}

/** Offers every format, ranked by predicted gap; the picked one is shown as a diff, then written. */
export const optimizePrecision: Command = {
  id: commands.optimizePrecision,
  async run(context, args) {
    const target = await pickTarget(context, args);
    if (!target) return;
    const { analysed, run, runIndex } = target;
    const { document, settings, files } = analysed;
    const rows = optimise(document, settings.analysis, runIndex, files);
    if (rows.length === 0) {
      const [need] = run.needs;
      const why = need ? needWords(need) : 'the law cannot speak of this run';
      inform(`There is no forecast to rank formats by. ${why}.`);
      return;
    }
    const picked = await pickOne(items(target, rows), {
      title: `Optimize Precision: ${analysed.analysis.file}`,
      placeHolder: 'Formats by predicted gap to BF16; picking one shows the change first',
      matchOnDescription: true,
      matchOnDetail: true,
    });
    const row = picked?.row;
    if (!row || row.current) return;
    if (!row.write.ok) {
      inform(row.write.reason);
      return;
    }
    await previewAndApply(analysed, row.write.edits, picked.label, context.previews);
  },
};

function items({ run }: Target, rows: readonly CandidateRow[]): readonly RowItem[] {
  const hardware = run.hardware === null ? undefined : acceleratorById(run.hardware);
  const headings = {
    native: hardware ? `Runs on ${hardware.name}` : 'Formats',
    other: 'Other hardware',
    layout: 'Layouts of the same width (research)',
  };
  const worded = rows.map((row) => ({ row, ...candidateText(row) }));
  return (['native', 'other', 'layout'] as const).flatMap((section): readonly RowItem[] => {
    const inside = worded.filter((each) => each.section === section);
    if (inside.length === 0) return [];
    const heading = { label: headings[section], kind: QuickPickItemKind.Separator };
    return [
      heading,
      ...inside.map(({ row, label, description, detail }) => ({
        ...(row.current && { icon: 'check' }),
        label,
        description,
        detail,
        row,
      })),
    ];
  });
}
