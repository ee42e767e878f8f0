import { llamaFeedForward } from '../../architecture/feedForward.ts';
import type { ShapeReading } from '../../architecture/shape.ts';
import { gptReading, llamaReading, type StatedShape } from '../../architecture/shapes.ts';
import { derived, type Known } from '../../run/known.ts';
import type { Fields, Path } from '../../config/fields.ts';
import { firstOf, sections, under } from './places.ts';
import { need, type Need } from '../../run/need.ts';

const gptNames = ['n_embd', 'n_embed'];
const hiddenNames = [
  'hidden_size',
  'd_model',
  'model_dim',
  ...gptNames,
  'dim',
  'embed_dim',
  'emb_dim',
  'embedding_dim',
];
/** How common configs name the number of layers. */
export const layerNames = ['num_hidden_layers', 'num_layers', 'n_layers', 'n_layer'];
const headNames = ['num_attention_heads', 'num_heads', 'n_heads', 'n_head', 'attention_heads'];
const keyValueNames = [
  'num_key_value_heads',
  'num_kv_heads',
  'n_kv_heads',
  'n_kv_head',
  'num_query_groups',
];
const vocabularyNames = ['vocab_size', 'n_vocab', 'vocabulary_size', 'padded_vocab_size'];
const expertNames = ['num_experts', 'n_experts', 'num_local_experts', 'n_routed_experts'];
const ratioNames = ['mlp_ratio', 'ffn_mult', 'ffn_ratio', 'expansion_ratio', 'mlp_expansion'];
/** `hidden_dim` is a block's width only beside the model's own (`dim`). */
const widthNames = [
  'intermediate_size',
  'ffn_hidden_size',
  'ffn_dim',
  'ffn_size',
  'd_ff',
  'dff',
  'd_ffn',
  'mlp_dim',
  'mlp_hidden_size',
  'hidden_dim',
  'inner_dim',
  'n_inner',
];

/**
 * The one mapping that holds a width, a number of layers and of heads that fit together; null when
 * there is none, or several (a teacher and its student, a model and its draft).
 */
export function shapePath(fields: Fields): Path | null {
  const found = sections(fields).filter((at) => {
    const layers = firstOf(fields, at, layerNames)?.value;
    if (layers === undefined) return false;
    const heads = firstOf(fields, at, headNames)?.value;
    const hidden = firstOf(fields, at, hiddenNames)?.value;
    if (hidden === undefined || heads === undefined) return false;
    return [hidden, heads, layers].every(Number.isInteger) && hidden > heads;
  });
  const [only] = found;
  return found.length === 1 && only !== undefined ? only : null;
}

/** The vocabulary beside the shape, or where the run, the data or the tokenizer is described. */
export function vocabularyOf(fields: Fields, at: Path): Known<number> | null {
  for (const section of [at, '', 'data', 'dataset', 'tokenizer', 'training', 'train']) {
    const known = firstOf(fields, section, vocabularyNames);
    if (known) return known;
  }
  return null;
}

interface Words {
  readonly llama: boolean;
  readonly gpt: boolean;
  /** What the file says of the block: `swiglu` has three matrices, `gelu` two; null = not said. */
  readonly gated: Known<boolean> | null;
}

/** What the mapping's other words say of the family; nothing is concluded from the sizes. */
function wordsOf(fields: Fields, at: Path): Words {
  const has = (...names: readonly string[]) => names.some((name) => fields.has(under(at, name)));
  const texts = ['norm', 'norm_type', 'normalization', 'model_type', 'type', 'name', 'arch']
    .map((name) => fields.string(under(at, name))?.value.toLowerCase() ?? '')
    .join(' ');
  const activation = ['activation', 'activation_function', 'hidden_act', 'act_fn', 'mlp_type']
    .map((name) => fields.string(under(at, name)))
    .find((known) => known !== null);
  const written = activation?.value.toLowerCase() ?? '';
  const glu = written.includes('glu');
  const plain = /^(?:gelu\w*|relu\w*|relu2|squared_relu)$/.test(written);
  const flag = ['swiglu', 'use_swiglu', 'gated_mlp', 'use_glu', 'glu']
    .map((name) => fields.boolean(under(at, name)))
    .find((known) => known !== null);
  const llama =
    glu ||
    flag?.value === true ||
    /rms|llama|mistral|qwen/.test(texts) ||
    has('rms_norm_eps', 'rms_eps', 'rope_theta', 'rope_base', 'use_rope', 'rotary', ...llamaRule);
  const gpt = !llama && (has(...gptNames) || plain || /(?:^|[^a-z])gpt|layer_?norm/.test(texts));
  const stated = activation && (glu || plain) ? { ...activation, value: glu } : null;
  return { llama, gpt, gated: flag ?? stated };
}

