import { describe, expect, it } from 'vitest';
import { Fields } from '../../../src/core/config/fields.ts';
import { setKeys } from '../../../src/core/config/writing.ts';
import { applyEdits } from '../../../src/core/syntax/edit.ts';
import { parse } from '../../../src/core/syntax/parse.ts';

function rewrite(text: string, values: Record<string, string | null>): string {
  const tree = parse('run.yaml', text);
  const [root] = tree.documents;
  if (root?.kind !== 'map') throw new Error('The fixture is no mapping.');
  const result = setKeys(new Fields(tree, root, text), values);
  return result.ok ? applyEdits(text, 'run.yaml', result.edits) : result.reason;
}

describe('setKeys', () => {
  it('removes neighbouring keys at the end of a text without a last line break', () => {
    expect(rewrite('a: 1\nb: 2\nc: 3', { b: null, c: null })).toBe('a: 1\n');
  });

  it.each([
    ['a tag stands before the last key', 'a: 1\n!include x: 2\n', 'a: 1\n!include x: 2\nnew: 3\n'],
    ['the last key is empty', 'm:\n  a: 1\n  :\n', 'm:\n  a: 1\n  :\n  new: 3\n'],
  ])('adds a key below the others where %s', (_, text, after) => {
    expect(rewrite(text, { [text.startsWith('m') ? 'm.new' : 'new']: '3' })).toBe(after);
  });

  it('replaces, removes and adds in one go, and leaves comments where they are', () => {
    const text = 'precision: bf16 # base\nfp8: true\nsteps: 5\n';
    expect(rewrite(text, { precision: 'fp16', fp8: null })).toBe(
      'precision: fp16 # base\nsteps: 5\n',
    );
  });
});
