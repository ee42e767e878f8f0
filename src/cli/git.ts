import { execFile } from 'node:child_process';
import { UsageError } from './args.ts';

/** The most bytes that git may say at once. */
const mostBytes = 16_000_000;

/** What git is asked for in a folder; it only reads, and changes nothing of the working tree. */
export class Git {
  readonly #cwd: string;
  readonly #base: string;

  private constructor(cwd: string, base: string) {
    this.#cwd = cwd;
    this.#base = base;
  }

  /**
   * The repository that a folder is in, at a revision.
   * @throws UsageError when there is none, or no such revision.
   */
  static async at(cwd: string, revision: string): Promise<Git> {
    if ((await ask(cwd, ['rev-parse', '--show-prefix'])) === null) {
      throw new UsageError('diff needs a git repository, and git itself.');
    }
    const asked = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
    const commit = await ask(cwd, asked);
    if (commit === null) throw new UsageError(`git knows no revision “${revision}”.`);
    return new Git(cwd, commit.trim());
  }

  /** Paths, from the folder on, of files below it that differ from the revision or are new. */
  async changed(): Promise<readonly string[]> {
    const lists = await Promise.all([
      ask(this.#cwd, [
        'diff',
        '--name-only',
        '--no-renames',
        '--relative',
        '-z',
        this.#base,
        '--',
        '.',
      ]),
      ask(this.#cwd, ['ls-files', '--others', '--exclude-standard', '-z', '--', '.']),
    ]);
    return [...new Set(lists.flatMap((list) => (list ?? '').split('\0')))].filter((each) => each);
  }

  /** Paths, from the folder on, of the files below it at the revision. */
  async files(): Promise<readonly string[]> {
    const list = await ask(this.#cwd, [
      'ls-tree',
      '-r',
      '-z',
      '--name-only',
      this.#base,
      '--',
      '.',
    ]);
    return (list ?? '').split('\0').filter((each) => each !== '');
  }

  /** The text of a file at the revision; null where it is not there. */
  show(file: string): Promise<string | null> {
    return ask(this.#cwd, ['show', `${this.#base}:./${file}`]);
  }
}

/** What git prints; null when it fails or is not there. */
function ask(cwd: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const options = { cwd, maxBuffer: mostBytes, encoding: 'utf8' as const };
    execFile('git', ['-c', 'core.quotePath=false', ...args], options, (error, stdout) => {
      resolve(error ? null : stdout.replace(/^\uFEFF/, ''));
    });
  });
}
