import { sizeNotes } from '../fittedSizes.ts';
import {
  contest,
  extrapolations,
  fitted,
  formatNotes,
  forwardOperands,
  noErrorBars,
  type ForwardOperand,
} from './domain.ts';
import {
  alreadyMet,
  assumedTrainedConstant,
  factorsOf,
  keptShare,
  keptShareOfAll,
  kumarLoss,
  postTrainingCriticalTokens,
  postTrainingFactor,
  trainingGap,
  type KumarConstants,
} from './formulas.ts';
import { silent, speaking, type Forecast, type RunPoint, type Variant } from '../law.ts';
import { bitsOf, quantises } from '../width.ts';

const id = 'kumar';

/** What is quantised to what, and what it was trained in; without the latter in BF16. */
export interface AfterTraining {
  readonly point: RunPoint;
  readonly trained: RunPoint | undefined;
  readonly c: KumarConstants;
  readonly calibration: string | null;
}

const weightsOnly =
  'The law quantises the weights after training; the other operands are left out.';

const unpublished =
  'The run is trained in low precision, and the constants C_w, C_a and C_kv of equation 9 are not ' +
  'published, so the term cannot be evaluated: give them in a calibration file.';

/**
 * What quantising the weights of a finished run to the point's format costs (equations 2, 9 and
 * 13). `bf16Loss` is the loss before it, `gap` the δ that it adds. The offset b of appendix K is
 * in the number that leads, and left out in a variant, as equation 13 prints it.
 */
export function kumarAfterTraining({ point, trained, c, calibration }: AfterTraining): Forecast {
  const { parameters: N, tokens: D } = point;
  const low = trained && quantises(trained) ? forwardOperands(trained) : [];
  const trainedIn = trained ? bitsOf(trained) : 16;
  const factors = low.map((operand) => factorsOf(c)[operand]);
  const share = keptShareOfAll(trainedIn, factors);
  // Two factors below 0 make a product above it.
  if (!factors.every((factor) => keptShare(trainedIn, factor) > 0)) {
    return silent(id, 'The format that the run is trained in is outside the law.', true);
  }
  const said = {
    law: id,
    bf16Loss: kumarLoss(N, D, c) + trainingGap(N, share, c),
    calibration,
  };
  if (!quantises(point)) return speaking({ ...said, gap: 0, notes: [noErrorBars] }, D);
  if (!point.operands.includes('weights')) {
    return silent(id, 'The law quantises weights after training, and here they are kept.', true);
  }
  const post = bitsOf(point);
  const trainedBits = low.length > 0 ? trainedIn : null;
  if (trainedBits !== null && trainedBits <= post) return keeps(said, trainedBits, post, D);
  const about = {
    extrapolated: extrapolations(
      point,
      ['weights'],
      point.operands.some((operand) => operand !== 'weights'),
    ),
    notes: [
      ...sizeNotes(N, D, fitted),
      ...formatNotes(point, ['weights']),
      ...(point.operands.some((operand) => operand !== 'weights') ? [weightsOnly] : []),
      ...(trained ? [] : ['The model is taken as one that was trained in 16 bits.']),
      contest,
      noErrorBars,
    ],
  };
  const given = metBy(low, trainedBits, post, c, null);
  if (given === null) {
    const assumed = metBy(low, trainedBits, post, c, assumedTrainedConstant(c)) ?? 1;
    const reading = `assuming C_x = 1/γ_post = ${assumedTrainedConstant(c).toPrecision(4)}`;
    return {
      ...silent(id, unpublished, true),
      ...{ extrapolated: about.extrapolated, calibration },
      variants: readings(N * share, D, post, assumed, c).map((each) => ({
        ...each,
        reading: each.reading === '' ? reading : `${reading}, ${each.reading}`,
      })),
      notes: [unpublished, ...about.notes],
    };
  }
  const [leading, ...variants] = readings(N * share, D, post, given, c);
  const { gap, criticalTokens } = leading;
  return speaking({ ...said, ...about, gap, criticalTokens, variants }, D);
}

/** A run that was trained in so few bits meets no further error, and has none to spare below. */
function keeps(
  said: Pick<Forecast, 'law' | 'calibration'> & { readonly bf16Loss: number },
  trained: number,
  post: number,
  D: number,
): Forecast {
  if (trained < post) {
    const reason = `Not applicable: the run is trained in ${trained} bits, fewer than the ${post} it is quantised to.`;
    return silent(id, reason, true);
  }
  const note = `The run is trained in the ${post} bits that it is quantised to, which adds nothing (equation 9).`;
  return speaking({ ...said, gap: 0, notes: [note, noErrorBars] }, D);
}

/**
 * What training in low precision leaves of δ; an operand kept in 16 bits leaves all of it. `every`
 * stands in for the constants; null where one is missing.
 */
function metBy(
  operands: readonly ForwardOperand[],
  trained: number | null,
  post: number,
  c: KumarConstants,
  every: number | null,
): number | null {
  if (trained === null) return 1;
  const constants = { weights: c.cWeights, activations: c.cActivations, kv: c.cKv };
  const met: { P: number; C: number }[] = [];
  for (const operand of operands) {
    const C = every ?? constants[operand];
    if (C === null) return null;
    met.push({ P: trained, C });
  }
  return alreadyMet(met, post);
}

/** δ and D_crit with the offset b, which leads, and without it. */
function readings(
  N: number,
  D: number,
  post: number,
  left: number,
  c: KumarConstants,
): readonly [Variant, Variant] {
  const read = (reading: string, withOffset: boolean): Variant => {
    const factor = left * postTrainingFactor(N, post, withOffset, c);
    return {
      reading,
      gap: factor * D ** c.gammaD,
      criticalTokens: factor > 0 ? postTrainingCriticalTokens(factor, c) : null,
    };
  };
  return [read('', true), read('without the offset b, as equation 13 prints it', false)];
}
