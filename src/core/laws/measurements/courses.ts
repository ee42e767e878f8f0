/** What public gaps were, part of the way through a run, as a multiple of what they ended at. */
export interface CourseStage {
  /** The share of the run's tokens, from and to. */
  readonly share: readonly [from: number, to: number];
  /** In mid-run: least and greatest of the runs that did not diverge there, and how many. */
  readonly midRun: readonly [low: number, high: number];
  readonly runs: number;
  /**
   * Of finished runs with this share of the tokens of another of the same N and recipe: the 5 and
   * 95 % quantiles, and how many pairs; null where there are none.
   */
  readonly finished: {
    readonly range: readonly [low: number, high: number];
    readonly pairs: number;
  } | null;
}

/** Where the courses come from. */
export const courseSource =
  'mid-run: fourteen FP4 runs of 8 B by Graphcore (MrHuff/mfu-fp4-training 1f7b1b1, ' +
  'MrHuff/ue5m3-fp4 9bae397), held-out loss; finished: pairs of the public runs of Quartet, QuEST ' +
  'and Quartet-II of one size and recipe';

/**
 * How a gap grows into its last value. In the first tenth it can be anything, below zero too: the
 * learning rate has just warmed up, and runs that differ by a seed are still far apart.
 */
export const courses: readonly CourseStage[] = [
  {
    share: [0, 0.075],
    midRun: [-0.44, 8.03],
    runs: 6,
    finished: { range: [0.49, 1.55], pairs: 170 },
  },
  {
    share: [0.075, 0.15],
    midRun: [1.09, 3.02],
    runs: 6,
    finished: { range: [0.57, 1.37], pairs: 94 },
  },
  {
    share: [0.15, 0.35],
    midRun: [0.22, 2.06],
    runs: 14,
    finished: { range: [0.74, 1.37], pairs: 115 },
  },
  {
    share: [0.35, 0.7],
    midRun: [0.34, 1.78],
    runs: 14,
    finished: { range: [0.83, 1.36], pairs: 119 },
  },
  { share: [0.7, 0.9], midRun: [0.73, 1.51], runs: 14, finished: null },
];
