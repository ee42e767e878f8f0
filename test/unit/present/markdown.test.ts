import { Buffer } from 'node:buffer';
import { expect, it } from 'vitest';
import { base64, escapeMarkdown, table } from '../../../src/core/present/markdown.ts';

it.each(['', 'a', 'ab', 'abc', 'D_crit · 10 %', '日本', '😀 é'])(
  'encodes %j as base64 of its UTF-8 bytes',
  (text) => expect(base64(text)).toBe(Buffer.from(text, 'utf8').toString('base64')),
);

it('replaces a lone surrogate', () => {
  expect(base64('\ud800')).toBe(Buffer.from('\ufffd', 'utf8').toString('base64'));
});

it('keeps text of files from becoming Markdown', () => {
  expect(escapeMarkdown('a|b [x](command:evil) <img> `c`\nd_e')).toBe(
    'a\\|b \\[x\\](command:evil) \\<img\\> \\`c\\` d\\_e',
  );
});

it('lays out a table', () => {
  expect(table(['Law', 'gap'], [['Capybara', '+0.1']])).toEqual([
    '| Law | gap |',
    '| :-- | --: |',
    '| Capybara | +0.1 |',
  ]);
});
