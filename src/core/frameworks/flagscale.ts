import { own } from '../run/own.ts';
import { derived, type Known } from '../run/known.ts';
import type { Role } from '../run/run.ts';
import { product } from '../run/tokens.ts';
import type { MapNode } from '../syntax/tree.ts';
import type { Fields, Path } from '../config/fields.ts';
import { otherReading } from '../config/otherReading.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { megatronSetup } from '../dialects/megatron/setup.ts';
import { formatWriter } from '../config/writing.ts';
import {
  isContinued,
  isOn,
  megatronShape,
  megatronTokens,
  type MegatronFlags,
} from '../dialects/megatron/flags.ts';
import {
  megatronPrecision,
  megatronPrecisionPlaces,
  megatronRows,
} from '../dialects/megatron/precision.ts';

/** The mappings of a training config, which become Megatron-LM's arguments in this order. */
const sections = ['system', 'model', 'data'] as const;

/** FlagOpen FlagScale: Megatron-LM's arguments in the mappings system, model and data. */
export const flagscale: FrameworkReader = {
  id: 'flagscale',
  name: 'FlagScale',
  source: 'FlagOpen/FlagScale, flagscale/runner and the patched arguments.py (da4935e, 2025-11-13)',
  syntaxes: ['yaml'],
  words: { config: ['num_layers', 'tensor_model_parallel_size'] },
  loader: 'omegaconf',
  harmless: ['no_shared_fs', 'make_vocab_size_divisible_by', 'lora_alpha'],
  reads:
    'Megatron’s arguments below system, model and data, however deep; multiple_of; the runner’s GPUs',

  recognise(fields) {
    const at = trainingOf(fields);
    if (at === null) return null;
    const flags = flagsOf(fields, at);
    const needed = ['num_layers', 'hidden_size', 'tensor_model_parallel_size'];
    const trains = ['train_iters', 'train_samples'].some((name) => fields.has(flags.path(name)));
    return trains && needed.every((name) => fields.has(flags.path(name)))
      ? 'It has Megatron-LM’s arguments in system, model and data, as FlagScale’s training configs do.'
      : null;
  },

  keyPaths: (fields) => flagsOf(fields, trainingOf(fields) ?? '').path,

  read(fields) {
    const flags = flagsOf(fields, trainingOf(fields) ?? '');
    const other = otherModel(fields, flags);
    if (other !== null) return otherReading(other);
    const precision = megatronPrecision(flags);
    const { shape, needs } = megatronShape(flags);
    const width = roundedWidth(flags, shape.gated?.value === true);
    return {
      role: roleOf(flags),
      model: null,
      shape: { ...shape, ...(width && { feedForward: width }) },
      setup: megatronSetup(flags, precision),
      tokens: { ...megatronTokens(flags), worldSize: gpusOf(fields) },
      precision,
      precisionPlaces: megatronPrecisionPlaces(flags, precision),
      writeFormat: formatWriter(
        fields,
        megatronRows({ path: flags.path, fp8: 'fp8_format', fp4: 'fp4_format', none: null }, flags),
      ),
      needs,
    };
  },
};

/** Where the three mappings are: at the root, or below `train` where an experiment names its file. */
function trainingOf(fields: Fields): string | null {
  return (
    ['', 'train.'].find((at) => sections.every((name) => fields.map(at + name) !== null)) ?? null
  );
}

/**
 * The arguments by their names: the runner flattens the mappings, and of a name said twice the
 * later one wins. What is said nowhere would be written beside the other keys of its kind.
 */
function flagsOf(fields: Fields, at: string): MegatronFlags {
  const paths: Record<string, Path> = {};
  const visit = (map: MapNode, path: Path): void => {
    for (const { key, value } of map.byKey.values()) {
      const here = `${path}.${key}`;
      if (value.kind === 'map') visit(value, here);
      else paths[key.replaceAll('-', '_')] = here;
    }
  };
  for (const name of sections) {
    const map = fields.map(at + name);
    if (map) visit(map, at + name);
  }
  const home = fields.map(`${at}system.precision`) ? `${at}system.precision` : `${at}system`;
  return { fields, path: (name) => own(paths, name) ?? `${home}.${name}` };
}

/** What starts from weights that the launch names is not trained from nothing either. */
function roleOf(flags: MegatronFlags): Role {
  const { fields, path } = flags;
  if (fields.isSet(path('peft_type')) || fields.isSet(path('lora_dim'))) return 'finetune';
  const named = fields.find(path('load'))?.unresolved !== undefined;
  const continues = isContinued(flags) || (isOn(flags, 'finetune') && named);
  if (!continues) return 'pretrain';
  return /finetune|(?:^|[_/])sft(?:[_.]|$)/.test(fields.tree.file) ? 'finetune' : 'continued';
}

/** Arguments of models that see, beside a language model’s. */
const seeing = ['vision_model_type', 'img_w', 'disable_vision_class_token', 'patch_dim'];

/** Entry points and folders of models that are no decoder of text alone. */
const otherNames = /rwkv|llava|(?:^|[_/])(?:vl|pi0|emu|robotics|robobrain\w*)(?:[_/.]|$)|_vl\b/i;

function otherModel(fields: Fields, { path }: MegatronFlags): string | null {
  const entry = fields.string('experiment.task.entrypoint')?.value ?? '';
  const named = otherNames.test(entry) || (entry === '' && otherNames.test(fields.tree.file));
  return named || seeing.some((name) => fields.has(path(name)))
    ? 'The model is not a decoder of text alone.'
    : null;
}

/** FlagScale’s own width of a gated layer: ⌊8h/3⌋, scaled, rounded up to `multiple_of`. */
function roundedWidth({ fields, path }: MegatronFlags, gated: boolean): Known<number> | null {
  const hidden = fields.positive(path('hidden_size'));
  const multiple = fields.positive(path('multiple_of'));
  if (!gated || !hidden || !multiple || fields.has(path('ffn_hidden_size'))) return null;
  const scale = fields.positive(path('hidden_dim_multiplier'));
  const width = Math.floor(Math.floor((8 * hidden.value) / 3) * (scale?.value ?? 1));
  const rounded = Math.ceil(width / multiple.value) * multiple.value;
  const formula = `⌊4 × ${hidden.value} × 2 ÷ 3⌋${scale ? ` × ${scale.value}` : ''}, up to a multiple of ${multiple.value}`;
  return derived(rounded, formula, [
    { name: 'hidden_size', known: hidden },
    { name: 'multiple_of', known: multiple },
    ...(scale ? [{ name: 'hidden_dim_multiplier', known: scale }] : []),
  ]);
}

/** The GPUs of an experiment’s runner; without a host file it runs on one node. */
function gpusOf(fields: Fields): Known<number> | null {
  const runner = 'experiment.runner';
  const perNode = fields.positive(`${runner}.nproc_per_node`);
  const nodes = fields.positive(`${runner}.nnodes`);
  const isSure = nodes?.value === 1 || fields.isSet(`${runner}.hostfile`);
  return isSure
    ? product([
        { name: 'GPUs a node', known: perNode },
        { name: 'nodes', known: nodes },
      ])
    : null;
}
