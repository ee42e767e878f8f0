import { visible } from '../src/core/present/plain.ts';

type Child = Node | string;

/**
 * Builds an element. Text goes in as text and attributes as attributes, so that nothing a config
 * says is ever read as markup; there is no way to set a style or a handler by attribute. What
 * cannot be seen in a text is written out.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.map((child) => (typeof child === 'string' ? visible(child) : child)));
  return made;
}

/** Sets the text only when it differs: rewriting the same text would be announced again. */
export function setText(target: Element, text: string): void {
  const shown = visible(text);
  if (target.textContent !== shown) target.textContent = shown;
}

/** An id that no other element of the page has. */
export function uniqueId(prefix: string): string {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

let lastId = 0;
