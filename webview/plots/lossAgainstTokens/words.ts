import { comparableLaws } from '../../../src/core/advise/measuredGap.ts';
import type { Forecast, RunPoint } from '../../../src/core/laws/law.ts';
import { formatName, listed } from '../../../src/core/present/formats.ts';
import { count, lossNats, percent } from '../../../src/core/present/numbers.ts';
import { lawLabel, lawPhrase } from '../../../src/core/present/words.ts';
import type { LawsBand } from './lawsBand.ts';
import type { Series } from './series.ts';
import {
  cell,
  decades,
  roundCount,
  type Cell,
  type PlotInput,
  type Range,
  type Table,
  lawGap,
} from '../plot.ts';

/** The curves drawn, and the band's laws over the leading law's BF16 curve. */
export interface Drawn {
  readonly series: readonly Series[];
  readonly band: LawsBand | null;
  readonly bf16LossAt: (tokens: number) => number | null;
}

/** Each curve and each other law that speaks: at the run's tokens, then along the axis. */
export function tableOf(
  { explored: { point } }: PlotInput,
  range: Range,
  { series, band, bf16LossAt }: Drawn,
): Table {
  const along = decades(range);
  const others = band?.laws.slice(1) ?? [];
  const over = (tokens: number, gap: number | null) => {
    const base = bf16LossAt(tokens);
    return cell(base === null || gap === null ? null : base + gap, lossNats);
  };
  return {
    columns: [
      'Format',
      `Loss at ${count(point.tokens)}`,
      'Gap to BF16',
      'D_crit (tokens)',
      'D / D_crit',
      ...along.map((tokens) => `Loss at ${roundCount(tokens)}`),
    ],
    rows: [
      ...series.map(({ name, forecast, at }) => [
        words(name),
        cell(forecast.loss, lossNats),
        cell(forecast.gap, lawGap),
        cell(forecast.criticalTokens, count),
        cell(forecast.ratio, percent),
        ...along.map((tokens) => cell(at(tokens).loss, lossNats)),
      ]),
      ...others.map(({ name, forecast, gapAt }) => [
        words(`${formatName(point)} by ${name}`),
        over(point.tokens, forecast.gap),
        cell(forecast.gap, lawGap),
        cell(forecast.criticalTokens, count),
        cell(forecast.ratio, percent),
        ...along.map((tokens) => over(tokens, gapAt(tokens))),
      ]),
    ],
  };
}

/** What a law says of a run, in one sentence. */
export function runSentence(point: RunPoint, forecast: Forecast): string {
  const { loss, gap, criticalTokens, ratio } = forecast;
  if (loss === null || gap === null) return 'The law cannot speak of this format.';
  const critical =
    criticalTokens === null || ratio === null
      ? 'no critical data size.'
      : `${percent(ratio)} of the critical data size of ${count(criticalTokens)} tokens.`;
  return (
    `${formatName(point)} at ${count(point.tokens)} tokens has loss ${lossNats(loss)} and gap ` +
    `${lawGap(gap)}, ${critical}`
  );
}

function words(text: string): Cell {
  return { text, value: text };
}

/** Which laws speak of the run where the leading one cannot. */
export function whoSpeaks({ explored: { point }, law, laws }: PlotInput): readonly string[] {
  const names = comparableLaws(law, laws)
    .map((each) => each.forecast(point))
    .filter(({ gap }) => gap !== null)
    .map((forecast) => lawLabel(forecast));
  if (names.length === 0) return [];
  return [`${listed(names)} ${names.length === 1 ? 'does' : 'do'}: see the tab Laws.`];
}

/** What is drawn, by which law, and what the band is. */
export function captionOf(
  { law, explored, variant }: PlotInput,
  forecast: Forecast,
  band: LawsBand | null,
): string {
  const gap = variant === 'gap';
  const [from, to] = law.fitted.tokens;
  const { point } = explored;
  const what = gap ? 'gap to BF16' : 'loss';
  const after = law.stage === 'post-training' ? ' after quantising the trained model' : '';
  return [
    `Predicted ${what}${after} at ${count(point.parameters)} linear parameters by ` +
      `${lawPhrase(forecast)}${gap ? '' : ', on the law’s own data'}. Shaded: outside the ` +
      `${count(from)} to ${count(to)} tokens it was fitted on.`,
    ...(band
      ? [
          `The band: from the least to the largest gap of the run’s format by the ` +
            `${band.laws.length} laws that speak of it (${listed(band.laws.map(({ name }) => name))})` +
            (gap ? '.' : ', laid over the leading law’s BF16 curve, for floors do not compare.'),
        ]
      : []),
    ...(point.granularity === 'tensor' && law.id === 'capybara'
      ? ['The scale’s reach (log2 B) of tensor-wise scaling is held as at the run’s own N and D.']
      : []),
    ...(forecast.hasCriticalSize
      ? []
      : ['There is no critical data size to mark for this format by this law.']),
  ].join(' ');
}
