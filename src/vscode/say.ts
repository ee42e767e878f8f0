import { window, type QuickPickItem, type QuickPickOptions } from 'vscode';
import { inert } from '../core/present/plain.ts';

/**
 * Everything that is said or offered to a person goes through here, for a notification makes links
 * that run commands out of its text, and a quick pick icons: nothing that a file says may be either.
 */

/** Says a sentence as information. */
export function inform(sentence: string): void {
  void window.showInformationMessage(inert(sentence));
}

/** Says a sentence as a warning. */
export function warn(sentence: string): void {
  void window.showWarningMessage(inert(sentence));
}

/** Says a sentence as an error, with a button; resolves to whether it was pressed. */
export async function complain(sentence: string, button: string): Promise<boolean> {
  return (await window.showErrorMessage(inert(sentence), button)) === button;
}

/** An item to pick; `icon` is the name of a codicon that stands before its label. */
export interface Pickable extends QuickPickItem {
  readonly icon?: string;
}

/** Lets a person pick one of several items; undefined when none was. */
export async function pickOne<Item extends Pickable>(
  items: readonly Item[],
  options: QuickPickOptions & { readonly canPickMany?: false },
): Promise<Item | undefined> {
  const shown = items.map((item) => ({ ...shownItem(item), item }));
  const picked = await window.showQuickPick(shown, shownOptions(options));
  return picked?.item;
}

/** Lets a person pick any number of items; undefined when the list was left. */
export async function pickMany<Item extends Pickable>(
  items: readonly Item[],
  options: QuickPickOptions,
): Promise<readonly Item[] | undefined> {
  const shown = items.map((item) => ({ ...shownItem(item), item }));
  const picked = await window.showQuickPick(shown, { ...shownOptions(options), canPickMany: true });
  return picked?.map(({ item }) => item);
}

function shownItem({ icon, label, description, detail, ...rest }: Pickable): QuickPickItem {
  return {
    ...rest,
    label: icon === undefined ? inert(label) : `$(${icon}) ${inert(label)}`,
    ...(description !== undefined && { description: inert(description) }),
    ...(detail !== undefined && { detail: inert(detail) }),
  };
}

function shownOptions({ title, placeHolder, ...rest }: QuickPickOptions): QuickPickOptions {
  return {
    ...rest,
    ...(title !== undefined && { title: inert(title) }),
    ...(placeHolder !== undefined && { placeHolder: inert(placeHolder) }),
  };
}
