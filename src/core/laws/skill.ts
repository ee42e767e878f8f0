import type { RunPoint } from './law.ts';
import { pointErrors } from './pooled/recipes.ts';
import type { Region, RegionSkill } from './region.ts';
import { skillTable } from './skillTable.ts';

/** Above this, recipes of one format were seen to differ more than formats do. */
const largeFrom = 2e9;

/**
 * The region of a run; null for widths of which too few were measured.
 * @public `npm run bench:laws` sorts the runs by it.
 */
export function regionOf(point: RunPoint): Region | null {
  if (point.bits !== 4 && point.bits !== 8) return null;
  const errors = pointErrors(point);
  const known = errors !== null && (errors.recipe !== null || errors.rotated !== null);
  return { large: point.parameters > largeFrom, bits: point.bits, known };
}

/** A region as a table names it: `N up to 2 B, 4 bits, recipe known`. */
export function regionWords({ large, bits, known }: Region): string {
  return `N ${large ? 'above' : 'up to'} 2 B, ${bits} bits, recipe ${known ? 'known' : 'not known'}`;
}

/** What the laws missed public runs like this one by; null where none was measured. */
export function skillAt(point: RunPoint): RegionSkill | null {
  const here = regionOf(point);
  if (!here) return null;
  return (
    skillTable.find(
      ({ region: { large, bits, known } }) =>
        large === here.large && bits === here.bits && known === here.known,
    ) ?? null
  );
}
