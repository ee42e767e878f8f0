import type { ChartDataset } from 'chart.js';
import { inWindows } from '../../../src/core/advise/lossCurves.ts';
import { comparableLaws, type GapComparison } from '../../../src/core/advise/measuredGap.ts';
import type { Law, RunPoint } from '../../../src/core/laws/law.ts';
import { lawLabel } from '../../../src/core/present/words.ts';
import type { LossPoint, MeasuredLosses } from '../../../src/core/run/measured.ts';
import {
  logSteps,
  speakerOf,
  type CurvePoint,
  type Palette,
  type PlotInput,
  type Range,
} from '../plot.ts';

const steps = 81;
/** Tells the lines of the other laws apart without their colour. */
const dashes = [
  [2, 3],
  [6, 4],
  [10, 3, 2, 3],
  [1, 5],
  [12, 4],
  [4, 2, 1, 2],
  [8, 2],
] as const;
/** Points of a loss curve that are drawn, each the median of its stretch. */
const drawnPoints = 300;

/** One curve of the picture and how it is drawn. */
export interface Line {
  readonly name: string;
  readonly points: readonly CurvePoint[];
  readonly look: Partial<ChartDataset<'line', CurvePoint[]>>;
}

/** The measured gap over the leading law's, the other laws' and the pooled law's interval. */
export function gapLines(
  comparison: GapComparison,
  range: Range,
  { explored: { point }, law, laws, palette }: PlotInput,
): readonly Line[] {
  const along = logSteps(range, steps);
  const spoken = comparableLaws(law, laws);
  const pooled = spoken.find(({ id }) => id === 'pooled');
  const interval = (law: Law, end: 0 | 1) =>
    along.flatMap((x): CurvePoint[] => {
      const y = law.forecast({ ...point, tokens: x }).interval?.[end];
      return y === undefined ? [] : [{ x, y }];
    });
  const edge = (color: string, borderDash: readonly number[]) => ({
    borderColor: color,
    backgroundColor: color,
    borderWidth: 1.5,
    borderDash: [...borderDash],
  });
  const third = palette.candidates[0] ?? palette.foreground;
  const [lead, ...others] = spoken.map((each, at): Line => {
    const curve = each.curve(point);
    const leads = each.id === law.id;
    const points = along.flatMap((x): CurvePoint[] => {
      const { gap } = curve(x);
      return gap === null ? [] : [{ x, y: gap }];
    });
    const look = leads
      ? { ...edge(palette.critical, []), borderWidth: 2 }
      : edge(palette.twin, dashes[at % dashes.length] ?? []);
    return { name: `${leads ? 'Predicted, ' : ''}${nameOf(each, point)}`, points, look };
  });
  return [
    ...others,
    ...(pooled
      ? [
          {
            name: `${nameOf(pooled, point)}, 90 % from`,
            points: interval(pooled, 0),
            look: edge(third, [2, 3]),
          },
          {
            name: `${nameOf(pooled, point)}, 90 % to`,
            points: interval(pooled, 1),
            look: edge(third, [6, 4]),
          },
        ]
      : []),
    ...(lead ? [lead] : []),
    {
      name: 'Measured',
      points: comparison.course.map(({ tokens, gap }) => ({ x: tokens, y: gap })),
      look: measuredLook(palette),
    },
  ];
}

/** The measured losses, moved by `offset`, over the leading law's curve and its BF16 one. */
export function lossLines(
  { points, baseline }: MeasuredLosses,
  offset: number,
  range: Range,
  { explored: { point }, law, palette }: PlotInput,
): readonly Line[] {
  const along = logSteps(range, steps);
  const curve = law.curve(point);
  const predicted = (pick: 'loss' | 'bf16Loss') =>
    along.flatMap((x): CurvePoint[] => {
      const y = curve(x)[pick];
      return y === null ? [] : [{ x, y }];
    });
  const laid = (losses: readonly LossPoint[]): CurvePoint[] =>
    inWindows(
      losses.filter(({ tokens }) => tokens >= range[0]),
      drawnPoints,
    ).map(({ tokens, loss }) => ({ x: tokens, y: loss + offset }));
  const line = (color: string, borderDash: number[]) => ({
    borderColor: color,
    backgroundColor: color,
    borderWidth: 2,
    borderDash,
  });
  const third = palette.candidates[0] ?? palette.foreground;
  return [
    {
      name: `BF16 twin, ${nameOf(law, point)}`,
      points: predicted('bf16Loss'),
      look: line(palette.twin, [6, 4]),
    },
    {
      name: `Predicted, ${nameOf(law, point)}`,
      points: predicted('loss'),
      look: line(palette.critical, []),
    },
    ...(baseline
      ? [{ name: 'Measured BF16 twin', points: laid(baseline), look: line(third, [2, 3]) }]
      : []),
    { name: 'Measured', points: laid(points), look: measuredLook(palette) },
  ];
}

function nameOf(law: Law, point: RunPoint): string {
  return lawLabel(speakerOf(law, point));
}

function measuredLook({ run }: Palette) {
  return { borderColor: run, backgroundColor: run, borderWidth: 2.5 };
}
