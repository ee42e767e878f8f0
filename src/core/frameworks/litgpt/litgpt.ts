import { byDefault, placeOf, type Known } from '../../run/known.ts';
import type { Precision, Role } from '../../run/run.ts';
import { noTokens, type Duration, type TokenPlan } from '../../run/tokens.ts';
import type { Fields } from '../../config/fields.ts';
import { lightningPrecision } from '../../dialects/lightningPrecision.ts';
import { untold } from '../../config/launcher.ts';
import { isLitgptCommand, withCommandFiles } from './command.ts';
import { litgptSetup } from './setup.ts';
import { litgptModel, litgptShape } from './shape.ts';
import type { FrameworkReader, Reading } from '../../config/reader.ts';
import { plainFormat, plainPrecision, recipes } from '../../config/precision.ts';
import { formatWriter, setKeys } from '../../config/writing.ts';
import { need } from '../../run/need.ts';

const trainArguments = 'LitGPT TrainArgs';

/** LitGPT: pre-training by model name or inline model_config, fine-tuning by checkpoint_dir. */
export const litgpt: FrameworkReader = {
  id: 'litgpt',
  name: 'LitGPT',
  source: 'Lightning-AI/litgpt (2026-06-29)',
  syntaxes: ['yaml', 'shell'],
  words: { config: ['n_layer', 'global_batch_size', 'micro_batch_size'], shell: ['litgpt'] },
  loader: 'other',
  reads: 'model_name, model_config or checkpoint_dir, train.max_tokens, precision, quantize',

  recognise(fields) {
    if (fields.tree.syntax === 'shell') {
      return isLitgptCommand(fields) ? 'It starts LitGPT’s pretrain or finetune.' : null;
    }
    if (isModelConfig(fields)) {
      return 'It has n_layer, n_embd, norm_class_name and mlp_class_name, as LitGPT’s model_config.yaml does.';
    }
    const batch = ['global_batch_size', 'micro_batch_size'].some((key) => inTrain(fields, key));
    const length = ['max_tokens', 'lr_warmup_steps', 'max_seq_length'].some((key) =>
      inTrain(fields, key),
    );
    const model = ['model_name', 'model_config', 'checkpoint_dir'].some((key) => fields.has(key));
    return batch && length && model
      ? 'It has train.micro_batch_size, train.max_tokens and a model_name or checkpoint_dir, as LitGPT’s configs do.'
      : null;
  },

  compose: (fields) =>
    fields.tree.syntax === 'shell' ? withCommandFiles(fields) : { fields, needs: [] },

  read(fields) {
    if (fields.tree.syntax === 'shell') return careful(fields, runReading(fields));
    return isModelConfig(fields) ? modelReading(fields) : runReading(fields);
  },
};

/** What an argument, a variable or a file that is not here gives must not fall back to a default. */
function careful(fields: Fields, reading: Reading): Reading {
  const isOpen = (paths: readonly string[]) =>
    fields.has('config') && !paths.some((path) => fields.has(path));
  const format = untold(fields, ['precision'], 'format');
  const lengths = ['train.max_tokens', 'train.max_steps', 'train.epochs'];
  const tokens = untold(fields, lengths, 'tokens');
  const isOtherShape = fields.has('model_config') && fields.map('model_config') === null;
  const shaped = isOtherShape ? [need('parameters', 'model_config is not in the workspace')] : [];
  const isFormatOpen = format.length > 0 || isOpen(['precision']);
  const isLengthOpen = tokens.length > 0 || isOpen(lengths);
  return {
    ...reading,
    ...(isOtherShape && { shape: {} }),
    ...(isFormatOpen && { precision: null }),
    ...(isLengthOpen && { tokens: { ...reading.tokens, duration: null } }),
    needs: [
      ...reading.needs,
      ...shaped,
      ...untold(fields, ['model_name', 'checkpoint_dir'], 'parameters'),
      ...tokens,
      ...format,
    ],
  };
}

const inTrain = (fields: Fields, key: string) => fields.has(`train.${key}`);

function isModelConfig(fields: Fields): boolean {
  return ['n_layer', 'n_embd', 'norm_class_name', 'mlp_class_name'].every((key) => fields.has(key));
}

