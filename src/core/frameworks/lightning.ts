import { byDefault, placeOf, type Known } from '../run/known.ts';
import type { Precision, WriteResult } from '../run/run.ts';
import { product, type TokenPlan } from '../run/tokens.ts';
import type { Fields } from '../config/fields.ts';
import { hfShape } from '../dialects/huggingFace/shape.ts';
import { isOtherModel } from '../dialects/huggingFace/trainer.ts';
import { lightningPrecision } from '../dialects/lightningPrecision.ts';
import { namedModel } from '../dialects/models.ts';
import { otherReading } from '../config/otherReading.ts';
import { plainPrecision, recipePrecision, recipes } from '../config/precision.ts';
import type { FrameworkReader, Reading } from '../config/reader.ts';
import { formatWriter, setKeys } from '../config/writing.ts';

const trainerKeys = [
  'accelerator',
  'devices',
  'num_nodes',
  'strategy',
  'precision',
  'plugins',
  'max_epochs',
  'max_steps',
  'accumulate_grad_batches',
  'gradient_clip_val',
  'val_check_interval',
];

/** Where a Lightning module's arguments name a pre-trained model. */
const nameKeys = [
  'pretrained_model_name_or_path',
  'model_name_or_path',
  'model_name',
  'model_id',
  'base_model',
];

const arguments_ = 'model.init_args';

/** Lightning's command line (LightningCLI): trainer, model and data by class path. */
export const lightning: FrameworkReader = {
  id: 'lightning',
  name: 'Lightning CLI',
  source: 'Lightning-AI/pytorch-lightning (2026-07-20)',
  syntaxes: ['yaml'],
  words: { config: ['class_path'] },
  loader: 'other',
  reads: 'trainer.precision and TransformerEnginePrecision, max_steps; models named in init_args',

  recognise(fields) {
    const trainer = trainerKeys.filter((key) => fields.has(`trainer.${key}`));
    const language = modelName(fields) ?? inlineShape(fields);
    return trainer.length >= 2 && fields.has('model.class_path') && language !== null
      ? 'It has trainer and model.class_path of Lightning’s command line, and a language model.'
      : null;
  },

  read(fields) {
    const name = modelName(fields);
    if (name && isOtherModel(name.value)) {
      return otherReading(`The model “${name.value}” is not a decoder language model.`);
    }
    const precision = readPrecision(fields);
    const place = placeOf(precision.format) ?? fields.keyPlace('trainer');
    return {
      ...readModel(fields, name),
      tokens: readTokens(fields),
      precision,
      precisionPlaces: place ? [place] : [],
      writeFormat: fields.has('trainer.plugins')
        ? null
        : formatWriter(fields, [
            { recipe: 'bf16', edits: (f) => writePrecision(f, 'bf16-mixed', 'bf16-true') },
            { recipe: 'fp16', edits: (f) => writePrecision(f, '16-mixed', '16-true') },
            { recipe: 'fp32', edits: (f) => writePrecision(f, '32-true', '32-true') },
            {
              recipe: recipes.teDelayedHybrid,
              edits: (f) => writePrecision(f, 'transformer-engine', 'transformer-engine'),
            },
          ]),
    };
  },
};

function modelName(fields: Fields): Known<string> | null {
  for (const key of nameKeys) {
    const known = fields.string(`${arguments_}.${key}`);
    if (known) return known;
  }
  return null;
}

/** Where the module's arguments spell a decoder's shape out as Hugging Face's configs do. */
function inlineShape(fields: Fields): string | null {
  const found = [arguments_, `${arguments_}.config`, `${arguments_}.config.init_args`].find(
    (at) =>
      ['hidden_size', 'n_embd', 'd_model'].some((key) => fields.positive(`${at}.${key}`)) &&
      ['num_hidden_layers', 'n_layer', 'n_layers'].some((key) => fields.positive(`${at}.${key}`)) &&
      fields.positive(`${at}.vocab_size`),
  );
  return found ?? null;
}

function readModel(
  fields: Fields,
  name: Known<string> | null,
): Pick<Reading, 'role' | 'model' | 'shape' | 'needs'> {
  const at = inlineShape(fields);
  if (at === null) return { role: 'finetune', ...namedModel(name) };
  const { shape, needs } = hfShape(fields, at);
  return { role: 'pretrain', model: fields.string('model.class_path'), shape, needs };
}

/** The batch is one GPU's; GPUs are known where devices and num_nodes are numbers. */
function readTokens(fields: Fields): TokenPlan {
  const steps = fields.positive('trainer.max_steps');
  const epochs = fields.positive('trainer.max_epochs');
  const data = (keys: readonly string[]) =>
    fields.firstNumber(keys.map((key) => `data.init_args.${key}`));
  const devices = fields.positive('trainer.devices');
  const nodes = fields.positive('trainer.num_nodes') ?? byDefault(1, 'Lightning Trainer');
  return {
    duration: steps ? { unit: 'steps', count: steps } : epochs && { unit: 'epochs', count: epochs },
    // Texts are cut into blocks; any other length is the longest of a sample.
    packed: data(['block_size']) !== null,
    sequenceLength: data(['block_size', 'max_seq_length', 'seq_length', 'seq_len', 'max_length']),
    rankBatch: product([
      { name: 'sequences', known: data(['batch_size', 'micro_batch_size', 'train_batch_size']) },
      {
        name: 'accumulation steps',
        known:
          fields.positive('trainer.accumulate_grad_batches') ?? byDefault(1, 'Lightning Trainer'),
      },
    ]),
    worldSize: product([
      { name: 'GPUs', known: devices },
      { name: 'nodes', known: nodes },
    ]),
    ...(/deepspeed|model_?parallel|megatron/i.test(strategy(fields)) && { modelParallel: null }),
  };
}

function strategy(fields: Fields): string {
  return (
    fields.string('trainer.strategy')?.value ??
    fields.string('trainer.strategy.class_path')?.value ??
    ''
  );
}

/** A TransformerEnginePrecision plugin goes over the precision string. */
function readPrecision(fields: Fields): Precision {
  const plugin = ['trainer.plugins', 'trainer.plugins.0', 'trainer.plugins.class_path'].find(
    (path) =>
      (fields.string(path)?.value ?? fields.string(`${path}.class_path`)?.value ?? '').includes(
        'TransformerEnginePrecision',
      ),
  );
  if (plugin !== undefined) return enginePlugin(fields, plugin);
  const stated = fields.string('trainer.precision');
  return lightningPrecision(stated) ?? plainPrecision(byDefault('fp32', 'Lightning Trainer'));
}

function enginePlugin(fields: Fields, plugin: string): Precision {
  const at = plugin.replace(/\.class_path$/, '');
  const stated = fields.string(plugin) ?? fields.string(`${plugin}.class_path`);
  const format = fields.string(`${at}.init_args.recipe.fp8_format`)?.value ?? 'HYBRID';
  const base = /float16|half/.test(fields.string(`${at}.init_args.weights_dtype`)?.value ?? '')
    ? 'fp16'
    : 'bf16';
  return recipePrecision(
    /e4m3/i.test(format) ? recipes.teDelayedE4m3 : recipes.teDelayedHybrid,
    stated ?? byDefault(plugin, 'Lightning'),
    base,
  );
}

/** `-true` names keep the weights in 16 bits too; what the file has decides between the two. */
function writePrecision(fields: Fields, mixed: string, pure: string): WriteResult {
  const written = fields.string('trainer.precision')?.value ?? '';
  return setKeys(fields, { 'trainer.precision': written.endsWith('-true') ? pure : mixed });
}
