import type { Known, Origin } from '../run/known.ts';
import type { ParameterCounts } from '../run/run.ts';
import type { Place } from '../syntax/tree.ts';
import { escapeMarkdown } from './markdown.ts';
import { exact } from './numbers.ts';

/** A link to a place in a file: its address, and the line it stands on (from 1). */
interface PlaceLink {
  readonly href: string;
  readonly line: number;
}

/** Makes the link to a place; null where links cannot be followed. */
export type LinkTo = (place: Place) => PlaceLink | null;

/** Where a value came from, as the end of a sentence, in Markdown. */
function originMarkdown(origin: Origin, link: LinkTo): string {
  switch (origin.kind) {
    case 'stated': {
      const name = escapeMarkdown(origin.file.split('/').at(-1) ?? origin.file);
      const to = link({ file: origin.file, ...origin.span });
      return to === null
        ? `from ${escapeMarkdown(origin.file)}`
        : `from [${name}:${to.line}](<${to.href}>)`;
    }
    case 'default':
      return `default of ${escapeMarkdown(origin.of)}`;
    case 'published':
      return `published shape of ${escapeMarkdown(origin.model)} (${escapeMarkdown(origin.source)})`;
    case 'derived':
      return `computed: ${escapeMarkdown(origin.formula)}`;
    case 'assumed':
      return `assumed: ${escapeMarkdown(origin.why)}`;
  }
}

/** The numbers a value rests on as Markdown list items, each with where it came from. */
export function provenance(
  name: string,
  known: Known<number | string | boolean>,
  link: LinkTo,
): readonly string[] {
  const value =
    typeof known.value === 'number' ? exact(known.value) : escapeMarkdown(String(known.value));
  const own = `- ${escapeMarkdown(name)} ${value}: ${originMarkdown(known.origin, link)}`;
  const parts = known.origin.kind === 'derived' ? known.origin.parts : [];
  return [
    own,
    ...parts.flatMap((part) => provenance(part.name, part.known, link).map((item) => `  ${item}`)),
  ];
}

/** The provenance of a parameter count. */
export function parameterProvenance(counts: ParameterCounts, link: LinkTo): readonly string[] {
  const known = { value: counts.total ?? counts.nonEmbedding, origin: counts.origin };
  return provenance(counts.total === null ? 'N non-embedding' : 'N', known, link);
}
