import { roundUp } from '../architecture/feedForward.ts';
import type { ShapeReading } from '../architecture/shape.ts';
import { llamaReading } from '../architecture/shapes.ts';
import { byDefault, derived, placeOf, type Known } from '../run/known.ts';
import type { WriteResult } from '../run/run.ts';
import { product, type TokenPlan } from '../run/tokens.ts';
import type { Fields } from '../config/fields.ts';
import { untold } from '../config/launcher.ts';
import { plainFormat, plainPrecision } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { formatWriter, setKeys } from '../config/writing.ts';
import { need, type Need } from '../run/need.ts';

const of = 'InternEvo';

/** InternLM's InternEvo: Python dictionaries for data, model and parallelism. */
export const internevo: FrameworkReader = {
  id: 'internevo',
  name: 'InternEvo',
  source: 'InternLM/InternEvo (2024-03-28)',
  syntaxes: ['python'],
  words: { python: ['micro_bsz', 'micro_num'] },
  loader: 'other',
  reads: 'model dict, micro_num × micro_bsz × SEQ_LEN × total_steps × ranks, model.dtype',

  recognise(fields) {
    const batch = fields.has('data.micro_bsz') || fields.has('data.micro_num');
    const shape = fields.has('model.hidden_size') && fields.has('model.num_layers');
    return batch && shape && (fields.has('data.total_steps') || fields.map('parallel') !== null)
      ? 'It has data with micro_num and micro_bsz, and model with hidden_size, as InternEvo’s configs do.'
      : null;
  },

  read(fields) {
    const unknown = untold(fields, ['model.dtype'], 'format');
    const format = unknown.length > 0 ? null : plainFormat(fields.string('model.dtype'));
    const place = placeOf(format) ?? fields.keyPlace('model');
    const { shape, needs } = readModel(fields);
    const row = (recipe: 'bf16' | 'fp16' | 'fp32', name: string) => ({
      recipe,
      edits: (f: Fields): WriteResult => {
        const quoted = f.node('model.dtype')?.kind === 'scalar' ? name : null;
        return quoted === null
          ? { ok: false, reason: 'model.dtype is not stated in this file.' }
          : setKeys(f, { 'model.dtype': quoted });
      },
    });
    return {
      role: loadsWeights(fields) ? 'continued' : 'pretrain',
      model: fields.string('model_type'),
      shape,
      tokens: readTokens(fields),
      precision: format && plainPrecision(format),
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(fields, [
        row('bf16', 'torch.bfloat16'),
        row('fp16', 'torch.float16'),
        row('fp32', 'torch.float32'),
      ]),
      needs: [...needs, ...unknown],
    };
  },
};

function loadsWeights(fields: Fields): boolean {
  const content = fields.list('ckpt.load_ckpt_info.content').map(({ value }) => value);
  return (
    fields.isSet('ckpt.load_ckpt_info.path') && content.includes('model') && content.length === 1
  );
}

/** A width of mlp_ratio × hidden_size, rounded up to multiple_of (256). */
function readModel(fields: Fields): { shape: ShapeReading; needs: readonly Need[] } {
  const at = (key: string) => `model.${key}`;
  const experts = fields.positive(at('num_experts'));
  if (experts && experts.value > 1) {
    return {
      shape: {},
      needs: [need('parameters', 'InternEvo’s mixtures of experts are not counted')],
    };
  }
  const hidden = fields.positive(at('hidden_size'));
  const ratio = fields.positive(at('mlp_ratio')) ?? byDefault(4, of);
  const multiple = fields.positive(at('multiple_of')) ?? byDefault(256, of);
  const noBias = fields.boolean(at('no_bias'));
  const qkv = fields.boolean(at('qkv_bias'));
  const type = fields.string('model_type')?.value ?? 'INTERNLM';
  // The first InternLM has biases around its attention; its successors say no_bias.
  const biased = type === 'INTERNLM' && noBias?.value !== true;
  const norm = fields.string(at('norm_type')) ?? byDefault('rmsnorm', of);
  const shape = llamaReading(
    {
      layers: fields.positive(at('num_layers')),
      hidden,
      heads: fields.positive(at('num_attention_heads')),
      keyValueHeads: fields.positive(at('num_kv_attention_heads')),
      feedForward:
        fields.positive(at('intermediate_size')) ?? (hidden && width(hidden, ratio, multiple)),
      vocabulary: fields.positive(at('vocab_size')),
      biases: byDefault(
        {
          queryKeyValue: qkv?.value ?? biased,
          attentionOutput: fields.boolean(at('o_bias'))?.value ?? biased,
          feedForward: fields.isTrue(at('mlp_bias')),
          head: false,
        },
        of,
      ),
      norm: { ...norm, value: norm.value === 'rmsnorm' ? 'weight' : 'weight-and-bias' },
    },
    of,
  );
  const names = ['hidden_size', 'num_layers', 'num_attention_heads', 'mlp_ratio', 'vocab_size'];
  return { shape, needs: untold(fields, names.map(at), 'parameters') };
}

function width(
  hidden: Known<number>,
  ratio: Known<number>,
  multiple: Known<number>,
): Known<number> {
  const value = roundUp(Math.trunc(hidden.value * ratio.value), multiple.value);
  const formula = `${hidden.value} × ${ratio.value}, rounded up to a multiple of ${multiple.value}`;
  return derived(value, formula, [
    { name: 'hidden_size', known: hidden },
    { name: 'mlp_ratio', known: ratio },
    { name: 'multiple_of', known: multiple },
  ]);
}

function readTokens(fields: Fields): TokenPlan {
  const steps = fields.positive('data.total_steps') ?? fields.positive('lr_scheduler.total_steps');
  const degree = (name: string) =>
    fields.positive(`parallel.${name}.size`) ??
    fields.positive(`parallel.${name}`) ??
    byDefault(1, of);
  const names = ['data.total_steps', 'data.seq_len', 'data.micro_num', 'data.micro_bsz'];
  return {
    duration: steps && { unit: 'steps', count: steps },
    sequenceLength: fields.positive('data.seq_len') ?? fields.positive('SEQ_LEN'),
    rankBatch: product([
      { name: 'sequences', known: fields.positive('data.micro_bsz') },
      { name: 'microbatches', known: fields.positive('data.micro_num') },
    ]),
    modelParallel: product([
      { name: 'tensor parallel', known: degree('tensor') },
      { name: 'pipeline parallel', known: degree('pipeline') },
    ]),
    needs: untold(fields, names, 'tokens'),
  };
}
