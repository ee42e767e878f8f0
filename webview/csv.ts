import type { Table } from './plots/plot.ts';

/** Writes a table as RFC 4180 has it, numbers in full; an absent number is an empty cell. */
export function toCsv({ columns, rows }: Table): string {
  const lines = [columns, ...rows.map((row) => row.map((each) => each.value))];
  return lines.map((line) => `${line.map(csvCell).join(',')}\r\n`).join('');
}

/** What a spreadsheet takes for the beginning of a formula, which a name in a table may not be. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

/** An apostrophe in front of a text has it read as one; numbers keep their signs. */
function csvCell(value: string | number | null): string {
  const isFormula = typeof value === 'string' && formula.test(value) && !isNumber(value);
  const text = value === null ? '' : isFormula ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function isNumber(text: string): boolean {
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text);
}

/** A text as base64 of its UTF-8 bytes. */
export function toBase64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
