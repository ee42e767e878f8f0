import { digits } from '../run/digits.ts';
import type { MeasuredLosses } from '../run/measured.ts';
import type { ConsoleLog } from './consoleLog.ts';
import {
  bitsNeedBytes,
  bitsNote,
  curveOf,
  median,
  natsPerBit,
  rowCount,
  type LogUnits,
  type LossError,
} from './lossCurve.ts';

/** The losses of a console log, over tokens by whatever its lines or the caller say of them. */
export function consoleLosses(
  name: string,
  { framework, steps, withoutStep }: ConsoleLog,
  units: LogUnits,
): MeasuredLosses | LossError {
  const last = steps.at(-1);
  if (!last) {
    return {
      error:
        `${name} is a log of ${framework} whose lines tell no step (its bar of progress is not in ` +
        'it); trainer_state.json has them.',
    };
  }
  const along = tokensAlong(steps, units);
  if (!along) {
    return { error: `${name} counts steps, and the tokens of a step are not known.` };
  }
  const inBits = steps.some(({ isBitsPerByte }) => isBitsPerByte);
  const factor = inBits ? natsPerBit(units) : 1;
  if (factor === null) return bitsNeedBytes(name);
  // Losses of training and bits of evaluation are not one curve.
  const used = steps.filter(({ isBitsPerByte }) => isBitsPerByte === inBits);
  const { points, notes } = curveOf(
    used
      .filter(({ step }) => step > 0)
      .map((each) => ({ tokens: along.tokensOf(each), loss: each.loss * factor })),
    0,
  );
  return {
    name,
    points,
    baseline: null,
    notes: [
      `The log is one of ${framework}: ${along.note}.`,
      ...(inBits ? [bitsNote(units)] : []),
      ...(withoutStep > 0
        ? [`Left out, for no line tells their step: ${rowCount(withoutStep)}.`]
        : []),
      ...notes,
    ],
  };
}

/** How the steps of a console log become tokens, by the surest way that there is. */
function tokensAlong(
  steps: ConsoleLog['steps'],
  { tokensPerStep, sequenceLength = null }: LogUnits,
): {
  readonly tokensOf: (step: ConsoleLog['steps'][number]) => number;
  readonly note: string;
} | null {
  const last = steps.at(-1);
  if (!last) return null;
  if (sequenceLength !== null && steps.every(({ samples }) => samples !== null)) {
    return {
      tokensOf: ({ samples }) => (samples ?? 0) * sequenceLength,
      note: `tokens are its samples × ${digits(sequenceLength)}`,
    };
  }
  if (tokensPerStep !== null) {
    return {
      tokensOf: ({ step }) => step * tokensPerStep,
      note: `tokens are its steps × ${digits(tokensPerStep)}`,
    };
  }
  const own = steps.flatMap(({ stepTokens }) => (stepTokens ? [stepTokens] : []));
  if (own.length > 0) {
    const usual = median(own);
    return {
      tokensOf: ({ step }) => step * usual,
      note: `tokens are its steps × ${digits(usual)}, the median of what its lines count`,
    };
  }
  if (last.tokens !== null && steps.every(({ tokens }) => tokens !== null)) {
    // Numbers of three digits: the last one tells the tokens of a step to half a per cent.
    const perStep = last.tokens / last.step;
    const isRounded = steps.some(({ tokens }, at) => at > 0 && tokens === steps[at - 1]?.tokens);
    return isRounded
      ? {
          tokensOf: ({ step }) => step * perStep,
          note: `tokens are its steps × ${digits(Math.round(perStep))}, out of rounded numbers`,
        }
      : { tokensOf: ({ tokens }) => tokens ?? 0, note: 'tokens are its own count' };
  }
  return null;
}
