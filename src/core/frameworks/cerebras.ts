import type { Experts, NormKind, ShapeReading } from '../architecture/shape.ts';
import { gptReading } from '../architecture/shapes.ts';
import type { Fields } from '../config/fields.ts';
import { otherReading } from '../config/otherReading.ts';
import { plainFormat, plainPrecision } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { formatWriter, setKeys } from '../config/writing.ts';
import { mixtureOf } from '../dialects/mixture.ts';
import { byDefault, type Known } from '../run/known.ts';
import { need, type Need } from '../run/need.ts';
import type { Precision, Role } from '../run/run.ts';
import type { Duration, TokenPlan } from '../run/tokens.ts';

const gptConfig = 'Cerebras Model Zoo GPT2ModelConfig';

/** Where the parts of a run stand: below `trainer` since release 2.3, at the root before. */
interface Layout {
  readonly model: string;
  readonly precision: string;
  readonly loop: string;
  readonly data: string;
  readonly checkpoints: readonly string[];
}

const trainer: Layout = {
  model: 'trainer.init.model',
  precision: 'trainer.init.precision',
  loop: 'trainer.init.loop',
  data: 'trainer.fit.train_dataloader',
  checkpoints: ['trainer.fit.ckpt_path', 'trainer.init.checkpoint.ckpt_path'],
};

const runconfig: Layout = {
  model: 'model',
  precision: 'model',
  loop: 'runconfig',
  data: 'train_input',
  checkpoints: ['runconfig.checkpoint_path', 'runconfig.load_checkpoint_states'],
};

const layoutOf = (fields: Fields): Layout => (fields.has(trainer.model) ? trainer : runconfig);

/** Models that are GPT2Model with other settings; the others have blocks of their own. */
const decoders = /^(?:gpt2|gpt3|llama|mistral|mixtral|starcoder|btlm|dpo)?$/i;

/** Cerebras Model Zoo: one YAML a run, whose batch is counted over the whole system. */
export const cerebras: FrameworkReader = {
  id: 'cerebras',
  name: 'Cerebras Model Zoo',
  source: 'Cerebras/modelzoo (release 2.4, b85d9fd)',
  syntaxes: ['yaml'],
  words: { config: ['num_hidden_layers'] },
  loader: 'pyyaml-typed',
  reads: 'the model of trainer.init or model, max_steps × batch_size × max_position_embeddings',

  recognise(fields) {
    const { model, loop, data } = layoutOf(fields);
    const shape = fields.has(`${model}.num_hidden_layers`) && fields.has(`${model}.hidden_size`);
    const whole = fields.map(loop) !== null && fields.has(`${data}.batch_size`);
    return shape && whole
      ? `It has ${model}, ${loop} and ${data}, as Cerebras Model Zoo’s configs do.`
      : null;
  },

  read(fields) {
    const layout = layoutOf(fields);
    const { model, precision: at } = layout;
    const name = fields.string(`${model}.name`) ?? fields.string(`${model}.model_name`);
    const processor = fields.string(`${layout.data}.data_processor`)?.value ?? '';
    if (/bert|t5|transformer|dpr|esm|vit|dit|llava/i.test(`${name?.value ?? ''} ${processor}`)) {
      return otherReading(`The model “${name?.value ?? processor}” is no decoder language model.`);
    }
    const isKnown = decoders.test(name?.value ?? '');
    const { precision, needs } = readPrecision(fields, layout);
    const place = fields.place(`${at}.fp16_type`) ?? fields.keyPlace(model);
    return {
      role: roleOf(fields, layout, name),
      model: name,
      shape: isKnown ? readShape(fields, model) : {},
      tokens: readTokens(fields, layout),
      precision,
      precisionPlaces: place ? [place] : [],
      writeFormat: fields.has(`${at}.fp16_type`)
        ? formatWriter(
            fields,
            (['bf16', 'fp16'] as const).map((recipe) => ({
              recipe,
              edits: (f: Fields) =>
                setKeys(f, { [`${at}.fp16_type`]: recipe === 'bf16' ? 'bfloat16' : 'float16' }),
            })),
          )
        : null,
      needs: isKnown
        ? needs
        : [
            ...needs,
            need('parameters', `how “${name?.value ?? ''}” builds its layers is not known`),
          ],
    };
  },
};

function roleOf(fields: Fields, { checkpoints }: Layout, name: Known<string> | null): Role {
  if (name?.value.toLowerCase() === 'dpo' || fields.has('trainer.init.callbacks.Lora')) {
    return 'finetune';
  }
  return checkpoints.some((path) => fields.isGiven(path)) ? 'continued' : 'pretrain';
}

