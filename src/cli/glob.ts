/** The folder that a glob begins in: its path up to the first part with a wildcard. */
export function globBase(pattern: string): string {
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => /[*?[{]/.test(part));
  return parts.slice(0, first).join('/') || '/';
}

/**
 * Whether a path with `/` matches a glob: `*` and `?` within a part, `**` over parts, `[a-z]`,
 * `{a,b}` (one level deep).
 */
export function globMatcher(pattern: string): (path: string) => boolean {
  const expressions = alternatives(pattern).flatMap((each) => {
    try {
      return [new RegExp(`^${each.split('/').map(partExpression).join('')}$`)];
    } catch {
      // A range that ends before it begins, `[z-a]`, matches nothing.
      return [];
    }
  });
  return (path) => expressions.some((expression) => expression.test(`/${path}`));
}

/** A pattern once for each choice of each `{a,b}`. */
function alternatives(pattern: string): readonly string[] {
  const braces = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(pattern);
  if (!braces) return [pattern];
  const [, before = '', choices = '', after = ''] = braces;
  return choices.split(',').flatMap((choice) => alternatives(before + choice + after));
}

function partExpression(part: string): string {
  if (part === '**') return '(?:/[^/]+)*';
  const tokens = part.match(/\*+|\?|\[[^\]]+\]|[^*?[]+|\[/g) ?? [];
  return `/${tokens.map(tokenExpression).join('')}`;
}

function tokenExpression(token: string): string {
  if (token.startsWith('*')) return '[^/]*';
  if (token === '?') return '[^/]';
  if (token.startsWith('[') && token.length > 1) {
    const body = token.slice(1, -1).replace(/[\\\]^]/g, '\\$&');
    return body.startsWith('!') ? `[^/${body.slice(1)}]` : `[${body}]`;
  }
  return token.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
