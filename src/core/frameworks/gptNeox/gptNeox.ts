import { neoxFeedForward, paddedVocabulary } from '../../architecture/feedForward.ts';
import type { Experts, NormKind, ShapeReading } from '../../architecture/shape.ts';
import { gptReading } from '../../architecture/shapes.ts';
import { byDefault, derived, placeOf, published, type Known } from '../../run/known.ts';
import type { Precision, Role, WriteResult } from '../../run/run.ts';
import { product, type TokenPlan } from '../../run/tokens.ts';
import type { Fields, Path } from '../../config/fields.ts';
import { isNeoxCommand, withNamedConfigs } from './command.ts';
import { launchedGpus } from '../../config/launcher.ts';
import { mixtureOf } from '../../dialects/mixture.ts';
import { otherReading } from '../../config/otherReading.ts';
import { plainFormat, plainPrecision, recipePrecision, recipes } from '../../config/precision.ts';
import type { FrameworkReader } from '../../config/reader.ts';
import { formatWriter, setKeys } from '../../config/writing.ts';
import { need } from '../../run/need.ts';
import { neoxSetup } from './setup.ts';

const neoxArguments = 'GPT-NeoX NeoXArgs';

/** EleutherAI GPT-NeoX: one flow mapping with comments, keys with dashes or underscores. */
export const gptNeox: FrameworkReader = {
  id: 'gpt-neox',
  name: 'GPT-NeoX',
  source: 'EleutherAI/gpt-neox (2026-05-19)',
  syntaxes: ['yaml', 'json', 'shell'],
  words: { config: ['num_layers', 'train_micro_batch'], shell: ['deepy.py'] },
  loader: 'pyyaml',
  // Flash-attention’s kernel for an activation that is named apart.
  harmless: ['use_flashattn_swiglu'],
  reads: 'the shape, train_iters and the batch a GPU, precision and the fp16, bf16 and te_fp8 keys',

  recognise(fields) {
    if (fields.tree.syntax === 'shell') {
      return isNeoxCommand(fields)
        ? 'It trains by deepy.py with the configs it names, as GPT-NeoX is started.'
        : null;
    }
    const has = (key: string) => fields.has(spelled(fields, key));
    const shape = ['num_layers', 'hidden_size', 'num_attention_heads', 'seq_length'];
    const own = [
      'pipe_parallel_size',
      'model_parallel_size',
      'gpt_j_residual',
      'no_weight_tying',
      'pos_emb',
      'output_layer_parallelism',
      'attention_config',
      'make_vocab_size_divisible_by',
      // DeepSpeed's own key, which its JSON never has beside a shape.
      'train_micro_batch_size_per_gpu',
    ];
    const recognised =
      shape.filter(has).length >= 3 && own.filter(has).length >= 2 && !fields.has('model');
    return recognised
      ? 'It has a model shape beside pipe_parallel_size, gpt_j_residual and the like, as GPT-NeoX’s configs do.'
      : null;
  },

  compose(fields) {
    return fields.tree.syntax === 'shell' ? withNamedConfigs(fields) : { fields, needs: [] };
  },

  read(fields) {
    const at = (key: string) => spelled(fields, key);
    const attention = attentionKinds(fields);
    const foreign = attention.find((kind) => kind === 'mamba' || kind === 'rwkv');
    if (foreign !== undefined) {
      return otherReading(`Its layers are ${foreign} ones, not a transformer’s.`);
    }
    const gated = attention.find((kind) => kind === 'gmlp' || kind === 'amlp');
    const trains = fields.isSet(at('train_iters')) || fields.isSet(at('train_epochs'));
    const precision = readPrecision(fields);
    const place = placeOf(precision?.format);
    return {
      role: trains ? roleOf(fields) : 'fragment',
      model: null,
      shape: gated === undefined ? readShape(fields) : {},
      tokens: readTokens(fields),
      precision,
      setup: trains ? neoxSetup(fields, precision, at) : null,
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(fields, [
        { recipe: 'bf16', edits: (f) => writePlain(f, 'bfloat16') },
        { recipe: 'fp16', edits: (f) => writePlain(f, 'fp16') },
        { recipe: 'fp32', edits: (f) => writePlain(f, 'fp32') },
        { recipe: recipes.teDelayedHybrid, edits: writeHybrid },
      ]),
      needs:
        gated === undefined
          ? []
          : [need('parameters', `how a layer of kind “${gated}” is built is not known`)],
    };
  },
};

