import type { RunAnalysis } from '../analysis.ts';
import type { Forecast } from '../laws/law.ts';
import { lawById } from '../laws/registry.ts';
import type { Role, TokenCount } from '../run/run.ts';
import { formatName } from './formats.ts';
import { count } from './numbers.ts';

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

/** Why D is unknown, as the end of a sentence; asks for GPUs where those would settle it. */
export function tokensReason(tokens: TokenCount): string {
  const need = tokens.needs[0] ?? 'the file does not say how long the run is';
  const bare = need.replace(/^tokens: /, '').replace(/^the (?=global batch)/, '');
  return tokens.settledBy.includes('world-size')
    ? bare.replace('data-parallel ranks', 'GPUs')
    : bare;
}

/** Whether the forecast rests on tensor-wise scaling, whose constants are read off an axis. */
export function isRough(run: RunAnalysis): boolean {
  return (
    run.point?.granularity === 'tensor' &&
    run.forecast?.extrapolated.includes('granularity') === true &&
    run.forecast.gap !== 0
  );
}

/** A law by its name, the id standing in for one that the shelf does not hold. */
export function lawName(id: string): string {
  return lawById(id)?.name ?? id;
}

/** The chosen law's reason for having no numbers, or null when it has some. */
export function silence(forecast: Forecast): string | null {
  return forecast.gap === null
    ? (forecast.notes[0] ?? 'The law cannot speak of this format.')
    : null;
}

/** A role as the lens says it where the run has no forecast; null for a plain pre-training run. */
export function roleWords(role: Role): string | null {
  switch (role) {
    case 'pretrain':
    case 'other':
      return null;
    case 'continued':
      return 'continues from a checkpoint: no forecast';
    case 'finetune':
      return 'fine-tuning: no forecast';
    case 'model':
      return 'a model without a run';
    case 'quantize':
      return 'post-training quantisation: no forecast';
    case 'serve':
      return 'serving: no forecast';
    case 'fragment':
      return 'a fragment: the file that includes it has the forecast';
  }
}
