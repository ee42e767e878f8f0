import { sizeNotes } from '../fittedSizes.ts';
import { kumarAfterTraining } from './afterTraining.ts';
import {
  evidence,
  extrapolations,
  fitted,
  formatNotes,
  forwardOperands,
  noErrorBars,
  type ForwardOperand,
} from './domain.ts';
import {
  averagedFactors,
  factorsOf,
  floatFactor,
  keptShare,
  keptShareOfAll,
  kumarConstants,
  kumarLoss,
  leastBits,
  optimalBits,
  optimalSizes,
  optimumAtSize,
  trainingGap,
  type Factor,
  type KumarConstants,
} from './formulas.ts';
import {
  silent,
  speaking,
  type BudgetQuestion,
  type CurvePoint,
  type Forecast,
  type FormulaLine,
  type FormulaPiece,
  type Law,
  type Optimum,
  type RunPoint,
  type Variant,
} from '../law.ts';
import { bitsOf, isInteger, quantises } from '../width.ts';

const id = 'kumar';

const operandNames: Readonly<Record<ForwardOperand, string>> = {
  weights: 'weights',
  activations: 'activations',
  kv: 'a key-value cache',
};

/** N_eff / N at a point with its factors, or why the law cannot speak of it. */
type Share =
  | {
      readonly kind: 'share';
      readonly value: number;
      readonly operands: readonly ForwardOperand[];
    }
  | { readonly kind: 'unknown'; readonly reason: string };

function shareAt(point: RunPoint, c: KumarConstants): Share {
  if (!quantises(point)) {
    return { kind: 'share', value: 1, operands: [] };
  }
  const operands = forwardOperands(point);
  if (operands.length === 0) {
    const reason =
      'Nothing of the forward pass is quantised, and the law has no term for the backward pass.';
    return { kind: 'unknown', reason };
  }
  const P = bitsOf(point);
  const factors = factorsOf(c);
  const outside = operands.find((operand) => !(keptShare(P, factors[operand]) > 0));
  if (outside !== undefined) {
    const least = leastBits(factors[outside]).toFixed(2);
    return {
      kind: 'unknown',
      reason:
        `${P} bits are outside the law: for ${operandNames[outside]} it is undefined at ${least} ` +
        `bits and below${outside === 'activations' ? ', where its authors’ runs often diverged' : ''}.`,
    };
  }
  const value = keptShareOfAll(
    P,
    operands.map((operand) => factors[operand]),
  );
  return { kind: 'share', value, operands };
}

function forecast(point: RunPoint, c: KumarConstants, calibration: string | null): Forecast {
  const share = shareAt(point, c);
  if (share.kind === 'unknown') return silent(id, share.reason, false);
  const { parameters: N, tokens: D } = point;
  const { operands, value } = share;
  const quantised = operands.length > 0;
  const backward = quantised && point.operands.includes('gradients');
  const backwardNote = 'The law has no backward term: quantised gradients cost nothing under it.';
  return speaking(
    {
      law: id,
      bf16Loss: kumarLoss(N, D, c),
      gap: trainingGap(N, value, c),
      extrapolated: extrapolations(point, operands, backward).filter(
        (each) => quantised || each === 'parameters' || each === 'tokens',
      ),
      variants: floatVariant(point, operands, c),
      calibration,
      notes: [
        ...sizeNotes(N, D, fitted),
        ...(quantised ? formatNotes(point, operands) : []),
        ...(backward ? [backwardNote] : []),
        noErrorBars,
      ],
    },
    D,
  );
}

/**
 * The paper's second fit, to floating-point runs: it knows the weights alone, and so stands in for
 * their factor where a float quantises them, beside the integers' factors of the other operands.
 */
function floatVariant(
  point: RunPoint,
  operands: readonly ForwardOperand[],
  c: KumarConstants,
): readonly Variant[] {
  if (!operands.includes('weights') || isInteger(point)) return [];
  const factors = factorsOf(c);
  const share = keptShareOfAll(
    bitsOf(point),
    operands.map((operand) => (operand === 'weights' ? floatFactor(c) : factors[operand])),
  );
  if (!(share > 0)) return [];
  const gap = trainingGap(point.parameters, share, c);
  const reading = 'with the weights by the paper’s fit to floating-point runs (appendix N)';
  return [{ reading, gap, criticalTokens: null }];
}

function curve(point: RunPoint, c: KumarConstants): (tokens: number) => CurvePoint {
  const share = shareAt(point, c);
  return (tokens) => {
    if (share.kind === 'unknown') return { loss: null, bf16Loss: null, gap: null };
    const bf16Loss = kumarLoss(point.parameters, tokens, c);
    const gap = trainingGap(point.parameters, share.value, c);
    return { loss: bf16Loss + gap, bf16Loss, gap };
  };
}

