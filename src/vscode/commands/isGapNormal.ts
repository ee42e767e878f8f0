import { RelativePattern, Uri, commands as editor, l10n, window, workspace } from 'vscode';
import { gapAnswer } from '../../core/advise/gapAnswer.ts';
import { withBaseline } from '../../core/advise/lossCurves.ts';
import { lawInForce, lawsInForce } from '../../core/laws/calibration.ts';
import { gapMarkdown } from '../../core/present/gapReport.ts';
import type { LogUnits } from '../../core/calibrate/lossCurve.ts';
import type { MeasuredLosses } from '../../core/run/measured.ts';
import { sequenceLength, tokensPerStep } from '../../core/run/tokensPerStep.ts';
import { commands } from '../ids.ts';
import { pickLossFiles, readLossFiles } from '../lossFiles.ts';
import { inform, pickOne, type Pickable } from '../say.ts';
import type { Command, CommandContext } from './command.ts';
import { pickTarget, type Target } from './target.ts';

/** Configs as they lie beside a log, and how many of them are looked at. */
const configPattern = '*.{yaml,yml,toml,json,sh,py}';
const mostConfigs = 20;

/** Holds a run's loss log against its twin's, the laws and what was measured in public. */
export const isGapNormal: Command = {
  id: commands.isGapNormal,
  async run(context, args) {
    const given = args[0] instanceof Uri ? args[0] : null;
    const here = given ?? window.activeTextEditor?.document.uri ?? Uri.file('/');
    const logs = given ? [given] : await pickLossFiles(here);
    const [log] = logs;
    if (!log) return;
    const target = await targetBeside(context, log);
    if (!target) return;
    const { point, run, forecast, calibration } = target.run;
    const lead = forecast && lawInForce(forecast.law, calibration);
    if (!point || !lead) {
      inform(
        l10n.t('Floatcast has no forecast for this run to compare a gap with; its lens says why.'),
      );
      return;
    }
    const units: LogUnits = {
      tokensPerStep: tokensPerStep(run.tokens),
      sequenceLength: sequenceLength(run.tokens),
    };
    const read = await readStating(logs, units);
    if (!read) return;
    const losses = await withTwin(read, log, units);
    if (!losses) return;
    const report = gapMarkdown(gapAnswer(losses, point, lead, lawsInForce(calibration)));
    const name = log.path.split('/').pop() ?? log.path;
    await editor.executeCommand(
      'markdown.showPreview',
      context.previews.keep(`${name} (gap)`, report),
    );
  },
};

/** The run that a log is of: of the one config beside it, else one that is open. */
async function targetBeside(context: CommandContext, log: Uri): Promise<Target | null> {
  const pattern = new RelativePattern(Uri.joinPath(log, '..'), configPattern);
  const beside: Uri[] = [];
  for (const uri of await workspace.findFiles(pattern, undefined, mostConfigs)) {
    const found = await context.analyses.get(await workspace.openTextDocument(uri));
    if (found?.analysis.runs.some(({ point }) => point !== null)) beside.push(uri);
  }
  return pickTarget(context, beside.length === 1 ? beside : []);
}

/** Reads logs; asks for the bytes of a token where losses are in bits per byte. Null = given up. */
async function readStating(logs: readonly Uri[], units: LogUnits): Promise<MeasuredLosses | null> {
  const read = await readLossFiles(logs, units);
  if (!('error' in read)) return read;
  if (read.needs === undefined) throw new Error(read.error);
  const written = await window.showInputBox({
    title: l10n.t('Is My Gap Normal?'),
    prompt: l10n.t(
      'The losses are in bits per byte. How many bytes does a token stand for, on average?',
    ),
    placeHolder: '4.8',
    validateInput: (text) => (Number(text) > 0 ? null : l10n.t('A number above 0.')),
  });
  return written === undefined
    ? null
    : readStating(logs, { ...units, bytesPerToken: Number(written) });
}

interface TwinItem extends Pickable {
  readonly hasTwin: boolean;
}

/** Asks for the twin's log where the run's own does not hold it; null when the person gave up. */
async function withTwin(
  losses: MeasuredLosses,
  log: Uri,
  units: LogUnits,
): Promise<MeasuredLosses | null> {
  if (losses.baseline) return losses;
  const items: readonly TwinItem[] = [
    { icon: 'folder-opened', label: l10n.t('Choose the BF16 twin’s log…'), hasTwin: true },
    { icon: 'circle-slash', label: l10n.t('There is no BF16 twin'), hasTwin: false },
  ];
  const picked = await pickOne(items, {
    title: l10n.t('Is My Gap Normal?'),
    placeHolder: l10n.t('The gap is to a run in BF16'),
  });
  if (!picked) return null;
  if (!picked.hasTwin) return losses;
  const chosen = await window.showOpenDialog({
    title: l10n.t('Losses of the BF16 twin'),
    canSelectMany: false,
    defaultUri: Uri.joinPath(log, '..'),
  });
  if (!chosen) return null;
  const twin = await readStating(chosen, units);
  return twin && withBaseline(losses, twin);
}
