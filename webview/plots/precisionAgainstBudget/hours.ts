import type { ChartDataset } from 'chart.js';
import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import { candidates } from '../../../src/core/advise/candidates.ts';
import { computeOptimal } from '../../../src/core/advise/computeOptimal.ts';
import { acceleratorHours, bf16FlopPerHour } from '../../../src/core/advise/cost.ts';
import {
  bestAtEachRate,
  formatForHours,
  type FormatForHours,
} from '../../../src/core/advise/formatForHours.ts';
import type { Accelerator } from '../../../src/core/hardware/accelerator.ts';
import type { RunPoint } from '../../../src/core/laws/law.ts';
import { spendingAssumptions } from '../../../src/core/present/cost.ts';
import { formatName } from '../../../src/core/present/formats.ts';
import { count, lossNats, plain } from '../../../src/core/present/numbers.ts';
import { lawPhrase } from '../../../src/core/present/words.ts';
import { bitsDot, bitsLine, bitsOptions, closedFormScaling, fewTokens } from './parts.ts';
import {
  cell,
  decades,
  logSteps,
  nothingToDraw,
  roundCount,
  speakerOf,
  type CurvePoint,
  type Palette,
  type PlotInput,
  type PlotView,
} from '../plot.ts';

/** Fewer than of a closed form: each point searches over N in every format. */
const steps = 33;

/** A budget, the format that spends it best, and what bits the bit-linear cost would choose. */
interface Best extends FormatForHours {
  readonly hours: number;
  readonly linearBits: number | null;
}

/** Bits of the format that spends accelerator-hours best; at `parameters`, or choosing N too. */
export function hoursView(input: PlotInput, parameters: number | null): PlotView {
  const { explored, law, accelerator, palette } = input;
  const { point } = explored;
  const flopPerHour = accelerator && bf16FlopPerHour(accelerator);
  if (!accelerator || flopPerHour === null) {
    return nothingToDraw(
      'GPU-hours need an accelerator: the setting floatcast.hardware, or a line such as ' +
        '# floatcast: hardware=h100 in the file.',
    );
  }
  if (law.stage === 'post-training') {
    return nothingToDraw(`The ${law.name} law is not about training in a format.`);
  }
  if (law.operands.length === 0) {
    return nothingToDraw(`The ${law.name} law knows no number format, so it cannot choose one.`);
  }
  const points = bestAtEachRate(candidates(law, point, accelerator), accelerator);
  const twins = points.filter(({ format }) => format === 'bf16');
  const bestAt = (hours: number): Best | null => {
    const found = formatForHours(law, points, accelerator, hours, parameters);
    return (
      found && { ...found, hours, linearBits: linearBits(input, hours * flopPerHour, parameters) }
    );
  };
  const ownHours = acceleratorHours(accelerator, point);
  const chosen = explored.compute !== explored.ownCompute;
  const here = chosen || ownHours === null ? explored.compute / flopPerHour : ownHours;
  const answer = bestAt(here);
  if (!answer)
    return nothingToDraw(`The ${law.name} law speaks of no format of ${accelerator.name}.`);
  const range = input.range ?? [here / 1000, here * 10_000];
  const curve = logSteps(range, steps).flatMap((hours) => bestAt(hours) ?? []);
  const sets = datasetsOf(curve, answer, { point, ownHours }, input, parameters === null);
  const few = parameters === null && curve.some(isFew);
  return {
    chart: {
      type: 'line',
      data: { datasets: sets.map(({ dataset }) => dataset) },
      options: bitsOptions(
        palette,
        { title: `Hours of one ${accelerator.name}`, range, write: roundCount },
        [...curve.map((each) => each.point.bits), point.bits],
        namesOn(curve, palette),
      ),
    },
    table: tableOf(
      [answer, ...decades(range).flatMap((hours) => (hours === here ? [] : (bestAt(hours) ?? [])))],
      (hours) => formatForHours(law, twins, accelerator, hours, parameters)?.loss ?? null,
    ),
    headline: null,
    caption: captionOf(input, accelerator, parameters, few),
    asides: [spendingAssumptions('hours', accelerator)],
    summary:
      `Best format for a budget of GPU-hours by ${lawPhrase(speakerOf(law, point))}: ` +
      `${nameAt(curve[0])}, to ` +
      `${nameAt(curve.at(-1))}. At ${count(here)} GPU-hours it is ${formatName(answer.point)}, with ` +
      `${count(answer.point.parameters)} parameters, ${count(answer.point.tokens)} tokens and loss ` +
      `${lossNats(answer.loss)}; the run has ${formatName(point)}.`,
    describe(dataset, index) {
      return sets[dataset]?.words[index] ?? '';
    },
    range,
    height: null,
  };
}