/** The key as this file spells it: GPT-NeoX takes `num-layers` and `num_layers` alike. */
function spelled(fields: Fields, key: Path): Path {
  const dashed = key.replaceAll('_', '-');
  return !fields.has(key) && fields.has(dashed) ? dashed : key;
}

/** The words of `attention_config: [[["flash"], 12]]`. */
function attentionKinds(fields: Fields): readonly string[] {
  const kinds: string[] = [];
  const visit = (path: Path): void => {
    const node = fields.node(path);
    if (node?.kind === 'scalar') kinds.push(node.text);
    if (node?.kind === 'list') node.items.forEach((_, index) => visit(`${path}.${index}`));
  };
  visit(spelled(fields, 'attention_config'));
  return kinds;
}

/** Values of mlp_type with a gate (megatron/model/transformer.py, and StableLM's fork). */
const gatedKinds: readonly string[] = ['llama', 'gated'];

const gatedActivations: readonly string[] = ['geglu', 'reglu', 'swiglu', 'bilinear', 'glu'];

function readShape(fields: Fields): ShapeReading {
  const number = (key: string) => fields.positive(spelled(fields, key));
  const flag = (key: string, otherwise: boolean) =>
    fields.boolean(spelled(fields, key)) ?? byDefault(otherwise, neoxArguments);
  const word = (key: string, otherwise: string) =>
    fields.string(spelled(fields, key)) ?? byDefault(otherwise, neoxArguments);

  const hidden = number('hidden_size');
  const activation = word('activation', 'gelu');
  const kind = word('mlp_type', 'regular');
  const byKind = gatedKinds.includes(kind.value);
  const gated = { ...activation, value: byKind || gatedActivations.includes(activation.value) };
  const position = word('pos_emb', 'learned');
  const learned = position.value === 'learned' ? number('max_position_embeddings') : null;
  const untied = flag('no_weight_tying', false);
  const biases = {
    queryKeyValue: flag('use_bias_in_attn_linear', true).value,
    attentionOutput: flag('use_bias_in_attn_linear', true).value,
    feedForward: flag('use_bias_in_mlp', true).value,
    head: false,
  };
  const feedForward = hidden && readFeedForward(fields, hidden, gated.value, byKind);
  return gptReading(
    {
      layers: number('num_layers'),
      hidden,
      heads: number('num_attention_heads'),
      keyValueHeads: number('num_kv_heads'),
      feedForward,
      gated,
      vocabulary: readVocabulary(fields),
      tied: { ...untied, value: !untied.value },
      learnedPositions: learned ?? { ...position, value: 0 },
      biases: byDefault(biases, neoxArguments),
      norm: readNorm(word('norm', 'layernorm'), flag('use_bias_in_norms', true).value),
      queryKeyNorm: flag('use_qk_layernorm', false).value ? byDefault('full', neoxArguments) : null,
      experts: readExperts(fields, feedForward, gated.value),
    },
    neoxArguments,
  );
}

/** A gated block takes a third of intermediate_size a matrix, which is why Llama files write 3×. */
function readFeedForward(
  fields: Fields,
  hidden: Known<number>,
  gated: boolean,
  byKind: boolean,
): Known<number> {
  const stated = fields.positive(spelled(fields, 'intermediate_size'));
  // LLaMAParallelMLP and StableLM's gated block: two thirds of 4h, up to the next multiple of 256.
  if (!stated && byKind) {
    const formula = `⌈8 × ${hidden.value} ÷ 3 ÷ 256⌉ × 256`;
    return derived(Math.ceil((8 * hidden.value) / 3 / 256) * 256, formula, [
      { name: 'hidden_size', known: hidden },
    ]);
  }
  const factor = fields.positive(spelled(fields, 'expansion_factor'));
  const width = stated?.value ?? (factor?.value ?? 4) * hidden.value;
  const multiple = fields.positive(spelled(fields, 'mlp_multiple_of'));
  const value = neoxFeedForward(width, gated, multiple?.value ?? 1);
  if (stated?.value === value) return stated;
  const rounded = multiple ? `, rounded up to ${multiple.value}` : '';
  return derived(value, `${width}${gated ? ' ÷ 3' : ''}${rounded}`, [
    ...(stated
      ? [{ name: 'intermediate_size', known: stated }]
      : [{ name: 'hidden_size', known: hidden }]),
    ...(multiple ? [{ name: 'mlp_multiple_of', known: multiple }] : []),
  ]);
}

