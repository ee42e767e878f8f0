import fc from 'fast-check';
import { formats } from '../../../src/core/formats/registry.ts';
import type { RunPoint } from '../../../src/core/laws/law.ts';
import { pointFor } from '../../../src/core/laws/point.ts';
import type { Granularity, Operand } from '../../../src/core/run/run.ts';

/** A positive number whose logarithm is uniform between two powers of ten. */
export function sizes(low: number, high: number): fc.Arbitrary<number> {
  return fc.double({ min: low, max: high, noNaN: true }).map((power) => 10 ** power);
}

/** Ids of the shelf's formats, of layouts and of integers. */
export const formatIds: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...formats.map(({ id }) => id)) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(10), fc.nat(52)).map(([E, M]) => `e${E}m${M}`),
  },
  { weight: 1, arbitrary: fc.tuple(fc.nat(5), fc.nat(5)).map(([E, M]) => `e${E}m${M}`) },
  { weight: 1, arbitrary: fc.integer({ min: 2, max: 16 }).map((bits) => `int${bits}`) },
);

const granularities: readonly Granularity[] = ['none', 'tensor', 'channel', 'block'];

const operands: fc.Arbitrary<readonly Operand[]> = fc.subarray([
  ...(['weights', 'activations', 'kv', 'gradients'] as const),
]);

/** Blocks that frameworks have, and any up to 1e15. */
export const blocks: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(1, 2, 16, 32, 64, 128, 4096, 2 ** 22),
  sizes(0, 15).map(Math.round),
);

/** Everything that a law can be asked: sizes far beyond any run, every format and scaling. */
export const points: fc.Arbitrary<RunPoint> = fc
  .record({
    parameters: sizes(0, 15),
    tokens: sizes(0, 18),
    format: formatIds,
    granularity: fc.constantFrom(undefined, ...granularities),
    block: fc.option(blocks, { nil: null }),
    scale: fc.constantFrom(undefined, null, 'fp32', 'e8m0', 'e4m3', 'power-of-two', 'bf16'),
    operands: fc.option(operands, { nil: undefined }),
    gradientFormat: fc.option(formatIds, { nil: null }),
  })
  .map((request) => pointFor({ ...request, scale: request.scale ?? undefined }))
  .filter((point) => point !== null);
