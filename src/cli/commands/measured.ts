import { gapAnswer, type GapAnswer } from '../../core/advise/gapAnswer.ts';
import { withBaseline } from '../../core/advise/lossCurves.ts';
import type { LogUnits } from '../../core/calibrate/lossCurve.ts';
import { mostLogCharacters, readLosses } from '../../core/calibrate/readLosses.ts';
import { formatById, formats } from '../../core/formats/registry.ts';
import { lawsInForce, type Calibration } from '../../core/laws/calibration.ts';
import type { RunPoint } from '../../core/laws/law.ts';
import { courseSource } from '../../core/laws/measurements/courses.ts';
import { pointFor } from '../../core/laws/point.ts';
import { gapReport } from '../../core/present/gapReport.ts';
import { forecastJson, formatJson } from '../../core/present/json.ts';
import { measuringCaveats, noGapReason } from '../../core/present/measuredGap.ts';
import { needWords } from '../../core/present/needs.ts';
import { rounded } from '../../core/present/numbers.ts';
import type { MeasuredLosses } from '../../core/run/measured.ts';
import { defaultSettings } from '../../core/run/settings.ts';
import { sequenceLength, tokensPerStep } from '../../core/run/tokensPerStep.ts';
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

/** The run that a log is compared with, as far as it is known before the log is read. */
interface Subject {
  /** Of a run that no config describes, D is where the log ends. */
  readonly pointAt: (endTokens: number) => RunPoint | null;
  readonly tokensPerStep: number | null;
  readonly sequenceLength: number | null;
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
  readonly tokens?: string;
  readonly 'tokens-per-step'?: string;
  readonly 'sequence-length'?: string;
  readonly 'bytes-per-token'?: string;
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
    throw new UsageError(
      'measured needs one loss log: what a framework printed, CSV, JSONL or JSON.',
    );
  }
  const subject =
    values.config === undefined ? subjectOf(values) : await subjectOfConfig(values.config, io);
  const units: LogUnits = {
    tokensPerStep:
      countOption('tokens-per-step', values['tokens-per-step']) ?? subject.tokensPerStep,
    sequenceLength:
      countOption('sequence-length', values['sequence-length']) ?? subject.sequenceLength,
    bytesPerToken: countOption('bytes-per-token', values['bytes-per-token']) ?? null,
  };
  const run = await readLog(io, file, units);
  const losses =
    values.baseline === undefined
      ? run
      : withBaseline(run, await readLog(io, values.baseline, units));
  const point = subject.pointAt(losses.points.at(-1)?.tokens ?? 0);
  if (!point) throw new UsageError('No law can be asked about these numbers.');
  const calibration = (await calibrationOption(values.calibration, io)) ?? subject.calibration;
  const law = calibratedLaw(values.law ?? subject.law, calibration);
  const answer = gapAnswer(losses, point, law, lawsInForce(calibration));
  if (values.json) printJson(io, answerJson(answer));
  else printLines(io, answerLines(answer));
  return exitCodes.clean;
}

function subjectOf(values: {
  readonly parameters?: string;
  readonly format?: string;
  readonly block?: string;
  readonly operands?: string;
  readonly tokens?: string;
}): Subject {
  if (values.parameters === undefined && values.format === undefined) {
    throw new UsageError('Either --config or --parameters and --format are needed.');
  }
  const parameters = required('parameters', countOption('parameters', values.parameters));
  const format = required('format', values.format);
  if (!formatById(format)) throw unknownId('format', format, [...formats, { id: 'e<E>m<M>' }]);
  const scaling = blockOption(values.block);
  const operands = operandsOption(values.operands);
  const tokens = countOption('tokens', values.tokens);
  return {
    pointAt: (end) => pointFor({ parameters, tokens: tokens ?? end, format, ...scaling, operands }),
    tokensPerStep: null,
    sequenceLength: null,
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
    sequenceLength: sequenceLength(run.run.tokens),
    calibration: run.calibration,
    law: run.forecast?.law,
  };
}

async function readLog(io: Io, file: string, units: LogUnits): Promise<MeasuredLosses> {
  const text = await readText(io.cwd, file, mostLogCharacters);
  if (text === 'too large')
    throw new UsageError(`${file} is larger than ${mostLogCharacters / 1e6} MB.`);
  if ('problem' in text) throw new UsageError(text.problem);
  const read = readLosses(file, text.text, units);
  if ('error' in read) throw new UsageError(read.error);
  return read;
}

function answerJson({
  losses,
  point,
  comparison: compared,
  predicted,
  neighbours,
  endTokens,
}: GapAnswer): unknown {
  const why = noGapReason(losses, point, compared);
  const comparison = why === null ? compared : null;
  const factor = (comparison?.early?.place ?? comparison?.place)?.factor ?? null;
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
    verdict: (comparison?.early?.place ?? comparison?.place)?.kind ?? null,
    early: comparison?.early
      ? {
          share: rounded(comparison.early.share),
          normal: comparison.early.normal.map(rounded),
          timesTheEnd: comparison.early.stage.midRun,
          runs: comparison.early.stage.runs,
          source: courseSource,
        }
      : null,
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

function answerLines(found: GapAnswer): readonly Line[] {
  const { title, answer, laws, nearest, caveats } = gapReport(found);
  return [
    bold(title),
    '',
    ...answer,
    ...(laws.length > 0 ? ['', ...columns(laws, [1, 2, 3])] : []),
    ...(nearest.length > 0 ? ['', ...columns(nearest, [1])] : []),
    '',
    ...caveats,
  ];
}
