import {
  mergeMaps,
  openFirst,
  unfoundNeeds,
  upwards,
  without,
  type Unfound,
} from '../../config/compose.ts';
import type { Fields } from '../../config/fields.ts';
import { programPath } from '../../config/launcher.ts';
import type { Composition } from '../../config/reader.ts';
import { mapNode, type ConfigNode, type Entry } from '../../syntax/tree.ts';

const command = /^(?:pretrain|finetune(?:_(?:full|lora|adapter|adapter_v2))?)$/;

/** In 2024 the way of tuning was a word of its own: `litgpt finetune lora …` (__main__.py, 0d0fb47). */
const ways = /^(?:full|lora|qlora|adapter|adapter_v2)$/;

/** Whether a command is `litgpt pretrain …` or `litgpt finetune_lora …`, or starts those scripts. */
export function isLitgptCommand(fields: Fields): boolean {
  return taskOf(fields) !== null;
}

/** The task, and its words behind it; null where the command is none that trains. */
function taskOf(
  fields: Fields,
): { readonly task: string; readonly words: readonly ConfigNode[] } | null {
  const program = programPath(fields);
  const positional = fields.node('$positional');
  const words = positional?.kind === 'list' ? positional.items : [];
  const script = /(?:^|\/)litgpt\/(pretrain|finetune)(?:\/\w+)?\.py$/.exec(program)?.[1];
  if (script !== undefined) return { task: script, words };
  if (!/(?:^|\/)litgpt$/.test(program)) return null;
  const [first, ...others] = words;
  const task = textOf(first);
  if (!command.test(task)) return null;
  return { task, words: ways.test(textOf(others[0])) ? others.slice(1) : others };
}

/**
 * The command as the config it stands for: its first word is the model of `pretrain` and the
 * checkpoint of `finetune` (litgpt/__main__.py, 2026-06), `--config` files lie below the flags,
 * and `--model_config` may name a file.
 */
export function withCommandFiles(fields: Fields): Composition {
  const started = taskOf(fields);
  if (!started) return { fields, needs: [] };
  const unfound: Unfound = { missing: [], circles: [] };
  const [word] = started.words;
  const key = started.task === 'pretrain' ? 'model_name' : 'checkpoint_dir';
  const named: Entry[] =
    word && !fields.has(key) ? [{ key, keyPlace: word.place, value: word }] : [];
  const own = fields.root.entries.map((entry): Entry => {
    if (entry.key !== 'model_config' || entry.value.kind !== 'scalar') return entry;
    const map = open(fields, entry.value, unfound);
    return map ? { ...entry, value: map } : entry;
  });
  const root = mapNode(fields.root.place, [...own, ...named]);
  const config = fields.root.byKey.get('config')?.value;
  const map = config ? open(fields, config, unfound) : null;
  // A config that could not be read stays named: what it may hold is no default.
  const whole = map
    ? mapNode(root.place, without(mergeMaps(map, root, fields.tree.file), ['config']).entries)
    : root;
  return { fields: fields.with(whole), needs: unfoundNeeds(fields, unfound) };
}

function open(fields: Fields, node: ConfigNode, unfound: Unfound) {
  const path = textOf(node);
  if (!/\.(?:ya?ml|json)$/.test(path) || /^\w+:/.test(path)) return null;
  const opened = openFirst(fields, upwards(fields.tree.file, [path]));
  if (opened === null) unfound.missing.push({ written: path, named: node.place });
  return opened === null || opened === 'pending' ? null : opened.map;
}

function textOf(node: ConfigNode | undefined): string {
  return node?.kind === 'scalar' ? node.text : '';
}
