/** A generator of numbers in [0, 1) that a seed decides (mulberry32, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Words that have broken readers before: names of every object, numbers at every edge. */
const words = [
  ...['constructor', '__proto__', 'toString', 'hasOwnProperty', 'null', '~', 'true', 'off', ''],
  ...['0', '-1', '1e-320', '1e308', '1e999', '-0', '.inf', 'nan', '1_0', '0x10', '1e9', '2.5'],
  ...['9007199254740993', '1' + '0'.repeat(40), '${a.b}', '${HOME}', '$((1/0))', '$X', '`x`'],
  ...['"', "'", '[', ']', '{', '}', ':', ': ', ',', '#', '&a ', '*a', '<<: ', '- ', '---\n', '\t'],
  ...['\r', '\n', '\u0000', '\uFEFF', '\u2028', '😀', '\uD800', '!include x.yaml', '!!omap', '|'],
  ...['fp8', 'nvfp4', 'mxfp8', 'bf16', 'int4', 'fp4', 'e4m3', 'hybrid', '--', '=', '\\\n'],
];

/** A text with one to four changes of kinds that people, merges and cut-off downloads make. */
export function mutated(text: string, other: string, random: () => number): string {
  let changed = text;
  for (let left = 1 + Math.floor(random() * 4); left > 0; left -= 1) {
    const kind = kinds[Math.floor(random() * kinds.length)];
    if (kind) changed = kind(changed, other, random);
  }
  return changed.slice(0, 60_000);
}

type Change = (text: string, other: string, random: () => number) => string;

const below = (random: () => number, end: number) => Math.floor(random() * end);
const wordFrom = (random: () => number) => words[below(random, words.length)] ?? '';

/** Replaces one of a text's matches. */
function replaceOne(text: string, pattern: RegExp, random: () => number, by: string): string {
  const found = [...text.matchAll(pattern)];
  const one = found[below(random, found.length)];
  return one ? text.slice(0, one.index) + by + text.slice(one.index + one[0].length) : text;
}

/** Applies a change to the list of lines. */
function onLines(change: (lines: string[], other: string, random: () => number) => void): Change {
  return (text, other, random) => {
    const lines = text.split('\n');
    change(lines, other, random);
    return lines.join('\n');
  };
}

const kinds: readonly Change[] = [
  (text, _, random) => replaceOne(text, /[0-9][0-9_.eE+-]*/g, random, wordFrom(random)),
  (text, _, random) => replaceOne(text, /[A-Za-z_][\w-]*/g, random, wordFrom(random)),
  (text, _, random) => replaceOne(text, /[^\s\w]/g, random, wordFrom(random)),
  (text, _, random) => {
    const at = below(random, text.length + 1);
    return text.slice(0, at) + wordFrom(random) + text.slice(at);
  },
  (text, _, random) => {
    const at = below(random, text.length + 1);
    return text.slice(0, at) + text.slice(at + below(random, 30));
  },
  (text, _, random) => text.slice(0, below(random, text.length + 1)),
  onLines((lines, _, random) => lines.splice(below(random, lines.length), 1 + below(random, 3))),
  onLines((lines, _, random) => {
    const line = lines[below(random, lines.length)] ?? '';
    lines.splice(below(random, lines.length), 0, line);
  }),
  onLines((lines, other, random) => {
    const others = other.split('\n');
    const from = below(random, others.length);
    lines.splice(
      below(random, lines.length),
      0,
      ...others.slice(from, from + 1 + below(random, 5)),
    );
  }),
  onLines((lines, _, random) => {
    const at = below(random, lines.length);
    lines[at] = ' '.repeat(below(random, 9)) + (lines[at] ?? '').trimStart();
  }),
];
