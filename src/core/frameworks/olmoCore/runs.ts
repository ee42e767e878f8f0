import { mapNode, type ConfigNode, type Entry, type MapNode } from '../../syntax/tree.ts';
import { namedRun } from '../../config/definition.ts';
import type { Fields } from '../../config/fields.ts';
import { callsOf } from '../../config/pythonCalls.ts';

/** A function, a variable or a key of a dictionary, and the models that are built below it. */
interface Holder {
  readonly entry: Entry;
  /** The models of its own text. */
  readonly own: ReadonlySet<MapNode>;
  /** The functions that its text names. */
  readonly names: ReadonlySet<string>;
  readonly isFunction: boolean;
}

/**
 * The runs of a script that builds several models: one for each function, variable or key of a
 * dictionary that comes to a model of its own, without what only the others use. A script that
 * does not keep them apart is one run.
 */
export function runsByModel(fields: Fields, call: RegExp): readonly Fields[] {
  const models = callsOf(fields.root, call);
  if (models.length < 2) return [fields];
  const holders = holdersIn(fields.root, call);
  const byName = new Map(
    holders.filter(({ isFunction }) => isFunction).map((each) => [each.entry.key, each]),
  );
  const reached = new Map(holders.map((each) => [each, reach(each, byName)]));
  const modelsOf = (holder: Holder) =>
    new Set([...(reached.get(holder) ?? [])].flatMap((each) => [...each.own]));
  // A table of functions only names what they define.
  const single = holders.filter(
    (each) => modelsOf(each).size === 1 && (each.isFunction || each.own.size === 1),
  );
  const isPart = (holder: Holder) =>
    single.some((other) => other !== holder && isWithin(holder, other, reached));
  const runs = single.filter((each) => !isPart(each));
  const told = new Set(runs.flatMap((each) => [...modelsOf(each)]));
  if (runs.length < 2 || told.size < models.length) return [fields];
  return runs.map((run) => {
    const mine = reached.get(run) ?? new Set();
    const foreign = new Set<ConfigNode>(
      runs
        .filter((other) => other !== run)
        .flatMap((other) => [...(reached.get(other) ?? [])])
        .filter((each) => !mine.has(each))
        .map(({ entry }) => entry.value),
    );
    const ownModels = modelsOf(run);
    for (const model of models) if (!ownModels.has(model)) foreign.add(model);
    return namedRun(fields, pruned(fields.root, foreign), run.entry);
  });
}

/** Whether what `inner` defines is only a part of what `outer` does. */
function isWithin(
  inner: Holder,
  outer: Holder,
  reached: ReadonlyMap<Holder, ReadonlySet<Holder>>,
): boolean {
  if (reached.get(outer)?.has(inner) === true) return true;
  const [model] = inner.own;
  const isShared = model !== undefined && outer.own.has(model);
  // A model that a variable holds and a function uses is the function's.
  return isShared && outer.isFunction && !inner.isFunction;
}

function holdersIn(root: MapNode, call: RegExp): readonly Holder[] {
  const functions = entriesOf(root, '$functions');
  const methods = entriesOf(root, '$classes').flatMap(({ key, value }) =>
    (value.kind === 'map' ? entriesOf(value, '$methods') : []).map((entry) => ({
      ...entry,
      key: `${key}.${entry.key}`,
    })),
  );
  const known = new Set(functions.map(({ key }) => key));
  const variables = root.entries.filter(({ key }) => !key.startsWith('$'));
  const holder = (entry: Entry, isFunction: boolean): Holder => ({
    entry,
    own: new Set(callsOf(entry.value, call)),
    names: namesIn(entry.value, known),
    isFunction,
  });
  const keys = (entry: Entry) => keysOf(entry).map((each) => holder(each, false));
  return [
    ...[...functions, ...methods].flatMap((entry) => [
      holder(entry, true),
      ...(entry.value.kind === 'map' ? entry.value.entries.flatMap(keys) : []),
    ]),
    ...variables.flatMap((entry) => [holder(entry, false), ...keys(entry)]),
  ];
}

/** The keys of a dictionary that holds one thing under each. */
function keysOf({ value }: Entry): readonly Entry[] {
  const isDictionary = value.kind === 'map' && value.tag === undefined;
  return isDictionary && value.entries.length > 1 ? value.entries : [];
}

function entriesOf(map: MapNode, key: string): readonly Entry[] {
  const value = map.byKey.get(key)?.value;
  return value?.kind === 'map' ? [...value.byKey.values()] : [];
}

/** The functions of the script that a text calls or hands on by their names. */
function namesIn(root: ConfigNode, known: ReadonlySet<string>): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<ConfigNode>();
  const visit = (node: ConfigNode): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.kind === 'scalar') {
      if (node.unresolved !== undefined && known.has(node.text)) names.add(node.text);
    } else if (node.kind === 'list') node.items.forEach(visit);
    else {
      if (node.tag !== undefined && known.has(node.tag)) names.add(node.tag);
      for (const { value } of node.entries) visit(value);
    }
  };
  visit(root);
  return names;
}

/** A holder with the functions that it comes to by their names. */
function reach(start: Holder, byName: ReadonlyMap<string, Holder>): ReadonlySet<Holder> {
  const found = new Set([start]);
  for (const holder of found) {
    for (const name of holder.names) {
      const next = byName.get(name);
      if (next) found.add(next);
    }
  }
  return found;
}

/** A mapping without the values of others, wherever they stand in it. */
function pruned(root: MapNode, foreign: ReadonlySet<ConfigNode>): MapNode {
  const done = new Map<ConfigNode, ConfigNode>();
  const visit = (node: ConfigNode): ConfigNode => {
    const before = done.get(node);
    if (before) return before;
    if (node.kind === 'scalar') return node;
    done.set(node, node);
    const result: ConfigNode =
      node.kind === 'list'
        ? { ...node, items: node.items.filter((item) => !foreign.has(item)).map(visit) }
        : mapNode(
            node.place,
            node.entries
              .filter(({ value }) => !foreign.has(value))
              .map((entry) => ({ ...entry, value: visit(entry.value) })),
            node.tag,
          );
    done.set(node, result);
    return result;
  };
  const result = visit(root);
  return result.kind === 'map' ? result : root;
}
