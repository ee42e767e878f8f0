import type { Extrapolation, FittedRange } from './law.ts';

/** Whether N parameters and D tokens lie outside the sizes that a law was fitted on. */
export function outsideSizes(
  N: number,
  D: number,
  { parameters, tokens }: FittedRange,
): Extrapolation[] {
  return [
    ...(within(N, parameters) ? [] : (['parameters'] as const)),
    ...(within(D, tokens) ? [] : (['tokens'] as const)),
  ];
}

function within(value: number, [low, high]: readonly [number, number]): boolean {
  return value >= low && value <= high;
}
