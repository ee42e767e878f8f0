import type { Notice } from '../run/notice.ts';
import { Trees } from '../config/trees.ts';
import type { Files, Source } from '../run/files.ts';
import { appliesTo } from './glob.ts';
import { pathsAbove } from './pathsAbove.ts';
import { readIgnored, readPair } from './policyKeys.ts';
import { assumptionsFileNames, withSaid, type Said } from '../run/assumptions.ts';
import { removeKey, setKey } from '../syntax/edits.ts';
import type { Edit } from '../syntax/edit.ts';
import { lineMap } from '../syntax/lines.ts';
import { literalFor } from '../syntax/literals.ts';
import { parse } from '../syntax/parse.ts';
import { syntaxOf } from '../syntax/syntaxOf.ts';
import type { ConfigNode, MapNode, Place, SyntaxKind } from '../syntax/tree.ts';

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
export function readAssumptions(
  config: string,
  files: Files,
  trees?: Trees,
  findingIds?: readonly string[],
): AssumptionsRead {
  let said: Said = { assumptions: {} };
  const notices: Notice[] = [];
  const wants: string[] = [];
  const sources: Source[] = [];
  for (const path of assumptionsPaths(config).toReversed()) {
    const text = files.get(path);
    if (text === undefined) wants.push(path);
    if (typeof text !== 'string') continue;
    sources.push({ file: path, text });
    const read = readAssumptionsFile(path, text, config, trees, findingIds);
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
  findingIds?: readonly string[],
): Omit<AssumptionsRead, 'wants' | 'sources'> {
  const tree = trees.parse(path, text, syntaxOf(path) ?? 'yaml');
  const lineOf = lineMap(text);
  const notices: Notice[] = [];
  const complain = (place: Place, what: string) => {
    notices.push({ message: `${path}, line ${lineOf(place.start).line}: ${what}`, place });
  };
  let said: Said = { assumptions: {} };
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const readMap = (map: MapNode, applies: boolean) => {
    let own: Said = { assumptions: {} };
    const take = (key: string, pair: Said) => {
      const assumptions = { ...own.assumptions, ...pair.assumptions };
      own = { ...own, ...pair, assumptions, saidBy: { ...own.saidBy, [key]: path } };
    };
    for (const { key, keyPlace, value } of map.entries) {
      if (map === root && (key === 'files' || key === '$schema')) continue;
      if (map === root && key === 'assumptions' && value.kind === 'map') {
        readMap(value, applies);
        continue;
      }
      if (map === root && key === 'ignore') {
        const { ignored, wrong } = readIgnored(value, folder, findingIds);
        for (const each of wrong) complain(each.place, each.why);
        if (ignored.length > 0) own = { ...own, ignored };
        continue;
      }
      const pair = readPair(key, value, findingIds);
      if ('wrong' in pair) complain(pair.wrong === 'key' ? keyPlace : value.place, pair.why);
      else take(key, pair);
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
      if (value.kind === 'map') readMap(value, appliesTo(key, folder, config));
      else complain(value.place, filesNeeded);
    }
  } else if (root && !isNothing(root)) {
    complain(root.place, 'the file is no mapping of assumptions.');
  }
  return { said, notices };
}

const filesNeeded = '“files” maps patterns such as "pretrain/*.yaml" to assumptions of their own.';

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
      each.value.kind === 'map' &&
      each.value.byKey.has(key) &&
      appliesTo(each.key, path.slice(0, path.lastIndexOf('/') + 1), config),
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
