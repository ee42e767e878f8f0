import { capybara } from './capybara/capybara.ts';
import { chen } from './chen/chen.ts';
import { chinchilla } from './chinchilla/chinchilla.ts';
import { kumar } from './kumar/kumar.ts';
import type { Law } from './law.ts';
import { ouyang } from './ouyang/ouyang.ts';
import { pooled } from './pooled/pooled.ts';
import { quartet } from './quartet/quartet.ts';
import { quest } from './quest/quest.ts';
import { unified } from './unified/unified.ts';

/** The law that leads when none is chosen. */
export const defaultLaw: Law = capybara;

/** Every law, the default first. */
export const laws: readonly Law[] = [
  capybara,
  kumar,
  chinchilla,
  chen,
  quartet,
  quest,
  ouyang,
  unified,
  pooled,
];

/** The law of an id of CLI.md, or undefined. */
export function lawById(id: string): Law | undefined {
  return laws.find((law) => law.id === id);
}
