import { byDefault, placeOf, type Known } from '../../run/known.ts';
import type { Role } from '../../run/run.ts';
import { noTokens, product, type TokenPlan } from '../../run/tokens.ts';
import { mapNode } from '../../syntax/tree.ts';
import { mergeMaps, openFirst, unfoundNeeds, upwards, type Unfound } from '../../config/compose.ts';
import type { Fields } from '../../config/fields.ts';
import { countOf, launchedGpus, programPath, untold } from '../../config/launcher.ts';
import { pathFrom } from '../../config/library.ts';
import { maxtextPrecision, maxtextRows } from './precision.ts';
import { maxtextSetup } from './setup.ts';
import { maxtextShape } from './shape.ts';
import { isLow } from '../../config/precision.ts';
import { namedModel } from '../../dialects/models.ts';
import type { Composition, FrameworkReader, Reading } from '../../config/reader.ts';
import { formatWriter } from '../../config/writing.ts';
import { need } from '../../run/need.ts';

/** Google MaxText: a config over base.yml, with a preset that beats it. */
export const maxtext: FrameworkReader = {
  id: 'maxtext',
  name: 'MaxText',
  source: 'AI-Hypercomputer/maxtext (2026-08-22)',
  syntaxes: ['yaml', 'shell'],
  words: { config: ['base_config', 'model_name', 'base_emb_dim'], shell: ['maxtext'] },
  loader: 'omegaconf',
  reads:
    'base_* shapes and model_name presets, steps × per_device_batch_size × max_target_length, quantization',

  recognise(fields) {
    if (isCommand(fields)) {
      return isTraining(fields)
        ? 'It starts MaxText’s train program with settings of a run.'
        : null;
    }
    if (fields.string('model_call_mode')?.value === 'inference') return null;
    const named = fields.isSet('base_config') || fields.isSet('model_name');
    const trains = trainingKeys.filter((key) => fields.has(key));
    if (named && trains.length >= 2) {
      return `It has base_config or model_name with ${trains.slice(0, 2).join(' and ')}, as MaxText’s configs do.`;
    }
    return isPreset(fields)
      ? 'It has base_emb_dim and base_num_decoder_layers, as MaxText’s model presets do.'
      : null;
  },

  compose: (fields) => (isCommand(fields) ? withFiles(fields) : withPresets(fields)),

  read(fields) {
    const { shape, needs, model } = readModel(fields);
    const preset = !isCommand(fields) && isPreset(fields) && !isRun(fields);
    const stated = !preset || fields.has('dtype') || fields.isSet('quantization');
    const precision = stated ? maxtextPrecision(fields) : null;
    const places = ['quantization', 'dtype'].flatMap((path) => fields.place(path) ?? []);
    const own = fields.ownOnly();
    return {
      role: preset ? 'model' : roleOf(fields),
      model,
      shape,
      tokens: preset ? noTokens : readTokens(fields, own),
      precision,
      setup: preset ? null : maxtextSetup(fields),
      precisionPlaces: isLow(precision) ? places : [...places].reverse(),
      writeFormat: preset ? null : formatWriter(own, maxtextRows(fields)),
      needs: isCommand(fields) ? [...needs, ...untold(own, ['model_name'], 'parameters')] : needs,
    };
  },
};

const isCommand = (fields: Fields): boolean => fields.tree.syntax === 'shell';

/** `python3 -m MaxText.train base.yml steps=…`; within its folder the program is `train.py` alone. */
function isTraining(fields: Fields): boolean {
  const program = programPath(fields);
  const settings = [...trainingKeys, 'steps', 'model_name', 'run_name'];
  const named = /maxtext/i.test(program) && program.includes('train');
  const within =
    program === 'train.py' && /\.ya?ml$/.test(fields.string('$positional.0')?.value ?? '');
  return (named || within) && countOf(fields, settings) >= 2;
}

/** Keys of a run that no other framework spells so. */
const trainingKeys = [
  'per_device_batch_size',
  'max_target_length',
  'remat_policy',
  'enable_checkpointing',
  'dataset_type',
  'quantization',
  'scan_layers',
  'base_output_directory',
  'ici_fsdp_parallelism',
  'dcn_data_parallelism',
  'use_sft',
  'use_dpo',
] as const;

function isPreset(fields: Fields): boolean {
  return fields.has('base_emb_dim') && fields.has('base_num_decoder_layers');
}

/** base.yml has every key of a run and names no model: it is what runs are laid on. */
function isRun(fields: Fields): boolean {
  const own = fields.ownOnly();
  const model = own.string('model_name')?.value ?? 'default';
  return own.isSet('base_config') || model !== 'default';
}

function roleOf(fields: Fields): Role {
  if (/\b(?:sft|dpo|rl|grpo)|_(?:sft|dpo|rl)/.test(programPath(fields))) return 'finetune';
  if (fields.isTrue('use_sft') || fields.isTrue('use_dpo')) return 'finetune';
  if (fields.isTrue('lora.enable_lora')) return 'finetune';
  return fields.isGiven('load_parameters_path') ? 'continued' : 'pretrain';
}

/** Where base.yml and the presets lie: beside or above the file, or in a checkout of MaxText. */
const configFolders = [
  '',
  'configs/',
  'src/maxtext/configs/',
  'src/MaxText/configs/',
  'MaxText/configs/',
];

/**
 * Three layers as pyconfig lays them: base.yml, below the file, below the model's preset. The
 * preset beats the file, which can add keys but not change the model's.
 */
