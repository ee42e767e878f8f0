import type { Verdict } from '../advise/verdict.ts';
import { candidates, staysWithin, withinGap } from '../advise/candidates.ts';
import { gapAboveTarget as message } from '../present/findings.ts';
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
  run: (context) => {
    const { run, point, law, laws, forecast, forecasts, verdict, accelerator, settings } = context;
    const place = precisionPlace(run);
    const { gapTarget } = settings;
    if (!place || !point || !forecast || !isOver(forecast.gap, verdict, gapTarget)) return [];
    const under = withinGap(candidates(law, point, accelerator), gapTarget).filter((row) =>
      staysWithin(laws, row.point, gapTarget),
    );
    const reasons = new Set<string>();
    const fix = firstWritable(context, point, under, reasons);
    const preferred = verdict?.agreement === 'agreed';
    return [
      {
        id,
        severity,
        place,
        message: message({ point, forecast, forecasts, verdict }, gapTarget, under[0] ?? null),
        related: [],
        fixes: fix ? [preferred ? { ...fix, preferred } : fix] : [],
        noFix: fix ? null : [...reasons].join(' ') || 'No format on offer stays under the target.',
        ofLaws: true,
      },
    ];
  },
};

/**
 * Whether a gap is over the target: by the leading law, or where that is silent by every law that
 * speaks, of which there must be two: one alone is no more than one opinion.
 */
function isOver(gap: number | null, verdict: Verdict | null, target: number): boolean {
  if (gap !== null) return gap > target;
  return verdict !== null && verdict.laws.length > 1 && verdict.low > target;
}
