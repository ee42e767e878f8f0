import { formatById } from '../formats/registry.ts';
import { acceleratorNamed } from '../hardware/named.ts';
import { accelerators } from '../hardware/registry.ts';
import { lawById, laws } from '../laws/registry.ts';
import { assumptionKeys, isVariableName, parseAssumption, type Said } from '../run/assumptions.ts';
import { stated } from '../run/known.ts';
import { failOnWords, type IgnoredFinding } from '../run/policy.ts';
import { nearestWord } from '../syntax/nearestWord.ts';
import type { ConfigNode, Place } from '../syntax/tree.ts';

/** A key or a value that is not understood, and why. */
interface Wrong {
  readonly wrong: 'key' | 'value';
  readonly why: string;
}

/** Numbers of the policy file, by the name that the settings have for them. */
const numbers = new Map<string, 'gapTarget' | 'nearCriticalRatio' | 'pricePerHour' | 'maxHours'>([
  ['gap-target', 'gapTarget'],
  ['near-critical-ratio', 'nearCriticalRatio'],
  ['price-per-hour', 'pricePerHour'],
  ['max-hours', 'maxHours'],
]);

/** The keys of the policy file that hold for a config, in the order of its schema. */
export const policyKeys: readonly string[] = [
  ...assumptionKeys,
  'variables',
  'hardware',
  'law',
  ...numbers.keys(),
  'allowed-formats',
  'disabled-checks',
  'fail-on',
];

/** What one key of a policy or assumptions file says. */
export function readPair(
  key: string,
  node: ConfigNode,
  findingIds: readonly string[] | undefined,
): Said | Wrong {
  const value = node.kind === 'scalar' ? node.text.trim() : '';
  const wrong = (why: string): Wrong => ({ wrong: 'value', why: `“${key}” ${why}` });
  const assumption = assumptionKeys.find((each) => each === key);
  if (assumption) {
    const count = parseAssumption(assumption, value);
    if (count !== null) return { assumptions: { [assumption]: stated(count, node.place) } };
    return wrong(
      assumption === 'dataset-tokens'
        ? 'needs a number of tokens above zero, such as 15T or 1.5e12.'
        : 'needs a whole number above zero, such as 64.',
    );
  }
  const number = numbers.get(key);
  if (number !== undefined) {
    const read = value === '' ? NaN : Number(value);
    return read > 0 && Number.isFinite(read)
      ? { [number]: read, assumptions: {} }
      : wrong('needs a number above zero.');
  }
  switch (key) {
    case 'variables':
      return readVariables(node);
    case 'hardware':
    case 'law': {
      const item = key === 'law' ? lawById(value) : acceleratorNamed(value);
      if (item) return { [key]: item.id, assumptions: {} };
      const shelf = key === 'law' ? laws : accelerators;
      return wrong(`is one of ${shelf.map(({ id }) => id).join(', ')}.`);
    }
    case 'fail-on': {
      const failOn = failOnWords.find((each) => each === value);
      return failOn ? { failOn, assumptions: {} } : wrong(`is one of ${failOnWords.join(', ')}.`);
    }
    case 'allowed-formats': {
      const ids = textsOf(node);
      const unknown = ids?.find((id) => !formatById(id));
      if (ids && unknown === undefined) return { allowedFormats: ids, assumptions: {} };
      return wrong(
        `needs a list of format ids${unknown === undefined ? '' : `, and “${unknown}” is none`}.`,
      );
    }
    case 'disabled-checks': {
      const ids = textsOf(node);
      const unknown = ids?.find((id) => findingIds?.includes(id) === false);
      if (ids && unknown === undefined) return { disabledChecks: ids, assumptions: {} };
      return wrong(
        unknown === undefined
          ? 'needs a list of ids of findings.'
          : `knows no finding “${unknown}”${guess(unknown, findingIds)}.`,
      );
    }
    default: {
      const why = `“${key}” is none of the keys: ${policyKeys.join(', ')}.`;
      return { wrong: 'key', why };
    }
  }
}

function guess(written: string, known: readonly string[] = []): string {
  const meant = nearestWord(written, known);
  return meant === null ? '' : `; did you mean “${meant}”`;
}

/** The texts of a list, or of one text alone; null for anything else. */
function textsOf(node: ConfigNode): readonly string[] | null {
  if (node.kind === 'scalar') return node.text.trim() === '' ? null : [node.text.trim()];
  if (node.kind !== 'list') return null;
  const texts = node.items.map((item) => (item.kind === 'scalar' ? item.text.trim() : ''));
  return texts.includes('') ? null : texts;
}

function readVariables(node: ConfigNode): Said | Wrong {
  const entries = node.kind === 'map' ? [...node.byKey.values()] : null;
  const isWhole = entries?.every(
    ({ key, value }) => isVariableName(key) && value.kind === 'scalar',
  );
  if (!entries || isWhole !== true) return { wrong: 'value', why: variablesNeeded };
  const pairs = entries.map(({ key, value }) => [key, value.kind === 'scalar' ? value.text : '']);
  return {
    assumptions: {},
    variables: Object.fromEntries(pairs) as Readonly<Record<string, string>>,
  };
}

const variablesNeeded =
  '“variables” maps names of variables to their values, such as { DTYPE: fp8 }.';

interface IgnoredRead {
  readonly ignored: readonly IgnoredFinding[];
  readonly wrong: readonly { readonly place: Place; readonly why: string }[];
}

const ignoreKeys: readonly string[] = ['id', 'files', 'reason', 'until'];

/** The findings that a policy file in `folder` tells to ignore, each with its reason. */
export function readIgnored(
  node: ConfigNode,
  folder: string,
  findingIds: readonly string[] | undefined,
): IgnoredRead {
  const ignored: IgnoredFinding[] = [];
  const wrong: { place: Place; why: string }[] = [];
  if (node.kind !== 'list') {
    return { ignored, wrong: [{ place: node.place, why: ignoreNeeded }] };
  }
  for (const item of node.items) {
    const read = readIgnore(item, folder, findingIds);
    if ('why' in read) wrong.push({ place: item.place, why: read.why });
    else ignored.push(read);
  }
  return { ignored, wrong };
}

const ignoreNeeded =
  '“ignore” is a list of { id, files, reason, until }, such as { id: gap-above-target, files: "old/*", reason: frozen, until: 2026-12-31 }.';

function readIgnore(
  item: ConfigNode,
  folder: string,
  findingIds: readonly string[] | undefined,
): IgnoredFinding | { readonly why: string } {
  if (item.kind !== 'map') return { why: ignoreNeeded };
  const extra = item.entries.find(({ key }) => !ignoreKeys.includes(key));
  if (extra) return { why: `“${extra.key}” is none of ${ignoreKeys.join(', ')}.` };
  const text = (key: string) => {
    const value = item.byKey.get(key)?.value;
    return value?.kind === 'scalar' ? value.text.trim() : '';
  };
  const [id, reason, until] = [text('id'), text('reason'), text('until')];
  if (id === '' || findingIds?.includes(id) === false) {
    return { why: `“ignore” knows no finding “${id}”${guess(id, findingIds)}.` };
  }
  if (reason === '') return { why: `“ignore” needs a reason for ${id}.` };
  if (until !== '' && !/^\d{4}-\d\d-\d\d$/.test(until)) {
    return { why: '“until” needs a day such as 2026-12-31.' };
  }
  const given = item.byKey.get('files')?.value;
  const files = given === undefined ? null : textsOf(given);
  if (given !== undefined && files === null) return { why: '“files” needs patterns of paths.' };
  return { id, files, folder, reason, until: until === '' ? null : until };
}
