import { findingIds } from '../../core/checks/registry.ts';
import { formats } from '../../core/formats/registry.ts';
import { readers } from '../../core/frameworks/registry.ts';
import { accelerators } from '../../core/hardware/registry.ts';
import { laws } from '../../core/laws/registry.ts';
import type { CommandDefinition, OptionDefinition, Shelf } from '../definition.ts';
import { definitions } from '../definitions.ts';
import { exitCodes, type Io } from '../io.ts';

const shelves: Readonly<Record<Shelf, () => readonly string[]>> = {
  laws: () => laws.map(({ id }) => id),
  formats: () => formats.map(({ id }) => id),
  hardware: () => accelerators.map(({ id }) => id),
  frameworks: () => readers.map(({ id }) => id),
  findings: () => findingIds,
};

/** `floatcast completion bash|zsh|fish`: prints the script, which asks nothing of the program. */
export function completion(_: unknown, [shell]: readonly string[], { stdout }: Io): number {
  stdout.write(shell === 'fish' ? fish() : shell === 'zsh' ? zsh() : bash());
  return exitCodes.clean;
}

const names = definitions.map(({ name }) => name);

/** The values of an option that are known, none where it takes anything. */
function valuesOf({ choices, shelf }: OptionDefinition): readonly string[] {
  return choices ?? (shelf ? shelves[shelf]() : []);
}

function flagsOf({ options }: CommandDefinition): readonly string[] {
  return [...options.map(({ name }) => `--${name}`), '--help'];
}

function argumentsOf({ arguments: given }: CommandDefinition): readonly string[] {
  return given?.choices ?? [];
}

/** A function that both bash and zsh (through `bashcompinit`) understand. */
function bash(): string {
  const cases = definitions.flatMap((command) => [
    `    ${command.name})`,
    '      case "$before" in',
    ...command.options.flatMap((option) => {
      if (option.value === undefined) return [];
      const flags = [`--${option.name}`, ...(option.short ? [`-${option.short}`] : [])].join('|');
      const words = valuesOf(option).join(' ');
      const found = words === '' ? '-f -- "$word"' : `-W "${words}" -- "$word"`;
      return [`        ${flags}) COMPREPLY=($(compgen ${found})); return;;`];
    }),
    '      esac',
    `      flags="${flagsOf(command).join(' ')}"`,
    `      words="${argumentsOf(command).join(' ')}"`,
    '      ;;',
  ]);
  return [
    '# floatcast completion bash',
    '_floatcast() {',
    '  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" flags="" words=""',
    '  COMPREPLY=()',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${[...names, 'help'].join(' ')} --help --version" -- "$word")); return`,
    '  fi',
    '  case "${COMP_WORDS[1]}" in',
    `    help) COMPREPLY=($(compgen -W "${names.join(' ')}" -- "$word")); return;;`,
    ...cases,
    '  esac',
    '  case "$word" in',
    '    -*) COMPREPLY=($(compgen -W "$flags" -- "$word"));;',
    '    *) if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$word"));',
    '       else COMPREPLY=($(compgen -f -- "$word")); fi;;',
    '  esac',
    '}',
    'complete -o filenames -F _floatcast floatcast',
    '',
  ].join('\n');
}

function zsh(): string {
  return ['#compdef floatcast', 'autoload -U +X bashcompinit && bashcompinit', bash()].join('\n');
}

function fish(): string {
  const quoted = (text: string) => `'${text.replace(/['\\]/g, '\\$&')}'`;
  const lines = definitions.flatMap((command) => {
    const seen = `complete -c floatcast -n ${quoted(`__fish_seen_subcommand_from ${command.name}`)}`;
    const words = argumentsOf(command);
    return [
      `complete -c floatcast -n __fish_use_subcommand -f -a ${command.name} -d ${quoted(command.summary)}`,
      ...(words.length > 0 ? [`${seen} -f -a ${quoted(words.join(' '))}`] : []),
      ...command.options.map((option) => {
        const values = valuesOf(option);
        const taken =
          option.value === undefined
            ? ''
            : values.length > 0
              ? ` -x -a ${quoted(values.join(' '))}`
              : ' -r';
        const short = option.short === undefined ? '' : ` -s ${option.short}`;
        return `${seen} -l ${option.name}${short}${taken} -d ${quoted(option.says)}`;
      }),
    ];
  });
  return ['# floatcast completion fish', ...lines, ''].join('\n');
}
