import type { Notice } from '../run/notice.ts';
import { Trees } from '../config/trees.ts';
import type { Files, Source } from '../run/files.ts';
import { globMatcher } from './glob.ts';
import { acceleratorNamed } from '../hardware/named.ts';
import { accelerators } from '../hardware/registry.ts';
import { lawById, laws } from '../laws/registry.ts';
import { pathsAbove } from './pathsAbove.ts';
import {
  assumptionKeys,
  assumptionsFileNames,
  parseAssumption,
  withSaid,
  type Said,
  isVariableName,
} from '../run/assumptions.ts';
import { stated } from '../run/known.ts';
import { removeKey, setKey } from '../syntax/edits.ts';
import type { Edit } from '../syntax/edit.ts';
import { lineMap } from '../syntax/lines.ts';
import { literalFor } from '../syntax/literals.ts';
import { parse } from '../syntax/parse.ts';
import { syntaxOf } from '../syntax/syntaxOf.ts';
import type { ConfigNode, MapNode, Place, SyntaxKind } from '../syntax/tree.ts';

const knownKeys: readonly string[] = [...assumptionKeys, 'variables', 'hardware', 'law'];

/** What the assumptions files above a config say of it, the nearest winning key by key. */
export interface AssumptionsRead {
  readonly said: Said;
  /** What could not be understood, each at its place in the assumptions file. */
  readonly notices: readonly Notice[];
  /** Paths that were not handed in: an assumptions file may or may not be there. */
  readonly wants: readonly string[];
  /** The files that were read. */
  readonly sources: readonly Source[];
}

/** Where assumptions for `file` may stand, nearest first: beside it and in each folder above. */
export function assumptionsPaths(file: string): readonly string[] {
  return pathsAbove(file, assumptionsFileNames);
}

/** Reads what the assumptions files say of a config, out of the files handed in. */
export function readAssumptions(config: string, files: Files, trees?: Trees): AssumptionsRead {
  let said: Said = { assumptions: {} };
  const notices: Notice[] = [];
  const wants: string[] = [];
  const sources: Source[] = [];
  for (const path of assumptionsPaths(config).toReversed()) {
    const text = files.get(path);
    if (text === undefined) wants.push(path);
    if (typeof text !== 'string') continue;
    sources.push({ file: path, text });
    const read = readAssumptionsFile(path, text, config, trees);
    said = withSaid(said, read.said);
    notices.push(...read.notices);
  }
  return { said, notices, wants, sources };
}

/** What one assumptions file says of a config, and what in it cannot be understood. */
export function readAssumptionsFile(
  path: string,
  text: string,
  config: string,
  trees = new Trees(),
): Omit<AssumptionsRead, 'wants' | 'sources'> {
  const tree = trees.parse(path, text, syntaxOf(path) ?? 'yaml');
  const lineOf = lineMap(text);
  const notices: Notice[] = [];
  const complain = (place: Place, what: string) => {
    notices.push({ message: `${path}, line ${lineOf(place.start).line}: ${what}`, place });
  };
  let said: Said = { assumptions: {} };
  const readMap = (map: MapNode, applies: boolean) => {
    let own: Said = { assumptions: {} };
    for (const { key, keyPlace, value } of map.entries) {
      if (map === root && (key === 'files' || key === '$schema')) continue;
      const pair = readPair(key, value);
      if ('wrong' in pair) complain(pair.wrong === 'key' ? keyPlace : value.place, pair.why);
      else own = { ...own, ...pair, assumptions: { ...own.assumptions, ...pair.assumptions } };
    }
    if (applies) said = withSaid(said, own);
  };
  for (const problem of tree.problems) {
    if (problem.severity === 'error') complain(problem.place, problem.message);
  }
  const [root] = tree.documents;
  if (root?.kind === 'map') {
    readMap(root, true);
    const sections = root.byKey.get('files')?.value;
    if (sections && sections.kind !== 'map') complain(sections.place, filesNeeded);
    for (const { key, value } of sections?.kind === 'map' ? sections.entries : []) {
      if (value.kind === 'map') readMap(value, appliesTo(key, path, config));
      else complain(value.place, filesNeeded);
    }
  } else if (root && !isNothing(root)) {
    complain(root.place, 'the file is no mapping of assumptions.');
  }
  return { said, notices };
}

