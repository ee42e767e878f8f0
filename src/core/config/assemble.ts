import type { Fields } from './fields.ts';
import { withDefaults } from './hydra.ts';
import { withIncludes } from './includes.ts';
import type { Composition } from './reader.ts';

/**
 * Brings together what the file format itself says belongs together, before any framework is
 * recognised: `!include` tags and Hydra's `defaults:` list.
 */
export function assemble(fields: Fields): Composition {
  const included = withIncludes(fields);
  const composed = withDefaults(included.fields);
  return { fields: composed.fields, needs: [...included.needs, ...composed.needs] };
}
