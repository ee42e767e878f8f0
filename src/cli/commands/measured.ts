import { withBaseline } from '../../core/advise/lossCurves.ts';
import {
  compareGap,
  endOf,
  predictedGaps,
  type GapComparison,
} from '../../core/advise/measuredGap.ts';
import { nearestMeasurements, type Neighbour } from '../../core/advise/nearestMeasurements.ts';
import { mostLogCharacters, readLosses } from '../../core/calibrate/readLosses.ts';
import { formatById, formats } from '../../core/formats/registry.ts';
import { lawsInForce, type Calibration } from '../../core/laws/calibration.ts';
import { gradeOf, type Forecast, type RunPoint } from '../../core/laws/law.ts';
import { pointFor } from '../../core/laws/point.ts';
import { formatName } from '../../core/present/formats.ts';
import { forecastJson, formatJson } from '../../core/present/json.ts';
import { rounded } from '../../core/present/numbers.ts';
import { gradeWords } from '../../core/present/lawsTable.ts';
import {
  gapVerdict,
  measurementGap,
  measurementName,
  measurementStatus,
  measuringCaveats,
  neighbourDistance,
  noGapReason,
} from '../../core/present/measuredGap.ts';
import { needWords } from '../../core/present/needs.ts';
import { count, gapNats, plain } from '../../core/present/numbers.ts';
import { lawLabel } from '../../core/present/words.ts';
import type { MeasuredLosses } from '../../core/run/measured.ts';
import { defaultSettings } from '../../core/run/settings.ts';
import { tokensPerStep } from '../../core/run/tokensPerStep.ts';
import { analyseFile } from '../analyseFile.ts';
import {
  blockOption,
  countOption,
  operandsOption,
  required,
  unknownId,
  UsageError,
} from '../args.ts';
import { calibratedLaw, calibrationOption } from '../calibration.ts';
import { readText } from '../readText.ts';
import { exitCodes, type Io } from '../io.ts';
import { OtherFiles } from '../otherFiles.ts';
import { bold, columns, printJson, printLines, type Line } from '../output.ts';

const mostNeighbours = 3;

/** The run that a log is compared with, as far as it is known before the log is read. */
interface Subject {
  /** Of a run that no config describes, D is where the log ends. */
  readonly pointAt: (endTokens: number) => RunPoint | null;
  readonly tokensPerStep: number | null;
  readonly calibration: Calibration | null;
  /** The law that the config or the settings name. */
  readonly law: string | undefined;
}

interface Values {
  readonly baseline?: string;
  readonly config?: string;
  readonly parameters?: string;
  readonly format?: string;
  readonly block?: string;
  readonly operands?: string;
  readonly 'tokens-per-step'?: string;
  readonly law?: string;
  readonly calibration?: string;
  readonly json?: boolean;
}

/** `floatcast measured`: a run's own losses over the forecast: is its gap normal? */
export async function measured(
  values: Values,
  positionals: readonly string[],
  io: Io,
): Promise<number> {
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) {
    throw new UsageError('measured needs one loss log, as CSV, JSONL or JSON.');
  }
  const subject =
    values.config === undefined ? subjectOf(values) : await subjectOfConfig(values.config, io);
  const perStep =
    countOption('tokens-per-step', values['tokens-per-step']) ?? subject.tokensPerStep;
  const run = await readLog(io, file, perStep);
  const losses =
    values.baseline === undefined
      ? run
      : withBaseline(run, await readLog(io, values.baseline, perStep));
  const end = endOf(losses.points)?.tokens ?? 0;
  const point = subject.pointAt(losses.points.at(-1)?.tokens ?? end);
  if (!point) throw new UsageError('No law can be asked about these numbers.');
  const calibration = (await calibrationOption(values.calibration, io)) ?? subject.calibration;
  const law = calibratedLaw(values.law ?? subject.law, calibration);
  const laws = lawsInForce(calibration);
  const comparison = compareGap(losses, point, law, laws);
  const why = noGapReason(losses, point, comparison);
  const answer: Answer = {
    losses,
    point,
    comparison: why === null ? comparison : null,
    why,
    predicted: predictedGaps({ ...point, tokens: end }, law, laws),
    neighbours: nearestMeasurements({ ...point, tokens: end }, mostNeighbours),
    endTokens: end,
  };
  if (values.json) printJson(io, answerJson(answer));
  else printLines(io, answerLines(answer));
  return exitCodes.clean;
}

interface Answer {
  readonly losses: MeasuredLosses;
  readonly point: RunPoint;
  readonly comparison: GapComparison | null;
  /** Why there is no comparison, a sentence, or null. */
  readonly why: string | null;
  readonly predicted: readonly Forecast[];
  readonly neighbours: readonly Neighbour[];
  readonly endTokens: number;
}

