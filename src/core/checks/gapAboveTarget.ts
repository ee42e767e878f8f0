import { candidates, withinGap } from '../advise/candidates.ts';
import { gapAboveTarget as message, formatTitle } from '../present/findings.ts';
import { precisionPlace } from './anchors.ts';
import type { Check } from './check.ts';
import { firstWritable } from './fixes.ts';

const id = 'gap-above-target';
const severity = 'information';

/** Informs of a gap to BF16 over the target, and names the cheapest format under it. */
export const gapAboveTarget: Check = {
  id,
  severity,
  summary: 'The predicted gap to BF16 is over the target (0.01 nats unless set).',
  run: ({ run, point, law, forecast, forecasts, accelerator, settings, writeFormat }) => {
    const place = precisionPlace(run);
    const gap = forecast?.gap ?? null;
    if (!place || !point || !forecast || gap === null || gap <= settings.gapTarget) return [];
    const under = withinGap(candidates(law, point, accelerator), settings.gapTarget);
    const reasons = new Set<string>();
    const fix = firstWritable(writeFormat, under, formatTitle, reasons);
    return [
      {
        id,
        severity,
        place,
        message: message({ point, forecast, forecasts }, settings.gapTarget, under[0] ?? null),
        related: [],
        fixes: fix ? [{ ...fix, preferred: true }] : [],
        noFix: fix ? null : [...reasons].join(' ') || 'No format on offer stays under the target.',
      },
    ];
  },
};
