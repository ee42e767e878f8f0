import { internalCommands } from '../ids.ts';
import type { Destination } from '../links.ts';
import { goTo } from '../navigate.ts';
import type { Command } from './command.ts';

/** Follows a link to where a number is stated. */
export const goToPlace: Command = {
  id: internalCommands.goToPlace,
  async run(_context, [destination]) {
    if (isDestination(destination)) await goTo(destination);
  },
};

function isDestination(value: unknown): value is Destination {
  if (typeof value !== 'object' || value === null) return false;
  const { uri, start, end } = value as Partial<Record<keyof Destination, unknown>>;
  return typeof uri === 'string' && Number.isInteger(start) && Number.isInteger(end);
}