function subjectOf(values: {
  readonly parameters?: string;
  readonly format?: string;
  readonly block?: string;
  readonly operands?: string;
}): Subject {
  if (values.parameters === undefined && values.format === undefined) {
    throw new UsageError('Either --config or --parameters and --format are needed.');
  }
  const parameters = required('parameters', countOption('parameters', values.parameters));
  const format = required('format', values.format);
  if (!formatById(format)) throw unknownId('format', format, [...formats, { id: 'e<E>m<M>' }]);
  const scaling = blockOption(values.block);
  const operands = operandsOption(values.operands);
  return {
    pointAt: (tokens) => pointFor({ parameters, tokens, format, ...scaling, operands }),
    tokensPerStep: null,
    calibration: null,
    law: undefined,
  };
}

async function subjectOfConfig(file: string, io: Io): Promise<Subject> {
  const text = await readText(io.cwd, file);
  const read = await analyseFile(file, text, defaultSettings, new OtherFiles(io.cwd));
  if ('problem' in read) throw new UsageError(read.problem);
  const run = read.analysis.runs.find(({ point }) => point !== null);
  if (!run) {
    const need = read.analysis.runs.flatMap(({ needs }) => needs)[0];
    throw new UsageError(
      need === undefined
        ? `${file} describes no training run that a law can be asked about.`
        : `${file} does not say enough; ${needWords(need)}.`,
    );
  }
  return {
    pointAt: () => run.point,
    tokensPerStep: tokensPerStep(run.run.tokens),
    calibration: run.calibration,
    law: run.forecast?.law,
  };
}

async function readLog(io: Io, file: string, perStep: number | null): Promise<MeasuredLosses> {
  const text = await readText(io.cwd, file, mostLogCharacters);
  if (text === 'too large')
    throw new UsageError(`${file} is larger than ${mostLogCharacters / 1e6} MB.`);
  if ('problem' in text) throw new UsageError(text.problem);
  const read = readLosses(file, text.text, { tokensPerStep: perStep });
  if ('error' in read) throw new UsageError(read.error);
  return read;
}

function answerJson({
  losses,
  point,
  comparison,
  why,
  predicted,
  neighbours,
  endTokens,
}: Answer): unknown {
  const factor = comparison?.place?.factor ?? null;
  return {
    file: losses.name,
    parameters: point.parameters,
    tokens: point.tokens,
    format: formatJson(point),
    measured: comparison && {
      tokens: Math.round(comparison.end.tokens),
      gap: rounded(comparison.end.value),
      uncertainty: comparison.end.uncertainty === null ? null : rounded(comparison.end.uncertainty),
    },
    verdict: comparison?.place?.kind ?? null,
    factor: factor === null ? null : rounded(factor),
    band: comparison?.band?.map(rounded) ?? null,
    predicted: predicted.map(forecastJson),
    nearest: neighbours.map(({ measurement, distance }) => ({
      dataset: measurement.dataset,
      recipe: measurement.recipe,
      parameters: measurement.point.parameters,
      tokens: measurement.point.tokens,
      format: formatJson(measurement.point),
      gap: measurement.gap,
      kind: measurement.kind,
      status: measurement.status,
      distance: rounded(distance),
      caveat: measurement.caveat,
      source: measurement.source,
    })),
    notes: [...(why === null ? [] : [why]), ...measuringCaveats(losses, point, endTokens)],
  };
}

function answerLines({
  losses,
  point,
  comparison,
  why,
  predicted,
  neighbours,
  endTokens,
}: Answer): readonly Line[] {
  const end = comparison?.end.value ?? null;
  const laws = predicted.map((forecast) => {
    const grade = gradeOf(forecast);
    const { gap, interval } = forecast;
    return [
      lawLabel(forecast),
      gap === null ? '–' : gapNats(gap),
      interval === null ? '–' : `${gapNats(interval[0])} to ${gapNats(interval[1])}`,
      end === null || gap === null || gap <= 0
        ? '–'
        : `${plain(Number((end / gap).toPrecision(2)))}×`,
      grade === null ? '' : gradeWords(grade),
    ];
  });
  const nearest = neighbours.map((neighbour) => [
    measurementName(neighbour.measurement),
    measurementGap(neighbour.measurement),
    neighbour.measurement.recipe,
    measurementStatus(neighbour.measurement),
    neighbourDistance(neighbour),
  ]);
  return [
    bold(
      `${losses.name} · ${formatName(point)} · N ${count(point.parameters)} linear · ` +
        `D ${count(point.tokens)} tokens`,
    ),
    '',
    ...(comparison ? gapVerdict(comparison) : [why ?? '']),
    ...(laws.length > 0
      ? [
          '',
          ...columns(
            [
              ['Law', 'predicted', '90 %', 'measured / predicted', 'how far to lean on it'],
              ...laws,
            ],
            [1, 2, 3],
          ),
        ]
      : []),
    ...(nearest.length > 0
      ? [
          '',
          ...columns(
            [['Measured in public', 'gap', 'recipe', 'known', 'from this run'], ...nearest],
            [1],
          ),
        ]
      : []),
    '',
    ...measuringCaveats(losses, point, endTokens),
    'Gaps in nats per token.',
  ];
}