const filesNeeded = '“files” maps patterns such as "pretrain/*.yaml" to assumptions of their own.';

interface Wrong {
  readonly wrong: 'key' | 'value';
  readonly why: string;
}

function readPair(key: string, node: ConfigNode): Said | Wrong {
  if (key === 'variables') return readVariables(node);
  const value = node.kind === 'scalar' ? node.text.trim() : '';
  const assumption = assumptionKeys.find((each) => each === key);
  if (assumption) {
    const count = parseAssumption(assumption, value);
    if (count !== null) return { assumptions: { [assumption]: stated(count, node.place) } };
    const why =
      assumption === 'dataset-tokens'
        ? 'needs a number of tokens above zero, such as 15T or 1.5e12.'
        : 'needs a whole number above zero, such as 64.';
    return { wrong: 'value', why: `“${key}” ${why}` };
  }
  if (key === 'hardware' || key === 'law') {
    const shelf = key === 'law' ? laws : accelerators;
    const item = key === 'law' ? lawById(value) : acceleratorNamed(value);
    if (item) return { [key]: item.id, assumptions: {} };
    const ids = shelf.map(({ id }) => id).join(', ');
    return { wrong: 'value', why: `“${key}” is one of ${ids}.` };
  }
  const why = `“${key}” is none of the assumptions: ${knownKeys.join(', ')}.`;
  return { wrong: 'key', why };
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

/** Whether a pattern of the assumptions file at `path` means `config`; one without `/` any folder. */
function appliesTo(pattern: string, path: string, config: string): boolean {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const written = pattern.replace(/^\.?\//, '');
  const anywhere = pattern.includes('/') ? written : `**/${written}`;
  return config.startsWith(folder) && globMatcher(anywhere)(config.slice(folder.length));
}

function isNothing(node: ConfigNode): boolean {
  return node.kind === 'scalar' && node.text === '';
}

/**
 * The edits that make the assumptions file at `path` say `key` of a config: where it says so now,
 * else for all configs. '' takes the key out. Null when the file as it stands has no place for it.
 */
export function writeAssumption(
  path: string,
  text: string,
  config: string,
  key: string,
  value: string,
): readonly Edit[] | null {
  const tree = parse(path, text);
  const [root] = tree.documents;
  if (root?.kind === 'map') {
    const at = placeOfKey(root, path, config, key);
    if (value !== '') return setKey(tree, root, at, value, text);
    return at.length > 1 || root.byKey.has(key) ? removeKey(tree, root, at, text) : [];
  }
  const isEmpty = text.trim() === '' || (tree.problems.length === 0 && (!root || isNothing(root)));
  if (!isEmpty) return null;
  const place = { file: path, start: text.length, end: text.length };
  return value === '' ? [] : [{ place, newText: firstKey(text, tree.syntax, key, value) }];
}

function placeOfKey(root: MapNode, path: string, config: string, key: string): readonly string[] {
  const sections = root.byKey.get('files')?.value;
  const section = (sections?.kind === 'map' ? sections.entries : []).findLast(
    (each) =>
      each.value.kind === 'map' && each.value.byKey.has(key) && appliesTo(each.key, path, config),
  );
  return section ? ['files', section.key, key] : [key];
}

/** The line that begins the mapping of a file that is empty, or holds comments only. */
function firstKey(text: string, syntax: SyntaxKind, key: string, value: string): string {
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  const gap = text === '' || text.endsWith('\n') ? '' : eol;
  const literal = literalFor(value, syntax);
  const line = syntax === 'json' ? `{ "${key}": ${literal} }` : `${key}: ${literal}`;
  return gap + line + eol;
}
