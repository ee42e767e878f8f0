import { mapNode, type ConfigNode, type MapNode, type Place } from '../../syntax/tree.ts';
import {
  layered,
  maximumDepth,
  mergeMaps,
  openFirst,
  unfoundNeeds,
  upwards,
  without,
  type OpenedFile,
  type Unfound,
} from '../../config/compose.ts';
import type { Fields } from '../../config/fields.ts';
import { pathFrom } from '../../config/library.ts';
import type { Composition } from '../../config/reader.ts';

/** The module of an experiment that trains, by its key. */
export interface PrimusModule {
  readonly name: string;
  readonly framework: string;
  /** The model preset's file as it is named, references followed. */
  readonly model: string | null;
}

/** The first module of a framework that trains language models, or null. */
export function trainingModule(fields: Fields): PrimusModule | null {
  for (const name of fields.keys('modules')) {
    const at = `modules.${name}`;
    const framework = fields.string(`${at}.framework`)?.value;
    if (framework === undefined) continue;
    return { name, framework, model: fields.string(`${at}.model`)?.value ?? null };
  }
  return null;
}

/**
 * An experiment as Primus itself puts it together: the trainer's defaults, below the model's
 * preset, below the overrides; each preset with what it `extends`. The keys of the three lie at the
 * root. The defaults are the framework's, not the run's own.
 */
export function primusExperiment(fields: Fields, module: PrimusModule): Composition {
  const unfound: Walk = { missing: [], circles: [], done: new Map() };
  const { framework, name } = module;
  const at = `modules.${name}`;
  const preset = (key: string, kind: string): MapNode | null => {
    const written = fields.string(`${at}.${key}`);
    const place = fields.place(`${at}.${key}`);
    if (!written || !place) return null;
    const folders = [`primus/configs/${kind}/${framework}/`, `configs/${kind}/${framework}/`];
    const candidates = upwards(
      fields.tree.file,
      folders.map((folder) => folder + written.value),
    );
    return extended(fields, openFirst(fields, candidates), written.value, place, unfound);
  };
  const home = fields.tree.file;
  const over = fields.map(`${at}.overrides`);
  const empty = mapNode(over?.place ?? fields.root.place, []);
  const own = mergeMaps(preset('model', 'models') ?? empty, over ?? empty, home);
  const root = mergeMaps(preset('config', 'modules') ?? empty, own, home);
  return { fields: fields.with(root, own), needs: unfoundNeeds(fields, unfound) };
}

/** A preset opened by itself, with what it extends. */
export function primusPreset(fields: Fields): Composition {
  const unfound: Walk = { missing: [], circles: [], done: new Map() };
  const { file } = fields.tree;
  const root = extended(fields, { file, map: fields.root }, file, fields.root.place, unfound);
  return { fields: root ? fields.with(root) : fields, needs: unfoundNeeds(fields, unfound) };
}

/** What is gathered over all presets of one config. */
interface Walk extends Unfound {
  /** Each preset once, with what it extends; null while it is put together. */
  readonly done: Map<string, MapNode | null>;
}

/** A preset laid on those it extends, in their order. */
function extended(
  fields: Fields,
  opened: OpenedFile | 'pending' | null,
  written: string,
  named: Place,
  walk: Walk,
  depth = 1,
): MapNode | null {
  if (opened === null) walk.missing.push({ written, named });
  if (opened === null || opened === 'pending') return null;
  const known = walk.done.get(opened.file);
  if (known) return known;
  if (known === null || depth > maximumDepth) {
    walk.circles.push(written);
    return null;
  }
  walk.done.set(opened.file, null);
  const bases = scalars(opened.map.byKey.get('extends')?.value).flatMap(({ text, place }) => {
    const next = openFirst(fields, [pathFrom(opened.file, text)]);
    return extended(fields, next, text, place, walk, depth + 1) ?? [];
  });
  const own = without(opened.map, ['extends']);
  const result = layered(fields, [...bases, own]) ?? own;
  walk.done.set(opened.file, result);
  return result;
}

function scalars(node: ConfigNode | undefined): readonly { text: string; place: Place }[] {
  const nodes = node?.kind === 'list' ? node.items : node ? [node] : [];
  return nodes.flatMap((each) => (each.kind === 'scalar' && each.value !== null ? [each] : []));
}
