import { Argument, Command, CommanderError, Option } from 'commander';
import { UsageError } from './args.ts';
import type { CommandDefinition, OptionDefinition } from './definition.ts';
import { definitions } from './definitions.ts';
import { exitCodes, type Io } from './io.ts';
import { widthOf } from './output.ts';

/** What every help ends with. */
const exits = 'Exit code 0: clean; 1: findings; 2: usage error or unreadable input.';

/** The command line as commander parses it; commands are run by `parse`. */
export interface Program {
  /**
   * Parses arguments and runs the command that they name.
   * @throws UsageError for what cannot be understood.
   */
  readonly parse: (argv: readonly string[]) => Promise<number>;
}

/** Builds the program of all commands, which prints its help to `io`. */
export function programFor(io: Io, version: string): Program {
  let code: number = exitCodes.clean;
  const root = new Command('floatcast')
    .description('Loss, critical data size and recipe rules of LLM training configs.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help of a command')
    .addHelpText('after', `\n${exits}`)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      // What is wrong is thrown as well, and said by who catches it.
      writeErr: () => undefined,
      getOutHelpWidth: () => widthOf(io.stdout) ?? 100,
      getOutHasColors: () => false,
    });
  for (const definition of definitions) {
    const command = root.command(definition.name).description(`${definition.summary}.`);
    if (definition.arguments) command.addArgument(argumentOf(definition.arguments));
    for (const option of definition.options) command.addOption(optionOf(option));
    command.addHelpText('after', helpAfter(definition));
    command.action(async () => {
      const action = await definition.load();
      code = await action(valuesOf(definition, command.opts()) as never, command.args, io);
    });
  }
  return {
    parse: async (argv) => {
      try {
        await root.parseAsync(argv, { from: 'user' });
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error;
        if (error.exitCode !== 0) throw new UsageError(sentenceOf(error.message));
      }
      return code;
    },
  };
}

function argumentOf({ name, says, choices }: NonNullable<CommandDefinition['arguments']>) {
  const argument = new Argument(name, says);
  return choices ? argument.choices(choices) : argument;
}

/** An option in commander’s notation: `-o, --output <FILE>`. */
function flagsOf({ name, short, value }: OptionDefinition): string {
  const long = `--${name}${value === undefined ? '' : ` <${value}>`}`;
  return short === undefined ? long : `-${short}, ${long}`;
}

function optionOf(definition: OptionDefinition): Option {
  const option = new Option(flagsOf(definition), definition.says);
  if (definition.choices) option.choices(definition.choices);
  if (definition.repeated) {
    option.argParser((value, before: readonly string[] | undefined) => [...(before ?? []), value]);
  }
  return option;
}

/** The options by the names they are written with: commander makes `failOn` of `--fail-on`. */
function valuesOf(
  { options }: CommandDefinition,
  parsed: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    options.flatMap((definition) => {
      const option = optionOf(definition);
      const value = parsed[option.attributeName()];
      if (option.negate) return value === false ? [[definition.name, true]] : [];
      return value === undefined ? [] : [[definition.name, value]];
    }),
  );
}

function helpAfter({ examples = [] }: CommandDefinition): string {
  const shown = examples.map((line) => `  $ ${line}`);
  return ['', ...(shown.length > 0 ? ['Examples:', ...shown, ''] : []), exits].join('\n');
}

/** What commander says in one sentence: `error: unknown option '--x'\n(Did you mean --y?)`. */
function sentenceOf(message: string): string {
  const [first = '', ...rest] = message.replace(/^error: /, '').split('\n');
  const [named, choices] = first.split(' is invalid. Allowed choices are ');
  const option = named === undefined ? undefined : /--[\w-]+/.exec(named)?.[0];
  if (option !== undefined && choices !== undefined) {
    return `${option} must be ${choices.slice(0, -1).replace(/, ([a-z0-9-]+)$/, ' or $1')}.`;
  }
  const whole = [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(' ');
  return /[.?)]$/.test(whole) ? whole : `${whole}.`;
}
