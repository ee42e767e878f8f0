import type { TrainingRun } from '../run/run.ts';
import type { Place } from '../syntax/tree.ts';

/** Where a finding on the token count stands: that field, else the format's, else the model's. */
export function tokensPlace({ anchors }: TrainingRun): Place | null {
  return anchors.tokens ?? anchors.precision ?? anchors.parameters;
}

/** Where a finding on the number format stands: that field, else the token count's, else the model's. */
export function precisionPlace({ anchors }: TrainingRun): Place | null {
  return anchors.precision ?? anchors.tokens ?? anchors.parameters;
}
