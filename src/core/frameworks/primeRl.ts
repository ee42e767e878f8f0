import type { Fields } from '../config/fields.ts';
import { plainPrecision } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { modelAt } from '../dialects/huggingFace/checkpoints.ts';
import { byDefault } from '../run/known.ts';
import { need } from '../run/need.ts';
import { generatedTokens, type TokenPlan } from '../run/tokens.ts';

const dataConfig = 'prime-rl SFT DataConfig';

/** prime-rl: supervised tuning and reinforcement learning of Hugging Face models by TOML files. */
export const primeRl: FrameworkReader = {
  id: 'prime-rl',
  name: 'prime-rl',
  source: 'PrimeIntellect-ai/prime-rl src/prime_rl/configs (023e551, 539089b)',
  syntaxes: ['toml'],
  words: { config: ['max_steps'] },
  loader: 'other',
  reads: 'model.name, max_steps × data.batch_size × data.seq_len; the trainer multiplies in BF16',

  recognise(fields) {
    const around = ['optim', 'deployment', 'ckpt', 'scheduler', 'slurm', 'monitors', 'wandb'];
    const data = ['seq_len', 'batch_size'].every((key) => fields.has(`data.${key}`));
    const sections = around.filter((key) => fields.map(key) !== null);
    if (fields.has('max_steps') && fields.has('model.name') && data && sections.length > 0) {
      return 'It has max_steps, model.name and data.seq_len, as prime-rl’s tuning configs do.';
    }
    const learns = fields.map('orchestrator') !== null && fields.map('trainer') !== null;
    return learns && (fields.has('max_steps') || fields.has('model.name'))
      ? 'It has a trainer and an orchestrator, as prime-rl’s reinforcement learning does.'
      : null;
  },

  read(fields) {
    const path = ['model.name', 'trainer.model.name'].find((key) => fields.has(key));
    const named = path === undefined ? null : modelAt(fields, path);
    const place = path === undefined ? null : fields.place(path);
    return {
      role: 'finetune',
      model: named?.model ?? null,
      // A debugged model has fewer layers than the one it is named after.
      shape: fields.has('model.debug.num_layers') ? {} : (named?.shape ?? {}),
      tokens: fields.map('orchestrator') ? generatedTokens : readTokens(fields),
      precision: plainPrecision(byDefault('bf16', 'prime-rl setup_fsdp')),
      precisionPlaces: place ? [place] : [],
      writeFormat: null,
      needs: named?.needs ?? [need('parameters', 'the file does not name the model')],
    };
  },
};

/** A batch is what all ranks take together, in sequences that `cat` packing fills. */
function readTokens(fields: Fields): TokenPlan {
  const steps = fields.positive('max_steps');
  return {
    duration: steps && { unit: 'steps', count: steps },
    globalBatch: fields.positive('data.batch_size') ?? byDefault(128, dataConfig),
    sequenceLength: fields.positive('data.seq_len') ?? byDefault(128, dataConfig),
    packed: (fields.string('data.pack_function')?.value ?? 'cat') === 'cat',
  };
}
