import { byDefault } from '../../run/known.ts';
import { need } from '../../run/need.ts';
import type { Precision } from '../../run/run.ts';
import type { Setup } from '../../run/setup.ts';
import type { Fields } from '../../config/fields.ts';
import type { MegatronFlags } from '../../dialects/megatron/flags.ts';
import { megatronSetup } from '../../dialects/megatron/setup.ts';

const common = /^_(pretrain|sft)_common$/;

/**
 * How a recipe keeps its run: as Megatron-LM does, by fields of its parts. What the library's common
 * recipes set stands in recipes/common.py (NVIDIA-NeMo/Megatron-Bridge 067f987): Adam whose state the
 * distributed optimizer divides, FP32 gradients. An override leaves the rest to a recipe that is not
 * in the file.
 */
export function bridgeSetup(fields: Fields, precision: Precision | null): Setup | null {
  const flags: MegatronFlags = { fields, path: pathOf(fields) };
  const setup = megatronSetup(flags, precision);
  if (!setup) return null;
  const base = common.exec(fields.root.tag ?? '')?.[1];
  const isAdapted = fields.isSet('peft') || /^_peft_common$/.test(fields.root.tag ?? '');
  const isTold =
    base !== undefined ||
    (fields.has('ddp.use_distributed_optimizer') && fields.has('model.tensor_model_parallel_size'));
  const why = isAdapted
    ? 'what adapters keep is not counted'
    : 'how the recipe divides the run stands in Megatron-Bridge’s own recipe';
  const size = base === 'pretrain' ? 2 : 1;
  const isDivided = fields.boolean('ddp.use_distributed_optimizer')?.value !== false;
  const { layout, batch } = setup;
  return {
    ...setup,
    layout: {
      ...layout,
      sharding: layout.sharding === 'nothing' && isDivided ? 'optimizer' : layout.sharding,
    },
    batch: {
      ...batch,
      microBatch:
        batch.microBatch ??
        (base === undefined ? null : byDefault(size, 'Megatron-Bridge common recipe')),
      // The providers of its models set none.
      dropout: (fields.number('model.hidden_dropout')?.value ?? 0) > 0,
    },
    needs: isTold && !isAdapted ? setup.needs : [need('memory', why)],
  };
}

/** Where a recipe has an argument of Megatron-LM. */
function pathOf(fields: Fields): MegatronFlags['path'] {
  const length = ['dataset.seq_length', 'dataset.sequence_length'].find((key) => fields.has(key));
  return (name) => {
    if (name === 'micro_batch_size') return `train.${name}`;
    if (name === 'seq_length') return length ?? 'model.seq_length';
    if (/^(?:use_distributed_optimizer|use_megatron_fsdp|data_parallel_sharding)/.test(name)) {
      return `ddp.${name}`;
    }
    if (name === 'optimizer' || /_dtype$|^use_precision_aware|^optimizer_/.test(name)) {
      return `optimizer.${name}`;
    }
    return name === 'fp8_param_gather' ? `mixed_precision.fp8_param_gather` : `model.${name}`;
  };
}
