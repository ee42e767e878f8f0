import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { Trees } from '../core/config/trees.ts';
import { readText } from './readText.ts';

/** How many answers are kept; beyond them the oldest are asked for again. */
const mostKept = 2_000;

/** Where the other files that configs ask for are taken from. */
export interface FilesBeside {
  /** What was parsed of them, and of the configs themselves. */
  readonly trees: Trees;
  /** The text of a file, wherever it lies: one that a person named by hand. */
  readonly named: (file: string) => Promise<string | null>;
  /** The text of a file that lies near `beside`; null for any other, and for one that is not there. */
  readonly near: (file: string, beside: string) => Promise<string | null>;
}

/**
 * The other files that configs ask for, as far as they lie near the one that asks. Each is looked
 * for and read once, however many configs of one command ask for it.
 */
export class OtherFiles implements FilesBeside {
  /** What was parsed of them, and of the configs themselves. */
  readonly trees = new Trees();
  readonly #cwd: string;
  readonly #places = new Map<string, Promise<string | null>>();
  readonly #texts = new Map<string, Promise<string | null>>();

  constructor(cwd: string) {
    this.#cwd = cwd;
  }

  /** The text of a file, wherever it lies: one that a person named by hand. */
  named(file: string): Promise<string | null> {
    return kept(this.#texts, file, async () => {
      const read = await readText(this.#cwd, file);
      return typeof read !== 'string' && 'text' in read ? read.text : null;
    });
  }

  /**
   * The text of a file that, links followed, lies below the working directory or the folder of
   * `beside`; null for any other, and for one that is not there.
   */
  async near(file: string, beside: string): Promise<string | null> {
    const absolute = path.resolve(this.#cwd, file);
    const target = await this.#place(absolute);
    if (target === null) return null;
    for (const root of [this.#cwd, path.dirname(path.resolve(this.#cwd, beside))]) {
      const real = await this.#place(root);
      if (real === null) continue;
      if (target.startsWith(real.endsWith(path.sep) ? real : real + path.sep)) {
        return this.named(file);
      }
    }
    return null;
  }

  /** Where a path leads, links followed; null where there is nothing. */
  #place(absolute: string): Promise<string | null> {
    return kept(this.#places, absolute, async () => {
      // Most of what is asked for is only perhaps there, which is told at once.
      return existsSync(absolute) ? realpath(absolute).catch(() => null) : null;
    });
  }
}

function kept<Value>(
  answers: Map<string, Promise<Value>>,
  key: string,
  ask: () => Promise<Value>,
): Promise<Value> {
  const known = answers.get(key);
  if (known) return known;
  const answer = ask();
  answers.set(key, answer);
  for (const oldest of answers.keys()) {
    if (answers.size <= mostKept) break;
    answers.delete(oldest);
  }
  return answer;
}
