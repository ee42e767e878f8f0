import { minimiser, thetaOf, type Descent, type Minimiser } from './descent.ts';
import { independentConstants, lostConstant, sharpnessAt } from './leverage.ts';
import type { Design, FitError, FitProgress } from './model.ts';
import { spreadPoint } from './spread.ts';

/** How many of the starts go on after the first look, and how many of those to the end. */
const promising = 24;
const best = 4;

/** Evaluations of a descent: at the first look, at the second, to the end. */
const evaluations = { look: 12, pursue: 60, finish: 600 } as const;

/** Rows that a descent evaluates between two steps of a caller: a few milliseconds' worth. */
const rowsPerSlice = 15_000;

/** Fewest runs for this many constants: half as many again, to see how far the law misses them. */
function fewestRuns(constants: number): number {
  return constants + Math.max(2, Math.ceil(constants / 2));
}

/** What a search starts from: every constant, as the fit sees it, and the places that may move. */
export interface Prepared {
  readonly theta: Float64Array;
  readonly free: readonly number[];
  /** Whole sentences on the constants that stay as published. */
  readonly notes: readonly string[];
}

/**
 * Finds which constants a design can tell apart at all; the others stay as published. An error
 * where there are too few runs for those, or nothing is left to fit. `lawName` is for its sentence.
 */
export function prepare(
  design: Design,
  pinned: Readonly<Record<string, number>>,
  lawName: string,
): Prepared | FitError {
  const { constants, held, measured } = design;
  const runs = measured.length;
  const values = Float64Array.from(constants, ({ name, published }) => pinned[name] ?? published);
  const theta = thetaOf(design, values);
  const places = constants.map((_, place) => place);
  const unpinned = places.filter((place) => pinned[nameAt(design, place)] === undefined);
  const candidates = unpinned.filter((place) => !held?.names.includes(nameAt(design, place)));
  if (runs === 0) return { error: `None of these runs can be used to fit the ${lawName} law.` };
  if (candidates.length === 0) {
    const reason = held === null ? '' : ` ${held.reason}`;
    return { error: `Nothing of the ${lawName} law is left to fit.${reason}` };
  }

  const told = independentConstants(design, definedPoint(design, theta, unpinned), candidates);
  const binds = candidates.some((place) => isBinding(design, place) && !told.includes(place));
  const free = binds ? told.filter((place) => !isBound(design, place)) : told;
  if (free.length === 0) return { error: `These runs move no constant of the ${lawName} law.` };
  if (runs < fewestRuns(free.length)) {
    return {
      error:
        `Fitting the ${candidates.length} open constants of the ${lawName} law takes at least ` +
        `${fewestRuns(candidates.length)} runs, and ${runs} of these can be used.`,
    };
  }
  const isHeld = unpinned.length > candidates.length;
  return {
    theta,
    free,
    notes: [
      ...(held !== null && isHeld ? [held.reason] : []),
      ...(binds && free.length < told.length && design.bound ? [design.bound.reason] : []),
      ...candidates
        .filter((place) => !told.includes(place))
        .map((place) => stays(design, place, `fitting it needs ${design.constants[place]?.needs}`)),
    ],
  };
}

function nameAt({ constants }: Design, place: number): string {
  return constants[place]?.name ?? '';
}

function isBinding(design: Design, place: number): boolean {
  return design.bound?.by === nameAt(design, place);
}

function isBound(design: Design, place: number): boolean {
  return design.bound?.names.includes(nameAt(design, place)) === true;
}

function stays(design: Design, place: number, why: string): string {
  const published = design.constants[place]?.published ?? 0;
  return `${nameAt(design, place)} stays at the published ${published}: ${why}.`;
}

/** `theta`, or the first start at which every prediction is a number. */
function definedPoint(
  design: Design,
  theta: Float64Array,
  movable: readonly number[],
): Float64Array {
  const { objective } = minimiser(design, []);
  for (let index = 0; index < 100; index++) {
    const candidate = index === 0 ? theta : startAt(design, theta, movable, index);
    if (objective(candidate) < Infinity) return candidate;
  }
  return theta;
}