function readShape(fields: Fields, at: string): ShapeReading {
  const number = (key: string) => fields.positive(`${at}.${key}`);
  const flag = (key: string, otherwise: boolean) =>
    fields.boolean(`${at}.${key}`) ?? byDefault(otherwise, gptConfig);
  const activation = fields.string(`${at}.nonlinearity`) ?? byDefault<string>('gelu', gptConfig);
  const positions =
    fields.string(`${at}.position_embedding_type`) ?? byDefault<string>('learned', gptConfig);
  const feedForward = number('filter_size');
  const layers = number('num_hidden_layers');
  const norm = fields.string(`${at}.norm_type`) ?? byDefault<string>('layernorm', gptConfig);
  const inAttention = flag('use_projection_bias_in_attention', true);
  return gptReading(
    {
      layers,
      hidden: number('hidden_size'),
      heads: number('num_heads'),
      keyValueHeads: number('extra_attention_params.num_kv_groups'),
      feedForward,
      gated: { ...activation, value: /glu$/i.test(activation.value) },
      vocabulary: number('vocab_size'),
      tied: flag('share_embedding_weights', true),
      learnedPositions:
        positions.value === 'learned'
          ? number('max_position_embeddings')
          : { ...positions, value: 0 },
      biases: {
        ...inAttention,
        value: {
          queryKeyValue: inAttention.value,
          attentionOutput: flag('use_ffn_bias_in_attention', true).value,
          feedForward: flag('use_ffn_bias', true).value,
          head: flag('use_bias_in_output', false).value,
        },
      },
      norm: { ...norm, value: normOf(norm.value) },
      embeddingNorm: flag('embedding_layer_norm', false),
      experts: readExperts(fields, at, layers, feedForward),
    },
    gptConfig,
  );
}

function normOf(name: string): NormKind {
  return name === 'layernorm' ? 'weight-and-bias' : 'weight';
}

/** `moe` makes every layer a mixture of experts as wide as filter_size. */
function readExperts(
  fields: Fields,
  at: string,
  layers: Known<number> | null,
  width: Known<number> | null,
): Known<Experts> | null {
  const count = fields.positive(`${at}.moe.num_experts`) ?? fields.positive(`${at}.num_experts`);
  if (!count || count.value < 2 || !layers || !width) return null;
  const active =
    fields.positive(`${at}.moe.top_k`) ?? fields.positive(`${at}.top_k`) ?? byDefault(1, gptConfig);
  const shared = fields.positive(`${at}.moe.num_shared_experts`);
  return mixtureOf(
    {
      count: count.value,
      active: active.value,
      width: width.value,
      sharedWidth: (shared?.value ?? 0) * width.value,
      layers: layers.value,
    },
    [
      { name: 'num_experts', known: count },
      { name: 'top_k', known: active },
      { name: 'num_shared_experts', known: shared },
    ],
  );
}

/** The batch is the whole system's; sequences are as long as the positions that the data are cut to. */
function readTokens(fields: Fields, { model, loop, data }: Layout): TokenPlan {
  const number = (key: string) => fields.positive(key);
  const steps = number(`${loop}.max_steps`) ?? number(`${loop}.num_steps`);
  const epochs = number(`${loop}.num_epochs`);
  const duration: Duration | null = steps
    ? { unit: 'steps', count: steps }
    : epochs && { unit: 'epochs', count: epochs };
  return {
    duration,
    globalBatch: number(`${data}.batch_size`),
    sequenceLength:
      number(`${data}.max_sequence_length`) ?? number(`${model}.max_position_embeddings`),
  };
}

/** `cbfloat16` has six bits of exponent and nine of mantissa, which no law here was fitted on. */
function readPrecision(
  fields: Fields,
  { model, precision: at }: Layout,
): { readonly precision: Precision | null; readonly needs: readonly Need[] } {
  const switched =
    fields.boolean(`${at}.enabled`) ??
    fields.boolean(`${model}.mixed_precision`) ??
    byDefault(false, 'Cerebras MixedPrecision');
  if (!switched.value)
    return { precision: plainPrecision({ ...switched, value: 'fp32' }), needs: [] };
  const type =
    fields.string(`${at}.fp16_type`) ??
    fields.string(`${model}.fp16_type`) ??
    byDefault<string>('float16', 'Cerebras MixedPrecision');
  const format = plainFormat(type);
  return format
    ? { precision: plainPrecision(format), needs: [] }
    : {
        precision: null,
        needs: [need('format', `no format here is “${type.value}” (fp16_type)`)],
      };
}
