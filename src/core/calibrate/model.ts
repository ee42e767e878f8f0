import type { RunPoint } from '../laws/law.ts';

/** One finished run: what it was, the loss that it ended with and its BF16 twin's (nats per token). */
export interface MeasuredRun {
  readonly point: RunPoint;
  readonly loss: number;
  /** The loss of the same run in BF16, where it was measured. */
  readonly bf16Loss: number | null;
}

/** A constant that a fit may move, by the name that its law gives it. */
export interface Constant {
  readonly name: string;
  /** Where it stays when the runs cannot move it. */
  readonly published: number;
  /** Whether it may be negative; the others are fitted as their logarithms. */
  readonly signed: boolean;
  /** What runs must be like to tell it, as the end of "fitting it needs …". */
  readonly needs: string;
}

/** A constant that is above 0 by what it means. */
export function positive(name: string, published: number, needs: string): Constant {
  return { name, published, signed: false, needs };
}

/**
 * A law over the runs that it can use, ready to be fitted: one row a measured loss or gap.
 * `constants` stand in the order in which they are worth fitting: where the runs cannot tell two
 * apart, the later one stays as published.
 */
export interface Design {
  readonly constants: readonly Constant[];
  /** Constants that stay as published whatever the runs are, and why: a whole sentence. */
  readonly held: { readonly names: readonly string[]; readonly reason: string } | null;
  /**
   * Constants that move only along with another, of whose term they are part: where `by` stays as
   * published they do too, or the published value would mean something else.
   */
  readonly bound?: {
    readonly names: readonly string[];
    readonly by: string;
    /** Why they stay: a whole sentence. */
    readonly reason: string;
  };
  /** ln of what was measured, a row each: the loss, or the gap to the BF16 twin. */
  readonly measured: Float64Array;
  /** The twin's loss of each row where gaps are fitted; null where losses are. */
  readonly bf16Loss: Float64Array | null;
  /** N of each row, parameters. */
  readonly parameters: Float64Array;
  /** Where the Huber loss turns from squares to magnitudes, in ln units. */
  readonly huberDelta: number;
  /**
   * Writes ln of the predictions at `values` (in the order of `constants`) and their slopes by the
   * logarithm of each constant, by the constant itself where it is signed: row after row.
   */
  evaluate(values: Float64Array, predicted: Float64Array, slopes: Float64Array): void;
  /** Constants to start from at a point of the unit cube, in the order of `constants`. */
  start(at: Float64Array): Float64Array;
  /** Whole sentences on which runs are used and how. */
  readonly notes: readonly string[];
}

/** A law that can be fitted. */
export interface Model {
  /** Id of the law. */
  readonly law: string;
  /**
   * Lays out the runs that the law can use; the others are left out, with a note.
   * `given` are constants that someone pinned, of which some shape the design.
   */
  design(runs: readonly MeasuredRun[], given: Readonly<Record<string, number>>): Design;
}

/** Huber's δ on log losses, as Hoffmann et al. and Besiroglu et al. have it. */
export const lossHuberDelta = 1e-3;

/** Huber's δ on log gaps, which scatter by ten per cent and more (our own choice). */
export const gapHuberDelta = 0.1;

/** How far a fit has come: a step takes a few milliseconds. */
export interface FitProgress {
  readonly phase: 'starts' | 'bootstrap' | 'hold-out';
  readonly done: number;
  readonly total: number;
}

/** Why a fit cannot be made: one sentence. */
export interface FitError {
  readonly error: string;
}
