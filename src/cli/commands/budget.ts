import { computeOptimal } from '../../core/advise/computeOptimal.ts';
import type { BudgetQuestion } from '../../core/laws/law.ts';
import { rounded } from '../../core/present/numbers.ts';
import { count, lossNats, plain } from '../../core/present/numbers.ts';
import { lawPhrase } from '../../core/present/words.ts';
import { blockOption, countOption, UsageError } from '../args.ts';
import { calibratedLaw, calibrationOf, calibrationOption } from '../calibration.ts';
import { exitCodes, type Io } from '../io.ts';
import { columns, printJson, printLines } from '../output.ts';

interface Values {
  readonly compute?: string;
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
