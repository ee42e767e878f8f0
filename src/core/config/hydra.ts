import { mapNode, type ConfigNode, type Entry, type MapNode, type Place } from '../syntax/tree.ts';
import {
  layered,
  maximumDepth,
  nested,
  openFirst,
  unfoundNeeds,
  upwards,
  without,
  type Unfound,
} from './compose.ts';
import type { Fields } from './fields.ts';
import { pathFrom } from './library.ts';
import type { Composition } from './reader.ts';
import { need, type Need } from '../run/need.ts';

/** How far into a file its `@package` line is looked for, in characters. */
const longestHeader = 5_000;

/** What looking for one choice costs, in values: a handful of paths. */
const costOfChoice = 50;

/** One line of a defaults list. */
interface Choice {
  /** The group's folder, '' for a config named directly; with a leading slash from the root. */
  readonly group: string;
  /** The files chosen from it; none for `null`. */
  readonly options: readonly string[];
  /** What stands behind `@`, or null. */
  readonly package: string | null;
  readonly optional: boolean;
  readonly override: boolean;
  readonly place: Place;
}

/** A config of the list while it is put in its place. */
interface Part {
  readonly map: MapNode;
  /** The group's folder from the root of the groups, '' for the config itself. */
  readonly group: string;
  /** Keys below which its own contents go. */
  readonly package: readonly string[];
  /** The paths where a group's option may lie. */
  readonly candidates: (group: string, option: string) => readonly (string | null)[];
  readonly depth: number;
}

/** What is gathered over all the files of one config. */
interface Walk extends Unfound {
  /** Choices that are left to the launch. */
  readonly open: Need[];
  /** The options that `override` lines chose, by group. */
  readonly overridden: Map<string, readonly string[]>;
  /** The groups that lists choose from. */
  readonly asked: Set<string>;
  /** Each config once: by its file, its group and where its contents go. Null while it is put together. */
  readonly done: Map<string, MapNode | null>;
}

/**
 * Composes a config with its `defaults:` list as Hydra 1.1 and later do: groups in the folders
 * beside or above the file, `_self_` (last when it is not listed), `@package` in the list and in a
 * file's first comment, `optional`, `override`, several options. Files that come with Hydra or an
 * installed package are not asked for.
 */
export function withDefaults(fields: Fields): Composition {
  if (!isDefaultsList(fields.root.byKey.get('defaults')?.value)) {
    return { fields: withOwnGroup(fields), needs: [] };
  }
  const walk: Walk = {
    ...{ missing: [], circles: [], open: [], asked: new Set() },
    ...{ overridden: new Map(), done: new Map() },
  };
  const { file } = fields.tree;
  const root = composed(
    fields,
    {
      map: fields.root,
      group: '',
      package: [],
      candidates: (group, option) => upwards(file, [optionFile(group, option)]),
      depth: 1,
    },
    walk,
  );
  const needs = [...unfoundNeeds(fields, walk), ...walk.open];
  const below = overriddenElsewhere(fields, walk);
  const whole = layered(fields, [...below, root], file) ?? root;
  return { fields: withOwnGroup(fields.with(whole)), needs };
}

/**
 * What an experiment chooses from groups that only the config has which it is laid on: under the
 * experiment, as they would be there. One that is not found is no part of the experiment itself.
 */
function overriddenElsewhere(fields: Fields, walk: Walk): readonly MapNode[] {
  const { file } = fields.tree;
  const { place } = fields.root;
  const found: MapNode[] = [];
  // Composing one choice makes those it overrides known as chosen.
  for (const [group, options] of walk.overridden) {
    if (walk.asked.has(group) || /^hydra(?:\/|$)/.test(group)) continue;
    const part: Part = {
      ...{ map: fields.root, group: '', package: [], depth: 1 },
      candidates: (name, option) => upwards(file, [optionFile(name, option)]),
    };
    const common = { group, options, package: null, optional: true, override: false, place };
    for (const option of options) {
      const layer = chosen(fields, part, common, option, walk);
      if (layer) found.push(layer);
    }
  }
  return found;
}

/** A list of choices, or the one parent that NeMo RL's configs name. */
function isDefaultsList(node: ConfigNode | undefined): boolean {
  if (node?.kind === 'scalar') return /\.ya?ml$/.test(node.text);
  const items = node?.kind === 'list' ? node.items : [];
  return items.length > 0 && items.every((item) => item.kind !== 'list');
}

function composed(fields: Fields, part: Part, walk: Walk): MapNode {
  const { overridden } = walk;
  const home = fields.tree.file;
  const listNode = part.map.byKey.get('defaults')?.value;
  const self = nested(part.package, without(part.map, ['defaults']));
  const items = listNode?.kind === 'list' ? listNode.items : listNode ? [listNode] : [];
  // Every choice is looked for in several folders.
  if (!fields.library.budget.spend(items.length * costOfChoice)) return self;
  const choices = items.flatMap(choiceOf);
  for (const choice of choices) {
    const key = groupOf(part, choice);
    if (choice.override && !overridden.has(key)) overridden.set(key, choice.options);
  }
  const layers = choices.flatMap((choice): MapNode[] => {
    if (choice.group === '' && choice.options[0] === '_self_') return [self];
    if (choice.override || /^\/?hydra(?:\/|$)/.test(choice.group)) return [];
    walk.asked.add(groupOf(part, choice));
    const options = overridden.get(groupOf(part, choice)) ?? choice.options;
    return options.flatMap((option) => {
      const layer = chosen(fields, part, choice, option, walk);
      return layer ? [layer] : [];
    });
  });
  const ordered = layers.includes(self) ? layers : [...layers, self];
  return layered(fields, ordered, home) ?? self;
}

