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

it.each([
  [
    'a|b [x](command:evil) <img> `c`\nd_e',
    'a\\|b &#91;x&#93;(command:evil) \\<img\\> \\`c\\` d\\_e',
  ],
  ['![i](https://x.y)', '\\!&#91;i&#93;(https&#58;//x.y)'],
  ['www.evil.example', 'www&#46;evil.example'],
  ['me@evil.example', 'me&#64;evil.example'],
  ['$(alert) $x$ ~~y~~ &lt;', '\\$(alert) \\$x\\$ \\~\\~y\\~\\~ \\&lt;'],
  ['- item', '\\- item'],
  ['12. item', '12\\. item'],
  ['===', '\\==='],
  ['# heading', '\\# heading'],
  ['gpj\u202e.toml \u001b[31m', 'gpj\\u202e.toml \\u001b&#91;31m'],
  // Numbers keep their signs and dots as they are.
  ['+0.0041 to -1.5', '+0.0041 to -1.5'],
])('keeps %j from becoming Markdown', (text, expected) => {
  // Of what cannot be seen, escapes stand there; a backslash of theirs is Markdown's too.
  expect(escapeMarkdown(text).replaceAll('\\\\u', '\\u')).toBe(expected);
});

it('lays out a table', () => {
  expect(table(['Law', 'gap'], [['Capybara', '+0.1']])).toEqual([
    '| Law | gap |',
    '| :-- | --: |',
    '| Capybara | +0.1 |',
  ]);
});
