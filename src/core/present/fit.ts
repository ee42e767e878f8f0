import type { FitResult } from '../calibrate/fit.ts';
import type { CalibratedConstant } from '../laws/calibration.ts';
import { lawById } from '../laws/registry.ts';
import { escapeMarkdown, table } from './markdown.ts';
import { exact } from './numbers.ts';

/** The constants of a fit as rows of words, the head first. */
export function fitRows({ law, constants }: FitResult): readonly (readonly string[])[] {
  const published = lawById(law)?.constants ?? {};
  const rows = Object.entries(constants).map(([name, constant]) => [
    name,
    constantWords(constant.value),
    intervalWords(constant),
    constantWords(published[name] ?? null),
  ]);
  return [['constant', 'value', '90 % interval', 'published'], ...rows];
}

/** What a fit came to, beside its constants: the first sentence is its title. */
export function fitSentences(fit: FitResult): readonly string[] {
  const { law, runs, objective, holdOut, notes } = fit;
  const error = holdOut && `${(holdOut.medianAbsError * 100).toPrecision(2)} %`;
  return [
    `The law of ${lawById(law)?.name ?? law} fitted to ${exact(runs)} runs`,
    `Objective ${objective.toPrecision(4)}: the Huber loss of the runs’ log residuals, summed.`,
    ...(holdOut
      ? [
          `Fitted without the largest N, the law is off by ${error ?? ''} there ` +
            `(median of |ln(predicted / measured)|; runs: ${exact(holdOut.runs)}).`,
        ]
      : []),
    ...notes,
  ];
}

/** A fit as a Markdown document; `source` is the table of runs. */
export function fitMarkdown(fit: FitResult, source: string): string {
  const [head = [], ...rows] = fitRows(fit);
  const [title = '', ...sentences] = fitSentences(fit).map(escapeMarkdown);
  return [
    `# ${title}`,
    '',
    `From ${escapeMarkdown(source)}. This is your own fit: it says nothing beyond runs like these.`,
    '',
    ...table(head, rows),
    '',
    ...sentences.map((sentence) => `- ${sentence}`),
    '',
  ].join('\n');
}

/** A constant with five significant digits, an exponent where it takes one; `–` for none. */
function constantWords(value: number | null): string {
  if (value === null) return '–';
  const rounded = Number(value.toPrecision(5));
  return Math.abs(rounded) >= 1e7 ? rounded.toExponential() : rounded.toString();
}

function intervalWords({ low, high }: CalibratedConstant): string {
  return low === null || high === null ? '–' : `${constantWords(low)} … ${constantWords(high)}`;
}
