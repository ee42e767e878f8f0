import type { ChartDataset } from 'chart.js';
import { candidateOf } from '../../../src/core/advise/candidates.ts';
import type { Forecast } from '../../../src/core/laws/law.ts';
import { formatName } from '../../../src/core/present/formats.ts';
import type { FormatTarget } from '../../../src/core/run/run.ts';
import { logSteps, type CurvePoint, type Palette, type PlotInput, type Range } from '../plot.ts';

/** Formats drawn beside the run's own, where the law speaks of them; the first few that differ. */
const beside: readonly FormatTarget[] = [
  { format: 'fp8-e4m3', granularity: 'block', block: 128 },
  { format: 'mxfp8-e4m3', granularity: 'block', block: 32 },
  { format: 'nvfp4', granularity: 'block', block: 16 },
  { format: 'mxfp4', granularity: 'block', block: 32 },
];
const mostBeside = 3;
const steps = 121;

/** One curve of loss or gap over the tokens. */
export interface Series {
  readonly name: string;
  readonly role: 'run' | 'twin' | 'candidate';
  readonly forecast: Forecast;
  /** Loss and gap at D tokens; both null where the law cannot speak. */
  readonly at: (tokens: number) => { readonly loss: number | null; readonly gap: number | null };
}

/** The run's curve, its BF16 twin's unless that is the same, and a few other formats'. */
export function seriesOf({ explored, law, accelerator }: PlotInput, forecast: Forecast): Series[] {
  const { point } = explored;
  const own = law.curve(point);
  const others = beside
    .flatMap((target) => candidateOf(law, point, target, accelerator) ?? [])
    .filter((each) => !each.current && each.native !== false && each.forecast.loss !== null)
    .slice(0, mostBeside);
  const run: Series = { name: formatName(point), role: 'run', forecast, at: own };
  const twin: Series = {
    name: 'BF16 twin',
    role: 'twin',
    forecast: {
      ...forecast,
      loss: forecast.bf16Loss,
      gap: 0,
      criticalTokens: null,
      hasCriticalSize: false,
      ratio: null,
    },
    at: (tokens) => ({ loss: own(tokens).bf16Loss, gap: 0 }),
  };
  return [
    run,
    ...(forecast.gap === 0 ? [] : [twin]),
    ...others.map((each): Series => ({
      name: formatName(each),
      role: 'candidate',
      forecast: each.forecast,
      at: law.curve(each.point),
    })),
  ];
}

/** The points of a curve over a range, D_crit and the tokens of `exactly` among them. */
export function curveOf(
  { at, forecast }: Series,
  range: Range,
  exactly: readonly number[],
  gap: boolean,
): CurvePoint[] {
  const marked = [...exactly, ...(forecast.criticalTokens ? [forecast.criticalTokens] : [])];
  const inside = marked.filter((tokens) => tokens > range[0] && tokens < range[1]);
  const tokens = [...new Set([...logSteps(range, steps), ...inside])].sort((a, b) => a - b);
  return tokens.flatMap((x) => {
    const found = at(x);
    const y = gap ? found.gap : found.loss;
    return y === null ? [] : [{ x, y }];
  });
}

const dashes = [
  [2, 3],
  [10, 3, 2, 3],
  [5, 2],
];
const markers = ['triangle', 'rect', 'crossRot'] as const;

/** How many candidates stand before this place: the `order` of a curve's look. */
export function candidatesBefore(series: readonly Series[], at: number): number {
  return series.slice(0, at).filter(({ role }) => role === 'candidate').length;
}

/** A curve as it is drawn; `order` tells one candidate's look from another's. */
export function curveDataset(
  { name, role }: Series,
  data: CurvePoint[],
  order: number,
  palette: Palette,
): ChartDataset<'line', CurvePoint[]> {
  const candidate = palette.candidates[order % palette.candidates.length] ?? palette.foreground;
  const color = role === 'candidate' ? candidate : palette[role];
  const marker = markers[order % markers.length] ?? 'triangle';
  return {
    label: name,
    data,
    borderColor: color,
    backgroundColor: color,
    borderWidth: role === 'run' ? 3 : 1.5,
    borderDash:
      role === 'run' ? [] : role === 'twin' ? [6, 4] : (dashes[order % dashes.length] ?? []),
    // A sparse mark tells dashed curves apart where they cross; the run's own has none, and one
    // radius for all points lets Chart.js work out their looks once.
    pointRadius: role === 'candidate' ? data.map((_, index) => (index % 24 === 12 ? 4 : 0)) : 0,
    pointStyle: role === 'candidate' ? marker : 'line',
    pointHitRadius: 8,
    pointHoverRadius: 5,
  };
}
