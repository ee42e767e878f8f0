import type { ChartDataset } from 'chart.js';
import { comparableLaws } from '../../../src/core/advise/measuredGap.ts';
import type { Forecast } from '../../../src/core/laws/law.ts';
import { count } from '../../../src/core/present/numbers.ts';
import { lawLabel } from '../../../src/core/present/words.ts';
import {
  logSteps,
  type CurvePoint,
  type Palette,
  type PlotInput,
  type Range,
  lawGap,
} from '../plot.ts';

/** Fewer than of a curve: every law is asked at each. */
const steps = 41;

/** What one law says of the run, over the tokens. */
interface LawGap {
  /** The law with whose constants it speaks. */
  readonly name: string;
  readonly forecast: Forecast;
  /** Gap at D tokens; null where the law cannot speak. */
  readonly gapAt: (tokens: number) => number | null;
}

/** One place of the band's edge: the gap, and the law that gives it. */
interface EdgePoint {
  readonly tokens: number;
  readonly gap: number;
  readonly name: string;
}

/** The least and the greatest gap by the laws that speak, over the tokens. */
export interface LawsBand {
  readonly laws: readonly LawGap[];
  readonly least: readonly EdgePoint[];
  readonly greatest: readonly EdgePoint[];
}

/**
 * Where the laws of training disagree about the run's own gap. Null where the leading law is of
 * something else, where the run has no gap by it, and where no other law speaks.
 */
export function bandOf({ explored, law, laws }: PlotInput, range: Range): LawsBand | null {
  const { point } = explored;
  const spoken = comparableLaws(law, laws).flatMap((each): LawGap[] => {
    const forecast = each.forecast(point);
    const curve = each.curve(point);
    return forecast.gap === null
      ? []
      : [{ name: lawLabel(forecast), forecast, gapAt: (tokens) => curve(tokens).gap }];
  });
  const leads = spoken[0]?.forecast.law === law.id && spoken[0].forecast.gap !== 0;
  if (!leads || spoken.length < 2) return null;
  const edges = logSteps(range, steps).flatMap((tokens) => {
    const said = spoken.flatMap(({ name, gapAt }): EdgePoint[] => {
      const gap = gapAt(tokens);
      return gap === null ? [] : [{ tokens, gap, name }];
    });
    const sorted = said.sort((a, b) => a.gap - b.gap);
    const [least, greatest] = [sorted[0], sorted.at(-1)];
    return least && greatest ? [{ least, greatest }] : [];
  });
  return {
    laws: spoken,
    least: edges.map(({ least }) => least),
    greatest: edges.map(({ greatest }) => greatest),
  };
}

/** An edge of the band as it is drawn, and each of its points in words. */
export interface Edge {
  readonly dataset: ChartDataset<'line', CurvePoint[]>;
  readonly words: readonly string[];
}

/**
 * The band's two edges, the space between them filled: on an axis of gaps as they are, on one of
 * losses over the leading law's BF16 curve, for laws differ in their floors and only gaps compare.
 */
export function edgesOf(
  { laws, least, greatest }: LawsBand,
  bf16LossAt: ((tokens: number) => number | null) | null,
  palette: Palette,
): readonly Edge[] {
  const edge = (label: string, points: readonly EdgePoint[], look: object): Edge => {
    const placed = points.flatMap((each) => {
      const base = bf16LossAt === null ? 0 : bf16LossAt(each.tokens);
      const y = base === null ? NaN : base + each.gap;
      // An axis of factors has no place for a gap of 0.
      return Number.isNaN(y) || y <= 0 ? [] : [{ ...each, y }];
    });
    return {
      dataset: {
        label,
        data: placed.map(({ tokens, y }) => ({ x: tokens, y })),
        borderColor: palette.run,
        backgroundColor: palette.band,
        borderWidth: 1,
        pointRadius: 0,
        pointHitRadius: 4,
        pointHoverRadius: 4,
        pointStyle: 'line',
        // Behind every curve.
        order: 1,
        ...look,
      },
      words: placed.map(
        ({ tokens, gap, name }) =>
          `${label} at ${count(tokens)} tokens: ${lawGap(gap)}, by ${name}`,
      ),
    };
  };
  return [
    edge(`Least gap of ${laws.length} laws`, least, { borderDash: [3, 3], fill: '+1' }),
    edge(`Largest gap of ${laws.length} laws`, greatest, { borderDash: [8, 3] }),
  ];
}
