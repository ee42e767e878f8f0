import type { Granularity, Operand } from '../../run/run.ts';
import type { RunPoint } from '../law.ts';

/**
 * How a gap became known. `runs`: worked out of both runs' published losses; `printed`: stands in
 * nats in its source; `percent`: stands there as a percentage, of a loss that is assumed; `figure`:
 * read off one; `words`: a bound that the source gives no number for; `abstract` and `second-hand`:
 * the source itself was not read.
 */
export type MeasurementStatus =
  'runs' | 'printed' | 'percent' | 'figure' | 'words' | 'abstract' | 'second-hand';

/** One gap that somebody measured and published: a low-precision run against its BF16 twin. */
export interface Measurement {
  /** Who measured it, as a person names the data set. */
  readonly dataset: string;
  /** What was quantised and how, as a phrase. */
  readonly recipe: string;
  /** N (non-embedding, active in a mixture of experts), D and the format, as a law is asked. */
  readonly point: RunPoint;
  /** Nats per token; of a `bound` the most that the source's words allow. */
  readonly gap: number;
  readonly kind: 'measured' | 'bound';
  readonly status: MeasurementStatus;
  readonly source: string;
  /** What was assumed and what to beware of: whole sentences, or empty. */
  readonly caveat: string;
}

/** Measurements of one recipe, written compactly. */
export interface MeasuredSet extends Pick<
  Measurement,
  'dataset' | 'recipe' | 'kind' | 'status' | 'source' | 'caveat'
> {
  /** Format id; a block-scaled one brings its block and scale along. */
  readonly format: string;
  /** Where the format leaves it open. */
  readonly granularity?: Granularity;
  readonly block?: number;
  readonly operands: readonly Operand[];
  /** N in parameters, D in tokens, gap in nats per token; each rounded to four digits. */
  readonly rows: readonly (readonly [parameters: number, tokens: number, gap: number])[];
}

/** The operands of a recipe that quantises all three products of a linear layer. */
export const everyOperand: readonly Operand[] = ['weights', 'activations', 'gradients'];

/** Those of one that quantises the forward product alone. */
export const forwardOperands: readonly Operand[] = ['weights', 'activations'];

/** Those of one that quantises the two backward products alone. */
export const backwardOperands: readonly Operand[] = ['gradients'];

/** Whether a gap was taken from its source itself, so that runs can be held against it. */
export function isRead({ status }: Pick<Measurement, 'status'>): boolean {
  return status !== 'abstract' && status !== 'second-hand';
}
