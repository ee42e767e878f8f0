import { formatById, formatOfLayout, formats } from '../../core/formats/registry.ts';
import { gradeOf, type Forecast, type Law, type RunPoint } from '../../core/laws/law.ts';
import { pointFor } from '../../core/laws/point.ts';
import { lawsInForce } from '../../core/laws/calibration.ts';
import { spreadSentence } from '../../core/present/disagreement.ts';
import { formatName } from '../../core/present/formats.ts';
import { forecastJson, formatJson } from '../../core/present/json.ts';
import {
  criticalWords,
  gradeWords,
  intervalWords,
  variantSentences,
} from '../../core/present/lawsTable.ts';
import { count, gapNats, lossNats, percent } from '../../core/present/numbers.ts';
import { qatAdvice } from '../../core/present/postTraining.ts';
import { lawLabel } from '../../core/present/words.ts';
import {
  blockOption,
  countOption,
  integerOption,
  operandsOption,
  required,
  unknownId,
  UsageError,
} from '../args.ts';
import { calibratedLaw, calibrationOption } from '../calibration.ts';
import { exitCodes, type Io } from '../io.ts';
import { bold, columns, printJson, printLines, widthOf, type Line } from '../output.ts';

interface Values {
  readonly parameters?: string;
  readonly tokens?: string;
  readonly format?: string;
  readonly 'exponent-bits'?: string;
  readonly 'mantissa-bits'?: string;
  readonly block?: string;
  readonly operands?: string;
  readonly law?: string;
  readonly calibration?: string;
  readonly verbose?: boolean;
  readonly json?: boolean;
}

/** `floatcast forecast`: what the laws say of a size, a token count and a format. */
export async function forecast(values: Values, _: readonly string[], io: Io): Promise<number> {
  const point = pointFor({
    parameters: required('parameters', countOption('parameters', values.parameters)),
    tokens: required('tokens', countOption('tokens', values.tokens)),
    format: formatOption(
      values.format,
      integerOption('exponent-bits', values['exponent-bits']),
      integerOption('mantissa-bits', values['mantissa-bits']),
    ),
    ...blockOption(values.block),
    operands: operandsOption(values.operands),
  });
  if (!point) throw new UsageError('No law can be asked about these numbers.');
  const all = values.law === 'all';
  const calibration = await calibrationOption(values.calibration, io);
  const asked = all ? lawsInForce(calibration) : [calibratedLaw(values.law, calibration)];
  const answers = asked.map((law) => ({ law, said: law.forecast(point) }));
  if (values.json) {
    const objects = answers.map((answer) => answerJson(point, answer));
    printJson(io, all ? objects : objects[0]);
  } else {
    printLines(io, answerLines(point, answers, values.verbose === true, widthOf(io.stdout)));
  }
  return exitCodes.clean;
}

/** The format id of `--format`, or the named format of the given bits, else `e<E>m<M>`. */
function formatOption(
  id: string | undefined,
  exponentBits: number | undefined,
  mantissaBits: number | undefined,
): string {
  if (id !== undefined && exponentBits === undefined && mantissaBits === undefined) {
    if (!formatById(id)) throw unknownId('format', id, [...formats, { id: 'e<E>m<M>' }]);
    return id;
  }
  if (id !== undefined || exponentBits === undefined || mantissaBits === undefined) {
    throw new UsageError('Either --format or both --exponent-bits and --mantissa-bits are needed.');
  }
  const layout = formatOfLayout(exponentBits, mantissaBits);
  if (!layout) {
    throw new UsageError('At most 10 exponent and 52 mantissa bits can be forecast.');
  }
  return layout.id;
}

interface Answer {
  readonly law: Law;
  readonly said: Forecast;
}

function answerJson(point: RunPoint, answer: Answer): unknown {
  const { law, ...numbers } = forecastJson(answer.said);
  const { parameters, tokens } = point;
  const { source, fit, stage } = answer.law;
  return { law, parameters, tokens, format: formatJson(point), ...numbers, source, fit, stage };
}

function answerLines(
  point: RunPoint,
  answers: readonly Answer[],
  verbose: boolean,
  width: number | undefined,
): readonly Line[] {
  const ofTraining = answers.filter(({ law }) => law.stage === 'training');
  const afterwards = answers.filter(({ law }) => law.stage === 'post-training');
  const [only] = answers.length === 1 ? answers : [];
  const spread = spreadSentence(answers.map(({ said }) => said));
  const advice = [qatAdvice(point)].filter((sentence) => sentence !== null);
  return [
    bold(
      `${formatName(point)} · N ${count(point.parameters)} linear · D ${count(point.tokens)} tokens`,
    ),
    '',
    ...(ofTraining.length > 0 ? [...tableLines(ofTraining, width), ''] : []),
    ...(afterwards.length > 0
      ? [
          'Trained in BF16 and quantised afterwards:',
          ...tableLines(afterwards, width),
          ...advice,
          '',
        ]
      : []),
    ...(spread === null ? [] : [spread, '']),
    ...(only ? lossLines(only.said) : []),
    ...noteLines(answers, verbose || only !== undefined),
    'Gap and losses in nats per token; the absolute losses are on each law’s own data.',
  ];
}

/** What the laws say beside their numbers; of a law that has none, always why. */
function noteLines(answers: readonly Answer[], all: boolean): readonly string[] {
  const lines = answers.flatMap(({ law, said }) =>
    all || said.gap === null
      ? [
          `${lawLabel(said)} (${law.source})`,
          ...[...variantSentences(said), ...said.notes].map((sentence) => `  ${sentence}`),
        ]
      : [],
  );
  return all ? lines : [...lines, 'What each law says beside its number: --verbose.'];
}

/** Rows of laws with aligned columns; a law that cannot speak has dashes, its reason is below. */
function tableLines(answers: readonly Answer[], width: number | undefined): readonly string[] {
  const number = (value: number | null, words: (value: number) => string) =>
    value === null ? '–' : words(value);
  const withInterval = answers.some(({ said }) => said.interval !== null);
  const rows = answers.map(({ said }) => {
    const grade = gradeOf(said);
    return [
      lawLabel(said),
      number(said.gap, gapNats),
      ...(withInterval ? [said.interval === null ? '–' : intervalWords(said.interval)] : []),
      said.gap === null ? '–' : criticalWords(said),
      number(said.ratio, percent),
      grade === null ? '–' : gradeWords(grade),
    ];
  });
  const interval = withInterval ? ['90 % interval'] : [];
  const head = ['Law', 'gap', ...interval, 'D_crit', 'D / D_crit', 'support'];
  return columns([head, ...rows], [1, 2, 3, ...(withInterval ? [4] : [])], width);
}

/** The absolute losses of one law: several laws' are not to be compared. */
function lossLines({ loss, bf16Loss }: Forecast): readonly string[] {
  return loss === null || bf16Loss === null
    ? []
    : [`Loss ${lossNats(loss)}, of the BF16 twin ${lossNats(bf16Loss)}.`, ''];
}
