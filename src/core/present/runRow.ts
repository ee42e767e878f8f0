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
  /** What a narrow list still shows: `+0.03…0.21`, else what the run takes; empty if neither is known. */
  readonly first: string;
  /** How many findings there are, with the sign of the worst: `⚠2`; empty without any. */
  readonly findings: string;
  /** `N 8.03 B · D 15.0 T · MXFP4`, as far as it is known. */
  readonly size: string;
  /** Both in a line, the size first: `N 8.03 B · D 15.0 T · MXFP4 · gap +0.03…0.21`. */
  readonly summary: string;
  /** All of it in words, for those who do not see the row. */
  readonly spoken: string;
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
  const known = (...all: readonly (string | null)[]) => all.filter((part) => part !== null);
  const size = parametersWords(run);
  const format = precision?.format.value;
  const gap = gapWords(run);
  // A run without a forecast is told by what it takes.
  const memory = run.forecast === null ? memoryWords(run) : null;
  const parts = known(
    size === null ? null : `N ${size}`,
    tokens.total === null ? null : `D ${count(tokens.total.value)}`,
    format === undefined ? null : (formatById(format)?.name ?? format),
  );
  const status = statusOf(run);
  const taken = resourceParts(run);
  const messages = run.findings.map(({ message }) => `- ${escapeMarkdown(message)}`);
  const found = run.findings.length;
  const details = [
    `**${escapeMarkdown(run.frameworkName)}**: ${words[status]}`,
    escapeMarkdown(lens(run).summary),
    ...(taken.length > 0 ? [escapeMarkdown(taken.join(' · '))] : []),
    ...(found > 0 ? [messages.join('\n')] : []),
  ].join('\n\n');
  const fit = fitWords(run);
  const named = gap === null ? null : `gap ${gap}`;
  const spoken = known(
    words[status],
    named,
    memory,
    fit,
    found === 0 ? null : `${found} finding${found === 1 ? '' : 's'}`,
    ...parts,
  );
  return {
    first: known(gap ?? memory, fit).join(' · '),
    findings: found === 0 ? '' : `${status === 'warning' ? '⚠' : 'ⓘ'}${found}`,
    size: parts.join(' · '),
    summary: known(...parts, named, memory, fit).join(' · '),
    spoken: spoken.join(', '),
    status,
    statusWords: words[status],
    details,
  };
}

/** `+0.03…0.21`, or `0`; null where nothing is known. */
function gapWords(run: RunAnalysis): string | null {
  return gapOfVerdict(run) ?? (run.forecast?.gap === 0 ? '0' : null);
}

function statusOf({ findings, forecast }: RunAnalysis): RowStatus {
  const severities = findings.map(({ severity }) => severity);
  if (severities.some((severity) => severity !== 'information')) return 'warning';
  if (severities.length > 0) return 'information';
  return (forecast?.gap ?? null) === null ? 'unknown' : 'pass';
}
