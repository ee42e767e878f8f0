import { candidates } from '../advise/candidates.ts';
import { formatName } from '../present/formats.ts';
import { plain } from '../present/numbers.ts';
import { precisionPlace } from './anchors.ts';
import type { Check, CheckContext, Finding } from './check.ts';
import { firstWritable } from './fixes.ts';

const id = 'outside-policy';
const severity = 'warning';

/** Tells of a run in a format, or of a length, that the policy file does not allow. */
export const outsidePolicy: Check = {
  id,
  severity,
  summary: 'The format is none that `floatcast.yaml` allows, or the run takes more hours.',
  run: (context) => [...formatFindings(context), ...hoursFindings(context)],
};

function formatFindings(context: CheckContext): readonly Finding[] {
  const { run, point, law, accelerator, settings } = context;
  const { precision } = run;
  const allowed = settings.allowedFormats;
  const place = precisionPlace(run);
  if (!allowed || !precision || !place || allowed.includes(precision.format.value)) return [];
  const inside = point
    ? candidates(law, point, accelerator).filter(({ format }) => allowed.includes(format))
    : [];
  const reasons = new Set<string>();
  const fix = point && firstWritable(context, point, inside, reasons);
  const named = formatName({ ...precision, format: precision.format.value });
  return [
    {
      ...{ id, severity, place, related: [] },
      message: `${named} is none of the formats that ${said(context, 'allowed-formats')} allows: ${allowed.join(', ')}.`,
      fixes: fix ? [fix] : [],
      noFix: fix ? null : [...reasons].join(' ') || 'None of the formats allowed is on offer here.',
    },
  ];
}

function hoursFindings(context: CheckContext): readonly Finding[] {
  const { run, resources, settings } = context;
  const { hours } = resources;
  const { anchors } = run;
  const place = anchors.tokens ?? anchors.parameters ?? anchors.precision;
  const most = settings.maxHours;
  if (most === undefined || hours === null || hours <= most || !place) return [];
  return [
    {
      ...{ id, severity, place, related: [], fixes: [] },
      message: `The run takes ${plain(hours)} hours; ${said(context, 'max-hours')} allows ${plain(most)}.`,
      noFix: 'Fewer tokens, more devices or another format would shorten it.',
    },
  ];
}

/** The file that says a key of the policy. */
function said({ settings }: CheckContext, key: string): string {
  return settings.saidBy?.[key] ?? 'the policy';
}
