import { parse } from 'unbash';
import { lineMap } from './lines.ts';
import { scriptSource } from './shell.ts';
import { isSetup, readCommand } from './shellFlags.ts';
import { runScript } from './shellRun.ts';

/**
 * The words that a launch script gives to the programs it starts, variables expanded, as far as it
 * tells them; those of commands that only print or set up are left out.
 */
export function wordsOfScript(text: string, told?: ReadonlyMap<string, string>): readonly string[] {
  const source = scriptSource(text);
  const { commands } = runScript(source, parse(source).commands, lineMap(text), told);
  return commands
    .map(readCommand)
    .filter(({ words: [first = ''] }) => !isSetup(first))
    .flatMap(({ words }) => words);
}
