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
import type { FrameworkReader, Reading } from '../config/reader.ts';
import { need } from '../run/need.ts';

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
    const shape = readShape(fields, reading);
    return {
      ...reading,
      shape: shape ?? {},
      tokens: { ...reading.tokens, globalBatch: reading.tokens.globalBatch ?? batch },
      precision: config && !switched ? deepspeedPrecision(config) : reading.precision,
      // The format of a here-document is no flag.
      writeFormat: config && !switched ? null : reading.writeFormat,
      needs: [
        ...reading.needs,
        ...(shape ? [] : [need('parameters', 'a model with --glu-activation is not counted')]),
      ],
    };
  },
};

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
function readShape(fields: Fields, { shape }: Reading): ShapeReading | null {
  if (fields.isSet('glu_activation')) return null;
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

function readExperts(fields: Fields, shape: ShapeReading): ShapeReading['experts'] | null {
  const count: Known<number> | null = fields.positive('num_experts');
  const { layers, feedForward } = shape;
  if (!count || count.value < 2 || !layers || !feedForward) return null;
  const interval = fields.positive('expert_interval') ?? byDefault(2, of);
  const active = fields.positive('topk') ?? byDefault(1, of);
  return mixtureOf(
    {
      count: count.value,
      active: active.value,
      width: feedForward.value,
      sharedWidth: 0,
      layers: Math.floor(layers.value / interval.value),
    },
    [
      { name: 'num_experts', known: count },
      { name: 'topk', known: active },
      { name: 'expert_interval', known: interval },
    ],
  );
}
