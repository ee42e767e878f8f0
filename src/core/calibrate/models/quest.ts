import { listedFor } from '../../laws/quest/quest.ts';
import { questEfficiencies } from '../../laws/quest/formulas.ts';
import type { MeasuredRun, Model } from '../model.ts';
import { effectiveDesign, type Efficiencies } from './effective.ts';

function efficienciesOf({ point }: MeasuredRun): Efficiencies | null {
  const listed = listedFor(point);
  return listed ? { effN: listed.eff, effD: null } : null;
}

/** QuEST (arXiv 2502.05003): the efficiency of each width that the runs have, on Quartet's base. */
export const questModel: Model = {
  law: 'quest',
  design: (runs, given) => effectiveDesign(runs, { ...questEfficiencies }, given, efficienciesOf),
};