/** The name of each format where its part of the line begins. */
function namesOn(curve: readonly Best[], palette: Palette): readonly AnnotationOptions[] {
  return curve
    .filter(({ point }, at) => curve[at - 1]?.point.format !== point.format)
    .map(({ hours, point }) => ({
      id: `name-${point.format}-${hours}`,
      type: 'label',
      xValue: hours,
      yValue: point.bits,
      content: formatName(point),
      color: palette.foreground,
      font: { ...palette.font },
      position: { x: 'start', y: 'end' },
      xAdjust: 4,
      yAdjust: -2,
    }));
}

/** The bits that the bit-linear cost chooses for the compute that the hours buy in BF16. */
function linearBits({ law, explored }: PlotInput, compute: number, parameters: number | null) {
  const scaling = closedFormScaling(explored.point);
  const question =
    parameters === null
      ? ({ scaling, fixed: 'compute', compute } as const)
      : ({ scaling, fixed: 'parameters', parameters, compute } as const);
  return computeOptimal(law, question).bits;
}

interface Set {
  readonly dataset: ChartDataset<'line', CurvePoint[]>;
  readonly words: readonly string[];
}

function datasetsOf(
  curve: readonly Best[],
  answer: Best,
  run: { readonly point: RunPoint; readonly ownHours: number | null },
  { palette }: PlotInput,
  freeSize: boolean,
): readonly Set[] {
  const linear = curve.flatMap(({ hours, linearBits: bits }) =>
    bits === null ? [] : [{ x: hours, y: bits }],
  );
  const stepped = (label: string, part: readonly Best[], dash: number[]): Set => ({
    dataset: bitsLine(
      label,
      part.map(({ hours, point }) => ({ x: hours, y: point.bits })),
      palette.run,
      { borderDash: dash, stepped: 'before' },
    ),
    words: part.map(
      (each) => `${label} at ${count(each.hours)} GPU-hours: ${formatName(each.point)}`,
    ),
  });
  const firstFew = freeSize ? curve.findIndex(isFew) : -1;
  const sound = firstFew < 0 ? curve : curve.slice(0, firstFew);
  const few = firstFew < 0 ? [] : curve.slice(Math.max(0, firstFew - 1));
  const own = `This run (${formatName(run.point)})`;
  return [
    ...(sound.length > 0 ? [stepped('Best format', sound, [])] : []),
    ...(few.length > 0 ? [stepped('Best format, D / N below 1', few, [2, 4])] : []),
    ...(linear.length > 0
      ? [
          {
            dataset: bitsLine('Bit-linear optimum', linear, palette.twin, { borderDash: [6, 4] }),
            words: linear.map(
              ({ x, y }) => `Bit-linear optimum at ${count(x)} GPU-hours of BF16: ${plain(y)} bits`,
            ),
          },
        ]
      : []),
    {
      dataset: bitsDot(
        'Best format at this budget',
        { x: answer.hours, y: answer.point.bits },
        palette.critical,
        palette,
        'star',
      ),
      words: [`At ${count(answer.hours)} GPU-hours: ${formatName(answer.point)}`],
    },
    ...(run.ownHours === null
      ? []
      : [
          {
            dataset: bitsDot(
              own,
              { x: run.ownHours, y: run.point.bits },
              palette.foreground,
              palette,
              'circle',
            ),
            words: [`${own} takes ${count(run.ownHours)} GPU-hours`],
          },
        ]),
  ];
}

function isFew({ point }: Best): boolean {
  return point.tokens < point.parameters;
}

function nameAt(best: Best | undefined): string {
  return best ? `${formatName(best.point)} at ${count(best.hours)}` : 'none';
}

function tableOf(
  rows: readonly Best[],
  bf16Loss: (hours: number) => number | null,
): PlotView['table'] {
  return {
    columns: [
      ...['GPU-hours', 'Best format', 'Bits', 'Bits by bit-linear cost', 'Parameters N'],
      ...['Tokens D', 'D / N', 'Loss', 'Loss in BF16'],
    ],
    rows: rows.map(({ hours, point, loss, linearBits: bits }) => [
      cell(hours, count),
      { text: formatName(point), value: formatName(point) },
      cell(point.bits, plain),
      cell(bits, plain),
      cell(point.parameters, count),
      cell(point.tokens, count),
      cell(point.tokens / point.parameters, plain),
      cell(loss, lossNats),
      cell(bf16Loss(hours), lossNats),
    ]),
  };
}

function captionOf(
  { law, explored }: PlotInput,
  accelerator: Accelerator,
  parameters: number | null,
  few: boolean,
): string {
  const chosen =
    parameters === null
      ? 'when N and D are chosen with it'
      : `at ${count(explored.point.parameters)} linear parameters`;
  return [
    `Format of least loss for a budget of GPU-hours, ${chosen}, searched by ` +
      `${lawPhrase(speakerOf(law, explored.point))} among those that ${accelerator.name} multiplies.`,
    ...(law.optimum
      ? ['Dashed: bits by the bit-linear cost, for the compute that the hours buy in BF16.']
      : []),
    ...(few ? [fewTokens] : []),
  ].join(' ');
}
