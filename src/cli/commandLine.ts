import packageJson from '../../package.json' with { type: 'json' };
import { UsageError } from './args.ts';
import { budget } from './commands/budget.ts';
import { check } from './commands/check.ts';
import { fit } from './commands/fit.ts';
import { forecast } from './commands/forecast.ts';
import { layouts } from './commands/layouts.ts';
import { list } from './commands/lists.ts';
import { measured } from './commands/measured.ts';
import { exitCodes, type Io } from './io.ts';
import { complain, printLines } from './output.ts';

type Command = (argv: readonly string[], io: Io) => number | Promise<number>;

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['check', check],
  ['forecast', forecast],
  ['layouts', layouts],
  ['budget', budget],
  ['fit', fit],
  ['measured', measured],
  ['formats', (argv, io) => list('formats', argv, io)],
  ['laws', (argv, io) => list('laws', argv, io)],
  ['frameworks', (argv, io) => list('frameworks', argv, io)],
  ['hardware', (argv, io) => list('hardware', argv, io)],
  ['rules', (argv, io) => list('rules', argv, io)],
]);

const help = [
  'Usage: floatcast <command> [options]',
  '',
  '  check <files, folders or globs…> [--json] [--fail-on information|warning|error|never]',
  '        [--law ID] [--hardware ID] [--assume key=value]… [--framework ID]',
  '        [--calibration FILE] [--disable ID]… [--enable ID]…',
  '  forecast --parameters N --tokens D (--format ID | --exponent-bits E --mantissa-bits M)',
  '        [--block B|channel|tensor] [--operands LIST] [--law ID|all]',
  '        [--calibration FILE] [--json]',
  '  layouts --bits P [--parameters N --tokens D] [--block B] [--json]',
  '  budget (--compute C | --tokens D | --parameters N --compute C) [--block B] [--law ID]',
  '        [--calibration FILE] [--json]',
  '  fit <runs.csv|jsonl> [--law ID] [--hold-out largest-n] [--bootstrap K] [--pin name=value]…',
  '        [--json] [-o calibration.json [--force]]',
  '  measured <losses.csv|jsonl> [--baseline FILE] (--config FILE | --parameters N --format ID',
  '        [--block B] [--operands LIST]) [--tokens-per-step T] [--law ID]',
  '        [--calibration FILE] [--json]',
  '  laws | formats | hardware | frameworks | rules [--json]',
  '',
  '  --help, --version',
  '',
  'Numbers may be written 8e9, 8B, 15T, 2**40. Keys of --assume: world-size, data-parallel-ranks,',
  'dataset-tokens. Exit code 0: clean; 1: findings; 2: usage error or unreadable input.',
];

/**
 * Runs one command line, without the program's name, and gives its exit code: 0 clean, 1 findings
 * at or above `--fail-on`, 2 a usage error or unreadable input, said in one sentence on stderr.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  const beforeEnd = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined);
  if (beforeEnd.includes('--help') || beforeEnd.includes('-h')) {
    printLines(io, help);
    return exitCodes.clean;
  }
  if (name === '--version' || name === '-v') {
    printLines(io, [packageJson.version]);
    return exitCodes.clean;
  }
  const known = [...commands.keys()].join(', ');
  const command = commands.get(name ?? '');
  try {
    if (name === undefined) throw new UsageError(`A command is needed: ${known}.`);
    if (!command) throw new UsageError(`Unknown command “${name}”; known: ${known}.`);
    return await command(rest, io);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(io, error.message);
    return exitCodes.failed;
  }
}
