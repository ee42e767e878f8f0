import type { Fields, Path } from '../config/fields.ts';
import type { Keys, Operand } from './condition.ts';
import type { RuleEdit } from './rule.ts';
import { whereIs, type Whereabouts } from './settingOf.ts';

/** Values to write into one file by path, as they stand in its source; null takes a key out. */
export interface FileEdit {
  readonly fields: Fields;
  readonly values: Readonly<Record<Path, string | null>>;
}

/**
 * A rule's edit by key as each file spells it; null where a file that holds one is not there. A
 * switch is a bare flag where the program takes those (`bareFlags`), and off then means taken out.
 */
export function spelledOut(
  whereabouts: Whereabouts,
  edit: RuleEdit,
  bareFlags: boolean,
): readonly FileEdit[] | null {
  const byFile = new Map<Fields, Record<Path, string | null>>();
  for (const [keys, value] of edit) {
    const found = spelling(whereabouts, keys);
    if (!found) return null;
    const values = byFile.get(found.fields) ?? {};
    byFile.set(found.fields, { ...values, [found.path]: literal(found.fields, value, bareFlags) });
  }
  return [...byFile].map(([fields, values]) => ({ fields, values }));
}

interface Spelled {
  readonly fields: Fields;
  readonly path: Path;
}

/** The spelling that is set; of a key that is not, the first one whose section is there. */
function spelling(whereabouts: Whereabouts, keys: Keys): Spelled | undefined {
  const all = (typeof keys === 'string' ? [keys] : keys).flatMap((key): readonly Spelled[] => {
    const { fields, path } = whereIs(whereabouts, key);
    return fields === null || fields === 'missing' ? [] : [{ fields, path }];
  });
  const section = (path: Path) => path.slice(0, Math.max(path.lastIndexOf('.'), 0));
  return (
    all.find(({ fields, path }) => fields.has(path)) ??
    all.find(({ fields, path }) => section(path) !== '' && fields.map(section(path)) !== null) ??
    all[0]
  );
}

function literal(fields: Fields, value: Operand | null, bareFlags: boolean): string | null {
  if (value === null) return null;
  if (typeof value !== 'boolean') return String(value);
  if (fields.tree.syntax === 'python') return value ? 'True' : 'False';
  if (fields.tree.syntax === 'shell' && bareFlags) return value ? '' : null;
  return String(value);
}
