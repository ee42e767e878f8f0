import type { RunAnalysis } from '../analysis.ts';
import type { TrainingRun } from '../run/run.ts';
import type { Place } from '../syntax/tree.ts';
import { formatShort } from './formats.ts';
import { count } from './numbers.ts';
import { criticalShare, gapOfVerdict } from './verdict.ts';
import { assumedWords, parametersWords } from './words.ts';

/** One inlay hint: at most 40 characters behind the field at `place`. */
export interface Hint {
  readonly kind: 'precision' | 'tokens' | 'parameters';
  readonly place: Place;
  readonly text: string;
}

/**
 * Where a run's values stand; of a named run those that others state too, which it builds on, are
 * shown at its own name.
 */
function anchorsOf({ definition, run: { anchors } }: RunAnalysis): TrainingRun['anchors'] {
  if (typeof definition?.name !== 'string') return anchors;
  const { place: name, body } = definition;
  const own = (place: Place | null) =>
    place?.file === body.file && (place.start < body.start || place.start >= body.end)
      ? name
      : place;
  return {
    parameters: own(anchors.parameters),
    tokens: own(anchors.tokens),
    precision: own(anchors.precision),
  };
}

/** The inlay hints of a run, one a field: format and gap, tokens and share of D_crit, N. */
export function hints(run: RunAnalysis): readonly Hint[] {
  const { precision, tokens } = run.run;
  const anchors = anchorsOf(run);
  const size = parametersWords(run);
  const found: Hint[] = [];
  const gap = gapOfVerdict(run);
  if (anchors.precision && precision && gap !== null) {
    const text = `${formatShort(precision.format.value)} · ${gap}`;
    found.push({ kind: 'precision', place: anchors.precision, text });
  }
  if (anchors.tokens && tokens.total) {
    const share = criticalShare(run);
    // There is no room for both, and what was assumed must be seen.
    const more = assumedWords(tokens) || (share === null ? '' : ` · ${share}`);
    const text = `= ${count(tokens.total.value)}${more}`;
    found.push({ kind: 'tokens', place: anchors.tokens, text });
  }
  if (anchors.parameters && size !== null) {
    found.push({ kind: 'parameters', place: anchors.parameters, text: `N = ${size}` });
  }
  return found;
}
