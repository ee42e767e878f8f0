import type { ChartConfiguration, ChartOptions, Color } from 'chart.js';
import type { Accelerator } from '../../src/core/hardware/accelerator.ts';
import type { Law, RunPoint } from '../../src/core/laws/law.ts';
import { pointFor } from '../../src/core/laws/point.ts';
import { count, gapNats } from '../../src/core/present/numbers.ts';
import type { Speaker } from '../../src/core/present/words.ts';
import type { MeasuredLosses } from '../../src/core/run/measured.ts';
import type { ComparedRun } from '../../src/protocol/messages.ts';
import type { Explored } from '../explored.ts';

/** The colours of a plot, by what they stand for, and the page's font. */
export interface Palette {
  readonly foreground: string;
  readonly muted: string;
  readonly grid: string;
  readonly background: string;
  readonly run: string;
  readonly twin: string;
  readonly critical: string;
  readonly candidates: readonly string[];
  /** Lies over what the law was not fitted on; see-through. */
  readonly shade: string;
  /** Fills the band between laws that disagree; see-through. */
  readonly band: string;
  /** From the least gap to the greatest: two shades for within a target, two for beyond it. */
  readonly shades: readonly string[];
  /** Fills what hardware has: hatched, so that colour is not the only sign. */
  readonly hatch: Color;
  readonly font: { readonly family: string; readonly size: number };
}

/** All a plot may look at. */
export interface PlotInput {
  readonly explored: Explored;
  /** The law that leads, and every law, both with the calibration in force. */
  readonly law: Law;
  readonly laws: readonly Law[];
  readonly accelerator: Accelerator | null;
  readonly gapTarget: number;
  /** What an hour of one accelerator costs, or null. */
  readonly pricePerHour: number | null;
  /** The run's own loss log, when one was picked. */
  readonly measured: MeasuredLosses | null;
  /** What the config in view is called, and the runs that it is compared with. */
  readonly name: string;
  readonly compared: readonly ComparedRun[];
  /** Id of one of the plot's variants. */
  readonly variant: string;
  /** The horizontal range a person chose, or null. */
  readonly range: Range | null;
  readonly palette: Palette;
}

export type Range = readonly [number, number];

/** One cell of a table: as a person reads it, and the full number for the export. */
export interface Cell {
  readonly text: string;
  readonly value: string | number | null;
}

export interface Table {
  readonly columns: readonly string[];
  /** The first cell of a row is its heading. */
  readonly rows: readonly (readonly Cell[])[];
}

/** A point of a curve. Both numbers are finite. */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/** The two kinds of chart that the plots are made of. */
export type PlotChart =
  ChartConfiguration<'line', CurvePoint[]> | ChartConfiguration<'bar', (number | null)[], string>;

/** What a plot shows: plain data, made without a page. */
export interface PlotView {
  /** Null when there is nothing to draw; `summary` then says why. */
  readonly chart: PlotChart | null;
  readonly table: Table;
  /** What the picture answers, in a sentence that stands above it, or null. */
  readonly headline: string | null;
  /** What is drawn, whole sentences. */
  readonly caption: string;
  /** What else to know: assumptions, reasons, caveats; whole sentences, each on a line of its own. */
  readonly asides: readonly string[];
  /** The picture in one or two sentences, for those who do not see it. */
  readonly summary: string;
  /** One point in words, for the tooltip and the screen reader. */
  describe(dataset: number, index: number): string;
  /** The horizontal range drawn, or null where it is not for a person to choose. */
  readonly range: Range | null;
  /** Height that the chart needs, in CSS pixels, or null for the usual one. */
  readonly height: number | null;
}

/** One plot of the Trade-off Explorer. */
export interface Plot {
  readonly id: string;
  readonly title: string;
  /** What the variants choose between, and at least one of them, the first being the usual one. */
  readonly variantLabel: string;
  readonly variants: readonly { readonly id: string; readonly name: string }[];
  /** What the button says that asks the host for its data; absent where it needs none. */
  readonly load?: string;
  config(input: PlotInput): PlotView;
}

/** A view without a picture: one sentence says why. */
export function nothingToDraw(sentence: string): PlotView {
  return {
    chart: null,
    table: { columns: [], rows: [] },
    headline: null,
    caption: '',
    asides: [],
    summary: sentence,
    describe: () => '',
    range: null,
    height: null,
  };
}

