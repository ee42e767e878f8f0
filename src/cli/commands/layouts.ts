import { layouts as layoutsOf, type Layouts } from '../../core/advise/layouts.ts';
import { capybara } from '../../core/laws/capybara/capybara.ts';
import { gradeOf, type Grade, type Scaling } from '../../core/laws/law.ts';
import { pointFor } from '../../core/laws/point.ts';
import { sameValues } from '../../core/present/formats.ts';
import { gradeWords } from '../../core/present/lawsTable.ts';
import { rounded } from '../../core/present/numbers.ts';
import { count, gapNats } from '../../core/present/numbers.ts';
import { blockOption, countOption, integerOption, required, UsageError } from '../args.ts';
import { exitCodes, type Io } from '../io.ts';
import { columns, printJson, printLines } from '../output.ts';

/** The widest format whose layouts are worth listing, in bits. */
const mostBits = 64;

interface Values {
  readonly bits?: string;
  readonly parameters?: string;
  readonly tokens?: string;
  readonly block?: string;
  readonly json?: boolean;
}

/** `floatcast layouts`: every split of a width into exponent and mantissa, best first. */
export function layouts(values: Values, _: readonly string[], io: Io): number {
  const bits = required('bits', integerOption('bits', values.bits, 1));
  if (bits > mostBits) throw new UsageError(`--bits must be at most ${mostBits}.`);
  const parameters = countOption('parameters', values.parameters);
  const tokens = countOption('tokens', values.tokens);
  if ((parameters === undefined) !== (tokens === undefined)) {
    throw new UsageError('--parameters and --tokens are needed both or neither.');
  }
  const size = parameters === undefined || tokens === undefined ? null : { parameters, tokens };
  const scaling = blockOption(values.block) ?? { granularity: 'block', block: 128 };
  const found = layoutsOf({ bits, size, scaling });
  const grade = size && gradeOfBest(found, size, scaling);
  const notes = bits > 1 ? [sameValues] : [];
  if (values.json) {
    printJson(io, {
      ...found,
      law: capybara.id,
      grade,
      notes,
      layouts: found.layouts.map((row) => ({
        ...row,
        criticalTokens: rounded(row.criticalTokens),
        gap: rounded(row.gap),
      })),
    });
    return exitCodes.clean;
  }
  const rows = found.layouts.map((row) => [
    `E${row.exponentBits}M${row.mantissaBits}`,
    ...(size ? [row.gap === null ? '–' : gapNats(row.gap)] : []),
    ...(size ? [row.criticalTokens === null ? '–' : count(row.criticalTokens)] : []),
    row.optimal ? 'best' : '',
  ]);
  const { exponentBits, mantissaBits } = found.continuous;
  printLines(io, [
    ...columns([['Layout', ...(size ? ['gap, nats', 'D_crit'] : []), ''], ...rows], [1, 2]),
    '',
    `The best real-valued split of ${bits} bits is E ${exponentBits.toFixed(2)}, M ${mantissaBits.toFixed(2)} (Capybara law, arXiv 2501.02423 eq. 19).`,
    ...(grade === null ? [] : [`How far to lean on the numbers: ${gradeWords(grade)}.`]),
    ...notes,
  ]);
  return exitCodes.clean;
}

/** How far the law can be leant on for the best layout at these sizes. */
function gradeOfBest(
  { layouts: [best] }: Layouts,
  size: { readonly parameters: number; readonly tokens: number },
  scaling: Scaling,
): Grade | null {
  if (!best) return null;
  const format = `e${best.exponentBits}m${best.mantissaBits}`;
  const point = pointFor({ ...size, format, ...scaling });
  return point && gradeOf(capybara.forecast(point));
}
