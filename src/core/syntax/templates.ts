import type { Span } from './tree.ts';

/**
 * Whether a text is a template of Jinja, Helm or the like: `{{` or `{%` outside quoted and block
 * scalars and outside comments. Unquoted `{{ n }}` parses as a mapping, so the parser cannot tell;
 * chat templates hold Jinja in quotes, so the characters alone cannot either.
 * `quoted` is in source order; `comment` is what begins a comment.
 */
export function isTemplate(text: string, quoted: readonly Span[], comment: '#' | '//'): boolean {
  let next = 0;
  let commented = 0;
  for (const match of text.matchAll(/\{\{|\{%/g)) {
    const at = match.index;
    if (at < commented) continue;
    while (next < quoted.length && (quoted[next]?.end ?? at) <= at) next += 1;
    const span = quoted[next];
    if (span && span.start <= at) continue;
    const before = text.slice(text.lastIndexOf('\n', at) + 1, at);
    if (!before.startsWith(comment) && !before.includes(` ${comment}`)) return true;
    // What follows on the line is comment too; looked at again and again it would take quadratic time.
    const end = text.indexOf('\n', at);
    commented = end < 0 ? text.length : end;
  }
  return false;
}
