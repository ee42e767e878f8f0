import { rmsIntegerError } from '../../formats/integerError.ts';
import { formatById } from '../../formats/registry.ts';
import type { Extrapolation, FittedRange, FormulaLine, Law, RunPoint } from '../law.ts';
import { operandError } from '../operandError.ts';
import { scaleIsQuantised } from '../point.ts';
import {
  effectiveCurve,
  effectiveForecast,
  effectiveFormula,
  unquantised,
  type Reading,
} from '../effectiveSizes.ts';
import { capacity, unifiedConstants, type UnifiedConstants } from './formulas.ts';
import { isInteger, quantises } from '../width.ts';

const id = 'unified';

const fitted: FittedRange = {
  parameters: [30_482_560, 822_151_168],
  tokens: [749_993_984, 79_999_795_200],
  on:
    'the capacities that the paper prints of QuEST’s weights in 2, 3, 4 and 8 bits, and the BF16 law ' +
    'of Quartet on 30 to 822 M linear parameters',
};

/** Errors are medians of |ln(predicted/measured)| over runs that the fit of F and C did not use. */
const evidence = {
  for: [
    'Our fit of its two constants meets the four capacities that the paper prints of QuEST’s weights ' +
      'to 0.003.',
    'It puts the runs of QuEST, Quartet and Quartet-II in the right order: rank correlations of 0.90 ' +
      'to 0.99.',
    'It misses the integer runs of QuEST in weights and activations by a factor of 1.5, though no loss ' +
      'of theirs is in its fit.',
  ],
  against: [
    'It says too little everywhere: 0.6 to 0.7 times the measured gaps of QuEST, Quartet and ' +
      'Quartet-II, little more than half of those of eight NVFP4 runs of nanochat, which are read off a figure.',
    'For weights and activations in the same bits the paper prints less than the product of the two: ' +
      '0.85 in four bits, where ρ² of the weights is 0.75 and its own 0.90 · 0.91 is 0.82.',
    'FP4 per channel at 1.3 to 13 B parameters (arXiv 2501.17116, from a secondary source) measured ' +
      'gaps 5 to 6 times as large as it says.',
  ],
} as const;

/** GMSE of a point's format, and whether it is that of the best evenly spaced integers. */
interface NormalError {
  readonly gmse: number;
  readonly bestInteger: boolean;
}

/** Integers are taken as well scaled as they can be, as QuEST does; all else under its scaling. */
function normalError(point: RunPoint): NormalError | null {
  const best = isInteger(point) ? rmsIntegerError(point.bits, 'gauss') : null;
  if (best !== null) return { gmse: best, bestInteger: true };
  const format = formatById(point.format);
  if (!format || point.granularity === 'none') return null;
  return { gmse: operandError(point, format, 'gauss', 'nearest'), bestInteger: false };
}

/** The forward operands of a point, whose capacities multiply. */
function operandsOf({ operands }: RunPoint): number {
  return operands.filter((operand) => operand === 'weights' || operand === 'activations').length;
}

/** The share of N that a point makes use of, or why the law cannot say. */
function read(point: RunPoint, c: UnifiedConstants): Reading {
  if (!quantises(point)) return unquantised;
  const count = operandsOf(point);
  if (count === 0) {
    const reason =
      'The unified law models weights and activations, neither of them quantised here.';
    return { kind: 'unknown', reason };
  }
  const error = normalError(point);
  if (error === null) {
    const reason =
      'The scaling of the format is not known, and the unified law follows from the error under it.';
    return { kind: 'unknown', reason };
  }
  const rho = capacity(error.gmse, c);
  if (rho === 0) {
    const reason =
      'The format loses as much as it keeps, and the unified law gives it no capacity.';
    return { kind: 'unknown', reason };
  }
  const others = point.operands.length > count;
  const shown = error.gmse.toPrecision(3);
  return {
    kind: 'effective',
    effective: { effN: rho ** count, effD: 1 },
    extrapolated: extrapolations(point, error),
    others: [],
    notes: [
      'The paper prints no values of its constants F and C: they are our own fit.',
      error.bestInteger
        ? `The integers are taken as the best evenly spaced ones for normal values, of error ${shown}.`
        : `The error on normal values, ${shown}, was computed for the format under its scaling.`,
      ...(others ? ['Quantised gradients and key-value caches are not modelled.'] : []),
    ],
  };
}

/** F and C rest on integers in the weights alone. */
function extrapolations(point: RunPoint, { bestInteger }: NormalError): Extrapolation[] {
  const weightsAlone = point.operands.every((operand) => operand === 'weights');
  return [
    ...(bestInteger ? [] : (['format', 'granularity'] as const)),
    ...(weightsAlone ? [] : (['operands'] as const)),
    ...(scaleIsQuantised(point) ? (['scale'] as const) : []),
  ];
}

/** The capacity, then Quartet's equation with the run's numbers in it. */
function formula(point: RunPoint, c: UnifiedConstants): readonly FormulaLine[] {
  const reading = read(point, c);
  const error = quantises(point) ? normalError(point) : null;
  if (reading.kind === 'unknown' || error === null) return effectiveFormula(point, reading, c);
  const rho: FormulaLine = [
    `ρ = tanh(F·log_¼ GMSE)^C = tanh(${c.F}·log_¼ ${error.gmse.toExponential(2)})^${c.C} = `,
    { term: capacity(error.gmse, c) },
  ];
  // Six digits of effN are more than the loss shows.
  const effN = Number(reading.effective.effN.toPrecision(6));
  const product =
    operandsOf(point) === 2 ? 'effN = ρ of the weights · ρ of the activations' : 'effN = ρ';
  const lines = effectiveFormula(point, { ...reading, effective: { effN, effD: 1 } }, c);
  return [rho, [product], ...lines];
}

/** The law with these constants; `calibration` names the file that they come from, if any. */
function unifiedWith(c: UnifiedConstants, calibration: string | null): Law {
  const law = { id, fitted, calibration };
  return {
    id,
    name: 'Unified capacity',
    source:
      'Unified Scaling Laws for Compressed Representations, arXiv 2506.01863, with our own fit of F ' +
      'and C, on the BF16 law of Quartet, arXiv 2505.14669v4, equation 1',
    fit: 'own',
    stage: 'training',
    needs: 'the format and its scaling, out of which its error on normal values follows',
    operands: ['weights', 'activations'],
    criticalSize: { exists: false, source: '' },
    fitted,
    evidence,
    constants: { ...c },
    forecast: (point) => effectiveForecast(law, point, read(point, c), c),
    curve: (point) => effectiveCurve(point, read(point, c), c),
    formula: (point) => formula(point, c),
    withConstants: (constants, file) => unifiedWith({ ...c, ...constants }, file),
  };
}

/** The unified law: a format's error on normal values says how many of its parameters count. */
export const unified: Law = unifiedWith(unifiedConstants, null);
