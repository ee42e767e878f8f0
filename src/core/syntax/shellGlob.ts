import type { Word } from 'unbash';
import { expandWord, knownText, type Scope } from './shellValues.ts';

/** A pattern of a shell: letters that stand for themselves, `*` and `?`. */
export type Glob = readonly (string | { readonly any: 'one' | 'many' })[];

/** The pattern that an unquoted word is, null when it is none or is not told. */
export function patternOf(scope: Scope, word: Word): Glob | null {
  const parts = word.parts ?? [];
  const isGlob = ({ type }: { readonly type: string }) =>
    type === 'Glob' || type === 'ExtendedGlob';
  if (!parts.some(isGlob)) return null;
  const glob: (string | { readonly any: 'one' | 'many' })[] = [];
  for (const part of parts) {
    if (part.type === 'Glob' && part.kind === 'star') glob.push({ any: 'many' });
    else if (part.type === 'Glob' && part.kind === 'question') glob.push({ any: 'one' });
    else if (isGlob(part)) return null;
    else {
      const whole: Word = { ...word, parts: [part] };
      const text = knownText(expandWord(scope, whole)[0] ?? []);
      if (text === null) return null;
      glob.push(...lettersOf(text));
    }
  }
  return glob;
}

/** Whether a text is one that a pattern means; linear but for one step back at each `*`. */
export function globMatches(glob: Glob, text: string): boolean {
  let [at, from] = [0, 0];
  let back: { readonly at: number; from: number } | null = null;
  const letters = lettersOf(text);
  while (from < letters.length) {
    const part = glob[at];
    if (typeof part === 'object' && part.any === 'many') {
      back = { at, from };
      at += 1;
    } else if (part !== undefined && (typeof part === 'object' || part === letters[from])) {
      at += 1;
      from += 1;
    } else if (back) {
      back.from += 1;
      at = back.at + 1;
      from = back.from;
    } else return false;
  }
  return glob.slice(at).every((part) => typeof part === 'object' && part.any === 'many');
}

/** A text as a pattern that means just itself. */
export function lettersOf(text: string): Glob {
  return Array.from(text);
}
