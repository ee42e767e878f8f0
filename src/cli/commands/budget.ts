import { isoTime } from '../../core/advise/isoTime.ts';
import { computeOptimal } from '../../core/advise/computeOptimal.ts';
import { acceleratorById } from '../../core/hardware/registry.ts';
import type { Calibration } from '../../core/laws/calibration.ts';
import type { BudgetQuestion } from '../../core/laws/law.ts';
import { rounded } from '../../core/present/numbers.ts';
import { count, lossNats, plain } from '../../core/present/numbers.ts';
import { lawPhrase } from '../../core/present/words.ts';
import { blockOption, countOption, hardwareOption, required, UsageError } from '../args.ts';
import { calibratedLaw, calibrationOf, calibrationOption } from '../calibration.ts';
import { exitCodes, type Io } from '../io.ts';
import { columns, printJson, printLines } from '../output.ts';

interface Values {
  readonly compute?: string;
  readonly hours?: string;
  readonly hardware?: string;
  readonly tokens?: string;
  readonly parameters?: string;
  readonly block?: string;
  readonly law?: string;
  readonly calibration?: string;
  readonly json?: boolean;
}

/** `floatcast budget`: the compute-optimal number of bits. */
export async function budget(values: Values, _: readonly string[], io: Io): Promise<number> {
  const calibration = await calibrationOption(values.calibration, io);
  if (values.hours !== undefined) return budgetOfHours(values, calibration, io);
  const law = calibratedLaw(values.law, calibration);
  const scaling = blockOption(values.block) ?? { granularity: 'block' as const, block: 128 };
  const sizes = question(
    countOption('compute', values.compute),
    countOption('tokens', values.tokens),
    countOption('parameters', values.parameters),
  );
  const { bits, parameters, tokens, compute, loss, notes } = computeOptimal(law, {
    scaling,
    ...sizes,
  });
  if (values.json) {
    printJson(io, {
      law: law.id,
      bits: rounded(bits),
      parameters: rounded(parameters),
      tokens: rounded(tokens),
      compute: rounded(compute),
      loss: rounded(loss),
      notes,
    });
    return exitCodes.clean;
  }
  const rows = [
    ...(bits === null ? [] : [['bits', plain(bits)]]),
    ...(parameters === null ? [] : [['parameters', count(parameters)]]),
    ...(tokens === null ? [] : [['tokens', count(tokens)]]),
    ...(compute === null ? [] : [['compute', `${compute.toExponential(2)} (6/16 · bits · N · D)`]]),
    ...(loss === null ? [] : [['loss', `${lossNats(loss)} nats per token`]]),
  ];
  const by = lawPhrase({ law: law.id, calibration: calibrationOf(law, calibration) });
  printLines(io, [...(rows.length === 0 ? [] : [`By ${by}:`]), ...columns(rows), ...notes]);
  return exitCodes.clean;
}

/** What hours buy in each format whose speed-up was measured, by the pooled law unless another is named. */
function budgetOfHours(values: Values, calibration: Calibration | null, io: Io): number {
  if (values.compute !== undefined || values.tokens !== undefined) {
    throw new UsageError('budget --hours takes --parameters, or chooses N and D itself.');
  }
  const law = calibratedLaw(values.law ?? 'pooled', calibration);
  const named = hardwareOption(values.hardware);
  const accelerator = named === null ? undefined : acceleratorById(named);
  if (!accelerator) throw new UsageError('budget --hours needs --hardware.');
  const hours = required('hours', countOption('hours', values.hours));
  const rows = isoTime(
    law,
    accelerator,
    hours,
    countOption('parameters', values.parameters) ?? null,
  );
  const [best] = rows;
  const notes = [
    `BF16 is taken to sustain 40 % of the peak rate of ${accelerator.name}; the other formats are as ` +
      'much faster as a whole training step of the nearest size was measured to be.',
    'Derived by search: no paper gives it.',
    ...(rows.length > 1 ? [] : ['No format but BF16 was measured on it.']),
  ];
  const point = best?.point;
  if (values.json) {
    printJson(io, {
      law: law.id,
      bits: point?.bits ?? null,
      parameters: rounded(point?.parameters ?? null),
      tokens: rounded(point?.tokens ?? null),
      compute: point ? rounded((6 / 16) * point.bits * point.parameters * point.tokens) : null,
      loss: rounded(best?.loss ?? null),
      hours,
      hardware: accelerator.id,
      formats: rows.map((row) => ({
        format: row.point.format,
        parameters: rounded(row.point.parameters),
        tokens: rounded(row.point.tokens),
        loss: rounded(row.loss),
        speedup: rounded(row.measured?.speedup ?? 1),
        source: row.measured?.source ?? null,
      })),
      notes,
    });
    return exitCodes.clean;
  }
  const by = lawPhrase({ law: law.id, calibration: calibrationOf(law, calibration) });
  printLines(io, [
    `${count(hours)} hours of ${accelerator.name}, by ${by}:`,
    ...columns(
      [
        ['format', 'speed-up', 'N', 'D', 'loss'],
        ...rows.map(({ point: { format, parameters, tokens }, loss, measured }) => [
          format,
          measured ? `${plain(Number(measured.speedup.toPrecision(3)))}×` : '1×',
          count(parameters),
          count(tokens),
          lossNats(loss),
        ]),
      ],
      [1, 2, 3, 4],
    ),
    ...notes,
  ]);
  return exitCodes.clean;
}

type Sizes = BudgetQuestion extends infer Q
  ? Q extends unknown
    ? Omit<Q, 'scaling'>
    : never
  : never;

function question(
  compute: number | undefined,
  tokens: number | undefined,
  parameters: number | undefined,
): Sizes {
  if (tokens === undefined && compute !== undefined) {
    return parameters === undefined
      ? { fixed: 'compute', compute }
      : { fixed: 'parameters', parameters, compute };
  }
  if (tokens !== undefined && compute === undefined && parameters === undefined) {
    return { fixed: 'tokens', tokens };
  }
  throw new UsageError(
    'budget needs --compute alone, --tokens alone, or --parameters with --compute.',
  );
}
