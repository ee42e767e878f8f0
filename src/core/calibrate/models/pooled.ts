import { pooledConstants } from '../../laws/pooled/formulas.ts';
import { pointErrors } from '../../laws/pooled/recipes.ts';
import type { MeasuredRun, Model } from '../model.ts';
import { leastGap, pooledDesign, type PooledRow } from '../pooled.ts';
import { column, leftOut } from '../rows.ts';

interface Row extends PooledRow {
  readonly bf16Loss: number;
}

/** The run as the law reads it; null without a BF16 twin, or with a gap within the noise. */
function rowOf({ point, loss, bf16Loss }: MeasuredRun): Row | null {
  const q = pointErrors(point)?.errors;
  if (!q || bf16Loss === null || loss - bf16Loss <= leastGap) return null;
  if (Object.values(q).every((each) => each === 0)) return null;
  const { parameters: N, tokens: D } = point;
  return { N, D, phi: 1, q, gap: loss - bf16Loss, bf16Loss };
}

/**
 * The pooled law, fitted on measured gaps: each run needs its BF16 twin, and a gap above the noise
 * between the two. All linear layers are taken to be quantised.
 */
export const pooledModel: Model = {
  law: 'pooled',
  design: (runs, given) => {
    const rows = runs.map(rowOf).filter((row) => row !== null);
    const twins = column(rows, ({ bf16Loss }) => bf16Loss);
    const why = `the law is fitted on quantised runs more than ${leastGap} nats above a BF16 twin`;
    const notes = leftOut(runs.length - rows.length, why);
    return pooledDesign(rows, twins, { ...pooledConstants, ...given }, notes);
  },
};
