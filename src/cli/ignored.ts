import { existsSync } from 'node:fs';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { readText } from './readText.ts';

interface Rules {
  readonly folder: string;
  readonly matcher: Ignore;
}

/** What the `.gitignore` files of a folder, of those above it and of the repository leave out. */
export class Ignored {
  /** The nearest last, whose word counts first. */
  readonly #rules: readonly Rules[];

  private constructor(rules: readonly Rules[]) {
    this.#rules = rules;
  }

  /** What is ignored in a folder by files above it, up to the root of its repository. */
  static async above(folder: string): Promise<Ignored> {
    const root = repositoryOf(folder);
    if (root === null) return new Ignored([]);
    const between = path
      .relative(root, folder)
      .split(path.sep)
      .filter((part) => part !== '');
    const folders = between.map((_, index) => path.join(root, ...between.slice(0, index)));
    const found = await Promise.all([
      rulesOf(root, path.join(root, '.git', 'info', 'exclude')),
      ...folders.map((each) => rulesOf(each, path.join(each, '.gitignore'))),
    ]);
    return new Ignored(found.filter((each) => each !== null));
  }

  /** The same with what a folder's own `.gitignore` says. */
  async within(folder: string): Promise<Ignored> {
    const own = await rulesOf(folder, path.join(folder, '.gitignore'));
    return own === null ? this : new Ignored([...this.#rules, own]);
  }

  /** Whether an absolute path is ignored; the nearest file that speaks of it decides. */
  has(absolute: string, isFolder: boolean): boolean {
    for (const { folder, matcher } of this.#rules.toReversed()) {
      const relative = path.relative(folder, absolute).split(path.sep).join('/');
      const { ignored, unignored } = matcher.test(isFolder ? `${relative}/` : relative);
      if (ignored || unignored) return ignored;
    }
    return false;
  }
}

/** The nearest folder at or above one that holds `.git`. */
function repositoryOf(folder: string): string | null {
  if (existsSync(path.join(folder, '.git'))) return folder;
  const above = path.dirname(folder);
  return above === folder ? null : repositoryOf(above);
}

async function rulesOf(folder: string, file: string): Promise<Rules | null> {
  const read = await readText(folder, file);
  return typeof read === 'object' && 'text' in read
    ? { folder, matcher: ignore().add(read.text) }
    : null;
}
