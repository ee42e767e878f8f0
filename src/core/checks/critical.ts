import type { Candidate } from '../advise/candidates.ts';
import { finerScalings, formatsBelowCritical, mostTokens } from '../advise/criticalSize.ts';
import type { RunPoint } from '../laws/law.ts';
import type { RunCase } from '../present/findings.ts';
import { count, shareOfCritical } from '../present/numbers.ts';
import { tokensPlace } from './anchors.ts';
import type { Check, CheckContext, Finding, Fix } from './check.ts';
import { firstWritable, harmless } from './fixes.ts';

/**
 * The finding on a run whose D / D_crit `trips` says is too high, or none.
 * Its fixes bring the run to at most `target` of D_crit.
 */
export function criticalFinding(
  check: Pick<Check, 'id' | 'severity'>,
  context: CheckContext,
  rule: {
    readonly trips: (ratio: number) => boolean;
    readonly target: number;
    readonly message: (about: RunCase) => string;
  },
): readonly Finding[] {
  const { run, law, point, forecast, forecasts, verdict } = context;
  const place = tokensPlace(run);
  const ratio = forecast?.ratio ?? null;
  if (!place || !point || !forecast || ratio === null || !rule.trips(ratio)) return [];
  const { precision } = run.anchors;
  return [
    {
      ...check,
      place,
      message: rule.message({ law, point, forecast, forecasts, verdict }),
      related:
        precision && precision !== place
          ? [{ place: precision, message: 'The number format is stated here.' }]
          : [],
      ...criticalFixes(context, point, rule.target),
      ofLaws: true,
    },
  ];
}

/** The nearest format, the same format in finer blocks, fewer steps: what the framework can say. */
function criticalFixes(
  context: CheckContext,
  point: RunPoint,
  target: number,
): Pick<Finding, 'fixes' | 'noFix'> {
  const { law, accelerator, verdict } = context;
  const reasons = new Set<string>();
  const written = (rows: readonly Candidate[]) =>
    firstWritable(context, point, rows.filter(speaks), reasons);
  const fixes = [
    written(formatsBelowCritical(law, point, accelerator, target)),
    written(finerScalings(law, point, target)),
    cutRun(context, point, target, reasons),
  ].filter((fix) => fix !== null);
  const [preferred, ...others] = fixes;
  // Where the laws disagree none of their ways out is the one to take without reading.
  const isAgreed = verdict?.agreement !== 'disputed';
  return preferred
    ? { fixes: [isAgreed ? { ...preferred, preferred: true } : preferred, ...others], noFix: null }
    : { fixes: [], noFix: [...reasons].join(' ') || 'No format on offer keeps D below D_crit.' };
}

/** Whether the law knows the format at all: what it cannot speak of is no way out. */
function speaks({ forecast }: Candidate): boolean {
  return forecast.gap !== null;
}

function cutRun(
  context: CheckContext,
  point: RunPoint,
  target: number,
  reasons: Set<string>,
): Fix | null {
  const { law, writeTokens } = context;
  const tokens = mostTokens(law, point, target);
  if (tokens === null) return null;
  const written = writeTokens(tokens);
  if (!written.ok) {
    reasons.add(written.reason);
    return null;
  }
  const share = target === 1 ? 'D_crit' : shareOfCritical(target);
  const fix = { title: `Cut the run to ${count(tokens)} tokens, ${share}`, edits: written.edits };
  return harmless(context, point, { ...point, tokens }, fix, reasons);
}
