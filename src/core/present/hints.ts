import type { RunAnalysis } from '../analysis.ts';
import type { Place } from '../syntax/tree.ts';
import { formatShort } from './formats.ts';
import { count, gapNats, shareOfCritical } from './numbers.ts';
import { constantsRemark, isOfTraining, parametersWords } from './words.ts';

/** One inlay hint: at most 40 characters behind the field at `place`. */
export interface Hint {
  readonly kind: 'precision' | 'tokens' | 'parameters';
  readonly place: Place;
  readonly text: string;
}

/** The inlay hints of a run, one a field: format and gap, tokens and share of D_crit, N. */
export function hints(run: RunAnalysis): readonly Hint[] {
  const { anchors, precision, tokens } = run.run;
  const size = parametersWords(run);
  const { forecast } = run;
  const found: Hint[] = [];
  if (anchors.precision && precision && forecast && forecast.gap !== null && forecast.gap !== 0) {
    const stage = isOfTraining(forecast) ? [] : ['post-training'];
    const words = [gapNats(forecast.gap), ...stage, ...constantsRemark(forecast)].join(' ');
    const text = `${formatShort(precision.format.value)} · ${words}`;
    found.push({ kind: 'precision', place: anchors.precision, text });
  }
  if (anchors.tokens && tokens.total) {
    const ratio = forecast?.ratio ?? null;
    const share = ratio === null ? '' : ` · ${shareOfCritical(ratio)}`;
    const text = `= ${count(tokens.total.value)}${share}`;
    found.push({ kind: 'tokens', place: anchors.tokens, text });
  }
  if (anchors.parameters && size !== null) {
    found.push({ kind: 'parameters', place: anchors.parameters, text: `N = ${size}` });
  }
  return found;
}
