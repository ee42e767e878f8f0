import { formatById } from '../../formats/registry.ts';
import { outsideSizes, sizeNotes } from '../fittedSizes.ts';
import {
  silent,
  speaking,
  type CurvePoint,
  type Forecast,
  type FormulaLine,
  type Law,
  type RunPoint,
  type Variant,
} from '../law.ts';
import { domainNotes, evidence, extrapolations, fitted, interval } from './domain.ts';
import {
  backwardCosts,
  forwardCosts,
  gapAtInfinity,
  pooledConstants,
  pooledEffective,
  type PooledConstants,
} from './formulas.ts';
import { computedForward, nvidiaRecipe, pointErrors, type PointErrors } from './recipes.ts';
import { quartetGap, quartetLoss } from '../quartet/formulas.ts';
import { quantises } from '../width.ts';

const id = 'pooled';

const ownFit = 'Our own fit to the public runs of Quartet, QuEST and Quartet-II, in no paper.';

/** The errors of a point's operands, or why the law cannot speak of it. */
type Reading =
  | { readonly kind: 'errors'; readonly found: PointErrors }
  | { readonly kind: 'unquantised' }
  | { readonly kind: 'unknown'; readonly reason: string };

function read(point: RunPoint): Reading {
  if (!quantises(point)) return { kind: 'unquantised' };
  if (point.granularity === 'none') {
    const reason =
      'The scaling of the format is not known, and the pooled law follows from the error under it.';
    return { kind: 'unknown', reason };
  }
  if (point.operands.every((operand) => operand === 'kv')) {
    const reason = 'The pooled law models weights, activations and gradients, none of them here.';
    return { kind: 'unknown', reason };
  }
  const found = pointErrors(point);
  return found
    ? { kind: 'errors', found }
    : { kind: 'unknown', reason: `Floatcast does not know the format ${point.format}.` };
}

function forecast(point: RunPoint, c: PooledConstants, calibration: string | null): Forecast {
  const reading = read(point);
  if (reading.kind === 'unknown') return silent(id, reading.reason, false);
  const { parameters: N, tokens: D } = point;
  const bf16Loss = quartetLoss(N, D, c);
  if (reading.kind === 'unquantised') {
    const extrapolated = outsideSizes(N, D, fitted);
    const notes = [ownFit, ...sizeNotes(N, D, fitted)];
    return speaking({ law: id, bf16Loss, gap: 0, extrapolated, calibration, notes }, D);
  }
  const { found } = reading;
  const gap = quartetGap(N, D, pooledEffective(found.errors, 1, c), c);
  const limit = gapAtInfinity(N, found.errors, 1, c);
  const said = {
    law: id,
    bf16Loss,
    gap,
    interval: interval(point, found, gap),
    extrapolated: extrapolations(point, found),
    variants: variants(point, found, c),
    calibration,
    notes: [
      ownFit,
      errorNote(point, found),
      ...domainNotes(point, found),
      `With ever more tokens the gap rises towards ${limit.toFixed(4)} nats: no critical size.`,
    ],
  };
  return speaking(said, D);
}

function errorNote(point: RunPoint, { recipe, computedGradients }: PointErrors): string {
  const name = formatById(point.format)?.name ?? point.format;
  if (recipe === null) {
    return (
      `The quantisation error was computed for ${name} under its scaling: weights as normal values, ` +
      'activations and gradients as Laplace values.'
    );
  }
  const gradients = computedGradients ? ', with the error of the gradients computed' : '';
  return `${name} is taken as the pooled fit’s recipe “${recipe}”${gradients}.`;
}