function modelReading(fields: Fields): Reading {
  const { shape, needs } = litgptShape(fields, '');
  return {
    role: 'model',
    model: fields.string('name'),
    shape,
    tokens: noTokens,
    precision: null,
    precisionPlaces: [],
    writeFormat: null,
    needs,
  };
}

function runReading(fields: Fields): Reading {
  const role = roleOf(fields);
  const precision = readPrecision(fields);
  const place = placeOf(precision.format) ?? fields.keyPlace('train');
  const write = (value: string) => (f: Fields) => setKeys(f, { precision: value });
  const pure = (fields.string('precision')?.value ?? '').endsWith('-true');
  return {
    role,
    ...readModel(fields, role),
    tokens: role === 'finetune' ? finetuneTokens(fields) : pretrainTokens(fields),
    precision,
    setup: litgptSetup(fields),
    precisionPlaces: place ? [place] : [],
    writeFormat: formatWriter(fields, [
      { recipe: 'bf16', edits: write(pure ? 'bf16-true' : 'bf16-mixed') },
      { recipe: 'fp16', edits: write(pure ? '16-true' : '16-mixed') },
      { recipe: 'fp32', edits: write('32-true') },
      { recipe: recipes.teDelayedHybrid, edits: write('transformer-engine') },
    ]),
  };
}

/** `checkpoint_dir` names the model to fine-tune; initial weights make pre-training go on. */
function roleOf(fields: Fields): Role {
  if (fields.isGiven('checkpoint_dir')) return 'finetune';
  return fields.isGiven('initial_checkpoint_dir') ? 'continued' : 'pretrain';
}

function readModel(fields: Fields, role: Role): Pick<Reading, 'model' | 'shape' | 'needs'> {
  if (role === 'finetune') return litgptModel(fields.string('checkpoint_dir'));
  const name = fields.string('model_name');
  const inline = fields.keys('model_config').some((key) => /^(?:n_|intermediate)/.test(key));
  const { model, shape, needs } = inline
    ? { model: name ?? fields.string('model_config.name'), ...litgptShape(fields, 'model_config') }
    : litgptModel(name);
  if (!shape.layers) {
    const unnamed = [need('parameters', 'the file names no model')];
    return { model, shape, needs: model || needs.length > 0 ? needs : unnamed };
  }
  // The model class never shares its head; only this switch of the trainer ties it.
  const tied = fields.boolean('train.tie_embeddings') ?? byDefault(false, trainArguments);
  return { model, shape: { ...shape, tied }, needs };
}

function pretrainTokens(fields: Fields): TokenPlan {
  const stated = fields.positive('train.max_tokens');
  const absent = !fields.has('train.max_tokens');
  const count = stated ?? (absent ? byDefault(3e12, 'litgpt pretrain') : null);
  const batch = fields.positive('train.global_batch_size') ?? byDefault(512, 'litgpt pretrain');
  return {
    duration: count && { unit: 'tokens', count },
    stop: steps(fields),
    sequenceLength:
      fields.positive('train.max_seq_length') ?? fields.positive('model_config.block_size'),
    globalBatch: batch,
    needs: count ? [] : [need('tokens', 'train.max_tokens is empty')],
  };
}

/** Fine-tuning pads a batch to its longest sample, so its tokens are the data set's. */
function finetuneTokens(fields: Fields): TokenPlan {
  const epochs = fields.positive('train.epochs') ?? byDefault(5, 'litgpt finetune');
  const bound = steps(fields);
  return {
    duration: bound ?? { unit: 'epochs', count: epochs },
    sequenceLength: null,
    globalBatch: fields.positive('train.global_batch_size'),
    ...(bound && { needs: [need('tokens', 'a sequence is as long as its sample')] }),
  };
}

function steps(fields: Fields): Duration | null {
  const count = fields.positive('train.max_steps');
  return count && { unit: 'steps', count };
}

function readPrecision(fields: Fields): Precision {
  const quantized = fields.string('quantize');
  const notes = quantized
    ? [
        `The frozen base weights are loaded in ${quantized.value}; the multiplications run in 16 bits.`,
      ]
    : [];
  const stated = fields.string('precision');
  const fallback: Known<'bf16'> = byDefault('bf16', 'LitGPT: what the GPU supports');
  return (
    lightningPrecision(stated, notes) ?? plainPrecision(plainFormat(stated) ?? fallback, notes)
  );
}
