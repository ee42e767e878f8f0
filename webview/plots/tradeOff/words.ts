import {
  cheapestToMatch,
  cheapestWithin,
  type Placed,
  type Spending,
  type TradeOff,
} from '../../../src/core/advise/pareto.ts';
import { acceleratorsFilled } from '../../../src/core/advise/memory.ts';
import {
  amountWords,
  bytes,
  moreTokens,
  spendingAssumptions,
} from '../../../src/core/present/cost.ts';
import { formatName, listed } from '../../../src/core/present/formats.ts';
import { count, percent, plain } from '../../../src/core/present/numbers.ts';
import { lawPhrase } from '../../../src/core/present/words.ts';
import { cell, speakerOf, type Cell, type PlotInput, type Table, lawGap } from '../plot.ts';

/** A row's format and scaling as a person says them. */
export function nameOf({ candidate }: TradeOff): string {
  return formatName(candidate);
}

/** Every format with all it costs; a row off the accelerator has no time. */
export function tableOf(
  rows: readonly TradeOff[],
  front: readonly Placed[],
  tokens: number,
): Table {
  const onFront = new Set(front.map(({ row }) => row));
  return {
    columns: [
      ...['Format', 'Gap to BF16', 'D_crit (tokens)', 'On the front', 'GPU-hours', 'Money'],
      ...['Memory', 'Cost C, b = 0 (FLOP)', 'Cost C with scales (FLOP)'],
      ...['Tokens to match BF16', 'GPU-hours to match BF16'],
    ],
    rows: rows.map((row) => {
      const { candidate, cost, memory, tokensToMatch } = row;
      const { gap, criticalTokens } = candidate.forecast;
      const front = onFront.has(row) ? 'yes' : 'no';
      const matching =
        cost.hours === null || tokensToMatch === null
          ? null
          : (cost.hours * tokensToMatch) / tokens;
      return [
        text(candidate.current ? `${nameOf(row)} (this run)` : nameOf(row)),
        cell(gap, lawGap),
        cell(criticalTokens, count),
        text(front),
        cell(cost.hours, count),
        cell(cost.money, count),
        cell(memory.total, bytes),
        cell(cost.bitLinear, plain),
        cell(cost.bitLinearWithScales, plain),
        gap !== null && tokensToMatch === null
          ? { text: 'out of reach', value: null }
          : cell(tokensToMatch, count),
        cell(matching, count),
      ];
    }),
  };
}

function text(words: string): Cell {
  return { text: words, value: words };
}

/** What is drawn, and by whom. */
export function captionOf({ law, accelerator, explored }: PlotInput): string {
  const formats = accelerator
    ? `the formats that ${accelerator.name} multiplies`
    : 'the formats that frameworks offer';
  return (
    `Gap to BF16 by ${lawPhrase(speakerOf(law, explored.point))} for the run’s N and D in ` +
    `${formats}. The stepped line and full marks: the Pareto front, on which no format has both a ` +
    'smaller gap and a lower cost. Hollow: dominated. No gap stands at the foot of the axis.'
  );
}

/** What the picture says of the choice beyond its headline, and what it rests on. */
export function asidesOf(input: PlotInput, on: Spending, all: readonly Placed[]): string[] {
  const { accelerator, explored } = input;
  return [
    matchWords(all, on),
    ...(all.some(({ row }) => row.candidate.current) ? [] : [noPlace]),
    spendingAssumptions(on, accelerator),
    ...(on === 'memory' ? [memoryWords(input, all)] : []),
    ...(explored.stored === null && on === 'memory'
      ? ['The model’s other parameters are not known here: the linear layers alone are counted.']
      : []),
    ...(accelerator ? [] : ['Time and money need an accelerator (floatcast.hardware).']),
  ].filter((sentence) => sentence !== '');
}

const noPlace =
  'The run itself has no place here: its format is not native or the law is silent on it.';

/** Which format is the cheapest that stays within the gap target. */
export function withinWords(all: readonly Placed[], on: Spending, gapTarget: number): string {
  const found = cheapestWithin(all, gapTarget);
  return found
    ? `Cheapest within the gap target of ${gapTarget}: ${nameOf(found.row)}, ` +
        `${amountWords(found.amount, on)}.`
    : `No format stays within the gap target of ${gapTarget}.`;
}

/** Whether a narrow format still wins when it is trained on until it is as good as BF16. */
function matchWords(all: readonly Placed[], on: Spending): string {
  const matching = cheapestToMatch(all, on);
  const [best] = matching;
  const twin = matching.find(({ row }) => row.candidate.format === 'bf16');
  const lost = all.filter(({ row }) => row.tokensToMatch === null).map(({ row }) => nameOf(row));
  const never =
    lost.length === 0
      ? ''
      : ` By this law ${listed(lost)} never ${lost.length === 1 ? 'reaches' : 'reach'} it within ` +
        '1000 times the tokens.';
  if (!best || !twin) return never.trim();
  const what =
    best.row === twin.row
      ? 'BF16 itself is the cheapest way to its loss'
      : `The loss of the BF16 twin is reached cheapest in ${nameOf(best.row)} with ` +
        `${moreTokens(best.tokenRatio)}: ${amountWords(best.amount, on)}, ` +
        `${percent(best.amount / twin.amount)} of BF16’s`;
  return `${what}.${never}`;
}

function memoryWords({ accelerator }: PlotInput, all: readonly Placed[]): string {
  const own = all.find(({ row }) => row.candidate.current)?.row.memory;
  if (!accelerator || !own) return '';
  const filled = acceleratorsFilled(own, accelerator);
  return `The run’s ${bytes(own.total)} take the memory of at least ${filled} ${accelerator.name}.`;
}

/** The picture in two sentences. */
export function summaryOf(
  { law, explored }: PlotInput,
  on: Spending,
  all: readonly Placed[],
  front: readonly Placed[],
): string {
  const own = all.find(({ row }) => row.candidate.current);
  const run = own
    ? `The run, ${nameOf(own.row)} with gap ${lawGap(own.gap)} at ${amountWords(own.amount, on)}, ` +
      `is ${front.includes(own) ? 'on it' : 'dominated'}.`
    : noPlace;
  return (
    `Gap to BF16 against ${axisWords[on]} of ${all.length} formats by ` +
    `${lawPhrase(speakerOf(law, explored.point))}. On the Pareto front: ${listed(front.map(({ row }) => nameOf(row)))}. ${run}`
  );
}

const axisWords: Readonly<Record<Spending, string>> = {
  compute: 'bit-linear cost',
  hours: 'time',
  money: 'money',
  memory: 'memory',
};
