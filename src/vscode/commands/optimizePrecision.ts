import { QuickPickItemKind, l10n } from 'vscode';
import { objectives, type Objective } from '../../core/advise/objectives.ts';
import type { Plan, PlanRow } from '../../core/analysis.ts';
import { optimise } from '../../core/optimise.ts';
import {
  candidateText,
  objectiveNames,
  planTitle,
  type CandidateSection,
} from '../../core/present/candidates.ts';
import { needWords } from '../../core/present/needs.ts';
import { commands } from '../ids.ts';
import { inform, pickOne, type Pickable } from '../say.ts';
import type { Command } from './command.ts';
import { previewAndApply } from './previewAndApply.ts';
import { pickTarget, type Target } from './target.ts';

/** A line of the list: a format, formats that are folded into one line, or another objective. */
interface PlanItem extends Pickable {
  readonly row?: PlanRow;
  readonly folded?: CandidateSection;
  readonly objective?: Objective;
}

/** Offers the formats of a run in the order of an objective; the picked one is shown as a diff first. */
export const optimizePrecision: Command = {
  id: commands.optimizePrecision,
  async run(context, args) {
    const target = await pickTarget(context, args);
    if (!target) return;
    let objective: Objective = 'fastest';
    let open: readonly CandidateSection[] = ['ready'];
    for (;;) {
      const { analysed, run, runIndex } = target;
      const { document, settings, files } = analysed;
      const plan = optimise(document, settings.analysis, runIndex, files, objective);
      if (!plan) {
        const [need] = run.needs;
        const why = need ? needWords(need) : l10n.t('the law cannot speak of this run');
        inform(l10n.t('There is no forecast to rank formats by. {0}.', why));
        return;
      }
      const picked = await pickOne(items(target, plan, open), {
        title: l10n.t('Optimize Precision: {0}', analysed.analysis.file),
        placeHolder: sentence(planTitle(plan)),
        matchOnDescription: true,
        matchOnDetail: true,
      });
      if (picked?.objective) objective = picked.objective;
      else if (picked?.folded) open = [...open, picked.folded];
      else if (picked?.row) return choose(target, picked.row, picked.label);
      else return;
    }

    async function choose(
      { analysed }: Target,
      { current, write, findings }: PlanRow,
      label: string,
    ): Promise<void> {
      if (current) return;
      if (!write.ok) {
        inform(write.reason);
        return;
      }
      const broken = findings.length === 0 ? '' : ` ${l10n.t('(breaks {0})', findings.join(', '))}`;
      await previewAndApply(analysed, write.edits, `${label}${broken}`, context.previews);
    }
  },
};

const foldedNames: Readonly<
  Record<Exclude<CandidateSection, 'ready'>, (formats: number) => string>
> = {
  unwritable: (formats) =>
    formats === 1
      ? l10n.t('1 format that cannot be written here…')
      : l10n.t('{0} formats that cannot be written here…', formats),
  other: (formats) =>
    formats === 1
      ? l10n.t('1 format of other hardware…')
      : l10n.t('{0} formats of other hardware…', formats),
  layout: (formats) =>
    formats === 1
      ? l10n.t('1 format of the same width, for research…')
      : l10n.t('{0} formats of the same width, for research…', formats),
};

function items(
  { run }: Target,
  plan: Plan,
  open: readonly CandidateSection[],
): readonly PlanItem[] {
  const worded = plan.rows.map((row) => ({ row, ...candidateText(row) }));
  const shown = worded
    .filter(({ section }) => open.includes(section))
    .map(({ row, label, description, detail }): PlanItem => {
      const icon = row.recommended ? 'star-full' : row.current ? 'check' : undefined;
      return { ...(icon !== undefined && { icon }), label, description, detail, row };
    });
  const folded = (['unwritable', 'other', 'layout'] as const).flatMap((section): PlanItem[] => {
    const number = worded.filter((each) => each.section === section).length;
    if (number === 0 || open.includes(section)) return [];
    return [{ label: foldedNames[section](number), folded: section }];
  });
  const others = objectives
    .filter((each) => each !== plan.objective)
    .map((objective): PlanItem => {
      return { icon: 'target', label: sentence(objectiveNames[objective]), objective };
    });
  const separator = (label: string): PlanItem => ({ label, kind: QuickPickItemKind.Separator });
  return [
    separator(run.frameworkName),
    ...shown,
    ...(folded.length > 0 ? [separator(l10n.t('more formats')), ...folded] : []),
    separator(l10n.t('rank by')),
    ...others,
  ];
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
