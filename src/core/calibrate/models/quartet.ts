import { quartet, passesOf, type Passes } from '../../laws/quartet/quartet.ts';
import { quartetEfficiencies } from '../../laws/quartet/formulas.ts';
import type { MeasuredRun, Model } from '../model.ts';
import { effectiveDesign, type Efficiencies } from './effective.ts';

const read: Readonly<Record<Passes, Efficiencies>> = {
  forward: { effN: 'effNForward', effD: null },
  backward: { effN: null, effD: 'effDNearest' },
  both: { effN: 'effN', effD: 'effD' },
};

function efficienciesOf({ point }: MeasuredRun): Efficiencies | null {
  const passes = passesOf(point);
  return passes === null || quartet.forecast(point).gap === null ? null : read[passes];
}

/** The Quartet law (arXiv 2505.14669): efficiencies of FP4 runs, forward, backward or both. */
export const quartetModel: Model = {
  law: 'quartet',
  design: (runs, given) => effectiveDesign(runs, { ...quartetEfficiencies }, given, efficienciesOf),
};
