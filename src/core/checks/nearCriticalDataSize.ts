import { nearCritical } from '../present/findings.ts';
import type { Check } from './check.ts';
import { criticalFinding } from './critical.ts';

const id = 'near-critical-data-size';
const severity = 'information';

/** Informs of a run between a set share of D_crit and D_crit itself. */
export const nearCriticalDataSize: Check = {
  id,
  severity,
  summary: 'The run comes near the critical data size of its number format: from half of it on.',
  run: (context) => {
    const { nearCriticalRatio } = context.settings;
    return criticalFinding({ id, severity }, context, {
      trips: (ratio) => ratio >= nearCriticalRatio && ratio <= 1,
      target: nearCriticalRatio,
      message: nearCritical,
    });
  },
};
