import { valuesOf } from './descent.ts';
import { symmetricEigen } from './linearAlgebra.ts';
import type { Design } from './model.ts';
import { quantile } from './rows.ts';

/** Below this share of its own length, a slope is one that the constants before it make up. */
const independentShare = 1e-6;

/** Beyond this error of its logarithm (a factor of 27 at 90 %), a constant is not moved by runs. */
const lostError = 2;

/** Beyond this error of its logarithm (a factor of 2 at 90 %), a constant is flat: worth a warning. */
const flatError = Math.LN2 / 1.645;

/** From this correlation on, two constants are said to trade off. */
const tradeOff = 0.9;

/** The slopes of every prediction by every constant at a point, row after row. */
function slopesAt(design: Design, theta: Float64Array): Float64Array {
  const slopes = new Float64Array(design.measured.length * design.constants.length);
  design.evaluate(valuesOf(design, theta), new Float64Array(design.measured.length), slopes);
  return slopes;
}

/**
 * The candidates that the design itself can tell apart, whatever the losses are: those whose slopes
 * at `theta` the slopes of the candidates before them do not make up (Gram and Schmidt).
 */
export function independentConstants(
  design: Design,
  theta: Float64Array,
  candidates: readonly number[],
): readonly number[] {
  const slopes = slopesAt(design, theta);
  const width = design.constants.length;
  const rows = design.measured.length;
  const kept: number[] = [];
  const directions: Float64Array[] = [];
  for (const place of candidates) {
    const rest = Float64Array.from({ length: rows }, (_, row) => slopes[row * width + place] ?? 0);
    const length = Math.sqrt(dot(rest, rest));
    // Twice: once leaves rounding errors that are larger than what is looked for.
    for (const direction of [...directions, ...directions]) {
      const along = dot(rest, direction);
      direction.forEach((each, row) => (rest[row] = (rest[row] ?? 0) - along * each));
    }
    const left = Math.sqrt(dot(rest, rest));
    if (!(left > independentShare * length)) continue;
    kept.push(place);
    directions.push(rest.map((each) => each / left));
  }
  return kept;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

/** How well the runs tell the free constants at an optimum. */
export interface Sharpness {
  /** Robust scatter of the runs about the law, in ln units. */
  readonly scatter: number;
  /** Standard error of each free constant (of its logarithm unless it is signed). */
  readonly errorOf: (place: number) => number;
  /** The free constants that trade off with one, itself among them, in the order of the design. */
  readonly tradingWith: (place: number) => readonly number[];
}

/**
 * The sharpness of an optimum, out of (Jᵀ·J)⁻¹ times the squared scatter. Directions that JᵀJ does
 * not see at all come out as very flat ones.
 */
export function sharpnessAt(
  design: Design,
  theta: Float64Array,
  free: readonly number[],
): Sharpness {
  const rows = design.measured.length;
  const width = design.constants.length;
  const size = free.length;
  const predicted = new Float64Array(rows);
  const slopes = new Float64Array(rows * width);
  design.evaluate(valuesOf(design, theta), predicted, slopes);
  const distances = predicted.map((each, row) => Math.abs(each - (design.measured[row] ?? 0)));
  // The median magnitude is 0.6745 of a standard deviation; constants use up some of the rows.
  const scatter = 1.4826 * quantile(distances, 0.5) * Math.sqrt(rows / Math.max(rows - size, 1));

  const columns = free.map((place) =>
    Float64Array.from({ length: rows }, (_, row) => slopes[row * width + place] ?? 0),
  );
  const lengths = columns.map((each) => Math.sqrt(dot(each, each)) || 1e-150);
  const scaled = Float64Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    const [a, b] = [columns[i], columns[j]];
    return a && b ? dot(a, b) / ((lengths[i] ?? 1) * (lengths[j] ?? 1)) : 0;
  });
  const { values, vectors } = symmetricEigen(scaled, size);
  const covariance = (i: number, j: number) => {
    let sum = 0;
    for (let k = 0; k < size; k++) {
      const along = (vectors[i * size + k] ?? 0) * (vectors[j * size + k] ?? 0);
      sum += along / Math.max(values[k] ?? 0, 1e-14);
    }
    return (scatter * scatter * sum) / ((lengths[i] ?? 1) * (lengths[j] ?? 1));
  };
  const correlation = (i: number, j: number) =>
    covariance(i, j) / Math.sqrt(covariance(i, i) * covariance(j, j));
  return {
    scatter,
    errorOf: (place) => Math.sqrt(covariance(free.indexOf(place), free.indexOf(place))),
    tradingWith: (place) => {
      const at = free.indexOf(place);
      return free.filter((_, i) => i === at || Math.abs(correlation(i, at)) >= tradeOff);
    },
  };
}

/**
 * The constant to give up first, if the scatter of the runs drowns one: of those that trade off
 * with the least certain, the last in the design's order. Null when the runs move them all.
 */
export function lostConstant(free: readonly number[], sharpness: Sharpness): number | null {
  const worst = leastCertain(free, sharpness);
  if (worst === null || !(sharpness.errorOf(worst) > lostError)) return null;
  return sharpness.tradingWith(worst).at(-1) ?? worst;
}

function leastCertain(free: readonly number[], { errorOf }: Sharpness): number | null {
  return free.reduce<number | null>(
    (worst, place) => (worst === null || errorOf(place) > errorOf(worst) ? place : worst),
    null,
  );
}

/** One sentence a flat direction of an optimum: the constants that trade off along it. */
export function flatDirections(
  design: Design,
  free: readonly number[],
  sharpness: Sharpness,
): readonly string[] {
  const notes: string[] = [];
  let left = free;
  for (;;) {
    const worst = leastCertain(left, sharpness);
    if (worst === null || !(sharpness.errorOf(worst) > flatError)) return notes;
    const together = sharpness.tradingWith(worst);
    const names = together.map((place) => design.constants[place]?.name ?? '');
    const name = design.constants[worst]?.name ?? '';
    const reach = 1.645 * sharpness.errorOf(worst);
    const doubt = design.constants[worst]?.signed
      ? `is uncertain by ±${reach.toPrecision(2)}`
      : `is uncertain by a factor of ${Math.exp(reach).toPrecision(2)}`;
    notes.push(
      names.length === 1
        ? `${name} ${doubt} (90 %): these runs hardly move it.`
        : `${name} ${doubt} (90 %): ${names.join(', ')} trade off, ` +
            'so read them together, never alone.',
    );
    left = left.filter((place) => !together.includes(place));
  }
}
