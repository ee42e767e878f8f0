import { formatById, formats } from '../../core/formats/registry.ts';
import type { Forecast, Law, RunPoint } from '../../core/laws/law.ts';
import { pointFor } from '../../core/laws/point.ts';
import { laws } from '../../core/laws/registry.ts';
import { formatName } from '../../core/present/formats.ts';
import { forecastJson, formatJson } from '../../core/present/json.ts';
import { criticalWords } from '../../core/present/lawsTable.ts';
import { count, gapNats, lossNats, percent } from '../../core/present/numbers.ts';
import type { Operand } from '../../core/run/run.ts';
import {
  blockOption,
  countOption,
  integerOption,
  lawOption,
  parseOptions,
  required,
  unknownId,
  UsageError,
} from '../args.ts';
import { exitCodes, type Io } from '../io.ts';
import { columns, printJson, printLines, styleFor } from '../output.ts';

const operandNames: readonly Operand[] = ['weights', 'activations', 'kv', 'gradients'];

/** `floatcast forecast`: what the laws say of a size, a token count and a format. */
export function forecast(argv: readonly string[], io: Io): number {
  const { values } = parseOptions(argv, {
    parameters: { type: 'string' },
    tokens: { type: 'string' },
    format: { type: 'string' },
    'exponent-bits': { type: 'string' },
    'mantissa-bits': { type: 'string' },
    block: { type: 'string' },
    operands: { type: 'string' },
    law: { type: 'string' },
    json: { type: 'boolean' },
  });
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
  const asked = all ? laws : [lawOption(values.law)];
  const answers = asked.map((law) => ({ law, said: law.forecast(point) }));
  if (values.json) {
    const objects = answers.map((answer) => answerJson(point, answer));
    printJson(io, all ? objects : objects[0]);
  } else {
    printLines(io, answerLines(point, answers, styleFor(io).bold));
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
  const named = formats.find(
    (format) =>
      format.scaling === null &&
      format.exponentBits === exponentBits &&
      format.mantissaBits === mantissaBits,
  );
  const layout = `e${exponentBits}m${mantissaBits}`;
  if (!named && !formatById(layout)) {
    throw new UsageError('At most 10 exponent and 52 mantissa bits can be forecast.');
  }
  return named?.id ?? layout;
}

function operandsOption(text: string | undefined): readonly Operand[] | undefined {
  if (text === undefined) return undefined;
  const words = text.split(',').map((word) => word.trim());
  const known = operandNames.filter((name) => words.includes(name));
  if (known.length === 0 || words.some((word) => !operandNames.includes(word as Operand))) {
    throw new UsageError(`--operands must be some of ${operandNames.join(',')}.`);
  }
  return known;
}

interface Answer {
  readonly law: Law;
  readonly said: Forecast;
}

function answerJson(point: RunPoint, answer: Answer): unknown {
  const { law, ...numbers } = forecastJson(answer.said);
  const { parameters, tokens } = point;
  const { source } = answer.law;
  return { law, parameters, tokens, format: formatJson(point), ...numbers, source };
}

function answerLines(
  point: RunPoint,
  answers: readonly Answer[],
  bold: (text: string) => string,
): readonly string[] {
  const number = (value: number | null, words: (value: number) => string) =>
    value === null ? '–' : words(value);
  const rows = answers.map(({ law, said }) => [
    law.name,
    number(said.gap, gapNats),
    number(said.loss, lossNats),
    number(said.bf16Loss, lossNats),
    said.gap === null ? '–' : criticalWords(said),
    number(said.ratio, percent),
  ]);
  const head = ['Law', 'gap', 'loss', 'BF16 loss', 'D_crit', 'D / D_crit'];
  return [
    bold(
      `${formatName(point)} · N ${count(point.parameters)} linear · D ${count(point.tokens)} tokens`,
    ),
    '',
    ...columns([head, ...rows], [1, 2, 3, 4, 5]),
    '',
    ...answers.flatMap(({ law, said: { notes } }) => [
      `${law.name} (${law.source})`,
      ...notes.map((note) => `  ${note}`),
    ]),
    'Gap and losses in nats per token; the absolute losses are on each law’s own data.',
  ];
}
