import type { FormatTarget, WriteFormat, WriteResult } from '../run/run.ts';
import { addKeys, removeKey, setKey } from '../syntax/edits.ts';
import type { NewKey } from '../syntax/edits.ts';
import type { Edit } from '../syntax/edit.ts';
import { isSafe } from '../syntax/safeEdits.ts';
import type { Fields, Path } from './fields.ts';
import { isTarget, targetName, type Recipe } from './precision.ts';

/** Formats without a recipe that writers know. */
type PlainName = 'bf16' | 'fp16' | 'fp32';

/** One thing a framework can say: a recipe or a plain format, and the edits that say it. */
export interface WritableRow {
  readonly recipe: Pick<Recipe, 'format' | 'granularity' | 'block'> | PlainName;
  readonly edits: (fields: Fields) => WriteResult;
}

/** Plain formats that all go to one key, each by the framework's name for it. */
export function plainRows(
  path: Path,
  names: Readonly<Record<PlainName, string>>,
): readonly WritableRow[] {
  return Object.entries(names).map(([recipe, name]) => ({
    recipe: recipe as PlainName,
    edits: (fields) => setKeys(fields, { [path]: name }),
  }));
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
  const missing = new Map<string, NewKey[]>();
  for (const [path, value] of Object.entries(values)) {
    const found = fields.find(path);
    if (value === null && !found) continue;
    if (found?.computed ?? found?.unresolved !== undefined) {
      return { ok: false, reason: `${path} is computed elsewhere, so it cannot be replaced here.` };
    }
    if (value !== null && !found) {
      const file = homeOf(fields, path);
      missing.set(file, [...(missing.get(file) ?? []), { path: path.split('.'), value }]);
      continue;
    }
    const file = found?.node.place.file ?? fields.tree.file;
    const [tree, text] = [fields.treeOf(file), fields.textOf(file)];
    const edit =
      value === null
        ? removeKey(tree, fields.root, path.split('.'), text)
        : setKey(tree, fields.root, path.split('.'), value, text);
    if (!edit) return { ok: false, reason: `${path} cannot be written in this file as it stands.` };
    edits.push(...edit);
  }
  for (const [file, keys] of missing) {
    const added = addKeys(fields.treeOf(file), fields.root, keys, fields.textOf(file));
    if (!added) {
      const names = keys.map(({ path }) => path.join('.')).join(' and ');
      return { ok: false, reason: `${names} cannot be added to this file as it stands.` };
    }
    edits.push(...added);
  }
  const changes = edits.filter(
    ({ place, newText }) => fields.textOf(place.file).slice(place.start, place.end) !== newText,
  );
  return { ok: true, edits: merged(joined(changes), fields) };
}

/** Whether edits keep clear of the broken parts of every file they go to. */
export function keepsWhole(fields: Fields, edits: readonly Edit[]): boolean {
  const files = new Set(edits.map(({ place }) => place.file));
  return [...files].every((file) => isSafe(fields.treeOf(file), fields.textOf(file), edits));
}

/** A writer that refuses where its edits would fall into a part of a file that cannot be read. */
export function carefulWriter(fields: Fields, write: WriteFormat | null): WriteFormat | null {
  if (!write) return null;
  return (target) => {
    const result = write(target);
    if (!result.ok || keepsWhole(fields, result.edits)) return result;
    return { ok: false, reason: 'The file cannot be read where the format would be written.' };
  };
}

/** The file that a missing key goes to: that of the innermost mapping on its way that exists. */
function homeOf(fields: Fields, path: Path): string {
  const parts = path.split('.').slice(0, -1);
  for (; parts.length > 0; parts.pop()) {
    const map = fields.map(parts.join('.'));
    if (map) return map.place.file;
  }
  return fields.root.place.file;
}

/** Deletions of neighbouring keys may share a line break: then one edit deletes both. */
function joined(edits: readonly Edit[]): readonly Edit[] {
  const isDeletion = ({ newText, place }: Edit) => newText === '' && place.end > place.start;
  const deletions: Edit[] = [];
  for (const edit of edits.filter(isDeletion).sort((a, b) => a.place.start - b.place.start)) {
    const { file, start, end } = edit.place;
    const before = deletions.findIndex(({ place }) => place.file === file && place.end > start);
    const earlier = deletions[before];
    if (!earlier) deletions.push(edit);
    else {
      const place = { ...earlier.place, end: Math.max(earlier.place.end, end) };
      deletions[before] = { place, newText: '' };
    }
  }
  return [...edits.filter((edit) => !isDeletion(edit)), ...deletions];
}

/**
 * A key added behind one that is taken out stands inside what is deleted: then one edit does both.
 * Insertions begin with a line break; a deletion of whole lines ends with one.
 */
function merged(edits: readonly Edit[], fields: Fields): readonly Edit[] {
  const inside = (deletion: Edit, { place }: Edit) =>
    deletion.newText === '' &&
    place.start === place.end &&
    place.file === deletion.place.file &&
    place.start > deletion.place.start &&
    place.start < deletion.place.end;
  const moved = new Set(edits.filter((edit) => edits.some((other) => inside(other, edit))));
  return edits.flatMap((edit) => {
    if (moved.has(edit)) return [];
    const added = [...moved].filter((each) => inside(edit, each));
    const inserted = added.map(({ newText }) => newText).join('');
    const wholeLines = fields.textOf(edit.place.file).slice(0, edit.place.end).endsWith('\n');
    const newText = wholeLines ? inserted.replace(/^(\r?\n)([^]*)$/, '$2$1') : inserted;
    return added.length === 0 ? [edit] : [{ ...edit, newText }];
  });
}
