import { llamaFeedForward } from '../../architecture/feedForward.ts';
import type { NormKind, ShapeReading } from '../../architecture/shape.ts';
import { llamaReading } from '../../architecture/shapes.ts';
import { byDefault, derived, type Known } from '../../run/known.ts';
import { noTokens } from '../../run/tokens.ts';
import type { Fields } from '../../config/fields.ts';
import { isOpenLmCommand, readOpenLmCommand, withModelFile } from './command.ts';
import type { FrameworkReader } from '../../config/reader.ts';
import { need } from '../../run/need.ts';

const params = 'open_lm Params';

/** open_lm: model JSONs, and launch scripts that name one beside tokens and precision. */
export const openLm: FrameworkReader = {
  id: 'open-lm',
  name: 'open_lm',
  source: 'mlfoundations/open_lm (2024-07-22)',
  syntaxes: ['json', 'shell'],
  words: { config: ['n_layers'], shell: ['--train_num_samples'] },
  loader: 'other',
  reads: 'the shape of a model_configs file; train-num-samples × epochs, precision of a script',

  recognise(fields) {
    if (fields.tree.syntax === 'shell') {
      return isOpenLmCommand(fields)
        ? 'It starts open_lm’s main with a model and train-num-samples.'
        : null;
    }
    const shape = ['hidden_dim', 'n_layers', 'n_heads', 'seq_len', 'vocab_size'];
    const own = ['weight_tying', 'post_embed_norm'].some((key) => fields.has(key));
    return shape.every((key) => fields.positive(key)) && own
      ? 'It has hidden_dim, n_layers, seq_len and weight_tying, as open_lm’s model configs do.'
      : null;
  },

  compose: (fields) =>
    fields.tree.syntax === 'shell' ? withModelFile(fields) : { fields, needs: [] },

  read(fields) {
    if (fields.tree.syntax === 'shell') return readOpenLmCommand(fields, readShape);
    const mixture = (fields.number('moe_freq')?.value ?? 0) > 0;
    return {
      role: 'model',
      model: null,
      shape: mixture ? {} : readShape(fields),
      tokens: noTokens,
      precision: null,
      precisionPlaces: [],
      writeFormat: null,
      needs: mixture
        ? [
            need(
              'parameters',
              'its mixture layers are MegaBlocks’, whose parameters are not known here',
            ),
          ]
        : [],
    };
  },
};

function readShape(fields: Fields): ShapeReading {
  const hidden = fields.positive('hidden_dim');
  const heads = fields.positive('n_heads');
  const type = fields.string('ffn_type') ?? byDefault('swiglu', params);
  const gated = type.value !== 'gelu';
  const normed = fields.isTrue('qk_norm') || fields.isTrue('apply_qk_norm');
  return llamaReading(
    {
      layers: fields.positive('n_layers'),
      hidden,
      heads,
      feedForward: hidden && feedForward(hidden, gated),
      gated: { value: gated, origin: type.origin },
      vocabulary: fields.positive('vocab_size'),
      tied: fields.boolean('weight_tying') ?? byDefault(false, params),
      biases: byDefault(
        {
          queryKeyValue: false,
          attentionOutput: false,
          // GemmaMLP leaves the linear layers' default, which is a bias.
          feedForward: type.value === 'gemma_geglu',
          head: false,
        },
        params,
      ),
      norm: normKind(fields),
      embeddingNorm: fields.boolean('post_embed_norm') ?? byDefault(false, params),
      queryKeyNorm: byDefault(normed ? 'full' : 'none', params),
    },
    params,
  );
}

/** gelu is 4d wide; the gated ones 8d ÷ 3, rounded up to a multiple of 256. */
function feedForward(hidden: Known<number>, gated: boolean): Known<number> {
  const width = gated ? llamaFeedForward(hidden.value, null, 256) : 4 * hidden.value;
  const formula = gated
    ? `8 × ${hidden.value} ÷ 3 rounded up to a multiple of 256`
    : `4 × ${hidden.value}`;
  return derived(width, formula, [{ name: 'hidden_dim', known: hidden }]);
}

const norms: Readonly<Record<string, NormKind>> = {
  default_layer_norm: 'weight-and-bias',
  lp_layer_norm: 'weight-and-bias',
  gain_only_layer_norm: 'weight',
  gain_only_lp_layer_norm: 'weight',
  rms_norm: 'weight',
  fused_rms_norm: 'weight',
  no_wb_layer_norm: 'none',
};

function normKind(fields: Fields): Known<NormKind> {
  const stated = fields.string('model_norm');
  const kind = norms[stated?.value ?? ''];
  return stated && kind
    ? { value: kind, origin: stated.origin }
    : byDefault('weight-and-bias', 'open_lm --model-norm');
}
