import { formatById } from '../formats/registry.ts';
import {
  bestPrecisionFactor,
  costFactor,
  criticalTokens,
  jointOptimum,
  log2Block,
  optimalBitsAtSize,
  optimalBitsAtTokens,
  precisionFactor,
  precisionGap,
  unquantisedLoss,
} from './capybaraFormulas.ts';
import type {
  BudgetQuestion,
  CurvePoint,
  Extrapolation,
  Forecast,
  Law,
  Optimum,
  RunPoint,
} from './law.ts';
import { needsNoScaling } from './point.ts';

/** What the public runs say about a critical data size; for use beside a Capybara D_crit. */
export const noMinimumInPublicRuns =
  'Published laws disagree: public FP4 runs, the largest of 12 B parameters and 10 T tokens, show ' +
  'no token count past which more data raises the loss, and by our fits to those of 30 to 822 M ' +
  'parameters their gap to BF16 grows as D^0.06 to D^0.18, not as D^0.52.';

const fitted = {
  parameters: [40_894_464, 679_477_248],
  tokens: [10_485_760_000, 104_857_600_000],
} as const;

/** Layouts of the rows that the constants were fitted on (table 3). */
const fittedLayouts = new Set([
  ...['E0M7', 'E1M1', 'E1M2', 'E1M3', 'E1M4', 'E1M5', 'E1M6', 'E2M1', 'E2M3', 'E3M1', 'E3M2'],
  ...['E4M1', 'E4M3', 'E4M5', 'E5M1', 'E5M2', 'E6M1'],
]);

/** Fitted layouts whose precision term stayed below 0.003 nats in every fitted run. */
const faintLayouts = new Set(['E4M3', 'E4M5', 'E5M2']);

/** Why the law cannot speak of a point, or the factor of its precision term (0 = no term). */
type Term =
  | { readonly kind: 'term'; readonly factor: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: string };

function precisionTerm(point: RunPoint): Term {
  const { granularity, exponentBits: E, mantissaBits: M } = point;
  if (granularity === 'none' && needsNoScaling(point)) return { kind: 'none' };
  if (E === null || M === null) {
    const name = formatById(point.format)?.name ?? point.format;
    return {
      kind: 'unknown',
      reason: `${name} has no exponent and mantissa bits, which are what the Capybara law is about.`,
    };
  }
  if (granularity === 'none') {
    return {
      kind: 'unknown',
      reason:
        'The scaling of the format is not known, and the Capybara law needs to know how many ' +
        'values share a scale.',
    };
  }
  // Tensor-wise the block depends on D; it is taken here and held along the curve.
  const log2B = log2Block(point, point.parameters, point.tokens);
  if (log2B === 0) return { kind: 'none' };
  return { kind: 'term', factor: precisionFactor({ E, M, log2B }) };
}

function forecast(point: RunPoint): Forecast {
  const term = precisionTerm(point);
  if (term.kind === 'unknown') {
    return {
      law: 'capybara',
      loss: null,
      bf16Loss: null,
      gap: null,
      criticalTokens: null,
      // Not "none exists": the law has one for every format that it can speak of.
      hasCriticalSize: true,
      ratio: null,
      extrapolated: [],
      notes: [term.reason],
    };
  }
  const { parameters: N, tokens: D } = point;
  const bf16Loss = unquantisedLoss(N, D);
  const gap = term.kind === 'term' ? precisionGap(N, D, term.factor) : 0;
  const critical = term.kind === 'term' ? criticalTokens(N, term.factor) : null;
  const scaled = term.kind === 'term';
  return {
    law: 'capybara',
    loss: bf16Loss + gap,
    bf16Loss,
    gap,
    criticalTokens: critical,
    hasCriticalSize: critical !== null,
    ratio: critical === null ? null : D / critical,
    extrapolated: [...sizeExtrapolations(N, D), ...(scaled ? formatExtrapolations(point) : [])],
    notes: [...sizeNotes(N, D), ...(scaled ? formatNotes(point) : []), noErrorBars],
  };
}

function curve(point: RunPoint): (tokens: number) => CurvePoint {
  const term = precisionTerm(point);
  return (tokens) => {
    if (term.kind === 'unknown') return { loss: null, bf16Loss: null, gap: null };
    const bf16Loss = unquantisedLoss(point.parameters, tokens);
    const gap = term.kind === 'term' ? precisionGap(point.parameters, tokens, term.factor) : 0;
    return { loss: bf16Loss + gap, bf16Loss, gap };
  };
}

const noErrorBars = 'The paper publishes no error bars, so this forecast has none.';

function within(value: number, [low, high]: readonly [number, number]): boolean {
  return value >= low && value <= high;
}

function sizeExtrapolations(N: number, D: number): Extrapolation[] {
  return [
    ...(within(N, fitted.parameters) ? [] : (['parameters'] as const)),
    ...(within(D, fitted.tokens) ? [] : (['tokens'] as const)),
  ];
}

function sizeNotes(N: number | null, D: number | null): string[] {
  const notes: string[] = [];
  if (N !== null && !within(N, fitted.parameters)) {
    notes.push('The law was fitted on 41 to 679 M linear parameters, and this is outside.');
  }
  if (D !== null && !within(D, fitted.tokens)) {
    notes.push('The law was fitted on 10.5 to 105 B tokens, and this is outside.');
  }
  if (N !== null && D !== null && D < N) {
    notes.push(
      'There are fewer tokens than parameters, where every fitted run has at least 15 tokens a ' +
        'parameter: read this as an artefact of extrapolation.',
    );
  }
  return notes;
}

