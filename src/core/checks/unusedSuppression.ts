import { commentDoesNothing } from '../present/findings.ts';
import type { Check } from './check.ts';

const id = 'unused-suppression';
const severity = 'information';

/** Reports, where that is asked for, a comment that switches nothing off. */
export const unusedSuppression: Check = {
  id,
  severity,
  summary: 'A `floatcast-disable` comment switches nothing off (only where it is asked for).',
  run: ({ suppressions, settings }) => {
    if (settings.enabledChecks?.includes(id) !== true) return [];
    return (suppressions?.comments ?? [])
      .filter(({ isUsed }) => !isUsed)
      .map(({ place }) => ({
        id,
        severity,
        place,
        message: commentDoesNothing,
        related: [],
        fixes: [],
        noFix: 'Take the comment out, or leave it where the finding comes and goes.',
      }));
  },
};
