import type { Operand } from '../../run/run.ts';
import { outsideSizes } from '../fittedSizes.ts';
import type { Extrapolation, FittedRange, RunPoint } from '../law.ts';
import { scaleIsQuantised } from '../point.ts';
import { bitsOf, isInteger } from '../width.ts';

/** An operand of the forward pass, which is all that the law knows. */
export type ForwardOperand = Exclude<Operand, 'gradients'>;

/** The runs of the fit; larger ones only checked it. */
export const fitted: FittedRange = {
  parameters: [30e6, 220e6],
  tokens: [1.5e9, 26e9],
  on:
    '465 runs of 30 to 220 M non-embedding parameters and 1.5 to 26 B tokens, integers of 3 to 12 ' +
    'bits in the forward pass, weights scaled per channel, activations and cache per tensor',
};

/** The operands of a point that the law knows, in the order of its factors. */
export function forwardOperands(point: RunPoint): readonly ForwardOperand[] {
  const known: readonly ForwardOperand[] = ['weights', 'activations', 'kv'];
  return known.filter((operand) => point.operands.includes(operand));
}

/** Weights were scaled per channel in the fitted runs, activations and cache per tensor. */
function granularityIsFitted(point: RunPoint, operands: readonly ForwardOperand[]): boolean {
  const weights = operands.includes('weights');
  const others = operands.some((operand) => operand !== 'weights');
  return (weights && point.granularity === 'channel') || (others && point.granularity === 'tensor');
}

function widthIsFitted(point: RunPoint): boolean {
  const P = bitsOf(point);
  return P >= 3 && P <= 12;
}

/** In which respects sizes, format and scaling lie outside the fit; `beyond` = operands beyond it. */
export function extrapolations(
  point: RunPoint,
  operands: readonly ForwardOperand[],
  beyond: boolean,
): Extrapolation[] {
  return [
    ...outsideSizes(point.parameters, point.tokens, fitted),
    ...(isInteger(point) && widthIsFitted(point) ? [] : (['format'] as const)),
    ...(granularityIsFitted(point, operands) ? [] : (['granularity'] as const)),
    ...(beyond ? (['operands'] as const) : []),
    ...(scaleIsQuantised(point) ? (['scale'] as const) : []),
  ];
}

/** What to know of the format and its scaling. */
export function formatNotes(point: RunPoint, operands: readonly ForwardOperand[]): string[] {
  return [
    ...(isInteger(point)
      ? []
      : ['The law was fitted on integers: only the number of bits counts, not their layout.']),
    ...(widthIsFitted(point) ? [] : ['The fitted runs have 3 to 12 bits.']),
    ...(granularityIsFitted(point, operands)
      ? []
      : ['The law does not know how many values share a scale: a block does not change it.']),
    ...(scaleIsQuantised(point) ? ['Quantised scales are not modelled.'] : []),
  ];
}

/** Said of every forecast and optimum. */
export const noErrorBars = 'The paper publishes no error bars, so this forecast has none.';

/** Another group's measurements against the law of quantisation after training. */
export const contest =
  'Contested: Catalan-Tatjer et al. (arXiv 2510.06213) find that the error of quantising after ' +
  'training follows the decay of the learning rate, not the number of tokens; Kumar et al. ' +
  'retrained their 30 M model with a linear decay and still saw it grow with D/N.';

/** What measurements say for and against the law. */
export const evidence = {
  for: [
    'On the authors’ held-out runs N_eff reaches R² 0.82, the other forms that they tried 0.71 to ' +
      '0.79, and 0.84 one with a constant more.',
    'The authors checked it on 1.7 B parameters and 26 B tokens, and equation 9 with R² 0.90 on ' +
      'more than 1,000 points.',
  ],
  against: [
    'The authors write that their constants are unlikely to be useful elsewhere, as they depend on ' +
      'the architecture and the data. They released neither code nor runs, so nobody can refit them.',
    'The formula as printed leaves out the offsets of appendix K. Without them the same constants ' +
      'say 3.5 compute-optimal bits, where the paper finds 7 to 8.',
    'On public FP4 runs it says gaps 7 to 10 times as large as measured (Quartet and Quartet-II, our ' +
      'scoring): its P does not know the block.',
    contest,
  ],
} as const;
