import type { RunAnalysis } from '../analysis.ts';
import type { Forecast } from '../laws/law.ts';
import { lawById } from '../laws/registry.ts';
import type { TokenCount } from '../run/run.ts';
import { formatName } from './formats.ts';
import { count, exact, gapNats } from './numbers.ts';

/** A title's parts with the run's own name before them, where it has one: `llama3_8b: N 8.03 B`. */
export function titled({ definition }: RunAnalysis, ...parts: readonly string[]): string {
  const name = definition?.name ?? '';
  return [...(name === '' ? [] : [name]), ...parts].join(': ');
}

/** N as the lens shows it: total parameters, or what is known; null when nothing is. */
export function parametersWords(run: RunAnalysis): string | null {
  const counts = run.run.parameters;
  if (!counts) return null;
  const size =
    counts.total === null ? `${count(counts.nonEmbedding)} non-embedding` : count(counts.total);
  return counts.active === null ? size : `${size}, ${count(counts.active)} active`;
}

/** Format and scaling of a run as a person says it, or null when the file states none. */
export function precisionWords(run: RunAnalysis): string | null {
  const { precision } = run.run;
  return precision ? formatName({ ...precision, format: precision.format.value }) : null;
}

/** What stands in D that a person assumed: ` (assumed 64 GPUs)`, or nothing. */
export function assumedWords({ assumed = [] }: TokenCount): string {
  const words = assumed.map(({ key, value }) => {
    switch (key) {
      case 'world-size':
        return `${exact(value)} GPUs`;
      case 'data-parallel-ranks':
        return `${exact(value)} data-parallel ranks`;
      case 'dataset-tokens':
        return `${count(value)} tokens of data`;
    }
  });
  return words.length === 0 ? '' : ` (assumed ${words.join(' and ')})`;
}

/** Why D is unknown, as the end of a sentence; asks for GPUs where those would settle it. */
export function tokensReason(tokens: TokenCount): string {
  const why = tokens.needs[0]?.why ?? 'the file does not say how long the run is';
  const bare = why.replace(/^the (?=global batch)/, '');
  return tokens.settledBy.includes('world-size')
    ? bare.replace('data-parallel ranks', 'GPUs')
    : bare;
}

/** Whether a forecast rests on Capybara's tensor-wise scaling, whose constants are read off an axis. */
export function isRough(run: Pick<RunAnalysis, 'forecast' | 'point'>): boolean {
  return (
    run.forecast?.law === 'capybara' &&
    run.point?.granularity === 'tensor' &&
    run.forecast.extrapolated.includes('granularity') &&
    run.forecast.gap !== 0
  );
}

/** A law by its name, the id standing in for one that the shelf does not hold. */
export function lawName(id: string): string {
  return lawById(id)?.name ?? id;
}

/** Which law said a thing, and with whose constants. */
export type Speaker = Pick<Forecast, 'law' | 'calibration'>;

/** Whether a number rests on a fit of this project's own: a calibration is its team's. */
export function isOwnFit({ law, calibration }: Speaker): boolean {
  return calibration === null && lawById(law)?.fit === 'own';
}

const ownFit = 'our own fit';

/**
 * A law with whose constants it speaks: `Capybara`, `Pooled public runs (our own fit)`,
 * `Capybara, calibrated on floatcast.calibration.json`.
 */
export function lawLabel(speaker: Speaker): string {
  const { law, calibration } = speaker;
  if (calibration !== null) return `${lawName(law)}, calibrated on ${calibration}`;
  return lawName(law) + (isOwnFit(speaker) ? ` (${ownFit})` : '');
}

/** A law as a sentence names it after “by”: `the Capybara law calibrated on runs.json`. */
export function lawPhrase(speaker: Speaker): string {
  const { law, calibration } = speaker;
  if (isOwnFit(speaker)) return lawLabel(speaker);
  return `the ${lawName(law)} law${calibration === null ? '' : ` calibrated on ${calibration}`}`;
}

/** Whether a law's critical size is derived from its formula here, and not stated by its paper. */
export function isDerived({ law }: Pick<Forecast, 'law'>): boolean {
  const critical = lawById(law)?.criticalSize;
  return critical?.exists === true && critical.source === '';
}

/** Whether a law speaks of training in a format, not of quantising a trained model. */
export function isOfTraining({ law }: Pick<Forecast, 'law'>): boolean {
  return lawById(law)?.stage !== 'post-training';
}

/** The forecasts of training in the format that have a number, whose gaps can be compared. */
export function comparable(forecasts: readonly Forecast[]): readonly Forecast[] {
  return forecasts.filter((each) => each.gap !== null && isOfTraining(each));
}

/** Whose constants stand behind a number, in the one to three words that a short line has. */
export function constantsRemark(speaker: Speaker): readonly string[] {
  if (speaker.calibration !== null) return ['calibrated'];
  return isOwnFit(speaker) ? [ownFit] : [];
}

/** The chosen law's reason for having no numbers, or null when it has some. */
export function silence(forecast: Forecast): string | null {
  return forecast.gap === null
    ? (forecast.notes[0] ?? 'The law cannot speak of this format.')
    : null;
}

/** What quantising the trained model adds by the laws that know: `gap +0.0512 to +0.154`, or null. */
export function postTrainingWords({ postTraining }: RunAnalysis): string | null {
  const gaps = postTraining?.forecasts.flatMap(({ gap }) => gap ?? []) ?? [];
  if (gaps.length === 0) return null;
  const [least, most] = [gapNats(Math.min(...gaps)), gapNats(Math.max(...gaps))];
  return `gap ${least === most ? least : `${least} to ${most}`}`;
}

/** The one line that stands where a pre-training run has its forecast. */
export const noLawForTuning = 'no scaling law covers fine-tuning';

/** A role as the lens says it where the run has no forecast; null for a plain pre-training run. */
export function roleWords(run: RunAnalysis): string | null {
  switch (run.run.role) {
    case 'pretrain':
    case 'other':
      return null;
    case 'continued':
      return 'continues from a checkpoint: no forecast';
    case 'finetune':
      return noLawForTuning;
    case 'model':
      return 'a model without a run';
    case 'quantize':
      return `post-training quantisation: ${postTrainingWords(run) ?? 'no forecast'}`;
    case 'serve':
      return 'serving: no forecast';
    case 'fragment':
      return 'a fragment: the file that includes it has the forecast';
  }
}
