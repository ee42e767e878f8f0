import { describe, expect, it } from 'vitest';
import { isSafe } from '../../../src/core/syntax/safeEdits.ts';
import { parse } from '../../../src/core/syntax/parse.ts';

/** Whether writing `newText` over `old` (behind it, where `insert`) is safe in the text. */
function safe(file: string, text: string, old: string, newText: string): boolean {
  const start = text.indexOf(old);
  const place = { file, start, end: start + old.length };
  return isSafe(parse(file, text), text, [{ place, newText }]);
}

describe('isSafe', () => {
  it('lets every edit into a whole file', () => {
    expect(safe('a.yaml', 'a: 1\nb: 2\n', '2', '3')).toBe(true);
  });

  it('lets an edit beside a broken line, none into it', () => {
    const text = 'a: 1\nlearn\nb: 2\n';
    expect(safe('a.yaml', text, '2', '3')).toBe(true);
    expect(safe('a.yaml', text, 'learn', 'x')).toBe(false);
  });

  it('refuses an edit that leaves a broken file more broken', () => {
    expect(safe('a.yaml', 'a: 1\nlearn\nb: 2\n', '2', '[3')).toBe(false);
  });

  it('refuses an edit of the keys behind a half-typed header, which may be another table’s', () => {
    const text = '[model]\ndim = 1\n[train\nsteps = 2\n[data]\nrows = 3\n';
    expect(safe('a.toml', text, 'steps = 2', 'steps = 4')).toBe(false);
    expect(safe('a.toml', text, 'dim = 1', 'dim = 4')).toBe(true);
    expect(safe('a.toml', text, 'rows = 3', 'rows = 4')).toBe(true);
  });
});
