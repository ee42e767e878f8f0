import { formatById } from '../../formats/registry.ts';
import {
  domainNotes,
  evidence,
  fitted,
  formatExtrapolations,
  formatNotes,
  noErrorBars,
} from './domain.ts';
import {
  bestPrecisionFactor,
  capybaraConstants,
  criticalTokens,
  jointOptimum,
  log2Block,
  optimalBitsAtSize,
  optimalBitsAtTokens,
  precisionFactor,
  precisionGap,
  unquantisedLoss,
  type CapybaraConstants,
} from './formulas.ts';
import { outsideSizes } from '../fittedSizes.ts';
import {
  costFactor,
  silent,
  speaking,
  type BudgetQuestion,
  type CurvePoint,
  type Forecast,
  type FormulaLine,
  type Law,
  type Optimum,
  type RunPoint,
  type Variant,
} from '../law.ts';
import { quantises } from '../width.ts';

const id = 'capybara';

/** Why the law cannot speak of a point, or the factor of its precision term (0 = no term). */
type Term =
  | { readonly kind: 'term'; readonly factor: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: string };

function precisionTerm(point: RunPoint, c: CapybaraConstants): Term {
  const { granularity, exponentBits: E, mantissaBits: M } = point;
  if (!quantises(point)) return { kind: 'none' };
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
  const log2B = log2Block(point, point.parameters, point.tokens, c);
  if (log2B === 0) return { kind: 'none' };
  return { kind: 'term', factor: precisionFactor({ E, M, log2B }, c) };
}

function forecast(point: RunPoint, c: CapybaraConstants, calibration: string | null): Forecast {
  const term = precisionTerm(point, c);
  // Not "none exists": the law has one for every format that it can speak of.
  if (term.kind === 'unknown') return silent(id, term.reason, true);
  const { parameters: N, tokens: D } = point;
  const scaled = term.kind === 'term';
  const said = {
    law: id,
    bf16Loss: unquantisedLoss(N, D, c),
    gap: scaled ? precisionGap(N, D, term.factor, c) : 0,
    criticalTokens: scaled ? criticalTokens(N, term.factor, c) : null,
    extrapolated: [...outsideSizes(N, D, fitted), ...(scaled ? formatExtrapolations(point) : [])],
    variants: scaled ? backwardVariant(point, c) : [],
    calibration,
    notes: [...domainNotes(N, D), ...(scaled ? formatNotes(point, c) : []), noErrorBars],
  };
  return speaking(said, D);
}

/**
 * A hybrid recipe's other reading. The law quantises the weights of both passes and one activation
 * operand of the backward pass, all in one layout; where the gradients have another one, the law
 * with that layout bounds what a recipe in between can come to.
 */
function backwardVariant(point: RunPoint, c: CapybaraConstants): readonly Variant[] {
  const backward = point.gradientFormat === null ? undefined : formatById(point.gradientFormat);
  if (!backward || backward.id === point.format) return [];
  const { exponentBits, mantissaBits, bits } = backward;
  const term = precisionTerm({ ...point, exponentBits, mantissaBits, bits }, c);
  if (term.kind !== 'term') return [];
  const { parameters: N, tokens: D } = point;
  return [
    {
      reading: `with the backward layout ${backward.name} in place of the forward one`,
      gap: precisionGap(N, D, term.factor, c),
      criticalTokens: criticalTokens(N, term.factor, c),
    },
  ];
}

function curve(point: RunPoint, c: CapybaraConstants): (tokens: number) => CurvePoint {
  const term = precisionTerm(point, c);
  return (tokens) => {
    if (term.kind === 'unknown') return { loss: null, bf16Loss: null, gap: null };
    const bf16Loss = unquantisedLoss(point.parameters, tokens, c);
    const gap = term.kind === 'term' ? precisionGap(point.parameters, tokens, term.factor, c) : 0;
    return { loss: bf16Loss + gap, bf16Loss, gap };
  };
}