/** Other recipes that the same format is trained by. */
function variants(point: RunPoint, found: PointErrors, c: PooledConstants): readonly Variant[] {
  const { parameters: N, tokens: D, operands } = point;
  const other = (reading: string, errors: PointErrors['errors'], phi = 1): readonly Variant[] => [
    {
      reading,
      gap: quartetGap(N, D, pooledEffective(errors, phi, c), c),
      criticalTokens: null,
    },
  ];
  if (found.rotated) {
    const { name, qw, qx } = found.rotated;
    return other(`with a rotation, as the pooled fit’s recipe “${name}”`, {
      ...found.errors,
      ...{ qw, qx },
    });
  }
  if (found.recipe === null) return [];
  const everything = (['weights', 'activations', 'gradients'] as const).every((each) =>
    operands.includes(each),
  );
  if (point.format === 'nvfp4' && everything && !found.computedGradients) {
    const reading =
      'by NVIDIA’s recipe, weights in blocks of 16 × 16 and 85 % of the linear layers quantised';
    return other(reading, nvidiaRecipe.errors, nvidiaRecipe.share);
  }
  if (point.exponentBits === null && operands.includes('activations')) {
    const raw = computedForward(point);
    const reading = 'without the rotation, scaled by the largest magnitude';
    const qw = operands.includes('weights') ? (raw?.qw ?? 0) : 0;
    return raw ? other(reading, { ...found.errors, qw, qx: raw.qx }) : [];
  }
  return [];
}

function curve(point: RunPoint, c: PooledConstants): (tokens: number) => CurvePoint {
  const reading = read(point);
  const { parameters: N } = point;
  const effective =
    reading.kind === 'errors' ? pooledEffective(reading.found.errors, 1, c) : { effN: 1, effD: 1 };
  return (tokens) => {
    if (reading.kind === 'unknown') return { loss: null, bf16Loss: null, gap: null };
    const bf16Loss = quartetLoss(N, tokens, c);
    const gap = quartetGap(N, tokens, effective, c);
    return { loss: bf16Loss + gap, bf16Loss, gap };
  };
}

/** The pooled law with the run's numbers in it. */
function formula(point: RunPoint, c: PooledConstants): readonly FormulaLine[] {
  const reading = read(point);
  if (reading.kind === 'unknown') return [];
  const { parameters: N, tokens: D } = point;
  const size = { size: N };
  const tokens = { size: D };
  const twin = { term: quartetLoss(N, D, c) };
  const unquantised: FormulaLine[] = [
    ['L(N, D) = (A/N^α + B/D^β)^γ + E'],
    [
      ...[`        = (${c.A}/`, size, `^${c.alpha} + ${c.B}/`, tokens],
      ...[`^${c.beta})^${c.gamma} + ${c.E} = `, twin],
    ],
  ];
  if (reading.kind === 'unquantised') return unquantised;
  const { errors } = reading.found;
  const effective = pooledEffective(errors, 1, c);
  const gap = quartetGap(N, D, effective, c);
  return [
    ...unquantised,
    [`h = u(q_w) + u(q_x), u(q) = ln(1 + s·c·q^p)/s, c = ${c.c}, p = ${c.p}, s = ${c.s}`],
    [
      `  = u(${shortError(errors.qw)}) + u(${shortError(errors.qx)}) = `,
      { term: forwardCosts(errors, c) },
    ],
    [`k = ${c.c1}·(q_e1 + q_wb) + ${c.c2}·(q_e2 + q_xb) = `, { term: backwardCosts(errors, c) }],
    ['gap = L(N·e^−(h+k), D·e^−k) − L(N, D)'],
    [
      ...['    = L(', size, '·', { term: effective.effN }, ', ', tokens, '·'],
      ...[{ term: effective.effD }, ') − ', twin, ' = ', { term: gap }],
    ],
  ];
}

/** An error q to three digits, as a formula shows it. */
function shortError(q: number): string {
  return q === 0 ? '0' : q.toExponential(2);
}

/** The law with these constants; `calibration` names the file that they come from, if any. */
function pooledWith(c: PooledConstants, calibration: string | null): Law {
  return {
    id,
    name: 'Pooled public runs',
    source:
      'Floatcast’s own fit to public runs (Quartet, QuEST, Quartet-II), not published, on the BF16 ' +
      'law of Quartet, arXiv 2505.14669v4, equation 1',
    fit: 'own',
    stage: 'training',
    needs:
      'the format and its scaling, out of which the quantisation error of each operand follows',
    operands: ['weights', 'activations', 'gradients'],
    criticalSize: { exists: false, source: '' },
    fitted,
    evidence,
    constants: { ...c },
    forecast: (point) => forecast(point, c, calibration),
    curve: (point) => curve(point, c),
    formula: (point) => formula(point, c),
    withConstants: (constants, file) => pooledWith({ ...c, ...constants }, file),
  };
}

/** The pooled law: one quantisation error per operand, which costs parameters and tokens. */
export const pooled: Law = pooledWith(pooledConstants, null);
