import { capybara } from './capybara.ts';
import type { Law } from './law.ts';

/** Every law, the default first. */
export const laws: readonly Law[] = [capybara];

/** The law of an id of CLI.md, or undefined. */
export function lawById(id: string): Law | undefined {
  return laws.find((law) => law.id === id);
}