function startAt(
  design: Design,
  theta: Float64Array,
  movable: readonly number[],
  index: number,
): Float64Array {
  const start = thetaOf(design, design.start(spreadPoint(index, design.constants.length)));
  return theta.map((each, place) => (movable.includes(place) ? (start[place] ?? each) : each));
}

/**
 * Descends from `starts` points: the published constants and a spread over the ranges that the
 * design names. All get a short descent; the most promising go on, and the best of those to the end.
 */
export function* search(
  design: Design,
  { theta, free }: Prepared,
  starts: number,
): Generator<FitProgress, Descent> {
  const descents = minimiser(design, free);
  const total = Math.max(starts, 1) + promising + best;
  let done = 0;
  let found: Descent[] = [];
  for (let index = 0; index < Math.max(starts, 1); index++) {
    const from = index === 0 ? theta : startAt(design, theta, free, index);
    done++;
    for (const slice of slices(design, descents, { theta: from }, evaluations.look)) {
      found[index] = slice;
      yield { phase: 'starts', done, total };
    }
  }
  for (const [count, budget] of [
    [promising, evaluations.pursue],
    [best, evaluations.finish],
  ] as const) {
    found = found.sort((a, b) => a.objective - b.objective).slice(0, count);
    for (const [at, each] of found.entries()) {
      done++;
      for (const slice of slices(design, descents, each, budget)) {
        found[at] = slice;
        yield { phase: 'starts', done, total };
      }
    }
  }
  return leastOf(found);
}

/**
 * A descent in slices short enough for a caller that has other things to do. `counts` says how often
 * each row counts; null = once.
 */
export function* slices(
  design: Design,
  { descend }: Minimiser,
  from: Pick<Descent, 'theta'>,
  budget: number,
  counts: Float64Array | null = null,
): Generator<Descent, void> {
  const slice = Math.max(4, Math.floor(rowsPerSlice / design.measured.length));
  let descent = descend(from, Math.min(slice, budget), counts);
  yield descent;
  for (let spent = slice; spent < budget && !descent.isDone; spent += slice) {
    descent = descend(descent, Math.min(slice, budget - spent), counts);
    yield descent;
  }
}

function leastOf(descents: readonly Descent[]): Descent {
  return descents.reduce((least, each) => (each.objective < least.objective ? each : least));
}

/** An optimum over the constants that the runs move, and why the others stay. */
export interface Settled extends Descent {
  readonly free: readonly number[];
  readonly notes: readonly string[];
}

/**
 * Gives up, one at a time, the constants that the scatter of the runs drowns: each goes back to its
 * published value and the others are fitted again.
 */
export function* settle(
  design: Design,
  prepared: Prepared,
  found: Descent,
): Generator<FitProgress, Settled> {
  let { free } = prepared;
  let descent = found;
  const notes: string[] = [];
  for (;;) {
    const sharpness = sharpnessAt(design, descent.theta, free);
    const lost = lostConstant(free, sharpness);
    if (lost === null || free.length === 1) return { ...descent, free, notes };
    const binds = isBinding(design, lost);
    const without = free.filter((place) => place !== lost && !(binds && isBound(design, place)));
    const descents = minimiser(design, without);
    const back = descent.theta.map((each, at) =>
      free.includes(at) && !without.includes(at) ? (prepared.theta[at] ?? 0) : each,
    );
    const again: Descent[] = [];
    for (const [at, theta] of [back, prepared.theta].entries()) {
      for (const slice of slices(design, descents, { theta }, evaluations.finish)) {
        again[at] = slice;
        yield { phase: 'starts', done: 1, total: 1 };
      }
    }
    const next = leastOf(again);
    // As published, the law may be undefined on these runs (Kumar's at 3 bits of activations).
    if (next.objective === Infinity) return { ...descent, free, notes };
    const scatter = (100 * sharpness.scatter).toPrecision(2);
    notes.push(stays(design, lost, `the scatter of these runs (${scatter} %) hides its effect`));
    if (free.length > without.length + 1 && design.bound) notes.push(design.bound.reason);
    [descent, free] = [next, without];
  }
}

/** The outcome of a generator whose steps nobody waits between. */
export function outcome<Result>(steps: Generator<unknown, Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