function layoutOf(point: RunPoint): string {
  return `E${point.exponentBits ?? ''}M${point.mantissaBits ?? ''}`;
}

/**
 * Blocks were fitted on E1M1 alone, every other layout channel-wise: that their effects multiply
 * is the law's assumption, so a block of any other layout is outside the fit.
 */
function granularityIsFitted(point: RunPoint): boolean {
  if (point.granularity === 'channel') return true;
  return (
    point.granularity === 'block' &&
    layoutOf(point) === 'E1M1' &&
    within(point.block ?? 0, [32, 512])
  );
}

function quantisesBeyondFit(point: RunPoint): boolean {
  return point.operands.some((operand) => operand !== 'weights');
}

function scaleIsQuantised(point: RunPoint): boolean {
  return point.scale !== null && point.scale !== 'fp32';
}

function formatExtrapolations(point: RunPoint): Extrapolation[] {
  return [
    ...(fittedLayouts.has(layoutOf(point)) ? [] : (['format'] as const)),
    ...(granularityIsFitted(point) ? [] : (['granularity'] as const)),
    ...(quantisesBeyondFit(point) ? (['operands'] as const) : []),
    ...(scaleIsQuantised(point) ? (['scale'] as const) : []),
  ];
}

function formatNotes(point: RunPoint): string[] {
  const notes: string[] = [];
  const layout = layoutOf(point);
  if (!fittedLayouts.has(layout)) {
    notes.push(`No run in ${layout} is among those the law was fitted on.`);
  } else if (faintLayouts.has(layout)) {
    notes.push(
      `In the fitted runs the precision term of ${layout} is at most 0.003 nats: its size is ` +
        'inferred from narrower layouts rather than measured.',
    );
  }
  if (point.granularity === 'tensor') {
    notes.push(
      'The constants of tensor-wise scaling are not published; the effect is read off an axis of ' +
        'figure 12 and is rough.',
    );
  } else if (!granularityIsFitted(point)) {
    notes.push(
      'Block scaling was fitted on E1M1 alone, in blocks of 32 to 512: that it acts alike on this ' +
        'layout and block is the law’s assumption.',
    );
  }
  if (quantisesBeyondFit(point)) {
    notes.push(
      'Quantised activations and gradients are not modelled: the fitted runs keep the forward ' +
        'activations and the gradients in BF16.',
    );
  }
  if (scaleIsQuantised(point)) {
    notes.push('Quantised scales are not modelled: the fitted runs keep theirs in high precision.');
  }
  if (point.gradientFormat !== null && point.gradientFormat !== point.format) {
    const name = formatById(point.gradientFormat)?.name ?? point.gradientFormat;
    notes.push(
      `The gradients are in ${name}, but the law knows one layout, here the forward one: an ` +
        'approximation.',
    );
  }
  return notes;
}

function optimum(question: BudgetQuestion): Optimum {
  const { scaling } = question;
  const nothing = { bits: null, parameters: null, tokens: null, compute: null, loss: null };
  if (scaling.granularity === 'none' || scaling.granularity === 'tensor') {
    const reason = 'The closed forms need a block size or channel-wise scaling.';
    return { ...nothing, notes: [reason] };
  }
  // Neither of the scalings left depends on N or D.
  const log2B = log2Block(scaling, 1, 1);
  if (!(log2B > 0)) {
    return { ...nothing, notes: ['With a scale for every value the law has no precision term.'] };
  }
  if (question.fixed === 'tokens') {
    const { tokens } = question;
    const bits = optimalBitsAtTokens(tokens, log2B);
    return { ...nothing, bits, tokens, notes: optimumNotes(bits, null, tokens) };
  }
  const { P, N, D } = sizedOptimum(question, log2B);
  const gap = precisionGap(N, D, bestPrecisionFactor(P, log2B));
  return {
    bits: P,
    parameters: N,
    tokens: D,
    compute: question.compute,
    loss: unquantisedLoss(N, D) + gap,
    notes: optimumNotes(P, N, D),
  };
}

function optimumNotes(P: number, N: number | null, D: number): string[] {
  const few = 'The law was fitted on layouts of three bits and more.';
  return [...sizeNotes(N, D), ...(P < 3 ? [few] : []), noErrorBars];
}

function sizedOptimum(
  question: Exclude<BudgetQuestion, { readonly fixed: 'tokens' }>,
  log2B: number,
): { P: number; N: number; D: number } {
  if (question.fixed === 'compute') return jointOptimum(question.compute, log2B);
  const N = question.parameters;
  const P = optimalBitsAtSize(N, question.compute, log2B);
  return { P, N, D: question.compute / (costFactor * P * N) };
}

/** The Capybara law: one precision term that grows with the tokens, hence a critical data size. */
export const capybara: Law = {
  id: 'capybara',
  name: 'Capybara',
  source:
    'Scaling Laws for Floating Point Quantization Training (ICML 2025), arXiv 2501.02423v3, ' +
    'equations 18 and 21, table 2',
  fitted,
  forecast,
  curve,
  optimum,
};
