/**
 * A point of a low-discrepancy sequence in the unit cube: multiples of the inverse powers of the
 * root of x^(d+1) = x + 1 (Roberts' R_d sequence), which fill it more evenly than chance does.
 */
export function spreadPoint(index: number, dimensions: number): Float64Array {
  let root = 2;
  for (let step = 0; step < 40; step++) root = (1 + root) ** (1 / (dimensions + 1));
  return Float64Array.from({ length: dimensions }, (_, at) => (0.5 + index / root ** (at + 1)) % 1);
}

/**
 * A generator of numbers in [0, 1) that gives the same ones for the same seed (mulberry32): the
 * bootstrap draws with it, so that a fit of the same runs is the same fit.
 */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
