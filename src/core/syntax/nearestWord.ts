/** Ids are looked at to this length; nobody means one of them by a longer word. */
const longest = 80;

/**
 * The word of several that a mistyped one most likely means: the least edits apart, at most a third
 * of its letters; null where none is that near.
 */
export function nearestWord(written: string, words: readonly string[]): string | null {
  if (written.length > longest) return null;
  let nearest: string | null = null;
  let least = Math.max(1, Math.floor(written.length / 3)) + 1;
  for (const word of words) {
    if (Math.abs(word.length - written.length) >= least) continue;
    const edits = editsBetween(written.toLowerCase(), word);
    if (edits < least) [nearest, least] = [word, edits];
  }
  return nearest;
}

/**
 * How many letters must be put in, taken out or changed, or two beside each other exchanged
 * (Damerau and Levenshtein), a row of the table at a time.
 */
function editsBetween(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  let twoAbove: readonly number[] = [];
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      const [left = 0, up = 0, across = 0] = [
        current[column - 1],
        above[column],
        above[column - 1],
      ];
      const isExchange =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const exchanged = isExchange ? (twoAbove[column - 2] ?? Infinity) + 1 : Infinity;
      current.push(Math.min(left + 1, up + 1, across + same, exchanged));
    }
    twoAbove = above;
    above = current;
  }
  return above[b.length] ?? 0;
}
