import { byDefault } from '../run/known.ts';
import type { Setup } from '../run/setup.ts';
import { product } from '../run/tokens.ts';
import type { Fields } from '../config/fields.ts';
import { allLinear } from '../dialects/adapters.ts';
import { megatronKept, undivided } from '../dialects/training.ts';
import { namedModel } from '../dialects/models.ts';
import { plainPrecision } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { need } from '../run/need.ts';

const trainArguments = 'mistral-finetune TrainArgs';

/** mistral-finetune: LoRA or full fine-tuning of Mistral's models, always in BF16. */
export const mistralFinetune: FrameworkReader = {
  id: 'mistral-finetune',
  name: 'mistral-finetune',
  source: 'mistralai/mistral-finetune (2025-07)',
  syntaxes: ['yaml'],
  words: { config: ['model_id_or_path'] },
  loader: 'pyyaml-typed',
  reads: 'model_id_or_path, max_steps × batch_size × seq_len; always BF16',

  recognise(fields) {
    const data = ['data.instruct_data', 'data.data', 'data.eval_instruct_data'].some((key) =>
      fields.has(key),
    );
    const length = ['seq_len', 'batch_size', 'max_steps'].filter((key) => fields.has(key));
    return fields.has('model_id_or_path') && data && length.length >= 2
      ? 'It has model_id_or_path, data.instruct_data and seq_len, as mistral-finetune’s configs do.'
      : null;
  },

  read(fields) {
    const named = fields.string('model_id_or_path');
    const filled = named && named.value.trim() !== '' ? named : null;
    const preset = namedModel(filled);
    const one = byDefault(1, trainArguments);
    const place = fields.keyPlace('model_id_or_path');
    return {
      role: 'finetune',
      model: preset.model,
      shape: preset.shape,
      tokens: {
        duration: {
          unit: 'steps',
          count: fields.positive('max_steps') ?? byDefault(100, trainArguments),
        },
        // The loader fills sequences of seq_len to the last token.
        sequenceLength: fields.positive('seq_len') ?? byDefault(2048, trainArguments),
        packed: true,
        rankBatch: product([
          { name: 'sequences', known: fields.positive('batch_size') ?? one },
          { name: 'micro-batches', known: fields.positive('num_microbatches') ?? one },
        ]),
      },
      precision: plainPrecision(byDefault('bf16', 'mistral-finetune train.py')),
      setup: mistralSetup(fields),
      precisionPlaces: place ? [place] : [],
      writeFormat: null,
      needs: filled ? preset.needs : [need('parameters', 'model_id_or_path is empty')],
    };
  },
};

/**
 * How it keeps a run (mistralai/mistral-finetune 1943535, train.py, finetune/mixed_precision.py): BF16
 * weights and an FP32 copy of the trained ones, whose gradients are FP32 in the step; FSDP divides
 * all of it. Adapters stand beside every linear layer of a block (model/transformer.py).
 */
function mistralSetup(fields: Fields): Setup {
  const isAdapted = fields.boolean('lora.enable')?.value !== false;
  const rank = fields.positive('lora.rank') ?? byDefault(16, 'mistral-finetune LoraArgs');
  return {
    adapters: isAdapted ? { rank, targets: allLinear } : null,
    frozen: isAdapted ? { format: 'bf16', others: 2 } : null,
    optimizer: byDefault('AdamW', 'mistral-finetune train.py'),
    kept: megatronKept,
    layout: { ...undivided, sharding: 'all' },
    batch: {
      microBatch: fields.positive('batch_size') ?? byDefault(1, trainArguments),
      sequenceLength: fields.positive('seq_len') ?? byDefault(2048, trainArguments),
      recompute: fields.boolean('checkpoint')?.value === false ? 'nothing' : 'layers',
      bytes: 2,
      // FP32 logits (model/transformer.py), their logarithms and gradient.
      logitBytes: 12,
      scores: false,
      dropout: false,
    },
    needs: [],
  };
}
