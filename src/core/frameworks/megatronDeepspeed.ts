import type { ShapeReading } from '../architecture/shape.ts';
import { withoutAbsent } from '../architecture/shapes.ts';
import { byDefault, type Known } from '../run/known.ts';
import { deepspeedPrecision } from '../dialects/deepspeed/precision.ts';
import type { Fields } from '../config/fields.ts';
import { countOf } from '../config/launcher.ts';
import {
  isMegatronCommand,
  readMegatronCommand,
  megatronWords,
} from '../dialects/megatron/command.ts';
import { mixtureOf } from '../dialects/mixture.ts';
import type { Setup } from '../run/setup.ts';
import { withoutZero, withZero, zeroSetup } from '../dialects/deepspeed/setup.ts';
import type { FrameworkReader, Reading } from '../config/reader.ts';
import { need } from '../run/need.ts';
import type { Precision } from '../run/run.ts';

const of = 'Megatron-DeepSpeed arguments';

/** Flags that DeepSpeed's fork adds. */
const own = [
  'deepspeed',
  'deepspeed_config',
  'zero_stage',
  'no_pipeline_parallel',
  'train_tokens',
  'deepspeed_activation_checkpointing',
  'num_key_value_heads',
  'ds_sequence_parallel_size',
];

/** Megatron-DeepSpeed and its BLOOM fork: launch scripts, with DeepSpeed's JSON as a here-document. */
export const megatronDeepspeed: FrameworkReader = {
  id: 'megatron-deepspeed',
  name: 'Megatron-DeepSpeed',
  source: 'deepspeedai/Megatron-DeepSpeed and bigscience-workshop/bigscience (2024-07-29)',
  syntaxes: ['shell'],
  words: { shell: megatronWords },
  bareFlags: true,
  loader: 'other',
  reads:
    'Megatron’s flags, train-tokens, experts by interval, the batch of a DeepSpeed here-document',

  recognise(fields) {
    return isMegatronCommand(fields) && countOf(fields, own) >= 2
      ? 'It starts a program with Megatron-LM’s flags and DeepSpeed’s, as Megatron-DeepSpeed’s scripts do.'
      : null;
  },

  read(fields) {
    const reading = readMegatronCommand(fields);
    const config = deepspeedConfig(fields);
    const batch = config?.positive('train_batch_size') ?? null;
    const switched = fields.isTrue('bf16') || fields.isTrue('fp16') || fields.isSet('fp8_format');
    const low = fields.isTrue('msamp');
    // DeepSpeed's file may switch 16 bits on where no flag does.
    const stated = config && !switched ? deepspeedPrecision(config) : reading.precision;
    const isTold = config ? !isFilledIn(config, stated) : !fields.has('deepspeed_config');
    const template = compressionTemplate(fields);
    const isOpen = template !== null || (!switched && !isTold);
    return {
      ...reading,
      shape: readShape(fields, reading),
      tokens: { ...reading.tokens, globalBatch: reading.tokens.globalBatch ?? batch },
      precision: low ? reading.precision : isOpen ? null : stated,
      setup: reading.setup ? divided(fields, reading.setup, config) : null,
      // The format of a here-document is no flag.
      writeFormat: config && !switched ? null : reading.writeFormat,
      needs: [
        ...reading.needs,
        ...(isOpen && !low
          ? [need('format', `${template ?? 'the DeepSpeed config'} is not read here`)]
          : []),
      ],
    };
  },
};

/** A template for DeepSpeed's config that compresses: it trains with quantised weights. */
function compressionTemplate(fields: Fields): string | null {
  for (const { value } of fields.map('$variables')?.entries ?? []) {
    if (value.kind !== 'scalar' || !value.text.endsWith('.json')) continue;
    if (/compress|quant/i.test(value.text.slice(value.text.lastIndexOf('/') + 1)))
      return value.text;
  }
  return null;
}

/** What DeepSpeed divides by its own config, or by the flag that fills it in. */
function divided(fields: Fields, setup: Setup, config: Fields | null): Setup {
  if (config?.map('zero_optimization')?.byKey.has('stage') === true) {
    if (config.number('zero_optimization.stage')) return withZero(setup, config);
  }
  const stage = fields.number('zero_stage');
  if (stage) return zeroSetup(setup, stage.value, fields.isTrue('cpu_optimizer'), false);
  return withoutZero(setup, fields.string('deepspeed_config')?.value ?? 'its config');
}

/** Whether a variable in a here-document that says no format may stand for one. */
function isFilledIn(config: Fields, stated: Precision | null): boolean {
  const { start, end } = config.root.place;
  return stated?.format.origin.kind === 'default' && config.text.slice(start, end).includes('$');
}

/** The here-document that DeepSpeed's JSON is written with, if it can be read. */
function deepspeedConfig(fields: Fields): Fields | null {
  const files = fields.map('$files');
  for (const { value } of files?.entries ?? []) {
    if (value.kind !== 'map') continue;
    const inner = fields.with(value);
    if (inner.has('train_batch_size') || inner.has('zero_optimization')) return inner;
  }
  return null;
}

/** Grouped queries and BLOOM's embedding norm have flags of their own; experts come at intervals. */
function readShape(fields: Fields, { shape }: Reading): ShapeReading {
  const groups = fields.positive('num_key_value_heads');
  const norm = fields.boolean('embed_layernorm');
  const experts = readExperts(fields, shape);
  return {
    ...withoutAbsent({ ...shape, experts: null }),
    ...(groups && { keyValueHeads: groups }),
    ...(norm && { embeddingNorm: norm }),
    ...(experts && { experts }),
  };
}

/** `--num-experts 64`, or one number a mixture layer: `--num-experts 32 32 64`. */
function expertCounts(fields: Fields): readonly Known<number>[] {
  const one = fields.positive('num_experts');
  if (one) return [one];
  const items = fields.list('num_experts').length;
  return Array.from({ length: items }, (_, index) =>
    fields.positive(`num_experts.${index}`),
  ).flatMap((known) => known ?? []);
}

function readExperts(fields: Fields, shape: ShapeReading): ShapeReading['experts'] | null {
  const counts = expertCounts(fields);
  const most = Math.max(...counts.map(({ value }) => value));
  const { layers, feedForward, biases } = shape;
  if (!(most >= 2) || !layers || !feedForward) return null;
  const interval = fields.positive('expert_interval') ?? byDefault(2, of);
  const active = fields.positive('topk') ?? byDefault(1, of);
  const mixtures = Math.floor(layers.value / interval.value);
  // Of several numbers each is a mixture layer's (get_num_experts_per_layer).
  if (counts.length > 1 && counts.length !== mixtures) return null;
  const residual = fields.string('mlp_type')?.value === 'residual';
  return mixtureOf(
    {
      count: most,
      active: active.value,
      width: feedForward.value,
      sharedWidth: residual ? feedForward.value : 0,
      layers: mixtures,
      ...(biases?.value.feedForward === true && { biases: true }),
      ...(residual && { residual }),
      ...(counts.length > 1 && { routed: counts.reduce((all, { value }) => all + value, 0) }),
    },
    [
      ...counts.map((known) => ({ name: 'num_experts', known })),
      { name: 'topk', known: active },
      { name: 'expert_interval', known: interval },
    ],
  );
}