function readNorm(norm: Known<string>, biased: boolean): Known<NormKind> {
  if (norm.value === 'non_parametric_layernorm') return { ...norm, value: 'none' };
  const layerNorm = norm.value.includes('layernorm');
  return { ...norm, value: layerNorm && biased ? 'weight-and-bias' : 'weight' };
}

/** Dropless mixtures: routed experts without biases in every `moe_expert_interval`th layer. */
function readExperts(
  fields: Fields,
  width: Known<number> | null,
  gated: boolean,
): Known<Experts | null> | null {
  const count = fields.positive(spelled(fields, 'moe_num_experts'));
  const layers = fields.positive(spelled(fields, 'num_layers'));
  // A gated mixture is sized by another rule, which was not checked: its width stays 0, no count.
  if (!count || count.value < 2 || !width || !layers) return null;
  const interval = fields.positive(spelled(fields, 'moe_expert_interval'));
  const active = fields.positive(spelled(fields, 'moe_top_k'));
  return mixtureOf(
    {
      count: count.value,
      active: active?.value ?? 1,
      width: gated ? 0 : width.value,
      sharedWidth: 0,
      layers: Math.floor(layers.value / (interval?.value ?? 1)),
    },
    [
      { name: 'moe_num_experts', known: count },
      { name: 'moe_top_k', known: active },
      { name: 'moe_expert_interval', known: interval },
    ],
  );
}

/** Tokenizers that a file name tells, and their lengths. */
const tokenizers: readonly {
  readonly file: RegExp;
  readonly name: string;
  readonly size: number;
}[] = [
  { file: /(?:^|\/)20B_tokenizer\.json$/, name: 'GPT-NeoX-20B', size: 50277 },
  { file: /(?:^|\/)gpt2-vocab\.json$/, name: 'GPT-2', size: 50257 },
];

/** The tokenizer's length, padded to make_vocab_size_divisible_by × model_parallel_size. */
function readVocabulary(fields: Fields): Known<number> | null {
  const stated = fields.positive(spelled(fields, 'padded_vocab_size'));
  if (stated) return stated;
  const file = fields.string(spelled(fields, 'vocab_file'));
  const tokenizer = tokenizers.find((each) => file && each.file.test(file.value));
  if (!tokenizer) return null;
  const divisor =
    fields.positive(spelled(fields, 'make_vocab_size_divisible_by')) ??
    byDefault(128, neoxArguments);
  const ranks =
    fields.positive(spelled(fields, 'model_parallel_size')) ?? byDefault(1, neoxArguments);
  const source = `the ${tokenizer.name} tokenizer`;
  return derived(
    paddedVocabulary(tokenizer.size, divisor.value, ranks.value),
    `${tokenizer.size} padded to a multiple of ${divisor.value} × ${ranks.value}`,
    [
      { name: source, known: published(tokenizer.size, source, 'its tokenizer file') },
      { name: 'make_vocab_size_divisible_by', known: divisor },
      { name: 'model_parallel_size', known: ranks },
    ],
  );
}

/**
 * Rewards, preferences and labels that mask a conversation tune a model (neox_args.py, ea7aefd);
 * `finetune` alone takes weights with a fresh optimizer.
 */
