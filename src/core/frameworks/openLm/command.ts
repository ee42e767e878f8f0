import type { ModelShape, ShapeReading } from '../../architecture/shape.ts';
import { llamaFeedForward } from '../../architecture/feedForward.ts';
import { llamaShape } from '../../architecture/shapes.ts';
import { byDefault, placeOf, type Known } from '../../run/known.ts';
import type { Precision, WriteResult } from '../../run/run.ts';
import { product, type TokenPlan } from '../../run/tokens.ts';
import { mapNode } from '../../syntax/tree.ts';
import { mergeMaps, openFirst, upwards } from '../../config/compose.ts';
import type { Fields } from '../../config/fields.ts';
import { countOf, launchedGpus, programPath, untold } from '../../config/launcher.ts';
import { publishedShape } from '../../dialects/models.ts';
import { plainFormat, plainPrecision } from '../../config/precision.ts';
import type { Composition, Reading } from '../../config/reader.ts';
import { formatWriter, setKeys } from '../../config/writing.ts';
import { need } from '../../run/need.ts';

const main = 'open_lm main';

/** Whether a command starts open_lm's training. */
export function isOpenLmCommand(fields: Fields): boolean {
  const own = [
    'train_num_samples',
    'dataset_manifest',
    'global_batch_size',
    'accum_freq',
    'fsdp_limit_all_gathers',
    'dataset_resampled',
    'model_norm',
    'qk_norm',
    'total_val_samples',
  ];
  const names = [programPath(fields), fields.string('model')?.value ?? ''];
  // open_clip has the same flags for another kind of model.
  return (
    names.some((name) => name.includes('open_lm')) &&
    fields.has('train_num_samples') &&
    fields.has('model') &&
    countOf(fields, own) >= 2
  );
}

/** The named model's JSON, laid on the flags, which only fill in what it leaves out. */
export function withModelFile(fields: Fields): Composition {
  const name = fields.string('model')?.value;
  if (name === undefined || !/^[\w.-]+$/.test(name)) return { fields, needs: [] };
  const paths = upwards(fields.tree.file, [
    `open_lm/model_configs/${name}.json`,
    `model_configs/${name}.json`,
  ]);
  const opened = openFirst(fields, paths);
  if (!opened || opened === 'pending') return { fields, needs: [] };
  const merged = mergeMaps(fields.root, opened.map, fields.tree.file);
  return {
    fields: fields.with(mapNode(fields.root.place, merged.entries), fields.root),
    needs: [],
  };
}

/** Reads a launch script; `readShape` reads the shape where the model's JSON was found. */
export function readOpenLmCommand(
  fields: Fields,
  readShape: (fields: Fields) => ShapeReading,
): Reading {
  const model = fields.string('model');
  const precision = readPrecision(fields);
  const unknown = untold(fields, ['precision'], 'format');
  const place = placeOf(precision?.format) ?? fields.place('$program');
  const known = model && models.get(model.value);
  // A norm or feed-forward kind of the command line changes what the published shape has.
  const changed = ['model_norm', 'ffn_type', 'qk_norm'].filter((name) => fields.has(name));
  const shape = fields.has('hidden_dim')
    ? readShape(fields)
    : known && changed.every((name) => name !== 'ffn_type')
      ? publishedShape(known, `open_lm ${model.value}`, 'open_lm/model_configs')
      : {};
  const row = (recipe: 'bf16' | 'fp16' | 'fp32', name: string) => ({
    recipe,
    edits: (f: Fields): WriteResult => setKeys(f, { precision: name }),
  });
  return {
    role: fields.isGiven('pretrained') ? 'continued' : 'pretrain',
    model,
    shape,
    tokens: readTokens(fields),
    precision: unknown.length > 0 ? null : precision,
    precisionPlaces: place ? [place] : [],
    writeFormat: formatWriter(fields.ownOnly(), [
      row('bf16', 'amp_bfloat16'),
      row('fp16', 'amp'),
      row('fp32', 'fp32'),
    ]),
    needs: [
      ...(model && Object.keys(shape).length === 0
        ? [need('parameters', `open_lm’s model config “${model.value}” was not found`)]
        : untold(fields, ['model'], 'parameters')),
      ...unknown,
    ],
  };
}

function model(layers: number, hidden: number, heads: number): ModelShape {
  const feedForward = llamaFeedForward(hidden, null, 256);
  const more = { vocabulary: 50432, norm: 'weight-and-bias' } as const;
  return llamaShape({ layers, hidden, heads, feedForward, ...more });
}

const models: ReadonlyMap<string, ModelShape> = new Map([
  ['open_lm_1b', model(24, 2048, 16)],
  ['open_lm_7b', model(32, 4096, 32)],
]);

/** train_num_samples counts tokens: main divides it by the sequence length. */
function readTokens(fields: Fields): TokenPlan {
  const samples = fields.positive('train_num_samples');
  const epochs = fields.positive('epochs');
  const total = product([
    { name: 'tokens an epoch', known: samples },
    { name: 'epochs', known: epochs },
  ]);
  return {
    duration: total && { unit: 'tokens', count: total },
    sequenceLength: fields.positive('seq_len'),
    worldSize: launchedGpus(fields),
    needs: [
      ...(fields.has('epochs') ? [] : [need('tokens', 'the script does not say epochs')]),
      ...untold(fields, ['train_num_samples', 'epochs'], 'tokens'),
    ],
  };
}

function readPrecision(fields: Fields): Precision | null {
  const stated = fields.string('precision') ?? byDefault('amp', `${main} --precision`);
  const name = stated.value.replace(/^(?:amp|pure)_/, '');
  const format: Known<'bf16' | 'fp16' | 'fp32'> | null =
    name === 'amp' ? { ...stated, value: 'fp16' } : plainFormat({ ...stated, value: name });
  return format && plainPrecision(format);
}
