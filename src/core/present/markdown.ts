import { visible } from './plain.ts';

/**
 * Text of a file made safe to stand in Markdown, in a table cell and in the words of a link too: it
 * shows as written. Brackets are entities, for the words of a link are unescaped once more before
 * they are read (marked does); what would make a bare address or a mail address a link is too.
 */
export function escapeMarkdown(text: string): string {
  return visible(text.replace(/\s+/g, ' '))
    .replace(/[\\`*_<>|#~&!$]/g, '\\$&')
    .replace(/^( ?)([-+=])(?=[\s=-]|$)/, '$1\\$2')
    .replace(/^( ?\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
    .replace(/[[\]@]|:(?=\/\/)|(?<=www)\./gi, (each) => `&#${each.charCodeAt(0)};`);
}

/** Markdown in which every arXiv number is the link to its paper. */
export function withPapers(markdown: string): string {
  return markdown.replace(
    /arXiv (\d{4}\.\d{5}(?:v\d)?)/g,
    (words, id: string) => `[${words}](https://arxiv.org/abs/${id})`,
  );
}

/**
 * A Markdown table; cells are taken as Markdown. The columns of `words` are left-aligned, the
 * others right-aligned.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  words: readonly number[] = [0],
): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (words.includes(index) ? ':--' : '--:'));
  return [line(head), line(rule), ...rows.map(line)];
}

const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 of a text's UTF-8 bytes; a lone surrogate becomes U+FFFD. */
export function base64(text: string): string {
  const bytes = Array.from(text, (character) => utf8(character.codePointAt(0) ?? 0)).flat();
  let result = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second, third] = bytes.slice(at, at + 3);
    const group = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    const letter = (shift: number) => base64Alphabet.charAt((group >> shift) & 63);
    result += letter(18) + letter(12);
    result += second === undefined ? '=' : letter(6);
    result += third === undefined ? '=' : letter(0);
  }
  return result;
}

function utf8(codePoint: number): readonly number[] {
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return [0xef, 0xbf, 0xbd];
  const tail = (shift: number) => 0x80 | ((codePoint >> shift) & 0x3f);
  if (codePoint < 0x80) return [codePoint];
  if (codePoint < 0x800) return [0xc0 | (codePoint >> 6), tail(0)];
  if (codePoint < 0x10000) return [0xe0 | (codePoint >> 12), tail(6), tail(0)];
  return [0xf0 | (codePoint >> 18), tail(12), tail(6), tail(0)];
}
