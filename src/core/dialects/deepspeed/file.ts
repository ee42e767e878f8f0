import type { Known } from '../../run/known.ts';
import type { Precision, WriteFormat } from '../../run/run.ts';
import { openFirst, unfoundNeeds, upwards } from '../../config/compose.ts';
import { deepspeedPrecision, writePlain } from './precision.ts';
import { Fields } from '../../config/fields.ts';
import { untold } from '../../config/launcher.ts';
import type { Reading } from '../../config/reader.ts';
import type { Setup } from '../../run/setup.ts';
import { withNamedZero, withoutZero, withZero } from './setup.ts';
import { formatWriter } from '../../config/writing.ts';

const formatKeys = ['bf16', 'fp16', 'torch_dtype', 'fp8_format', 'fp8_recipe'];

/**
 * Adds what the JSON under `deepspeed` states and the Trainer's own arguments leave open: the
 * number format, and the batch over all GPUs. A file that is not there is a need only where it
 * could have said a format that nothing else says.
 */
export function withDeepspeed(fields: Fields, reading: Reading): Reading {
  const written = fields.string('deepspeed');
  const place = fields.place('deepspeed');
  // ms-swift's `zero3` and a bare flag name no file.
  if (!place || !written?.value.endsWith('.json')) {
    return written ? withSetup(reading, (setup) => withNamedZero(setup, written.value)) : reading;
  }
  const isOpen = isUnstated(reading.precision) && untold(fields, formatKeys, 'format').length === 0;
  const config = openConfig(fields, written.value);
  const open = withSetup(reading, (setup) => withoutZero(setup, written.value));
  if (config === 'pending') return open;
  if (config === null) {
    if (!isOpen || reading.precision) return open;
    const missing = [{ written: written.value, named: place }];
    const needs = [...reading.needs, ...unfoundNeeds(fields, { missing, circles: [] })];
    return { ...open, needs };
  }
  const globalBatch = reading.tokens.globalBatch ?? config.positive('train_batch_size');
  const tokens = { ...reading.tokens, globalBatch };
  const { setup } = withSetup(reading, (own) => withZero(own, config));
  const precision = isOpen ? statedPrecision(config) : null;
  const formatPlace = precision && config.place(precision.key);
  if (!precision || !formatPlace) return { ...reading, tokens, setup: setup ?? null };
  return {
    ...reading,
    tokens,
    setup: setup ?? null,
    precision: precision.value,
    precisionPlaces: [formatPlace],
    writeFormat: writerOf(config, reading.writeFormat),
  };
}

/** A reading with what DeepSpeed makes of its setup; null leaves it. */
function withSetup(reading: Reading, change: (setup: Setup) => Setup | null): Reading {
  const changed = reading.setup ? change(reading.setup) : null;
  return changed ? { ...reading, setup: changed } : reading;
}

/** Where configs of the Trainer, of Accelerate and its launcher name DeepSpeed's. */
const fileKeys = [
  'deepspeed',
  'deepspeed_config.deepspeed_config_file',
  '$launcher.deepspeed_config_file',
];

/** The DeepSpeed config that a file names, `missing` where it is not there; null = it names none. */
export function deepspeedConfig(fields: Fields): Fields | 'missing' | null {
  const named = fileKeys.find((key) => fields.isGiven(key));
  if (named === undefined || fields.map(named)) return null;
  const written = fields.string(named)?.value ?? '';
  const config = written.endsWith('.json') ? openConfig(fields, written) : null;
  return config === null || config === 'pending' ? 'missing' : config;
}

function openConfig(fields: Fields, written: string): Fields | 'pending' | null {
  const opened = openFirst(fields, upwards(fields.tree.file, [written]));
  if (opened === null || opened === 'pending') return opened;
  const { library } = fields;
  const tree = library.open(opened.file) ?? fields.tree;
  return new Fields(tree, opened.map, fields.textOf(opened.file), library);
}

/** Whether the Trainer's arguments say no format: there is none, or the framework's default. */
function isUnstated(precision: Precision | null): boolean {
  return precision === null || (precision.recipe === null && isDefault(precision.format));
}

function isDefault({ origin }: Known<unknown>): boolean {
  return origin.kind === 'default';
}

/** What a section that is on says; `auto` and DeepSpeed's own default say nothing. */
function statedPrecision(
  config: Fields,
): { readonly value: Precision; readonly key: string } | null {
  const sections = ['msamp', 'bf16', 'bfloat16', 'fp16', 'torch_autocast'];
  const section = sections.find((each) => config.isTrue(`${each}.enabled`));
  const value = section === undefined ? null : deepspeedPrecision(config);
  return value && { value, key: `${section ?? ''}.enabled` };
}

/** The 16-bit formats go to the JSON that states one; the rest is the framework's own to say. */
function writerOf(config: Fields, others: WriteFormat | null): WriteFormat {
  const plain = formatWriter(config, [
    { recipe: 'bf16', edits: (f) => writePlain(f, 'bf16') },
    { recipe: 'fp16', edits: (f) => writePlain(f, 'fp16') },
  ]);
  return (target) =>
    target.granularity === 'none' && /^(?:bf|fp)16$/.test(target.format)
      ? plain(target)
      : (others?.(target) ?? plain(target));
}
