/** A part of a pattern that stands for one thing, or null for any number of things. */
type Wild<T> = T | null;

/** How many patterns the braces of one may stand for; `{a,b}` thirty times over would be 2³⁰. */
const maximumAlternatives = 256;

/** The folder that a glob begins in: its path up to the first part with a wildcard. */
export function globBase(pattern: string): string {
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => /[*?[{]/.test(part));
  return parts.slice(0, first).join('/') || '/';
}

/**
 * Whether a path with `/` matches a glob: `*` and `?` within a part, `**` over parts, `[a-z]`,
 * `{a,b}` (one level deep). The work grows with the product of the two lengths, whatever they hold:
 * a pattern may come out of a stranger's workspace.
 */
export function globMatcher(pattern: string): (path: string) => boolean {
  const patterns = alternatives(pattern).map((each) => each.split('/').map(partPattern));
  return (path) => {
    const names = path.split('/').map((name) => Array.from(name));
    return patterns.some((each) =>
      matches(each, names, (part, name) => matches(part, name, (one, letter) => one(letter))),
    );
  };
}

/** A pattern once for each choice of each `{a,b}`, up to a bound on their number. */
export function alternatives(pattern: string): readonly string[] {
  const done: string[] = [];
  const waiting = [pattern];
  while (waiting.length > 0 && done.length + waiting.length <= maximumAlternatives) {
    const next = waiting.pop() ?? '';
    const braces = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(next);
    if (!braces) {
      done.push(next);
      continue;
    }
    const [, before = '', choices = '', after = ''] = braces;
    waiting.push(
      ...choices.split(',', maximumAlternatives + 1).map((choice) => before + choice + after),
    );
  }
  return done;
}

type Letter = (letter: string) => boolean;

function partPattern(part: string): Wild<readonly Wild<Letter>[]> {
  if (part === '**') return null;
  const tokens = part.match(/\[[^\]]{1,64}\]|[^]/gu) ?? [];
  return tokens.map((token) => (token === '*' ? null : letterPattern(token)));
}

function letterPattern(token: string): Letter {
  if (token === '?') return () => true;
  if (token.length < 3 || !token.startsWith('[')) return (letter) => letter === token;
  const body = token.slice(1, -1).replace(/[\\\]^]/g, '\\$&');
  try {
    const expression = new RegExp(body.startsWith('!') ? `[^${body.slice(1)}]` : `[${body}]`, 'u');
    return (letter) => expression.test(letter);
  } catch {
    // A range that ends before it begins, `[z-a]`, matches nothing.
    return () => false;
  }
}

/** Matches from the left; on a mismatch the last wildcard, and only that, takes one thing more. */
function matches<P, T>(
  pattern: readonly Wild<P>[],
  things: readonly T[],
  isMatch: (part: P, thing: T) => boolean,
): boolean {
  let at = 0;
  let wildcard = -1;
  let taken = 0;
  for (let index = 0; index < things.length;) {
    const part = pattern[at];
    if (part === null) {
      wildcard = at;
      taken = index;
      at += 1;
    } else if (part !== undefined && isMatch(part, things[index] as T)) {
      at += 1;
      index += 1;
    } else if (wildcard >= 0) {
      taken += 1;
      index = taken;
      at = wildcard + 1;
    } else {
      return false;
    }
  }
  return pattern.slice(at).every((part) => part === null);
}

/** Whether a pattern of a file in `folder` means `path`; one without `/` means a name in any folder. */
export function appliesTo(pattern: string, folder: string, path: string): boolean {
  const written = pattern.replace(/^\.?\//, '');
  const anywhere = pattern.includes('/') ? written : `**/${written}`;
  return path.startsWith(folder) && globMatcher(anywhere)(path.slice(folder.length));
}
