import type { MeasuredRun } from '../../../src/core/calibrate/fit.ts';
import { seeded } from '../../../src/core/calibrate/spread.ts';
import {
  log2Block,
  precisionFactor,
  precisionGap,
  unquantisedLoss,
} from '../../../src/core/laws/capybara/formulas.ts';
import type { RunPoint } from '../../../src/core/laws/law.ts';
import { pointFor, type PointRequest } from '../../../src/core/laws/point.ts';

/** The point of a request that is known to be sound. */
export function pointOf(request: PointRequest): RunPoint {
  const point = pointFor(request);
  if (!point) throw new Error(`No point: ${JSON.stringify(request)}`);
  return point;
}

/** Whatever a generator comes to in the end. */
export function last<Result>(steps: Generator<unknown, Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Normal deviates (Box and Muller), the same ones for the same seed. */
function normal(seed: number): () => number {
  const uniform = seeded(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** N and D of table 3 of arXiv 2501.02423. */
export const capybaraSizes = [40_894_464, 84_934_656, 154_140_672, 679_477_248] as const;
const capybaraTokens = [10_485_760_000, 20_971_520_000, 52_428_800_000, 104_857_600_000] as const;

const layouts = [
  ...['e0m7', 'e1m1', 'e1m2', 'e1m3', 'e1m4', 'e1m5', 'e1m6', 'e2m1', 'e2m3', 'e3m1', 'e3m2'],
  ...['e4m1', 'e4m3', 'e4m5', 'e5m1', 'e5m2', 'e6m1'],
];

/**
 * The 359 fitted rows of table 3, their losses by the law itself with its published constants:
 * 17 layouts channel-wise and E1M1 in blocks and per tensor, at every size and number of tokens.
 */
export function capybaraRuns(): MeasuredRun[] {
  const runs: MeasuredRun[] = [];
  for (const [size, parameters] of capybaraSizes.entries()) {
    for (const tokens of capybaraTokens) {
      const isLargest = size === 3 && tokens === capybaraTokens[3];
      const blocks = size === 0 || size === 3 ? [32, 64, 128, 256, 512] : [32, 64, 128, 256];
      const points = [
        ...layouts
          .filter((format) => !(isLargest && format === 'e5m1'))
          .map((format) => pointOf({ parameters, tokens, format, granularity: 'channel' })),
        ...blocks.map((block) => pointOf({ parameters, tokens, format: 'e1m1', block })),
        pointOf({ parameters, tokens, format: 'e1m1', granularity: 'tensor' }),
      ];
      runs.push(...points.map((point) => ({ point, loss: capybaraLoss(point), bf16Loss: null })));
    }
  }
  return runs;
}

function capybaraLoss(point: RunPoint): number {
  const { parameters: N, tokens: D, exponentBits: E, mantissaBits: M } = point;
  const factor = precisionFactor({ E: E ?? 0, M: M ?? 0, log2B: log2Block(point, N, D) });
  return unquantisedLoss(N, D) + precisionGap(N, D, factor);
}

/** The runs with normal noise on the logarithm of their losses. */
export function noisy(runs: readonly MeasuredRun[], share: number, seed = 7): MeasuredRun[] {
  const deviate = normal(seed);
  return runs.map((run) => ({ ...run, loss: run.loss * Math.exp(share * deviate()) }));
}