function chosen(
  fields: Fields,
  part: Part,
  choice: Choice,
  option: string,
  walk: Walk,
): MapNode | null {
  const written = optionFile(choice.group, option);
  if (/\$\{|^\?\?\?$/.test(option)) {
    if (!choice.optional)
      walk.open.push(need('run', `the option of “${choice.group}” is chosen when the run starts`));
    return null;
  }
  const opened = openFirst(fields, part.candidates(choice.group, option));
  if (opened === null && !choice.optional) walk.missing.push({ written, named: choice.place });
  if (opened === null || opened === 'pending') return null;
  const key = [opened.file, groupOf(part, choice), ...packageOf(fields, part, choice, opened.file)];
  const known = walk.done.get(key.join('\0'));
  if (known) return known;
  if (known === null || part.depth > maximumDepth || !fields.library.budget.spend(1)) {
    walk.circles.push(written);
    return null;
  }
  // The root of the groups is where this one was found; its own groups lie beside it or from there.
  const inside = opened.file.endsWith(written)
    ? written.length
    : (opened.file.split('/').at(-1) ?? '').length;
  const root = opened.file.slice(0, opened.file.length - inside);
  const child: Part = {
    map: opened.map,
    group: groupOf(part, choice),
    package: packageOf(fields, part, choice, opened.file),
    candidates: (group, name) =>
      group.startsWith('/')
        ? [pathFrom(`${root}x`, optionFile(group, name))]
        : [
            pathFrom(`${root}${choice.group.replace(/^\//, '')}/x`, optionFile(group, name)),
            pathFrom(opened.file, optionFile(group, name)),
            pathFrom(`${root}x`, optionFile(group, name)),
          ],
    depth: part.depth + 1,
  };
  walk.done.set(key.join('\0'), null);
  const result = composed(fields, child, walk);
  walk.done.set(key.join('\0'), result);
  return result;
}

/** Where a chosen config's contents go: `@`, else its own header, else the group's name. */
function packageOf(fields: Fields, part: Part, choice: Choice, file: string): readonly string[] {
  const header = packageHeader(fields.textOf(file));
  const group = choice.group.replace(/^\//, '').split('/').filter(Boolean);
  const said = choice.package ?? header ?? (choice.group === '' ? '_here_' : '_group_');
  if (said === '_here_') return part.package;
  if (said === '_group_') return [...part.package, ...group];
  const keys = said.split('.').map((key) => (key === '_group_' ? group.join('.') : key));
  return keys[0] === '_global_' ? keys.slice(1) : [...part.package, ...keys];
}

/** What a file's first comments say after `@package`. */
function packageHeader(text: string): string | undefined {
  for (const line of text.slice(0, longestHeader).split('\n')) {
    const comment = line.trim();
    if (comment !== '' && !comment.startsWith('#')) return undefined;
    const [word, value] = comment.slice(1).trim().split(/\s+/);
    if (word === '@package' && value !== undefined) return value;
  }
  return undefined;
}

function optionFile(group: string, option: string): string {
  const folder = group.replace(/^\//, '');
  const name = /\.ya?ml$/.test(option) ? option : `${option}.yaml`;
  return folder === '' ? name.replace(/^\//, '') : `${folder}/${name}`;
}

/** A choice's group from the root of the groups. */
function groupOf(part: Part, choice: Choice): string {
  if (choice.group.startsWith('/') || part.group === '') return choice.group.replace(/^\//, '');
  return choice.group === '' ? part.group : `${part.group}/${choice.group}`;
}

/** One item of a defaults list: `_self_`, `base`, `group: option`, `optional group@package: option`. */
function choiceOf(item: ConfigNode): readonly Choice[] {
  if (item.kind === 'list') return [];
  if (item.kind === 'scalar') {
    const { text, optional, override } = words(item.text);
    const [name = '', target] = text.split('@');
    const common = { optional, override, place: item.place, package: target ?? null };
    return name === '' ? [] : [{ ...common, group: '', options: [name] }];
  }
  return [...item.byKey.values()].map(({ key, value }) => {
    const { text, optional, override } = words(key);
    const [group = '', target] = text.split('@');
    const nodes = value.kind === 'list' ? value.items : [value];
    const options = nodes.flatMap((node) =>
      node.kind === 'scalar' && node.value !== null && node.text !== '' ? [node.text] : [],
    );
    return { group, options, package: target ?? null, optional, override, place: value.place };
  });
}

function words(text: string): { text: string; optional: boolean; override: boolean } {
  const all = text.trim().split(/\s+/);
  const first = all.findIndex((word) => word !== 'optional' && word !== 'override');
  const before = all.slice(0, first);
  return {
    text: all.slice(first).join(' '),
    optional: before.includes('optional'),
    override: before.includes('override'),
  };
}

/**
 * A config of a group refers to itself by the group's name (`${training.model.hidden_size}` in
 * `conf/training/gpt3/5b.yaml`), which it has only in the whole. So it gets that name here too.
 */
function withOwnGroup(fields: Fields): Fields {
  const { root, tree, text } = fields;
  const folders = tree.file.split('/').slice(0, -1);
  const names = [...text.matchAll(/\$\{([A-Za-z_]\w*)\./g)].map(([, name = '']) => name);
  const own = [...new Set(names)].filter((name) => folders.includes(name) && !root.byKey.has(name));
  if (own.length === 0) return fields;
  const { file, start } = root.place;
  const aliases = own.map((key): Entry => {
    return { key, keyPlace: { file, start, end: start }, value: root };
  });
  return fields.with(mapNode(root.place, [...aliases, ...root.entries], root.tag), root);
}
