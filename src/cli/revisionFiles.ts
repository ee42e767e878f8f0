import { Trees } from '../core/config/trees.ts';
import type { Git } from './git.ts';
import type { FilesBeside } from './otherFiles.ts';

/** The files of a repository as they were at a revision, each asked for once. */
export class RevisionFiles implements FilesBeside {
  readonly trees = new Trees();
  readonly #git: Git;
  /** Those below the folder; of others git is asked. */
  readonly #below: ReadonlySet<string>;
  readonly #texts = new Map<string, Promise<string | null>>();

  constructor(git: Git, below: readonly string[]) {
    this.#git = git;
    this.#below = new Set(below);
  }

  named(file: string): Promise<string | null> {
    const before = this.#texts.get(file);
    if (before) return before;
    const isThere = file.startsWith('../') || this.#below.has(file);
    const text = isThere ? this.#git.show(file) : Promise.resolve(null);
    this.#texts.set(file, text);
    return text;
  }

  /** What a repository holds lies near all of it. */
  near(file: string): Promise<string | null> {
    return this.named(file);
  }
}
