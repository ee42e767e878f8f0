import {
  chinchillaConstants,
  chinchillaLoss,
  chinchillaOptimalSize,
  type ChinchillaConstants,
} from './formulas.ts';
import { outsideSizes, sizeNotes } from '../fittedSizes.ts';
import {
  silent,
  speaking,
  type BudgetQuestion,
  type CurvePoint,
  type FittedRange,
  type Forecast,
  type FormulaLine,
  type Law,
  type Optimum,
  type RunPoint,
} from '../law.ts';
import { quantises } from '../width.ts';

const id = 'chinchilla';

/** The points of Hoffmann's figure that the fit keeps: D is C/(6·N). */
const fitted: FittedRange = {
  parameters: [57e6, 16.2e9],
  tokens: [0.818e9, 318e9],
  on:
    '240 runs of Hoffmann et al. read off their figure, 57 M to 16.2 B parameters and 0.8 to 318 B ' +
    'tokens',
};

const evidence = {
  for: [
    'The same fit made anew on the 240 points meets the published objective, 1.018274e-3, and the ' +
      'floor and the exponents of the paper’s grid search.',
  ],
  against: [
    'A and B are poorly determined, with standard errors of 26 % and 62 % (arXiv 2404.10102).',
    'With the five highest losses kept in, our refit moves B from 2143 to 12827 and β from 0.367 to ' +
      '0.453.',
    'Another data set has another floor: our fits to the C4 validation losses of the runs of Gadre ' +
      'et al. give 1.60 to 1.64.',
  ],
} as const;

const byConstruction =
  'The law is of 16- and 32-bit training alone, so its gap is 0 by construction.';

function forecast(point: RunPoint, c: ChinchillaConstants, calibration: string | null): Forecast {
  if (quantises(point)) return silent(id, 'The Chinchilla law knows no number format.', false);
  const { parameters: N, tokens: D } = point;
  const said = {
    law: id,
    bf16Loss: chinchillaLoss(N, D, c),
    gap: 0,
    extrapolated: outsideSizes(N, D, fitted),
    calibration,
    notes: [byConstruction, ...sizeNotes(N, D, fitted)],
  };
  return speaking(said, D);
}

function curve(point: RunPoint, c: ChinchillaConstants): (tokens: number) => CurvePoint {
  const silenced = quantises(point);
  return (tokens) => {
    if (silenced) return { loss: null, bf16Loss: null, gap: null };
    const loss = chinchillaLoss(point.parameters, tokens, c);
    return { loss, bf16Loss: loss, gap: 0 };
  };
}

function formula(point: RunPoint, c: ChinchillaConstants): readonly FormulaLine[] {
  if (quantises(point)) return [];
  const { parameters: N, tokens: D } = point;
  return [
    ['L = E + A/N^α + B/D^β'],
    [`  = ${c.E} + ${c.A}/`, { size: N }, `^${c.alpha} + ${c.B}/`, { size: D }, `^${c.beta}`],
    [
      ...[`  = ${c.E} + `, { term: c.A / N ** c.alpha }, ' + ', { term: c.B / D ** c.beta }],
      ...[' = ', { term: chinchillaLoss(N, D, c) }],
    ],
  ];
}

/** The size and tokens of least loss for a compute; the bits are 16, the only ones it knows. */
function optimum(question: BudgetQuestion, c: ChinchillaConstants): Optimum {
  const notes = ['The law knows no number format: the bits are 16, and the compute is 6·N·D.'];
  if (question.fixed === 'tokens') {
    const { tokens } = question;
    return { bits: 16, parameters: null, tokens, compute: null, loss: null, notes };
  }
  const { compute } = question;
  const parameters =
    question.fixed === 'parameters' ? question.parameters : chinchillaOptimalSize(compute, c);
  const tokens = compute / (6 * parameters);
  return {
    bits: 16,
    parameters,
    tokens,
    compute,
    loss: chinchillaLoss(parameters, tokens, c),
    notes,
  };
}

/** The law with these constants; `calibration` names the file that they come from, if any. */
function chinchillaWith(c: ChinchillaConstants, calibration: string | null): Law {
  return {
    id,
    name: 'Chinchilla',
    source:
      'Chinchilla Scaling: A replication attempt, arXiv 2404.10102, maximum-likelihood fit of the ' +
      'authors’ notebook',
    fit: 'published',
    stage: 'training',
    needs: 'a 16- or 32-bit format without scaling factors',
    operands: [],
    criticalSize: { exists: false, source: '' },
    fitted,
    evidence,
    constants: { ...c },
    forecast: (point) => forecast(point, c, calibration),
    curve: (point) => curve(point, c),
    formula: (point) => formula(point, c),
    optimum: (question) => optimum(question, c),
    withConstants: (constants, file) => chinchillaWith({ ...c, ...constants }, file),
  };
}

/** The Chinchilla law: the loss of a run in full precision, for want of any format. */
export const chinchilla: Law = chinchillaWith(chinchillaConstants, null);
