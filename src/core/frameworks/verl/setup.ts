import { byDefault, derived, type Known } from '../../run/known.ts';
import { need } from '../../run/need.ts';
import type { Setup } from '../../run/setup.ts';
import { product } from '../../run/tokens.ts';
import type { Fields } from '../../config/fields.ts';
import { plainFormat } from '../../config/precision.ts';
import { allLinear } from '../../dialects/adapters.ts';
import { fsdpMixed, pure, sequencesOf, undivided, wholeState } from '../../dialects/training.ts';

const of = 'verl trainer config';

/**
 * How verl's FSDP workers keep the model that is trained (volcengine/verl b178a3c,
 * workers/fsdp_workers.py, trainer/config): weights of model_dtype, FP32 unless told otherwise, gathered
 * in 16 bits. The reference model lies in the host's memory, and param_offload moves the actor's
 * state there between its steps only.
 */
export function verlSetup(fields: Fields, at: string, isSampled: boolean): Setup {
  const actor = isSampled ? 'actor_rollout_ref.actor' : 'model';
  const model = isSampled ? 'actor_rollout_ref.model' : 'model';
  const strategy = fields.string(`${actor}.strategy`)?.value ?? 'fsdp';
  const isFull = (plainFormat(fields.string(`${at}.model_dtype`))?.value ?? 'fp32') === 'fp32';
  const rank = fields.positive(`${model}.lora_rank`);
  const shards = fields.positive(`${at}.fsdp_size`)?.value ?? null;
  const isFused =
    fields.isTrue(`${model}.use_fused_kernels`) || fields.isTrue(`${model}.use_liger`);
  const isInPlace =
    isSampled &&
    fields.boolean(`${model}.use_remove_padding`)?.value !== false &&
    !fields.isTrue(`${actor}.calculate_entropy`) &&
    (fields.number(`${actor}.entropy_coeff`)?.value ?? 0) === 0;
  const sequence = isSampled
    ? sum(fields, ['data.max_prompt_length', 'data.max_response_length'], 512)
    : (fields.positive('data.max_length') ?? byDefault(1024, of));
  const targets = fields.string(`${model}.target_modules`)?.value ?? 'all-linear';
  const isAdapted = rank !== null;
  return {
    adapters: isAdapted ? { rank, targets: allLinear } : null,
    frozen: isAdapted ? { format: isFull ? 'fp32' : 'bf16', others: isFull ? 4 : 2 } : null,
    optimizer: fields.string(`${actor}.optim.optimizer`) ?? byDefault('AdamW', of),
    kept: isAdapted ? pure(isFull ? 4 : 2) : isFull ? fsdpMixed : pure(2),
    layout: {
      ...undivided,
      context: fields.positive(`${actor}.ulysses_sequence_parallel_size`)?.value ?? 1,
      sharding:
        fields.boolean(`${at}.reshard_after_forward`)?.value === false ? 'gradients' : 'all',
      shardRanks: shards,
      offloaded: fields.isTrue(`${at}.offload_policy`) ? wholeState : [],
    },
    batch: {
      microBatch: microBatch(fields, actor, isSampled, sequence),
      sequenceLength: sequence,
      recompute:
        fields.boolean(`${model}.enable_gradient_checkpointing`)?.value === false
          ? 'nothing'
          : 'layers',
      bytes: 2,
      // 16-bit logits, which flash-attention's loss overwrites by their gradient where no entropy
      // is asked for (workers/actor/dp_actor.py); FP32 logarithms and gradient else.
      logitBytes: isFused ? 0 : isInPlace ? 2 : 10,
      scores: false,
      dropout: false,
    },
    ...(isSampled && { beside: 'the rollout engine and a critic take memory beside the actor' }),
    needs: [
      ...(strategy.startsWith('fsdp')
        ? []
        : [need('memory', `how verl’s ${strategy} workers divide the model is not counted`)]),
      ...(isAdapted && targets !== 'all-linear'
        ? [need('memory', 'the layers that have adapters are not told')]
        : []),
    ],
  };
}

/** GPUs of the trainer: of a node times the nodes. */
export function verlGpus(fields: Fields): Known<number> | null {
  return product([
    { name: 'GPUs', known: fields.positive('trainer.n_gpus_per_node') },
    { name: 'nodes', known: fields.positive('trainer.nnodes') },
  ]);
}

function sum(fields: Fields, paths: readonly string[], otherwise: number): Known<number> {
  const parts = paths.map((path) => ({
    name: path.split('.').at(-1) ?? path,
    known: fields.positive(path) ?? byDefault(otherwise, of),
  }));
  const values = parts.map(({ known }) => known.value);
  const total = values.reduce((all, value) => all + value, 0);
  return derived(total, values.join(' + '), parts);
}

/** With use_dynamic_bsz a GPU's batch is full of tokens, whatever the samples' length. */
function microBatch(
  fields: Fields,
  actor: string,
  isSampled: boolean,
  sequence: Known<number>,
): Known<number> | null {
  if (!isSampled) return fields.positive('data.micro_batch_size_per_gpu');
  if (!fields.isTrue(`${actor}.use_dynamic_bsz`)) {
    return fields.positive(`${actor}.ppo_micro_batch_size_per_gpu`);
  }
  const tokens = fields.positive(`${actor}.ppo_max_token_len_per_gpu`) ?? byDefault(16_384, of);
  return sequencesOf(
    { name: 'ppo_max_token_len_per_gpu', known: tokens },
    { name: 'tokens a sequence', known: sequence },
  );
}
