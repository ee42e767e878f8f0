import packageJson from '../../package.json' with { type: 'json' };
import { nearestWord } from '../core/syntax/nearestWord.ts';
import { UsageError } from './args.ts';
import { definitions } from './definitions.ts';
import { exitCodes, type Io } from './io.ts';
import { complain } from './output.ts';
import { programFor } from './program.ts';

/**
 * Runs one command line, without the program's name, and gives its exit code: 0 clean, 1 findings
 * at or above `--fail-on`, 2 a usage error or unreadable input, said in one sentence on stderr.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    const [name, asked] = argv;
    const named = name === 'help' ? asked : name;
    if (name === undefined) throw new UsageError(`A command is needed: ${names().join(', ')}.`);
    if (named !== undefined && !named.startsWith('-') && !names().includes(named)) {
      throw unknownCommand(named);
    }
    return await programFor(io, packageJson.version).parse(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(io, error.message);
    return exitCodes.failed;
  }
}

function names(): readonly string[] {
  return [...definitions.map(({ name }) => name), 'help'];
}

function unknownCommand(name: string): UsageError {
  const meant = nearestWord(name, names());
  const guess = meant === null ? `known: ${names().join(', ')}.` : `did you mean “${meant}”?`;
  return new UsageError(`Unknown command “${name}”; ${guess}`);
}
