import type { ConfigDocument } from './analysis.ts';
import { findingIds } from './checks/registry.ts';
import type { Trees } from './config/trees.ts';
import { readDocument, type ReadDocument } from './readDocument.ts';
import type { Files } from './run/files.ts';
import type { AnalysisSettings } from './run/settings.ts';
import { settingsInForce, type SettingsInForce } from './settings/settingsInForce.ts';
import { readDirectives, type Directives } from './syntax/directives.ts';
import { applyEdits, type Edit } from './syntax/edit.ts';
import { syntaxOf } from './syntax/syntaxOf.ts';

/** A text looked at with what is known of other files: what it holds, by which settings. */
export interface Look {
  readonly document: ConfigDocument;
  readonly read: ReadDocument;
  readonly directives: Directives | null;
  readonly inForce: SettingsInForce;
  /** Other files that would tell more; none for a text that describes no run. */
  readonly wants: readonly string[];
  /** What it was looked at with. */
  readonly given: { readonly settings: AnalysisSettings; readonly files: Files };
}

/**
 * Reads a text, asks no law, and says which other files would tell more. `before` is the look at
 * the same text with fewer files.
 */
export function look(
  document: ConfigDocument,
  settings: AnalysisSettings,
  files: Files,
  trees?: Trees,
  before?: Look,
): Look {
  const syntax = syntaxOf(document.file, document.language);
  const directives =
    before?.directives ?? (syntax ? readDirectives(document.file, document.text, syntax) : null);
  const inForce = settingsInForce(document.file, settings, directives, files, trees, findingIds);
  // Most texts ask for nothing but files of settings, which seldom say anything of what is read.
  const isRead = before?.read.wants.length === 0 && isToldTheSame(before.inForce, inForce);
  const read = isRead ? before.read : readDocument(document, inForce.settings, files, trees);
  const isOurs = read.runs.length > 0;
  const wants = isOurs ? [...new Set([...read.wants, ...inForce.wants])] : read.wants;
  return { document, read, directives, inForce, wants, given: { settings, files } };
}

/** Whether two settings give a script's and the environment's variables the same values. */
function isToldTheSame(a: SettingsInForce, b: SettingsInForce): boolean {
  return JSON.stringify(a.settings.variables) === JSON.stringify(b.settings.variables);
}

/** The look at the same config with edits made in it and in the files it draws on. */
export function lookAfter({ document, given }: Look, edits: readonly Edit[]): Look {
  const edited = new Map(given.files);
  for (const [file, text] of given.files) {
    if (text !== null) edited.set(file, applyEdits(text, file, edits));
  }
  const text = applyEdits(document.text, document.file, edits);
  return look({ ...document, text }, given.settings, edited);
}
