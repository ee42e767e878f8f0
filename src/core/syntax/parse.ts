import { parseJson } from './json.ts';
import { parsePython } from './python.ts';
import { parseShell } from './shell.ts';
import { syntaxOf } from './syntaxOf.ts';
import { parseToml } from './toml.ts';
import type { ConfigTree, SyntaxKind } from './tree.ts';
import { parseYaml } from './yaml.ts';

export { maximumCharacters } from './limits.ts';

type Parser = (file: string, text: string, variables?: ReadonlyMap<string, string>) => ConfigTree;

const parsers: Readonly<Record<SyntaxKind, Parser>> = {
  yaml: parseYaml,
  json: parseJson,
  toml: parseToml,
  shell: parseShell,
  python: parsePython,
};

/**
 * Reads a text into a tree with exact places; never throws. `syntax` defaults to the file name's,
 * and to YAML for a name that says nothing; `variables` is what a person says of those that a script
 * does not tell. What the parser itself fails on becomes a problem.
 */
export function parse(
  file: string,
  text: string,
  syntax: SyntaxKind = syntaxOf(file) ?? 'yaml',
  variables?: ReadonlyMap<string, string>,
): ConfigTree {
  try {
    // A lone carriage return is a line break for YAML and editors but not for every parser here.
    return parsers[syntax](file, text.replace(/\r(?!\n)/g, '\n'), variables);
  } catch (error) {
    const why = error instanceof RangeError ? 'it is nested too deeply' : String(error);
    const place = { file, start: 0, end: Math.min(text.length, 1) };
    const message = `The file could not be read: ${why}.`;
    const problems = [{ place, severity: 'error' as const, message }];
    return { file, syntax, documents: [], problems, template: false };
  }
}
