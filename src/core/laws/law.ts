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

/**
 * The same law under another reading of its paper or of the recipe: an operand in another format,
 * a formula without its offset. Shown below the number that leads, never averaged with it.
 */
export interface Variant {
  /** What is read otherwise, as the end of a sentence: `with the backward layout E5M2`. */
  readonly reading: string;
  readonly gap: number;
  readonly criticalTokens: number | null;
}

/** What a law says of a run. Losses in nats per token; null = the law cannot speak (see notes). */
export interface Forecast {
  readonly law: string;
  readonly loss: number | null;
  readonly bf16Loss: number | null;
  /** loss − bf16Loss. */
  readonly gap: number | null;
  /** Where the gap lies with 90 % by the law's own residuals, nats; null where none is supported. */
  readonly interval: readonly [number, number] | null;
  /** D_crit in tokens, null when none exists or the law cannot speak. */
  readonly criticalTokens: number | null;
  readonly hasCriticalSize: boolean;
  /** D / D_crit. */
  readonly ratio: number | null;
  readonly extrapolated: readonly Extrapolation[];
  readonly variants: readonly Variant[];
  /** The calibration file whose constants stand in this number, or null for the published ones. */
  readonly calibration: string | null;
  /** Whole sentences. */
  readonly notes: readonly string[];
}

/**
 * How far a forecast can be leant on: `inside` what was fitted; `beyond` it in size only;
 * `unsupported` where the law was never fitted to such a format, scaling or set of operands.
 */
export type Grade = 'inside' | 'beyond' | 'unsupported';

/** The grade of a forecast; null where the law cannot speak. */
export function gradeOf({ gap, extrapolated }: Forecast): Grade | null {
  if (gap === null) return null;
  if (extrapolated.some((each) => each !== 'parameters' && each !== 'tokens')) return 'unsupported';
  return extrapolated.length > 0 ? 'beyond' : 'inside';
}

/** What a forecast leaves out when there is nothing to say of it. */
const unsaid = {
  interval: null,
  criticalTokens: null,
  hasCriticalSize: false,
  ratio: null,
  extrapolated: [],
  variants: [],
  calibration: null,
  notes: [],
} satisfies Partial<Forecast>;

/**
 * The forecast of a law that cannot speak of a run, with the reason.
 * `hasCriticalSize` tells a law that has one for other formats from a law that never has one.
 */
export function silent(law: string, reason: string, hasCriticalSize: boolean): Forecast {
  const nothing = { loss: null, bf16Loss: null, gap: null };
  return { ...unsaid, ...nothing, law, hasCriticalSize, notes: [reason] };
}

/** A forecast out of a law's two losses at D tokens; what is not given is absent. */
export function speaking(
  said: { readonly law: string; readonly bf16Loss: number; readonly gap: number } & Partial<
    Omit<Forecast, 'loss' | 'hasCriticalSize' | 'ratio'>
  >,
  tokens: number,
): Forecast {
  // Spelled out: nine laws a run are asked, and spreading objects costs more than their formulas.
  const { law, bf16Loss, gap, interval = null, criticalTokens = null } = said;
  const { extrapolated = [], variants = [], calibration = null, notes = [] } = said;
  return {
    law,
    loss: bf16Loss + gap,
    bf16Loss,
    gap,
    interval,
    criticalTokens,
    hasCriticalSize: criticalTokens !== null,
    ratio: criticalTokens === null ? null : tokens / criticalTokens,
    extrapolated,
    variants,
    calibration,
    notes,
  };
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
 * k of the cost C = k·P·N·D, which makes P = 16 bits cost the usual 6·N·D (arXiv 2501.02423,
 * appendix E; arXiv 2411.04330 has the same).
 */
export const costFactor = 6 / 16;

/**
 * What a compute-optimal question holds fixed: the compute alone, the tokens alone, or the size
 * and the compute C = k·P·N·D.
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

/** A piece of a formula: letters and constants as they stand, sizes (N, D) and terms as numbers. */
export type FormulaPiece = string | { readonly size: number } | { readonly term: number };

/** One line of a formula with the run's numbers in it. */
export type FormulaLine = readonly FormulaPiece[];

/** What a law was fitted on. */
export interface FittedRange {
  /** Smallest and largest N, parameters. */
  readonly parameters: readonly [number, number];
  /** Smallest and largest D, tokens. */
  readonly tokens: readonly [number, number];
  /** Which formats, scalings and runs, as the end of the sentence "fitted on …". */
  readonly on: string;
}

/** A scaling law of low-precision training, or of quantisation after training. */
export interface Law {
  readonly id: string;
  readonly name: string;
  /** Paper and equation. */
  readonly source: string;
  /** A paper's own fit, or one made for Floatcast on public runs: said wherever it is shown. */
  readonly fit: 'published' | 'own';
  /** Whether its gap is that of training in the format, or of quantising a BF16 run afterwards. */
  readonly stage: 'training' | 'post-training';
  /** What it asks of a run beside N and D, as the end of the sentence "it needs …". */
  readonly needs: string;
  /** The operands whose quantisation it models; empty for a law of BF16 alone. */
  readonly operands: readonly Operand[];
  /** Whether more tokens can raise the loss under it, and where its paper says so ('' = derived). */
  readonly criticalSize: { readonly exists: boolean; readonly source: string };
  readonly fitted: FittedRange;
  /** What measurements say for and against it: whole sentences with their sources. */
  readonly evidence: { readonly for: readonly string[]; readonly against: readonly string[] };
  /** Its constants by the names of its paper, written out; null where the paper prints none. */
  readonly constants: Readonly<Record<string, number | null>>;
  forecast(point: RunPoint): Forecast;
  /** The loss curve through `point`: same N, format and scaling (held as at `point`), any D. */
  curve(point: RunPoint): (tokens: number) => CurvePoint;
  /** The formula, then the formula with the run's numbers in it; empty when it cannot speak. */
  formula(point: RunPoint): readonly FormulaLine[];
  /** Compute-optimal precision; absent where the law does not give one. */
  readonly optimum?: (question: BudgetQuestion) => Optimum;
  /**
   * What quantising a run of this N and D to the point's format afterwards costs: a BF16 run, or
   * one that was `trained` otherwise. Absent in laws of training alone.
   */
  readonly postTraining?: (point: RunPoint, trained?: RunPoint) => Forecast;
  /** The same law with other constants, by name; `calibration` is the file they come from. */
  withConstants(constants: Readonly<Record<string, number>>, calibration: string): Law;
}
