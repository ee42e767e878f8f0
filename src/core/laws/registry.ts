import { capybara } from './capybara.ts';
import type { Law } from './law.ts';

/** The law that leads when none is chosen. */
export const defaultLaw: Law = capybara;

/** Every law, the default first. */
export const laws: readonly Law[] = [capybara];

/** The law of an id of CLI.md, or undefined. */
export function lawById(id: string): Law | undefined {
  return laws.find((law) => law.id === id);
}
