import { need } from '../../run/need.ts';
import type { Precision } from '../../run/run.ts';
import type { Setup } from '../../run/setup.ts';
import type { Fields } from '../../config/fields.ts';
import type { MegatronFlags } from '../../dialects/megatron/flags.ts';
import { megatronSetup } from '../../dialects/megatron/setup.ts';
import {
  adaptersUncounted,
  fsdpMixed,
  sequencesOf,
  undivided,
  wholeState,
} from '../../dialects/training.ts';

/**
 * How NeMo RL keeps its policy (NVIDIA-NeMo/RL 7ea279a, models/automodel/setup.py): loaded in FP32 and
 * divided by FSDP2 with dtensor_cfg, as Megatron-LM keeps it with megatron_cfg. A reference policy lies
 * in the host's memory.
 */
export function nemoRlSetup(
  fields: Fields,
  precision: Precision | null,
  isSampled: boolean,
): Setup | null {
  const isMegatron = fields.isTrue('policy.megatron_cfg.enabled');
  const setup = isMegatron ? megatronPolicy(fields, precision) : dtensorPolicy(fields);
  const adapters = ['dtensor_cfg.lora_cfg', 'megatron_cfg.peft'].some((key) =>
    fields.isTrue(`policy.${key}.enabled`),
  );
  return (
    setup && {
      ...setup,
      ...(isSampled && { beside: 'the generation engine takes memory beside the policy' }),
      needs: [
        ...setup.needs,
        ...(adapters ? [adaptersUncounted] : []),
        ...(fields.isSet('teacher')
          ? [need('memory', 'what the teacher of a distillation keeps is not counted')]
          : []),
      ],
    }
  );
}

/** Sequences of the longest length, or as many tokens where they are packed. */
function microBatch(fields: Fields) {
  const packs = ['sequence_packing', 'dynamic_batching'].find((key) =>
    fields.isTrue(`policy.${key}.enabled`),
  );
  const length = fields.positive('policy.max_total_sequence_length');
  const tokens = packs === undefined ? null : fields.positive(`policy.${packs}.train_mb_tokens`);
  return tokens && length
    ? sequencesOf(
        { name: 'train_mb_tokens', known: tokens },
        { name: 'max_total_sequence_length', known: length },
      )
    : fields.positive('policy.train_micro_batch_size');
}

function dtensorPolicy(fields: Fields): Setup {
  const at = 'policy.dtensor_cfg';
  const size = (key: string) => fields.positive(`${at}.${key}`)?.value ?? 1;
  return {
    adapters: null,
    frozen: null,
    optimizer: fields.string('policy.optimizer.name'),
    kept: fsdpMixed,
    layout: {
      ...undivided,
      tensor: size('tensor_parallel_size'),
      context: size('context_parallel_size'),
      expert: size('expert_parallel_size'),
      sequenceParallel: fields.isTrue(`${at}.sequence_parallel`),
      sharding: 'all',
      offloaded: fields.isTrue(`${at}.cpu_offload`) ? wholeState : [],
    },
    batch: {
      microBatch: microBatch(fields),
      sequenceLength: fields.positive('policy.max_total_sequence_length'),
      recompute: fields.isTrue(`${at}.activation_checkpointing`) ? 'layers' : 'nothing',
      bytes: 2,
      // FP32 logits (output_dtype), their logarithms and gradient.
      logitBytes: 12,
      scores: false,
      dropout: false,
    },
    needs: fields.isTrue(`${at}.enabled`)
      ? []
      : [need('memory', 'the back end of the policy is not told')],
  };
}

function megatronPolicy(fields: Fields, precision: Precision | null): Setup | null {
  const at = 'policy.megatron_cfg';
  const flags: MegatronFlags = {
    fields,
    path: (name) =>
      /^optimizer$|_dtype$|^use_(?:precision_aware|distributed)|^optimizer_/.test(name)
        ? `${at}.optimizer.${name}`
        : name === 'recompute_granularity' && !fields.isTrue(`${at}.activation_checkpointing`)
          ? `${at}.none`
          : `${at}.${name}`,
  };
  const setup = megatronSetup(flags, precision);
  return (
    setup && {
      ...setup,
      batch: {
        ...setup.batch,
        microBatch: microBatch(fields),
        sequenceLength: fields.positive('policy.max_total_sequence_length'),
        recompute:
          fields.isTrue(`${at}.activation_checkpointing`) &&
          !fields.has(`${at}.recompute_granularity`)
            ? 'layers'
            : setup.batch.recompute,
        dropout: false,
      },
    }
  );
}
