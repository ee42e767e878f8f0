/**
 * Characters that a reader cannot see, or that move what stands beside them: control characters,
 * line and paragraph separators, marks and overrides of writing direction, zero-width spaces, tags.
 * Joiners of letters and of emoji (U+200C, U+200D) are none of them.
 */
const unseen =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** The same without the characters that JSON escapes itself: what is left is its layout. */
const unseenInJson = new RegExp(unseen.source.replace('\\u0000-\\u001f', ''), 'gu');

const named: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** Text of a file or a name with what cannot be seen in it written out: `\n`, `\u001b`, `\u202e`. */
export function visible(text: string): string {
  return text.replace(unseen, (each) => named.get(each) ?? codeUnits(each));
}

/** The UTF-16 units of a text as JSON escapes them: `\u202e`. */
function codeUnits(text: string): string {
  return text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** A value as JSON, two spaces deep, with what cannot be seen in its texts escaped. */
export function jsonText(value: unknown): string {
  const json = JSON.stringify(value, null, 2);
  return withoutCommands(json.replace(unseenInJson, codeUnits));
}

const zeroWidthSpace = '\u200b';

/**
 * Text for the places where VS Code takes `$(name)` for an icon or `[words](address)` for a link and
 * knows no escape that holds in all of them (notifications, quick picks, lens titles, the status
 * bar, trees): each such pair is parted by a space without width, so that it reads as written.
 */
export function inert(text: string): string {
  return visible(text).replace(/([$\]])(?=\()/g, `$1${zeroWidthSpace}`);
}

/**
 * A line of output that no build service takes for an instruction to it: GitHub reads `::name::` at
 * a line’s start and `##[name]` anywhere (`ActionCommand.cs` of actions/runner), Azure `##vso[…]`,
 * TeamCity `##teamcity[…]`. The character that it begins with is written as JSON escapes it.
 */
export function withoutCommands(line: string): string {
  return line.replace(
    /^\s*:(?=:)|#(?=#\w*\[)/g,
    (found) => found.slice(0, -1) + codeUnits(found.slice(-1)),
  );
}
