import type { RunAnalysis } from '../analysis.ts';
import { formatById } from '../formats/registry.ts';
import { lens } from './lens.ts';
import { escapeMarkdown } from './markdown.ts';
import { count } from './numbers.ts';
import { fitWords, memoryWords, resourceParts } from './resources.ts';
import { gapOfVerdict } from './verdict.ts';
import { parametersWords } from './words.ts';

/** How a run stands: the worst finding, else whether there is a forecast. */
export type RowStatus = 'warning' | 'information' | 'pass' | 'unknown';

/** A run as one row of a list, beside the name of its file. */
export interface RunRow {
  /** `N 8.03 B · D 15.0 T · MXFP4 · gap +0.211`, as far as it is known. */
  readonly summary: string;
  readonly status: RowStatus;
  /** The status in words, for those who do not see the icon. */
  readonly statusWords: string;
  /** Markdown: the framework, the forecast, and the findings. */
  readonly details: string;
}

const words: Readonly<Record<RowStatus, string>> = {
  warning: 'has a warning',
  information: 'has a remark',
  pass: 'nothing to remark',
  unknown: 'no forecast',
};

/** What a list of runs shows of one. */
export function runRow(run: RunAnalysis): RunRow {
  const { precision, tokens } = run.run;
  const size = parametersWords(run);
  const format = precision?.format.value;
  const parts = [
    size === null ? null : `N ${size}`,
    tokens.total === null ? null : `D ${count(tokens.total.value)}`,
    format === undefined ? null : (formatById(format)?.name ?? format),
    gapWords(run),
    // A run without a forecast is told by what it takes.
    run.forecast === null ? memoryWords(run) : null,
    fitWords(run),
  ].filter((part) => part !== null);
  const status = statusOf(run);
  const taken = resourceParts(run);
  const findings = run.findings.map(({ message }) => `- ${escapeMarkdown(message)}`);
  const details = [
    `**${escapeMarkdown(run.frameworkName)}**: ${words[status]}`,
    escapeMarkdown(lens(run).summary),
    ...(taken.length > 0 ? [escapeMarkdown(taken.join(' · '))] : []),
    ...(findings.length > 0 ? [findings.join('\n')] : []),
  ].join('\n\n');
  return { summary: parts.join(' · '), status, statusWords: words[status], details };
}

/** `gap +0.03…0.21`; null where nothing is known. */
function gapWords(run: RunAnalysis): string | null {
  const gap = gapOfVerdict(run);
  if (gap !== null) return `gap ${gap}`;
  return run.forecast?.gap === 0 ? 'gap 0' : null;
}

function statusOf({ findings, forecast }: RunAnalysis): RowStatus {
  const severities = findings.map(({ severity }) => severity);
  if (severities.some((severity) => severity !== 'information')) return 'warning';
  if (severities.length > 0) return 'information';
  return (forecast?.gap ?? null) === null ? 'unknown' : 'pass';
}
