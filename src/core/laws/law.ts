import type { Granularity, Operand } from '../run/run.ts';

/** What a law is evaluated on. Sizes in parameters and tokens, not billions. */
export interface RunPoint {
  /** N: linear parameters (active ones in a mixture of experts). */
  readonly parameters: number;
  /** D: training tokens. */
  readonly tokens: number;
  /** Format id (`fp8-e4m3`, `e3m4`…); exponent and mantissa bits null for integers. */
  readonly format: string;
  readonly bits: number;
  readonly exponentBits: number | null;
  readonly mantissaBits: number | null;
  readonly gradientFormat: string | null;
  readonly granularity: Granularity;
  readonly block: number | null;
  /** What the scales are stored as, null or `fp32` = not quantised. */
  readonly scale: string | null;
  readonly operands: readonly Operand[];
}

/** In which respects a point lies outside what the law was fitted on. */
export type Extrapolation =
  'parameters' | 'tokens' | 'format' | 'granularity' | 'operands' | 'scale';

/** What a law says of a run. Losses in nats per token; null = the law cannot speak (see notes). */
export interface Forecast {
  readonly law: string;
  readonly loss: number | null;
  readonly bf16Loss: number | null;
  /** loss − bf16Loss. */
  readonly gap: number | null;
  /** D_crit in tokens, null when none exists or the law cannot speak. */
  readonly criticalTokens: number | null;
  readonly hasCriticalSize: boolean;
  /** D / D_crit. */
  readonly ratio: number | null;
  readonly extrapolated: readonly Extrapolation[];
  /** Whole sentences. */
  readonly notes: readonly string[];
}

/** Losses along D with everything else held: what a curve draws. */
export interface CurvePoint {
  readonly loss: number | null;
  readonly bf16Loss: number | null;
  readonly gap: number | null;
}

/** The scaling that a question about number layouts holds fixed. */
export interface Scaling {
  readonly granularity: Granularity;
  readonly block: number | null;
}

/**
 * What a compute-optimal question holds fixed: the compute alone, the tokens alone, or the size
 * and the compute. C = k·P·N·D with k = 6/16, so that P = 16 bits gives the usual 6·N·D.
 */
export type BudgetQuestion = { readonly scaling: Scaling } & (
  | { readonly fixed: 'compute'; readonly compute: number }
  | { readonly fixed: 'tokens'; readonly tokens: number }
  | { readonly fixed: 'parameters'; readonly parameters: number; readonly compute: number }
);

/** The compute-optimal answer of a law; null where the question leaves it open. */
export interface Optimum {
  /** P = E + M + 1, a real number. */
  readonly bits: number | null;
  readonly parameters: number | null;
  readonly tokens: number | null;
  readonly compute: number | null;
  readonly loss: number | null;
  /** Whole sentences. */
  readonly notes: readonly string[];
}

/** A published scaling law of low-precision training. */
export interface Law {
  readonly id: string;
  readonly name: string;
  /** Paper and equation. */
  readonly source: string;
  /** Smallest and largest N and D of the fit. */
  readonly fitted: {
    readonly parameters: readonly [number, number];
    readonly tokens: readonly [number, number];
  };
  forecast(point: RunPoint): Forecast;
  /** The loss curve through `point`: same N, format and scaling (held as at `point`), any D. */
  curve(point: RunPoint): (tokens: number) => CurvePoint;
  /** Compute-optimal precision; absent where the law does not give one. */
  readonly optimum?: (question: BudgetQuestion) => Optimum;
}