/** A law, and the file that its constants come from when they are a team's own. */
export function speakerOf(law: Law, { parameters, tokens }: RunPoint): Speaker {
  const inFull = pointFor({ parameters, tokens, format: 'bf16' });
  // Of a run in 16 bits every law of training speaks.
  return { law: law.id, calibration: (inFull && law.forecast(inFull).calibration) ?? null };
}

/** A gap that a law says, with the two digits that laws earn beyond what they were fitted on. */
export function lawGap(gap: number): string {
  return gapNats(gap, 2);
}

/** A cell of a number that may be absent. */
export function cell(value: number | null, write: (value: number) => string): Cell {
  return value === null ? { text: '–', value: null } : { text: write(value), value };
}

/** Numbers from `low` to `high`, evenly spaced on a logarithmic axis, both ends included. */
export function logSteps([low, high]: Range, steps: number): readonly number[] {
  const ratio = Math.log(high / low) / (steps - 1);
  return Array.from({ length: steps }, (_, step) =>
    step === steps - 1 ? high : low * Math.exp(ratio * step),
  );
}

/** The powers of ten within a range. */
export function decades([low, high]: Range): readonly number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, step) =>
    Number(`1e${first + step}`),
  );
}

/** The numbers that a logarithmic axis names: powers of ten, thinned out or with 2 and 5 between. */
export function logTicks(range: Range): readonly number[] {
  const powers = decades(range);
  if (powers.length > 7) return powers.filter((_, at) => at % 2 === 0);
  if (powers.length > 2) return powers;
  const [low, high] = range;
  const first = 10 ** Math.floor(Math.log10(low));
  return Array.from({ length: 4 }, (_, step) => first * 10 ** step)
    .flatMap((power) => [power, 2 * power, 5 * power])
    .filter((value) => value >= low && value <= high);
}

/** A count as an axis says it: without the digits that a power of ten does not need. */
export function roundCount(value: number): string {
  return withoutNoughts(count(value));
}

/** A written number without noughts after its point: `1.00 K` as `1 K`, `1.50 K` as `1.5 K`. */
export function withoutNoughts(written: string): string {
  return written.replace(/(\.\d{0,16}?)0+(?=\D|$)/, '$1').replace(/\.(?=\D|$)/, '');
}

/** Options that every chart shares: the theme's colours and font, and no motion. */
export function sharedOptions({ foreground, muted, grid, background, font }: Palette) {
  const scale = (title: string) => ({
    title: { display: true, text: title, color: foreground, font: { ...font } },
    grid: { color: grid, tickColor: grid },
    border: { color: muted },
    ticks: { color: foreground, font: { ...font }, maxRotation: 0, autoSkipPadding: 12 },
  });
  /** A logarithmic axis over a range, its ticks written by `write`. */
  const logarithmic = (title: string, range: Range, write: (value: number) => string) => {
    const { ticks, ...rest } = scale(title);
    return {
      ...rest,
      type: 'logarithmic' as const,
      min: range[0],
      max: range[1],
      afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
        axis.ticks = logTicks(range).map((value) => ({ value }));
      },
      ticks: {
        ...ticks,
        callback: (value: string | number) => write(Number(value)),
      },
    };
  };
  const shared = {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    font: { ...font },
    color: foreground,
  } satisfies ChartOptions;
  /** The label of an annotated line. */
  const label = (content: string, color: string) => ({
    display: true,
    content,
    color,
    backgroundColor: background,
    font: { ...font, weight: 'normal' as const },
    padding: 3,
  });
  /** The gap target as a dotted line across, named at one of its ends. */
  const gapTargetLine = (gapTarget: number, position: 'start' | 'end') => ({
    id: 'target',
    type: 'line' as const,
    scaleID: 'y',
    value: gapTarget,
    borderColor: muted,
    borderWidth: 1,
    borderDash: [2, 2],
    drawTime: 'beforeDatasetsDraw' as const,
    label: { ...label(`gap target ${gapTarget}`, foreground), position },
  });
  return { shared, scale, logarithmic, label, gapTargetLine };
}
