import { byDefault } from '../../run/known.ts';
import { need, type Need } from '../../run/need.ts';
import type { FrozenBase, LinearName, Setup } from '../../run/setup.ts';
import type { Fields } from '../../config/fields.ts';
import { autocast, fsdpMixed, pure, undivided } from '../../dialects/training.ts';

/** The switches of litgpt finetune_lora and the layers that each puts adapters beside. */
const switches: readonly (readonly [key: string, on: boolean, names: readonly LinearName[]])[] = [
  ['lora_query', true, ['query']],
  ['lora_key', false, ['key']],
  ['lora_value', true, ['value']],
  ['lora_projection', false, ['output']],
  ['lora_mlp', false, ['gate', 'up', 'down']],
  ['lora_head', false, ['head']],
];

/**
 * How LitGPT trains (litgpt/finetune/lora.py, full.py, pretrain.py, 2026-06): on several devices
 * by FSDP with recomputed layers, on one without; `-true` keeps weights and state in 16 bits; the
 * loss is taken over chunks of 16-bit logits; bitsandbytes quantises the head too.
 */
export function litgptSetup(fields: Fields): Setup {
  const precision = fields.string('precision')?.value ?? 'bf16-true';
  const isPure = precision.endsWith('-true');
  const bytes = precision === '32-true' ? 4 : 2;
  const tunes = fields.isGiven('checkpoint_dir');
  const adapted = tunes && fields.keys().some((key) => key.startsWith('lora_'));
  const count = (key: string) => fields.positive(key)?.value ?? 1;
  const ranks = count('devices') * count('num_nodes');
  const isDivided = ranks > 1;
  const micro =
    fields.positive('train.micro_batch_size') ?? byDefault(tunes ? 1 : 4, 'LitGPT TrainArgs');
  const sequences = fields.positive('train.global_batch_size')?.value ?? (tunes ? 16 : 512);
  const frozen = adapted ? baseOf(fields, bytes) : null;
  return {
    adapters: adapted ? adaptersOf(fields) : null,
    frozen: frozen?.base ?? null,
    optimizer:
      fields.string('optimizer.class_path') ??
      fields.string('optimizer') ??
      byDefault('AdamW', 'LitGPT'),
    kept: isPure ? pure(bytes) : isDivided ? fsdpMixed : autocast,
    layout: {
      ...undivided,
      sharding: isDivided ? 'all' : 'nothing',
      shardRanks: isDivided ? ranks : null,
      // Under no_backward_sync FSDP sums whole gradients (full.py, fit).
      wholeGradients: isDivided && sequences > micro.value * ranks,
    },
    batch: {
      microBatch: micro,
      sequenceLength:
        fields.positive('train.max_seq_length') ?? fields.positive('model_config.block_size'),
      // Pre-training recomputes nothing; fine-tuning does where FSDP wraps its blocks.
      recompute: tunes && isDivided ? 'layers' : 'nothing',
      bytes,
      logitBytes: 3 * bytes,
      scores: false,
      dropout: false,
    },
    needs: frozen?.needs ?? [],
  };
}

function adaptersOf(fields: Fields): Setup['adapters'] {
  const targets = switches.flatMap(([key, on, names]) =>
    (fields.boolean(key)?.value ?? on) ? names : [],
  );
  return { rank: fields.positive('lora_r') ?? byDefault(8, 'litgpt finetune_lora'), targets };
}

function baseOf(
  fields: Fields,
  others: 2 | 4,
): { readonly base: FrozenBase; readonly needs: readonly Need[] } {
  const quantize = fields.string('quantize')?.value ?? '';
  switch (quantize) {
    case '':
      return { base: { format: others === 4 ? 'fp32' : 'bf16', others }, needs: [] };
    case 'bnb.nf4':
    case 'bnb.fp4':
      return { base: { format: 'nf4', others, withHead: true }, needs: [] };
    case 'bnb.nf4-dq':
    case 'bnb.fp4-dq':
      return { base: { format: 'nf4-double', others, withHead: true }, needs: [] };
    case 'bnb.int8-training':
      return { base: { format: 'int8', others, withHead: true }, needs: [] };
    default: {
      const needs = [need('memory', `how “${quantize}” stores weights is not known`)];
      return { base: { format: 'bf16', others }, needs };
    }
  }
}