/** Equation 4 inside the loss of equation 11, with the offsets of appendix K. */
function formula(point: RunPoint, c: KumarConstants): readonly FormulaLine[] {
  const share = shareAt(point, c);
  if (share.kind === 'unknown') return [];
  const { parameters: N, tokens: D } = point;
  const effective = N * share.value;
  const name = share.operands.length > 0 ? 'N_eff' : 'N';
  const sizeTerm = c.A / effective ** c.alpha;
  const dataTerm = c.B / D ** c.beta;
  const loss: FormulaLine[] = [
    [`L = A/${name}^α + B/D^β + E`],
    [
      ...[`  = ${c.A}/`, { size: effective }, `^${c.alpha} + ${c.B}/`, { size: D }],
      `^${c.beta} + ${c.E}`,
    ],
    [
      ...['  = ', { term: sizeTerm }, ' + ', { term: dataTerm }],
      ...[` + ${c.E} = `, { term: sizeTerm + dataTerm + c.E }],
    ],
  ];
  if (share.operands.length === 0) return loss;
  const P = bitsOf(point);
  const factors = share.operands.map((operand) => factorsOf(c)[operand]);
  return [
    ...loss,
    ['N_eff = N · Π (1 − e^(−P/γ + n))'],
    ['      = ', { size: N }, ...factors.map((each) => factorWords(P, each))],
    [
      ...['      = ', { size: N }],
      ...factors.flatMap((each): FormulaPiece[] => [' · ', { term: keptShare(P, each) }]),
      ...[' = ', { size: effective }],
    ],
  ];
}

function factorWords(P: number, { gamma, offset }: Factor): string {
  return ` · (1 − e^(−${P}/${gamma} + ${offset}))`;
}

const nothing: Optimum = {
  bits: null,
  parameters: null,
  tokens: null,
  compute: null,
  loss: null,
  notes: [],
};

/** The scaling of the question is not asked for: the law does not know how values share a scale. */
function optimum(question: BudgetQuestion, c: KumarConstants): Optimum {
  const factors = Object.values(factorsOf(c));
  const lossAt = (N: number, D: number, P: number) =>
    kumarLoss(N, D, c) + trainingGap(N, keptShareOfAll(P, factors), c);
  if (question.fixed === 'parameters') {
    const { parameters: N, compute } = question;
    const { P, D } = optimumAtSize(N, compute, c);
    const note =
      'Found numerically: the more compute a model of fixed size is given, the more bits pay (derived).';
    return finite({
      bits: P,
      parameters: N,
      tokens: D,
      compute,
      loss: lossAt(N, D, P),
      notes: [note, ...sizeNotes(N, D, fitted), noErrorBars],
    });
  }
  const P = optimalBits(factors);
  const averaged = optimalBits(averagedFactors(c)).toFixed(2);
  const same =
    'The bits of least loss are the same for any compute and any number of tokens (derived; with ' +
    `constants averaged over weights, activations and cache ${averaged}).`;
  if (question.fixed === 'tokens') {
    const { tokens } = question;
    return finite({
      ...nothing,
      bits: P,
      tokens,
      notes: [same, ...sizeNotes(null, tokens, fitted), noErrorBars],
    });
  }
  const { compute } = question;
  const { N, D } = optimalSizes(compute, P, c);
  return finite({
    bits: P,
    parameters: N,
    tokens: D,
    compute,
    loss: lossAt(N, D, P),
    notes: [same, ...sizeNotes(N, D, fitted), noErrorBars],
  });
}

/** Constants that someone gives may leave no optimum. */
function finite(found: Optimum): Optimum {
  const { bits, parameters, tokens, loss } = found;
  const sound = [bits, parameters, tokens, loss].every(
    (value) => value === null || Number.isFinite(value),
  );
  return sound ? found : { ...nothing, notes: ['With these constants the law has no optimum.'] };
}

/** The law with these constants; `calibration` names the file that they come from, if any. */
function kumarWith(c: KumarConstants, calibration: string | null): Law {
  return {
    id,
    name: 'Kumar',
    source:
      'Scaling Laws for Precision (ICLR 2025), arXiv 2411.04330v2, equations 4, 9 and 11, table 2 ' +
      'with the offsets of appendix K',
    fit: 'published',
    stage: 'training',
    needs: 'the bits of the format and which operands of the forward pass are quantised',
    operands: ['weights', 'activations', 'kv'],
    criticalSize: { exists: false, source: '' },
    fitted,
    evidence,
    constants: { ...c },
    forecast: (point) => forecast(point, c, calibration),
    curve: (point) => curve(point, c),
    formula: (point) => formula(point, c),
    optimum: (question) => optimum(question, c),
    postTraining: (point, trained) => kumarAfterTraining({ point, trained, c, calibration }),
    withConstants: (constants, file) => kumarWith({ ...c, ...constants }, file),
  };
}

/** The Kumar law: low precision leaves fewer effective parameters, whatever the tokens. */
export const kumar: Law = kumarWith(kumarConstants, null);
