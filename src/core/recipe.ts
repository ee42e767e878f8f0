import type { CheckContext } from './checks/check.ts';
import { setKeys } from './config/writing.ts';
import type { Accelerator } from './hardware/accelerator.ts';
import { lookAfter, type Look } from './look.ts';
import type { ReadRun } from './readDocument.ts';
import { broken } from './rules/broken.ts';
import { spelledOut, type FileEdit } from './rules/edit.ts';
import { rules } from './rules/registry.ts';
import { settingsOf } from './rules/settingOf.ts';
import type { WriteResult } from './run/run.ts';
import type { Edit } from './syntax/edit.ts';

/** What recipe rules look at in a run, and how they write into its files. */
export function recipeOf(
  { reader, fields, isOpen, deepspeed, reading }: ReadRun,
  accelerator: Accelerator | null,
): CheckContext['recipe'] {
  const keys = { fields, isOpen, deepspeed, pathOf: reader.keyPaths?.(fields) };
  return {
    framework: reader.id,
    syntax: fields.tree.syntax,
    inForce: { setting: settingsOf(keys), role: reading.role, accelerator },
    write: (edit) => writeRule(spelledOut(keys, edit, reader.bareFlags === true)),
    start: { ...fields.root.place, end: fields.root.place.start },
  };
}

/** The edits of a rule in all files, or why one of them cannot be made. */
function writeRule(files: readonly FileEdit[] | null): WriteResult {
  if (!files) return { ok: false, reason: 'A file that would be changed is not there.' };
  const written = files.map(({ fields, values }) => setKeys(fields, values));
  const refused = written.find(({ ok }) => !ok);
  return refused ?? { ok: true, edits: written.flatMap((each) => (each.ok ? each.edits : [])) };
}

/**
 * Ids of the rules that a run would break with these edits made, and does not as it stands; null
 * where the file would no longer describe it.
 */
export function newRules(
  look: Look,
  runIndex: number,
  edits: readonly Edit[],
  accelerator: Accelerator | null,
): readonly string[] | null {
  const before = look.read.runs[runIndex];
  const after = lookAfter(look, edits).read.runs[runIndex];
  if (!before || !after) return null;
  const { enabledChecks } = look.inForce.settings;
  const idsOf = (run: ReadRun) => {
    const recipe = recipeOf(run, accelerator);
    return broken(rules, recipe, recipe.inForce, enabledChecks).map(({ rule }) => rule.id);
  };
  const known = new Set(idsOf(before));
  return idsOf(after).filter((id) => !known.has(id));
}
