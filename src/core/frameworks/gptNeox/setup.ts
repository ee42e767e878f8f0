import { byDefault } from '../../run/known.ts';
import type { Precision } from '../../run/run.ts';
import type { Setup } from '../../run/setup.ts';
import type { Fields, Path } from '../../config/fields.ts';
import { zeroSetup } from '../../dialects/deepspeed/setup.ts';
import { megatronKept, pure, undivided } from '../../dialects/training.ts';

const neoxArguments = 'gpt-neox NeoXArgs';

/** How GPT-NeoX keeps a run: DeepSpeed's engine over Megatron's layers (configs/neox_arguments.md, 2026-05). */
export function neoxSetup(
  fields: Fields,
  precision: Precision | null,
  at: (key: string) => Path,
): Setup | null {
  if (!precision) return null;
  const is16Bit = precision.format.value !== 'fp32';
  const size = (key: string) => fields.positive(at(key))?.value ?? 1;
  const zero = at('zero_optimization');
  const stage = fields.number(`${zero}.stage`)?.value ?? 0;
  const dropout = fields.number(at('hidden_dropout'))?.value ?? 0;
  const setup: Setup = {
    adapters: null,
    frozen: null,
    optimizer: fields.string(`${at('optimizer')}.type`) ?? byDefault('Adam', neoxArguments),
    kept: is16Bit ? megatronKept : pure(4),
    layout: {
      ...undivided,
      tensor: size('model_parallel_size'),
      // 0 and 1 both mean that the layers are not divided.
      pipeline: Math.max(1, size('pipe_parallel_size')),
      context: size('context_parallel_size'),
      expert: size('moe_expert_parallel_size'),
    },
    batch: {
      microBatch: fields.positive(at('train_micro_batch_size_per_gpu')),
      sequenceLength: fields.positive(at('seq_length')),
      recompute: fields.isTrue(at('checkpoint_activations')) ? 'layers' : 'nothing',
      bytes: is16Bit ? 2 : 4,
      logitBytes: 4,
      // Attention is written out unless the file asks for flash attention.
      scores: !fields.text.includes('flash'),
      dropout: dropout > 0,
    },
    needs: [],
  };
  const moves = (part: string) =>
    fields.isTrue(`${zero}.cpu_offload`) || fields.isSet(`${zero}.offload_${part}.device`);
  return zeroSetup(setup, stage, moves('optimizer'), moves('param'));
}