function roleOf(fields: Fields): Role {
  const trained = fields.string(spelled(fields, 'train_impl'))?.value ?? 'normal';
  const isMasked = ['train_label_data_paths', 'pos_train_label_data_paths'].some((key) =>
    fields.has(spelled(fields, key)),
  );
  const goesOn = fields.isTrue(spelled(fields, 'finetune'));
  if (trained !== 'normal' || isMasked) return 'finetune';
  return goesOn ? 'continued' : 'pretrain';
}

function readTokens(fields: Fields): TokenPlan {
  const number = (key: string) => fields.positive(spelled(fields, key));
  const steps = number('train_iters');
  const epochs = number('train_epochs');
  const accumulation = number('gradient_accumulation_steps') ?? byDefault(1, neoxArguments);
  const parallel = ['pipe_parallel_size', 'model_parallel_size', 'context_parallel_size'];
  return {
    duration: steps ? { unit: 'steps', count: steps } : epochs && { unit: 'epochs', count: epochs },
    sequenceLength: number('seq_length'),
    packed: (fields.string(spelled(fields, 'pack_impl'))?.value ?? 'packed') === 'packed',
    globalBatch: number('train_batch_size'),
    rankBatch: product([
      { name: 'sequences', known: number('train_micro_batch_size_per_gpu') },
      { name: 'accumulation steps', known: accumulation },
    ]),
    worldSize: launchedGpus(fields) ?? number('global_num_gpus'),
    // A size of 0 switches the pipeline off: one stage.
    modelParallel: product(
      parallel.map((key) => ({ name: key, known: number(key) ?? byDefault(1, neoxArguments) })),
    ),
  };
}

/**
 * FP8 runs only with te_fp8_mha: te_fp8_format alone enters no autocast (transformer.py).
 * An `fp16` block may say `"type": "bfloat16"`, as Pythia-1B's does.
 */
function readPrecision(fields: Fields): Precision | null {
  const base = readBase(fields);
  const attention = fields.boolean(spelled(fields, 'te_fp8_mha'));
  const format = fields.string(spelled(fields, 'te_fp8_format'));
  if (attention?.value === true) {
    const e4m3 = format?.value.toLowerCase() === 'e4m3';
    const recipe = e4m3 ? recipes.teDelayedE4m3 : recipes.teDelayedHybrid;
    return recipePrecision(recipe, attention, base?.value ?? 'bf16');
  }
  const inert = format
    ? ['te_fp8_format is set, but te_fp8_mha is not true, so no multiplication runs in FP8.']
    : [];
  return base && plainPrecision(base, inert);
}

function readBase(fields: Fields): Known<'bf16' | 'fp16' | 'fp32'> | null {
  const type = fields.string('fp16.type');
  const half = fields.boolean('fp16.enabled');
  if (half?.value === true) {
    return plainFormat(type) ?? { ...half, value: 'fp16' };
  }
  const stated = plainFormat(fields.string('precision'));
  if (stated) return stated;
  const brain = fields.boolean('bf16.enabled');
  return brain?.value === true ? { ...brain, value: 'bf16' } : null;
}

/** Says a plain format in `precision` and in whichever DeepSpeed blocks the file has. */
function writePlain(fields: Fields, precision: 'bfloat16' | 'fp16' | 'fp32'): WriteResult {
  const attention = spelled(fields, 'te_fp8_mha');
  return setKeys(fields, {
    precision: `"${precision}"`,
    'fp16.type': null,
    ...(fields.has('fp16') && { 'fp16.enabled': String(precision === 'fp16') }),
    ...(fields.has('bf16') && { 'bf16.enabled': String(precision === 'bfloat16') }),
    ...(fields.isTrue(attention) && { [attention]: 'false' }),
  });
}

/** FP8 is offered only where the file already sets Transformer Engine's attention up for it. */
function writeHybrid(fields: Fields): WriteResult {
  const attention = spelled(fields, 'te_fp8_mha');
  if (!fields.has(attention)) {
    return {
      ok: false,
      reason:
        'GPT-NeoX runs FP8 only in Transformer Engine’s attention (te_fp8_mha), which this file does not use.',
    };
  }
  const format = spelled(fields, 'te_fp8_format');
  return setKeys(fields, {
    [attention]: 'true',
    ...(fields.has(format) && { [format]: '"hybrid"' }),
  });
}
