import { pastCritical } from '../present/findings.ts';
import type { Check } from './check.ts';
import { criticalFinding } from './critical.ts';

const id = 'critical-data-size';
const severity = 'warning';

/** Warns of a run longer than D_crit, past which the chosen law has more data raise the loss. */
export const criticalDataSize: Check = {
  id,
  severity,
  summary: 'The run trains on more tokens than the critical data size of its number format.',
  run: (context) =>
    criticalFinding({ id, severity }, context, {
      trips: (ratio) => ratio > 1,
      target: 1,
      message: pastCritical,
    }),
};
