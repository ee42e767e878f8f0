import { byDefault, type Known } from '../../run/known.ts';
import { need, type Need } from '../../run/need.ts';
import type { Adapters, FrozenBase, KeptBytes, Layout, Setup } from '../../run/setup.ts';
import type { Fields, Path } from '../../config/fields.ts';
import { autocast, fsdpMixed, pure, undivided, wholeState } from '../training.ts';

/** What is trained: all weights, or adapters beside frozen ones. */
export interface Trained {
  readonly adapters: Adapters | null;
  readonly frozen: FrozenBase | null;
  readonly needs: readonly Need[];
}

/** All weights are trained. */
export const allWeights: Trained = { adapters: null, frozen: null, needs: [] };

/** What a reader knows of a run of Hugging Face's Trainer beside the Trainer's own keys. */
export interface TrainerFacts {
  readonly trained: Trained;
  /** Bytes of a weight as it is loaded. */
  readonly weights: 2 | 4;
  /** Whether the products are in 16 bits. */
  readonly is16Bit: boolean;
  readonly optimizer: Known<string> | null;
  readonly microBatch: Known<number> | null;
  readonly sequenceLength: Known<number> | null;
  readonly recomputes: boolean;
  /** Whether the loss is computed without keeping the logits. */
  readonly fusedLoss: boolean;
  readonly layout: Layout;
  readonly needs?: readonly Need[];
}

/**
 * Copies of the logits at the end of the forward pass in transformers: 16-bit ones, FP32 ones for
 * the loss, their logarithms, which the backward pass needs (ForCausalLMLoss, 2026-08).
 */
const logitBytes = 10;

/** The setup of a run by Hugging Face's Trainer. */
export function trainerSetup(fields: Fields, facts: TrainerFacts): Setup {
  const { trained, is16Bit } = facts;
  const wholeGradients = addsUpWhole(fields, facts.layout);
  const layout: Layout = wholeGradients ? { ...facts.layout, wholeGradients } : facts.layout;
  const kept = keptBy(facts);
  return {
    adapters: trained.adapters,
    frozen: trained.frozen,
    optimizer: facts.optimizer,
    // Whole gradients have the type of the gathered weights.
    kept: wholeGradients && is16Bit && !trained.adapters ? { ...kept, gradients: 2 } : kept,
    layout,
    batch: {
      microBatch: facts.microBatch,
      sequenceLength: facts.sequenceLength,
      recompute: facts.recomputes ? 'layers' : 'nothing',
      bytes: is16Bit ? 2 : 4,
      logitBytes: facts.fusedLoss ? 0 : is16Bit ? logitBytes : 12,
      scores: fields.string('attn_implementation')?.value === 'eager',
      dropout: false,
    },
    needs: [...trained.needs, ...(facts.needs ?? [])],
  };
}

/**
 * Whether FSDP keeps whole gradients: the Trainer adds up micro-batches under accelerate's no_sync
 * unless told to sum each (accelerate 16cb6eb, accelerator.py; PyTorch
 * torch/distributed/fsdp/_runtime_utils.py, _finalize_params; DeepSpeed has no part in it).
 */
function addsUpWhole(fields: Fields, { sharding }: Layout): boolean {
  const steps = fields.positive('gradient_accumulation_steps')?.value ?? 1;
  const sumsEach = 'accelerator_config.gradient_accumulation_kwargs.sync_each_batch';
  return (sharding === 'all' || sharding === 'gradients') && steps > 1 && !fields.isTrue(sumsEach);
}

/**
 * PEFT casts adapters of 16-bit weights to FP32 (autocast_adapter_dtype, on by default). Accelerate
 * does so with all trained weights under FSDP (prepare_model, since 0.26).
 */
function keptBy({ trained, weights, is16Bit, layout }: TrainerFacts): KeptBytes {
  if (layout.sharding === 'all' && !trained.adapters) return is16Bit ? fsdpMixed : pure(4);
  if (trained.adapters || weights === 4) return is16Bit && !trained.adapters ? autocast : pure(4);
  return pure(2);
}

/** Why nobody can tell from the Trainer's file alone whether its launcher divides the state. */
export const launcherDecides =
  'the launcher may divide the state by DeepSpeed or FSDP, which the file does not name; taken undivided';

/** The Trainer's own division: `fsdp: full_shard auto_wrap`, as a text or a list, and its config. */
export function trainerLayout(fields: Fields, open: string | null): Layout {
  const words = [
    ...fields.list('fsdp').map(({ value }) => value),
    ...(fields.string('fsdp')?.value ?? '').split(/[\s,]+/),
  ].filter((word) => word !== '' && word !== 'false');
  const config = fields.map('fsdp_config');
  if (words.length === 0 && !config && !fields.isTrue('fsdp')) return { ...undivided, open };
  return { ...undivided, ...fsdpLayout(fields, 'fsdp_config', words) };
}

/** What FSDP divides by its config at a path (keys with and without `fsdp_`), and by words. */
export function fsdpLayout(
  fields: Fields,
  at: Path,
  words: readonly string[] = [],
): Pick<Layout, 'sharding' | 'offloaded'> {
  const key = (name: string) =>
    fields.string(`${at}.fsdp_${name}`) ?? fields.string(`${at}.${name}`);
  const strategy = [key('sharding_strategy')?.value ?? '', ...words].join(' ').toLowerCase();
  const keepsWeights = key('reshard_after_forward')?.value.toLowerCase() === 'false';
  const isOff = strategy.includes('no_shard') || /^3$/.test(key('sharding_strategy')?.value ?? '');
  const offloads = /^true$/i.test(key('offload_params')?.value ?? '') || words.includes('offload');
  return {
    sharding: isOff
      ? 'nothing'
      : strategy.includes('grad_op') || keepsWeights
        ? 'gradients'
        : 'all',
    offloaded: offloads ? wholeState : [],
  };
}

/** The Trainer's optimizer. */
export function trainerOptimizer(fields: Fields, otherwise = 'adamw_torch'): Known<string> {
  return fields.string('optim') ?? byDefault(otherwise, 'transformers TrainingArguments');
}

/** A need for a number without which adapters cannot be counted. */
export function adaptersUntold(what: string): Need {
  return need('memory', `the adapters need ${what}`);
}
