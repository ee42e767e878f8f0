import type { FormatTarget, WriteFormat, WriteResult } from '../run/run.ts';
import { addKeys, removeKey, setKey } from '../syntax/edits.ts';
import type { Edit, NewKey } from '../syntax/edits.ts';
import type { Fields, Path } from './fields.ts';
import { isTarget, targetName, type Recipe } from './precision.ts';

/** One thing a framework can say: a recipe or a plain format, and the edits that say it. */
export interface WritableRow {
  readonly recipe: Pick<Recipe, 'format' | 'granularity' | 'block'> | 'bf16' | 'fp16' | 'fp32';
  readonly edits: (fields: Fields) => WriteResult;
}

/** A writer from a table of what the framework can say; everything else is refused by name. */
export function formatWriter(fields: Fields, rows: readonly WritableRow[]): WriteFormat {
  return (target: FormatTarget) => {
    const row = rows.find(({ recipe }) =>
      typeof recipe === 'string'
        ? recipe === target.format && target.granularity === 'none'
        : isTarget(recipe, target),
    );
    return (
      row?.edits(fields) ?? {
        ok: false,
        reason: `The framework has no setting for ${targetName(target)}.`,
      }
    );
  };
}

/**
 * Sets keys to values as they shall stand in the source; null removes a key.
 * A key that exists is replaced where it is stated, following references; a missing one is added
 * to its mapping. All or nothing: if one cannot be written, the reason is given and no edit.
 */
export function setKeys(
  fields: Fields,
  values: Readonly<Record<Path, string | null>>,
): WriteResult {
  const edits: Edit[] = [];
  const missing: NewKey[] = [];
  for (const [path, value] of Object.entries(values)) {
    const found = fields.find(path);
    if (value === null && !found) continue;
    if (found?.computed ?? found?.unresolved !== undefined) {
      return { ok: false, reason: `${path} is computed elsewhere, so it cannot be replaced here.` };
    }
    if (value !== null && !found) {
      missing.push({ path: path.split('.'), value });
      continue;
    }
    const edit =
      value === null
        ? removeKey(fields.tree, fields.root, path.split('.'), fields.text)
        : setKey(fields.tree, fields.root, path.split('.'), value, fields.text);
    if (!edit) return { ok: false, reason: `${path} cannot be written in this file as it stands.` };
    edits.push(...edit);
  }
  const added = addKeys(fields.tree, fields.root, missing, fields.text);
  if (!added) {
    const names = missing.map(({ path }) => path.join('.')).join(' and ');
    return { ok: false, reason: `${names} cannot be added to this file as it stands.` };
  }
  return { ok: true, edits: [...edits, ...added] };
}