/** Equation 18 with the run's numbers in it. */
function formula(point: RunPoint, c: CapybaraConstants): readonly FormulaLine[] {
  const { parameters: N, tokens: D, exponentBits: E, mantissaBits: M } = point;
  const term = precisionTerm(point, c);
  if (term.kind === 'unknown') return [];
  const gap = term.kind === 'term' ? precisionGap(N, D, term.factor, c) : 0;
  const bf16Loss = unquantisedLoss(N, D, c);
  const size = { size: N };
  const tokens = { size: D };
  const rest = gap === 0 ? '' : ' + gap';
  const sizeTerm = { term: c.n / N ** c.alpha };
  const dataTerm = { term: c.d / D ** c.beta };
  const twin: FormulaLine[] = [
    [`L = n/N^α + d/D^β + ε${rest}`],
    [`  = ${c.n}/`, size, `^${c.alpha} + ${c.d}/`, tokens, `^${c.beta} + ${c.epsilon}${rest}`],
    [
      ...['  = ', sizeTerm, ' + ', dataTerm, ` + ${c.epsilon}`],
      ...(gap === 0 ? [] : [' + ', { term: gap }]),
      ...[' = ', { term: bf16Loss + gap }],
    ],
  ];
  if (gap === 0 || E === null || M === null) return twin;
  const log2B = { term: log2Block(point, N, D, c) };
  return [
    ...twin,
    ['gap = D^β/N^α · log2 B / (γ (E+0.5)^δ (M+0.5)^ν)'],
    [
      ...['    = ', tokens, `^${c.beta}/`, size, `^${c.alpha} · `, log2B],
      ` / (${c.gamma} · ${E + 0.5}^${c.delta} · ${M + 0.5}^${c.nu}) = `,
      { term: gap },
    ],
  ];
}

function optimum(question: BudgetQuestion, c: CapybaraConstants): Optimum {
  const { scaling } = question;
  const nothing = { bits: null, parameters: null, tokens: null, compute: null, loss: null };
  if (scaling.granularity === 'none' || scaling.granularity === 'tensor') {
    const reason = 'The closed forms need a block size or channel-wise scaling.';
    return { ...nothing, notes: [reason] };
  }
  // Neither of the scalings left depends on N or D.
  const log2B = log2Block(scaling, 1, 1, c);
  if (!(log2B > 0)) {
    return { ...nothing, notes: ['With a scale for every value the law has no precision term.'] };
  }
  if (question.fixed === 'tokens') {
    const { tokens } = question;
    const bits = optimalBitsAtTokens(tokens, log2B, 0, c);
    return { ...nothing, bits, tokens, notes: optimumNotes(bits, null, tokens) };
  }
  const { P, N, D } = sizedOptimum(question, log2B, c);
  const gap = precisionGap(N, D, bestPrecisionFactor(P, log2B, c), c);
  return {
    bits: P,
    parameters: N,
    tokens: D,
    compute: question.compute,
    loss: unquantisedLoss(N, D, c) + gap,
    notes: optimumNotes(P, N, D),
  };
}

function optimumNotes(P: number, N: number | null, D: number): string[] {
  const few = 'The law was fitted on layouts of three bits and more.';
  return [...domainNotes(N, D), ...(P < 3 ? [few] : []), noErrorBars];
}

function sizedOptimum(
  question: Exclude<BudgetQuestion, { readonly fixed: 'tokens' }>,
  log2B: number,
  c: CapybaraConstants,
): { P: number; N: number; D: number } {
  if (question.fixed === 'compute') return jointOptimum(question.compute, log2B, c);
  const N = question.parameters;
  const P = optimalBitsAtSize(N, question.compute, log2B, c);
  return { P, N, D: question.compute / (costFactor * P * N) };
}

/** The law with these constants; `calibration` names the file that they come from, if any. */
function capybaraWith(c: CapybaraConstants, calibration: string | null): Law {
  return {
    id,
    name: 'Capybara',
    source:
      'Scaling Laws for Floating Point Quantization Training (ICML 2025), arXiv 2501.02423v3, ' +
      'equations 18 and 21, table 2',
    fit: 'published',
    stage: 'training',
    needs: 'the exponent and mantissa bits and how many values share a scale',
    operands: ['weights'],
    criticalSize: { exists: true, source: 'arXiv 2501.02423 eq. 21' },
    fitted,
    evidence,
    constants: { ...c },
    forecast: (point) => forecast(point, c, calibration),
    curve: (point) => curve(point, c),
    formula: (point) => formula(point, c),
    optimum: (question) => optimum(question, c),
    withConstants: (constants, file) => capybaraWith({ ...c, ...constants }, file),
  };
}

/** The Capybara law: one precision term that grows with the tokens, hence a critical data size. */
export const capybara: Law = capybaraWith(capybaraConstants, null);
