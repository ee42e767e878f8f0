import { acceleratorNamed } from '../hardware/named.ts';
import { accelerators } from '../hardware/registry.ts';
import { lawById, laws } from '../laws/registry.ts';
import { assumptionKeys, parseAssumption, variableOf, type Said } from '../run/assumptions.ts';
import { assumed, type Known } from '../run/known.ts';
import type { AssumptionKey } from '../run/run.ts';
import { nearestWord } from '../syntax/nearestWord.ts';

/** What a person, or a tool for them, says by hand for one question. */
export interface Asked {
  readonly law?: string | undefined;
  readonly hardware?: string | undefined;
  /** Pairs: `world-size=64`, `var.DTYPE=fp8`. */
  readonly assume?: readonly string[] | undefined;
}

/** What was said by hand, as it beats every file's word; or the sentence that says what is wrong. */
export function overridesOf({ law, hardware, assume = [] }: Asked): Said | string {
  if (law !== undefined && !lawById(law)) return unknownIdSentence('law', law, laws);
  const accelerator = hardware === undefined ? null : acceleratorNamed(hardware);
  if (hardware !== undefined && !accelerator) {
    return unknownIdSentence('hardware', hardware, accelerators);
  }
  const said = saidByPairs(assume);
  if (typeof said === 'string') return said;
  return { ...said, ...(law && { law }), ...(accelerator && { hardware: accelerator.id }) };
}

/** The sentence on an id that a shelf does not hold: the one that was meant, or all that there are. */
export function unknownIdSentence(
  what: string,
  id: string,
  known: readonly { readonly id: string }[],
): string {
  const ids = known.map((each) => each.id);
  const meant = nearestWord(id, ids);
  const guess = meant === null ? `known: ${ids.join(', ')}.` : `did you mean “${meant}”?`;
  return `Unknown ${what} “${id}”; ${guess}`;
}

/** What `--assume key=value` says, of counts and of variables (`var.DTYPE=fp8`). */
function saidByPairs(pairs: readonly string[]): Said | string {
  const told: Partial<Record<AssumptionKey, Known<number>>> = {};
  const variables: [string, string][] = [];
  for (const pair of pairs) {
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const variable = variableOf(name);
    if (variable !== null) {
      variables.push([variable, value]);
      continue;
    }
    const key = assumptionKeys.find((each) => each === name);
    if (!key) {
      const known = `${assumptionKeys.join(', ')} and var.NAME`;
      return `--assume knows ${known}, not “${name}”.`;
    }
    const count = parseAssumption(key, value);
    if (count === null) return `--assume ${key} needs a positive number, as 64 or 15T.`;
    told[key] = assumed(count, `--assume ${key}=${value}`);
  }
  return { assumptions: told, variables: Object.fromEntries(variables) };
}
