import { mapNode, type ConfigNode, type Entry, type MapNode } from '../../syntax/tree.ts';
import {
  mergeMaps,
  openFirst,
  unfoundNeeds,
  upwards,
  without,
  type Unfound,
} from '../../config/compose.ts';
import type { Fields } from '../../config/fields.ts';
import type { Composition } from '../../config/reader.ts';
import { need, type Need } from '../../run/need.ts';

/** Flags of deepy.py that take a folder for the configs, and one that takes several words. */
const folderFlags = ['conf_dir', 'd'];
const listFlags = ['eval_tasks', 'e'];

/** DeepSpeed's own launcher starts a process for each GPU: Slurm's tasks are not them. */
const taskCounts = ['ntasks', 'ntasks_per_node', 'np', 'num_processes'];

/** Whether a command trains by GPT-NeoX's deepy.py: `deepy.py train.py -d configs 1B.yml`. */
export function isNeoxCommand(fields: Fields): boolean {
  const program = textOf(fields.root.byKey.get('$program')?.value);
  const [script] = wordsOf(fields);
  return /(?:^|\/)deepy\.py$/.test(program) && /(?:^|\/)(?:pre)?train\w*\.py$/.test(textOf(script));
}

/**
 * The configs that the command names, merged as NeoXArgs merges them: one run, with the launcher
 * of the script. `.yml` may be left out; a path is looked for from the script's folder upwards.
 */
export function withNamedConfigs(fields: Fields): Composition {
  const folder = folderFlags.flatMap((flag) => valuesOf(fields, flag).slice(0, 1))[0];
  const words = wordsOf(fields).slice(1);
  const unfound: Unfound = { missing: [], circles: [] };
  const needs: Need[] = [];
  const maps: MapNode[] = [];
  for (const word of words) {
    const unclear = [folder, word].find((node) => node?.kind === 'scalar' && node.unresolved);
    if (unclear) {
      needs.push(
        need(
          'run',
          `the config “${textOf(word)}” is named by a variable or an argument of the script`,
        ),
      );
      continue;
    }
    const name = textOf(word);
    const path = (folder ? `${textOf(folder)}/` : '') + name;
    const file = /\.(?:yml|json)$/.test(path) ? path : `${path}.yml`;
    const opened = openFirst(fields, upwards(fields.tree.file, [file]));
    if (opened === null) unfound.missing.push({ written: name, named: word.place });
    else if (opened !== 'pending') maps.push(opened.map);
  }
  const hasModel = ({ byKey }: MapNode) => byKey.has('num_layers') || byKey.has('num-layers');
  // What a writer adds goes beside the model, not to the paths of one machine.
  const home = maps.find(hasModel)?.place.file;
  const start = mapNode(fields.root.place, launchOf(fields));
  const merged = maps.reduce((base, over) => mergeMaps(base, over, home), start);
  return { fields: fields.with(merged), needs: [...needs, ...unfoundNeeds(fields, unfound)] };
}

/** What the script says of itself, without its flags and what only looks like a number of GPUs. */
function launchOf(fields: Fields): readonly Entry[] {
  const own = fields.root.entries.filter(({ key }) => key.startsWith('$'));
  return own.map((entry) =>
    entry.key === '$launcher' && entry.value.kind === 'map'
      ? { ...entry, value: without(entry.value, taskCounts) }
      : entry,
  );
}

function textOf(node: ConfigNode | undefined): string {
  return node?.kind === 'scalar' ? node.text : '';
}

function valuesOf(fields: Fields, flag: string): readonly ConfigNode[] {
  const value = fields.root.byKey.get(flag)?.value;
  if (!value) return [];
  return value.kind === 'list' ? value.items : [value];
}

/** The script and the configs: the words of the command, also those behind a flag’s one value. */
function wordsOf(fields: Fields): readonly ConfigNode[] {
  const flags = fields.root.entries.map(({ key }) => key);
  const own = flags.filter((key) => !key.startsWith('$') && !listFlags.includes(key));
  return [
    ...valuesOf(fields, '$positional'),
    ...own.flatMap((key) => valuesOf(fields, key).slice(1)),
  ];
}
