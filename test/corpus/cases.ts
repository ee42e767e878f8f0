import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const examples = join(here, '../../examples');

/** A text with the other texts it may draw on, by path from its own folder. */
export interface Case {
  /** `framework/case`, or the path of an example. */
  readonly name: string;
  readonly folder: string;
  readonly file: string;
  readonly text: string;
  readonly files: ReadonlyMap<string, string>;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function slashed(from: string, to: string): string {
  return relative(from, to).split(sep).join('/');
}

/** Every folder here that holds a `config.*`; the other files beside it can be included. */
export function corpusCases(): readonly Case[] {
  const configs = filesBelow(here).filter((path) => /^config\.(?!test\.)/.test(basename(path)));
  return configs.map((path) => {
    const folder = dirname(path);
    const others = filesBelow(folder).filter(
      (other) => other !== path && !/(?:^expected\.json|\.actual)$/.test(basename(other)),
    );
    return {
      name: slashed(here, folder),
      folder,
      file: basename(path),
      text: readFileSync(path, 'utf8'),
      files: new Map(others.map((other) => [slashed(folder, other), readFileSync(other, 'utf8')])),
    };
  });
}

/** The configs of the examples folder, as a person opens them. */
export function exampleCases(): readonly Case[] {
  return filesBelow(examples)
    .filter((path) => !/\.(?:md|csv)$/.test(path))
    .map((path) => {
      const file = slashed(examples, path);
      const text = readFileSync(path, 'utf8');
      return { name: `examples/${file}`, folder: examples, file, text, files: new Map() };
    });
}
