import { applyEdits, type Edit } from './edit.ts';
import { parse } from './parse.ts';
import type { ConfigTree, Span, SyntaxProblem } from './tree.ts';

/**
 * Whether edits of one file keep clear of what could not be read of it, and leave it no more broken
 * than it is. In a whole file every edit does: there they are composed from what was read.
 */
export function isSafe(tree: ConfigTree, text: string, edits: readonly Edit[]): boolean {
  const errors = errorsOf(tree);
  const ours = edits.filter(({ place }) => place.file === tree.file);
  if (ours.some((edit) => !fits(tree, edit))) return false;
  if (errors.length === 0 || ours.length === 0) return true;
  const broken = errors.map(({ place }) => brokenPart(tree, text, place));
  const touches = ours.some(({ place }) =>
    broken.some(({ start, end }) => place.start <= end && place.end >= start),
  );
  if (touches) return false;
  const after = parse(tree.file, applyEdits(text, tree.file, ours), tree.syntax);
  return errorsOf(after).length <= errors.length;
}

/** Whether what an edit writes is one word more or less of a script in quotes or a list of words. */
function fits({ embedded }: ConfigTree, { place, newText }: Edit): boolean {
  if (embedded === 'line') return !/["'\\\n]/.test(newText);
  return embedded !== 'words' || (place.end > place.start && /^[\w@%+=:,./-]+$/.test(newText));
}

function errorsOf(tree: ConfigTree): readonly SyntaxProblem[] {
  return tree.problems.filter(({ severity }) => severity === 'error');
}

/** The lines of a problem; of a broken header of TOML its table too, which may be another's. */
function brokenPart({ syntax }: ConfigTree, text: string, { start, end }: Span): Span {
  const from = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1;
  let to = endOfLine(text, Math.max(end, start));
  if (syntax === 'toml' && text.slice(from, end).trimStart().startsWith('[')) {
    while (to < text.length) {
      const next = endOfLine(text, to + 1);
      if (
        text
          .slice(to + 1, next)
          .trimStart()
          .startsWith('[')
      )
        break;
      to = next;
    }
  }
  return { start: from, end: to };
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}
