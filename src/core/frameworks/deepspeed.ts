import type { WriteResult } from '../run/run.ts';
import type { Fields } from '../config/fields.ts';
import { recipes } from '../config/precision.ts';
import { deepspeedPrecision, writePlain } from '../dialects/deepspeed/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { formatWriter, setKeys } from '../config/writing.ts';
import { need } from '../run/need.ts';

const batchKeys = [
  'train_batch_size',
  'train_micro_batch_size_per_gpu',
  'gradient_accumulation_steps',
];

/** DeepSpeed's JSON: half of a run. It knows the batch and the number format, never the model. */
export const deepspeed: FrameworkReader = {
  id: 'deepspeed',
  name: 'DeepSpeed',
  source: 'deepspeedai/DeepSpeed (2026-08-22) and Azure/MS-AMP (2025-12-01)',
  syntaxes: ['json'],
  words: {
    config: ['zero_optimization', 'train_batch_size', 'train_micro_batch', 'gradient_accumulation'],
  },
  loader: 'other',
  reads: 'the batch, fp16, bf16, torch_autocast and msamp; no model, no duration',

  recognise(fields) {
    const zero = fields.map('zero_optimization') !== null;
    const batch = batchKeys.some((key) => fields.has(key));
    const more = ['fp16', 'bf16', 'optimizer', 'msamp'].filter((key) => fields.map(key) !== null);
    return (zero && (batch || more.length > 0)) || (batch && more.length > 0)
      ? 'It has DeepSpeed’s batch keys, zero_optimization, or fp16 and bf16 sections.'
      : null;
  },

  read(fields) {
    const precision = deepspeedPrecision(fields);
    const places = ['msamp', 'bf16', 'fp16', 'torch_autocast'].flatMap(
      (key) => fields.place(`${key}.enabled`) ?? [],
    );
    return {
      role: 'fragment',
      model: null,
      shape: {},
      tokens: {
        duration: null,
        sequenceLength: null,
        globalBatch: fields.positive('train_batch_size'),
      },
      precision,
      precisionPlaces: places,
      writeFormat: formatWriter(fields, [
        { recipe: 'bf16', edits: (f) => writePlain(f, 'bf16') },
        { recipe: 'fp16', edits: (f) => writePlain(f, 'fp16') },
        { recipe: 'fp32', edits: (f) => writePlain(f, 'fp32') },
        { recipe: recipes.msAmp, edits: writeMsAmp },
      ]),
      needs: precision
        ? []
        : [need('format', 'fp16 and bf16 are both “auto”, so the Trainer’s arguments decide')],
    };
  },
};

function writeMsAmp(fields: Fields): WriteResult {
  return setKeys(fields, {
    'msamp.enabled': 'true',
    ...(!fields.has('msamp.opt_level') && { 'msamp.opt_level': 'O2' }),
  });
}