const llamaRule = ['multiple_of', 'ffn_dim_multiplier'];

/** A shape by common names, with what stands in the way of counting it. */
export interface GenericShape {
  readonly shape: ShapeReading;
  readonly needs: readonly Need[];
}

/**
 * Reads the shape that lies at `at`. Width, layers and heads are as stated; biases, norms and tying
 * that the file leaves out are those of the family its words name. A feed-forward block that the
 * file does not describe stays unknown, except under GPT-2's own names.
 */
export function genericShape(fields: Fields, at: Path): GenericShape {
  if ((firstOf(fields, at, expertNames)?.value ?? 0) > 1) {
    const needs = [
      need('parameters', 'how a mixture’s layers are laid out is not said by common names'),
    ];
    return { shape: {}, needs };
  }
  const hidden = firstOf(fields, at, hiddenNames);
  const words = wordsOf(fields, at);
  const width = hidden && feedForward(fields, at, hidden);
  const flag = (...names: readonly string[]) =>
    names.map((name) => fields.boolean(under(at, name))).find((known) => known !== null);
  const bias = flag('bias', 'use_bias');
  const said: StatedShape = {
    layers: firstOf(fields, at, layerNames),
    hidden,
    heads: firstOf(fields, at, headNames),
    keyValueHeads: firstOf(fields, at, keyValueNames),
    headDimension: firstOf(fields, at, ['head_dim', 'd_head', 'kv_channels']),
    vocabulary: vocabularyOf(fields, at),
    tied: flag('tie_word_embeddings', 'tie_embeddings', 'tied_embeddings', 'weight_tying'),
    feedForward: width,
    gated: words.gated,
    biases: bias && {
      ...bias,
      value: {
        queryKeyValue: bias.value,
        attentionOutput: bias.value,
        feedForward: bias.value,
        head: false,
      },
    },
  };
  if (words.llama)
    return { shape: llamaReading(said, 'Llama, whose words the file uses'), needs: [] };
  if (words.gpt && (width || usesGptNames(fields, at))) {
    return { shape: gptReading(said, 'GPT-2, whose words the file uses'), needs: [] };
  }
  // Without a word on its family the block could have two matrices or three.
  const shape = llamaReading(said, 'common among decoders');
  const { gated, ...rest } = shape;
  return { shape: words.gated && gated ? { ...rest, gated } : rest, needs: [] };
}

function usesGptNames(fields: Fields, at: Path): boolean {
  return firstOf(fields, at, gptNames) !== null;
}

/** The width of one matrix as stated, by a ratio, or by Llama's rule where its numbers stand. */
function feedForward(fields: Fields, at: Path, hidden: Known<number>): Known<number> | null {
  const stated = firstOf(fields, at, widthNames);
  if (stated) return stated;
  const width = { name: 'hidden width', known: hidden };
  const ratio = firstOf(fields, at, ratioNames);
  if (ratio) {
    return derived(Math.trunc(hidden.value * ratio.value), `${hidden.value} × ${ratio.value}`, [
      width,
      { name: 'ratio', known: ratio },
    ]);
  }
  const multiple = firstOf(fields, at, ['multiple_of']);
  if (!multiple) return null;
  const multiplier = firstOf(fields, at, ['ffn_dim_multiplier']);
  const value = llamaFeedForward(hidden.value, multiplier?.value ?? null, multiple.value);
  const times = multiplier ? `${multiplier.value} × ` : '';
  return derived(value, `${times}8 × ${hidden.value} ÷ 3, up to ${multiple.value}`, [
    width,
    { name: 'multiple_of', known: multiple },
    ...(multiplier ? [{ name: 'ffn_dim_multiplier', known: multiplier }] : []),
  ]);
}
