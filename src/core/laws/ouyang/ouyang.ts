import { outsideSizes, sizeNotes } from '../fittedSizes.ts';
import {
  silent,
  speaking,
  type CurvePoint,
  type FittedRange,
  type Forecast,
  type FormulaLine,
  type Law,
  type RunPoint,
} from '../law.ts';
import {
  ouyangConstants,
  ouyangCriticalTokens,
  ouyangLoss,
  quantisationGap,
  type OuyangConstants,
} from './formulas.ts';
import { scaleIsQuantised } from '../point.ts';
import { bitsOf, isInteger, quantises } from '../width.ts';

const id = 'ouyang';

const fitted: FittedRange = {
  parameters: [160e6, 12e9],
  tokens: [1e9, 206e9],
  on:
    'checkpoints of Pythia models of 160 M to 12 B parameters after 1 to 206 B tokens, their weights ' +
    'quantised to 2, 3 and 4 bits by GPTQ',
};

const evidence = {
  for: [
    'An independent law of quantisation after training, by Kumar et al. (arXiv 2411.04330), finds ' +
      'nearly the same growth with the tokens: D^0.507, here D^0.525.',
    'The formula gives the paper’s own table 1 back: 0.22 nats where that has 0.2, for 4 bits at 7 B ' +
      'parameters and 4.5 T tokens.',
  ],
  against: [
    'Its bits stand in a power, fitted on 2 to 4 of them, which falls too slowly beyond: at 8 bits ' +
      'it says 20 times what the exponential of Kumar et al. does (8 B parameters, 15 T tokens).',
    'That table lies 22 times beyond the 206 B tokens of the fit, so it is no test of the law.',
    'Catalan-Tatjer et al. (arXiv 2510.06213) find that the error of quantising after training ' +
      'follows the decay of the learning rate, not the number of tokens; the checkpoints of the fit ' +
      'lie along one decay each.',
  ],
} as const;

/** Why the law cannot speak of a point, or null. */
function unspeakable(point: RunPoint): string | null {
  const P = bitsOf(point);
  if (P > 4) {
    return `The law was fitted on 2 to 4 bits, and its power of the bits does not carry to ${P}.`;
  }
  if (P < 2) return 'The law was fitted on 2 to 4 bits.';
  return point.operands.includes('weights')
    ? null
    : 'The law quantises weights after training, and here they are kept.';
}

function forecast(point: RunPoint, c: OuyangConstants, calibration: string | null): Forecast {
  const { parameters: N, tokens: D } = point;
  const sizes = outsideSizes(N, D, fitted);
  const said = { law: id, bf16Loss: ouyangLoss(N, D, c), calibration };
  if (!quantises(point)) {
    return speaking({ ...said, gap: 0, extrapolated: sizes, notes: sizeNotes(N, D, fitted) }, D);
  }
  const reason = unspeakable(point);
  if (reason !== null) return silent(id, reason, true);
  const beyond = point.operands.some((operand) => operand !== 'weights');
  const P = bitsOf(point);
  return speaking(
    {
      ...said,
      gap: quantisationGap(N, D, P, c),
      criticalTokens: ouyangCriticalTokens(N, P, c),
      extrapolated: [
        ...sizes,
        ...(isInteger(point) ? [] : (['format'] as const)),
        ...(beyond ? (['operands'] as const) : []),
        ...(scaleIsQuantised(point) ? (['scale'] as const) : []),
      ],
      notes: [
        'This is the cost of quantising a 16-bit model to so many bits afterwards, not of training in them.',
        'The critical size is derived: where this and the law’s 16-bit loss together are least.',
        ...sizeNotes(N, D, fitted),
        ...(isInteger(point) ? [] : ['The law was fitted on integers: only the bits count.']),
        ...(beyond ? ['The law knows the weights alone; the other operands are left out.'] : []),
      ],
    },
    D,
  );
}

function curve(point: RunPoint, c: OuyangConstants): (tokens: number) => CurvePoint {
  const unquantised = !quantises(point);
  const unknown = !unquantised && unspeakable(point) !== null;
  return (tokens) => {
    if (unknown) return { loss: null, bf16Loss: null, gap: null };
    const { parameters: N } = point;
    const bf16Loss = ouyangLoss(N, tokens, c);
    const gap = unquantised ? 0 : quantisationGap(N, tokens, bitsOf(point), c);
    return { loss: bf16Loss + gap, bf16Loss, gap };
  };
}

function formula(point: RunPoint, c: OuyangConstants): readonly FormulaLine[] {
  const unquantised = !quantises(point);
  if (!unquantised && unspeakable(point) !== null) return [];
  const { parameters: N, tokens: D } = point;
  const [size, tokens] = [{ size: N }, { size: D }];
  const P = bitsOf(point);
  const gap = unquantised ? 0 : quantisationGap(N, D, P, c);
  const loss: FormulaLine[] = [
    [`L = [(N_c/N)^(α_N/α_D) + D_c/D]^α_D${unquantised ? '' : ' + gap'}`],
    [
      ...['  = [(', { size: c.Nc }, '/', size, `)^(${c.alphaN}/${c.alphaD}) + `],
      ...[{ size: c.Dc }, '/', tokens, `]^${c.alphaD}${unquantised ? '' : ' + gap'}`],
    ],
    [
      ...['  = ', { term: ouyangLoss(N, D, c) }],
      ...(unquantised ? [] : [' + ', { term: gap }, ' = ', { term: ouyangLoss(N, D, c) + gap }]),
    ],
  ];
  if (unquantised) return loss;
  return [
    ...loss,
    ['gap = k · D^β / (N^α · P^γ)'],
    [
      ...[`    = ${c.k} · `, tokens, `^${c.beta} / (`, size, `^${c.alpha} · ${P}^${c.gamma}) = `],
      { term: gap },
    ],
  ];
}

/** The law with these constants; `calibration` names the file that they come from, if any. */
function ouyangWith(c: OuyangConstants, calibration: string | null): Law {
  const say = (point: RunPoint): Forecast => forecast(point, c, calibration);
  return {
    id,
    name: 'Ouyang',
    source: 'Low-Bit Quantization Favors Undertrained LLMs, arXiv 2411.17691, the joint law',
    fit: 'published',
    stage: 'post-training',
    needs: 'weights that are quantised to 2, 3 or 4 bits',
    operands: ['weights'],
    criticalSize: { exists: true, source: '' },
    fitted,
    evidence,
    constants: { ...c },
    forecast: say,
    curve: (point) => curve(point, c),
    formula: (point) => formula(point, c),
    postTraining: (point, trained) => {
      const said = say(point);
      return trained && quantises(trained) && said.gap !== null
        ? { ...said, notes: [...said.notes, 'The law was fitted on models trained in 16 bits.'] }
        : said;
    },
    withConstants: (constants, file) => ouyangWith({ ...c, ...constants }, file),
  };
}

/** The Ouyang law: what quantising a 16-bit model's weights to 2 to 4 bits adds to its loss. */
export const ouyang: Law = ouyangWith(ouyangConstants, null);
