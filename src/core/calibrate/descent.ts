import { solveDamped } from './linearAlgebra.ts';
import type { Design } from './model.ts';

/** Bounds of a constant's logarithm: beyond them a prediction would not be a number. */
const farthest = 70;

/** The farthest that one step moves a constant: a factor of seven. */
const longestStep = 2;

/** Where a descent stands. */
export interface Descent {
  /** Constants as the fit sees them: logarithms. */
  readonly theta: Float64Array;
  readonly objective: number;
  /** How much the next step is damped; Marquardt's λ. */
  readonly damping: number;
  /** Whether no step leads further down. */
  readonly isDone: boolean;
}

/** The values of constants as the fit sees them: the exponential of all that are not signed. */
export function valuesOf(design: Design, theta: Float64Array): Float64Array {
  return Float64Array.from(design.constants, ({ signed }, at) => {
    const each = theta[at] ?? 0;
    return signed ? each : Math.exp(each);
  });
}

/** Constants as the fit sees them, of their values: the inverse of `valuesOf`. */
export function thetaOf(design: Design, values: Float64Array): Float64Array {
  return Float64Array.from(design.constants, ({ signed }, at) => {
    const each = values[at] ?? 0;
    return signed ? each : Math.log(each);
  });
}

/** A minimiser of the sum over rows of Huber's loss of ln(predicted / measured). */
export interface Minimiser {
  /** The objective at a point; Infinity where some prediction is no positive number. */
  readonly objective: (theta: Float64Array) => number;
  /**
   * Descends from a point, or goes on with a descent, in at most `evaluations` evaluations, moving
   * the free constants alone. `counts` says how often each row counts; null = once.
   */
  readonly descend: (
    from: Pick<Descent, 'theta'> & Partial<Descent>,
    evaluations: number,
    counts: Float64Array | null,
  ) => Descent;
}

const firstDamping = 1e-3;
const lastDamping = 1e9;

interface Evaluation {
  readonly predicted: Float64Array;
  readonly slopes: Float64Array;
}

/**
 * Levenberg and Marquardt's method on reweighted squares: each step weighs the rows as Huber's loss
 * does where it stands, so that its fixed point is the minimum of Huber's loss itself. `free` are
 * the places of the constants that may move.
 */
export function minimiser(design: Design, free: readonly number[]): Minimiser {
  const { measured, huberDelta } = design;
  const rows = measured.length;
  const width = design.constants.length;
  const size = free.length;
  const evaluation = (): Evaluation => ({
    predicted: new Float64Array(rows),
    slopes: new Float64Array(rows * width),
  });
  let here = evaluation();
  let there = evaluation();
  const H = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  const step = new Float64Array(size);
  const factor = new Float64Array(size * size);
  const slope = new Float64Array(size);

  function measure(theta: Float64Array, into: Evaluation, counts: Float64Array | null): number {
    design.evaluate(valuesOf(design, theta), into.predicted, into.slopes);
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      const size = Math.abs((into.predicted[row] ?? 0) - (measured[row] ?? 0));
      const loss = size <= huberDelta ? 0.5 * size * size : huberDelta * (size - huberDelta / 2);
      sum += counts ? loss * (counts[row] ?? 0) : loss;
    }
    return Number.isFinite(sum) ? sum : Infinity;
  }

  /** Jᵀ·W·J and Jᵀ·W·r, where `here` stands. */
  function weigh(counts: Float64Array | null): void {
    H.fill(0);
    gradient.fill(0);
    for (let row = 0; row < rows; row++) {
      const residual = (here.predicted[row] ?? 0) - (measured[row] ?? 0);
      const magnitude = Math.abs(residual);
      const weight =
        (magnitude <= huberDelta ? 1 : huberDelta / magnitude) * (counts ? (counts[row] ?? 0) : 1);
      if (weight === 0) continue;
      for (let i = 0; i < size; i++) slope[i] = here.slopes[row * width + (free[i] ?? 0)] ?? 0;
      for (let i = 0; i < size; i++) {
        const weighted = weight * (slope[i] ?? 0);
        gradient[i] = (gradient[i] ?? 0) + weighted * residual;
        for (let j = 0; j <= i; j++) {
          H[i * size + j] = (H[i * size + j] ?? 0) + weighted * (slope[j] ?? 0);
        }
      }
    }
  }

  const descend: Minimiser['descend'] = (from, evaluations, counts) => {
    let { theta, damping = firstDamping } = from;
    let objective = measure(theta, here, counts);
    let stalled = 0;
    let isFresh = true;
    const isDone = () => objective === Infinity || damping >= lastDamping || stalled >= 3;
    for (let spent = 1; spent < evaluations && !isDone(); spent++) {
      if (isFresh) weigh(counts);
      isFresh = false;
      for (let i = 0; i < size; i++) step[i] = -(gradient[i] ?? 0);
      if (!solveDamped(H, damping, step, size, factor)) {
        damping = Math.max(damping * 10, 1e-8);
        continue;
      }
      const next = theta.slice();
      free.forEach((place, i) => {
        const move = Math.min(Math.max(step[i] ?? 0, -longestStep), longestStep);
        next[place] = Math.min(Math.max((next[place] ?? 0) + move, -farthest), farthest);
      });
      const reached = measure(next, there, counts);
      if (!(reached < objective)) {
        damping *= 6;
        continue;
      }
      stalled = objective - reached <= 1e-11 * objective ? stalled + 1 : 0;
      [here, there] = [there, here];
      [theta, objective, isFresh] = [next, reached, true];
      damping = Math.max(damping / 10, 1e-14);
    }
    return { theta, objective, damping, isDone: isDone() };
  };

  return { objective: (theta) => measure(theta, there, null), descend };
}
