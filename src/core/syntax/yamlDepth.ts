import { maximumDepth } from './limits.ts';
import type { Span } from './tree.ts';

/**
 * Blanks out what nests too deeply for the YAML parser, offsets unchanged, and says where.
 * The parser recurses; near the end of the stack V8 may not throw but end the process, when it
 * happens to compile a regular expression there (seen with 2,000 braces). So the depth is bounded
 * before: by brackets, and by the columns and `- ` or `? ` indicators that lines begin with.
 */
export function limitDepth(text: string): { readonly text: string; readonly cut: Span | null } {
  if (!mayBeDeep(text)) return { text, cut: null };
  const cuts: Span[] = [];
  const columns: number[] = [];
  let brackets = 0;
  for (let start = 0; start < text.length;) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const deep = openLine(text, start, end, columns);
    if (deep === null) brackets = scanBrackets(text, start, end, brackets, cuts);
    else cuts.push({ start: deep, end });
    start = end + 1;
  }
  const [first] = cuts;
  if (!first) return { text, cut: null };
  const parts: string[] = [];
  let at = 0;
  for (const cut of cuts) {
    parts.push(text.slice(at, cut.start), text.slice(cut.start, cut.end).replace(/[^\r\n]/g, ' '));
    at = cut.end;
  }
  return { text: parts.join('') + text.slice(at), cut: first };
}

/** A line that begins with enough blanks and indicators to be too deep by them alone. */
const deepLine = new RegExp(`^[-?: \\t]{${maximumDepth}}`, 'm');

/** Whether a text can nest too deeply at all: hardly any has the brackets or the columns for it. */
function mayBeDeep(text: string): boolean {
  return (text.match(/[[{]/g)?.length ?? 0) > maximumDepth || deepLine.test(text);
}

/** Notes the columns at which a line opens or goes on with collections; where it is too deep. */
function openLine(text: string, start: number, end: number, columns: number[]): number | null {
  let at = start;
  for (;;) {
    while (at < end && text.charCodeAt(at) === 32) at += 1;
    if (at >= end || text.charCodeAt(at) === 13) return null;
    const column = at - start;
    while ((columns.at(-1) ?? -1) >= column) columns.pop();
    columns.push(column);
    if (columns.length > maximumDepth) return at;
    const isIndicator = /[-?:]/.test(text.charAt(at)) && /\s/.test(text.charAt(at + 1));
    if (!isIndicator) return null;
    at += 1;
  }
}

/** Counts brackets outside quotes and comments; the new depth. Those too deep are cut. */
function scanBrackets(
  text: string,
  start: number,
  end: number,
  depth: number,
  cuts: Span[],
): number {
  let quote = '';
  let level = depth;
  for (let at = start; at < end; at += 1) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === '\\' && quote === '"') at += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") {
      const isOpening = at === start || /[\s[{,:]/.test(text.charAt(at - 1));
      const closing = isOpening ? text.indexOf(character, at + 1) : -1;
      if (closing >= 0 && closing < end) quote = character;
    } else if (character === '#' && (at === start || /\s/.test(text.charAt(at - 1)))) {
      break;
    } else if (character === '[' || character === '{') {
      level += 1;
      if (level > maximumDepth) cuts.push({ start: at, end: at + 1 });
    } else if ((character === ']' || character === '}') && level > 0) {
      if (level > maximumDepth) cuts.push({ start: at, end: at + 1 });
      level -= 1;
    }
  }
  return level;
}