function withPresets(fields: Fields): Composition {
  const { file } = fields.tree;
  const unfound: Unfound = { missing: [], circles: [] };
  const beside = (name: string) =>
    upwards(
      file,
      configFolders.slice(0, 2).map((each) => each + name),
    );
  const checkout = (name: string) => configFolders.slice(2).map((each) => each + name);
  const base = fields.string('base_config');
  const basePlace = fields.place('base_config');
  const opened = base && openFirst(fields, [...beside(base.value), ...checkout(base.value)]);
  if (base && basePlace && opened === null) {
    unfound.missing.push({ written: base.value, named: basePlace });
  }
  const model = fields.string('model_name');
  const name = model && model.value !== 'default' ? `models/${model.value}.yml` : null;
  const preset = name === null ? null : openFirst(fields, [...beside(name), ...checkout(name)]);
  const own =
    preset && preset !== 'pending'
      ? mapNode(fields.root.place, mergeMaps(fields.root, preset.map, file).entries)
      : fields.root;
  const root = opened && opened !== 'pending' ? mergeMaps(opened.map, own, file) : own;
  // base.yml and the presets are MaxText's own: their values are its defaults.
  return {
    fields: fields.with(root, own),
    needs: unfoundNeeds(fields, unfound),
    mayHoldMore: false,
  };
}

/** On a command line the words beat the preset, which beats the file that is named first. */
function withFiles(fields: Fields): Composition {
  const { file } = fields.tree;
  const unfound: Unfound = { missing: [], circles: [] };
  const written = fields.string('$positional.0');
  const isFile = written && /\.ya?ml$/.test(written.value) ? written : null;
  const opened =
    isFile && openFirst(fields, [pathFrom('', isFile.value), pathFrom(file, isFile.value)]);
  const place = fields.place('$positional.0');
  if (isFile && place && opened === null) {
    unfound.missing.push({ written: isFile.value, named: place });
  }
  const model = fields.string('model_name');
  const name = model && model.value !== 'default' ? `models/${model.value}.yml` : null;
  const folder = isFile?.value.slice(0, isFile.value.lastIndexOf('/') + 1) ?? '';
  const preset =
    name === null
      ? null
      : openFirst(fields, [pathFrom('', folder + name), pathFrom(file, folder + name)]);
  const layers = [opened, preset].flatMap((each) => (each && each !== 'pending' ? [each.map] : []));
  const root = [...layers, fields.root].reduce((base, over) => mergeMaps(base, over, file));
  return {
    fields: fields.with(root, fields.root),
    needs: unfoundNeeds(fields, unfound),
    // base.yml holds MaxText's own defaults.
    mayHoldMore: unfound.missing.some(({ written }) => !written.endsWith('base.yml')),
  };
}

function readModel(fields: Fields): Pick<Reading, 'shape' | 'needs' | 'model'> {
  const model = fields.string('model_name');
  const named = model && model.value !== 'default' ? model : null;
  // Without a preset of that name at hand only a published model's shape can stand in for it.
  if (named && !presetOpened(fields, named.value)) {
    const known = namedModel(named);
    if (Object.keys(known.shape).length > 0) return known;
    const preset = `models/${named.value}.yml`;
    return { ...known, needs: [need('parameters', `MaxText’s preset ${preset} was not found`)] };
  }
  const own = fields.ownOnly();
  if (!named && !own.has('base_emb_dim') && !own.has('base_num_decoder_layers')) {
    const needs = [
      need('parameters', 'the file names no model, which the launch command then gives'),
    ];
    return { shape: {}, needs, model: null };
  }
  return { ...maxtextShape(fields), model: named };
}

function presetOpened(fields: Fields, name: string): boolean {
  const file = fields.root.byKey.get('base_emb_dim')?.value.place.file ?? '';
  return file.endsWith(`models/${name}.yml`);
}

/**
 * The batch is per device, whatever the model is split over, so D needs the devices: a product of
 * all ici_* and dcn_* where none is -1. A number of steps from base.yml is no statement of the run.
 */
function readTokens(fields: Fields, own: Fields): TokenPlan {
  const steps = own.positive('steps') ?? (isCommand(fields) ? stepsOfFile(fields) : null);
  const or = (key: string, value: number) =>
    fields.positive(key) ??
    (fields.find(key)?.unresolved === undefined ? byDefault(value, 'MaxText base.yml') : null);
  return {
    duration: steps && { unit: 'steps', count: steps },
    sequenceLength: or('max_target_length', 2048),
    packed: fields.boolean('packing')?.value !== false && !fields.isTrue('use_dpo'),
    rankBatch: product([
      { name: 'sequences per device', known: or('per_device_batch_size', 12) },
      { name: 'accumulation steps', known: or('gradient_accumulation_steps', 1) },
    ]),
    worldSize: devices(fields) ?? (isCommand(fields) ? launchedGpus(fields) : null),
    needs: [
      ...(steps || own.has('steps')
        ? []
        : [need('tokens', 'the file does not say steps, which the launch command gives')]),
      ...untold(own, ['steps', 'per_device_batch_size', 'max_target_length'], 'tokens'),
    ],
  };
}

/** The steps of the file that a command names, unless that is base.yml with its defaults. */
function stepsOfFile(fields: Fields): Known<number> | null {
  const steps = fields.positive('steps');
  return placeOf(steps)?.file.endsWith('base.yml') === true ? null : steps;
}

function devices(fields: Fields): Known<number> | null {
  const axes = fields.keys().filter((key) => /^(?:ici|dcn)_\w+_parallelism$/.test(key));
  const sizes = axes.map((key) => ({ name: key, known: fields.number(key) }));
  // What is left out is 1, but for the two axes that base.yml sets to -1, "whatever is left".
  const all = ['dcn_data_parallelism', 'ici_fsdp_parallelism'].every((key) => axes.includes(key));
  const stated = all && sizes.every(({ known }) => known !== null && known.value >= 1);
  return stated ? product(sizes.filter(({ known }) => known?.value !== 1)) : null;
}
