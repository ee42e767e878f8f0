import type { Fields } from '../config/fields.ts';
import type { Keys, Operand } from './condition.ts';
import type { RuleEdit } from './rule.ts';

/**
 * A rule's edit by key as this file spells it, with values as they stand in its source. A switch
 * is a bare flag where the program takes those (`bareFlags`), and off then means taken out.
 */
export function spelledOut(
  fields: Fields,
  edit: RuleEdit,
  bareFlags: boolean,
): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    edit.map(([keys, value]) => [spelling(fields, keys), literal(fields, value, bareFlags)]),
  );
}

/** The spelling that is set; of a key that is not, the first one whose section is there. */
function spelling(fields: Fields, keys: Keys): string {
  if (typeof keys === 'string') return keys;
  const section = (key: string) => key.slice(0, Math.max(key.lastIndexOf('.'), 0));
  return (
    keys.find((key) => fields.has(key)) ??
    keys.find((key) => section(key) !== '' && fields.map(section(key)) !== null) ??
    keys[0] ??
    ''
  );
}

function literal(fields: Fields, value: Operand | null, bareFlags: boolean): string | null {
  if (value === null) return null;
  if (typeof value !== 'boolean') return String(value);
  if (fields.tree.syntax === 'python') return value ? 'True' : 'False';
  if (fields.tree.syntax === 'shell' && bareFlags) return value ? '' : null;
  return String(value);
}
