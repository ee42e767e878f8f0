import { own } from '../run/own.ts';
import type { ShapeReading } from '../architecture/shape.ts';
import { llamaReading } from '../architecture/shapes.ts';
import { need } from '../run/need.ts';
import type { Setup } from '../run/setup.ts';
import { fsdpLayout } from '../dialects/huggingFace/setup.ts';
import { autocast, fsdpMixed, pure, undivided } from '../dialects/training.ts';
import { byDefault, derived, type Known } from '../run/known.ts';
import type { Precision } from '../run/run.ts';
import type { Duration, TokenPlan } from '../run/tokens.ts';
import { modelAt } from '../dialects/huggingFace/checkpoints.ts';
import type { Fields } from '../config/fields.ts';
import { hfOverrides } from '../dialects/huggingFace/shape.ts';
import { otherReading } from '../config/otherReading.ts';
import { plainPrecision, recipePrecision, recipes } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { formatWriter, setKeys } from '../config/writing.ts';

const mptConfig = 'llm-foundry MPTConfig';

/** MosaicML LLM Foundry: MPT models and Hugging Face ones, trained by Composer. */
export const llmFoundry: FrameworkReader = {
  id: 'llm-foundry',
  name: 'LLM Foundry',
  source: 'mosaicml/llm-foundry (2025-07-21) and mosaicml/composer (2026-04-29)',
  syntaxes: ['yaml'],
  words: { config: ['max_duration'] },
  loader: 'omegaconf',
  reads: 'MPT and hf_causal_lm models, max_duration in ba, sp, tok or ep, precision amp_*',

  recognise(fields) {
    const trains = fields.has('train_loader') || fields.has('global_train_batch_size');
    return fields.has('max_duration') && fields.has('model.name') && trains
      ? 'It has max_duration, model.name and a train_loader, as LLM Foundry’s training YAMLs do.'
      : null;
  },

  read(fields) {
    const kind = fields.string('model.name')?.value ?? '';
    const isOwn = isOwnClass(fields, kind);
    if (!kind.includes('causal_lm') && !isOwn) {
      return otherReading(`The model “${kind}” is not a decoder language model.`);
    }
    const named = fields.string('model.pretrained_model_name_or_path');
    const preset = modelAt(fields, 'model.pretrained_model_name_or_path');
    const precision = readPrecision(fields);
    const place = fields.place('precision');
    return {
      role: roleOf(fields),
      model: preset.model ?? named ?? fields.string('model.name'),
      shape: isOwn
        ? ownShape(fields, kind)
        : named
          ? hfOverrides(preset.shape, fields, 'model.config_overrides')
          : mptShape(fields),
      tokens: readTokens(fields),
      precision,
      setup: readSetup(fields, named !== null),
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(fields, [
        { recipe: 'fp32', edits: (f) => setKeys(f, { precision: 'fp32' }) },
        { recipe: 'fp16', edits: (f) => setKeys(f, { precision: 'amp_fp16' }) },
        { recipe: 'bf16', edits: (f) => setKeys(f, { precision: 'amp_bf16' }) },
        ...(named || isOwn
          ? []
          : [
              {
                recipe: recipes.teDelayedHybrid,
                // amp_fp8 alone only warns: the linear layers must be Transformer Engine's too.
                edits: (f: Fields) => setKeys(f, { precision: 'amp_fp8', 'model.fc_type': 'te' }),
              },
            ]),
      ]),
      needs:
        isOwn && !isShearedLlama(kind)
          ? [need('parameters', `how a layer of “${kind}” is built is not known`)]
          : preset.needs,
    };
  },
};

/** A decoder of a registry of one's own: its name is not Foundry's, its keys are MPT's. */
function isOwnClass(fields: Fields, kind: string): boolean {
  const isDecoder = !/causal_lm|bert|t5|vit|clip|seq2seq|encoder/i.test(kind);
  return isDecoder && ['d_model', 'n_layers', 'n_heads'].every((key) => fields.has(`model.${key}`));
}

/** LLM-Shearing's ComposerMosaicLlama (llmshearing/models/model_registry.py, 82d1d77). */
const isShearedLlama = (kind: string): boolean => /^mosaic_llama2?_/.test(kind);

/** A Llama with an untied head; a class that is not known has no shape. */
function ownShape(fields: Fields, kind: string): ShapeReading {
  if (!isShearedLlama(kind)) return {};
  const at = (key: string) => fields.positive(`model.${key}`);
  return llamaReading(
    {
      layers: at('n_layers'),
      hidden: at('d_model'),
      heads: at('n_heads'),
      feedForward: at('intermediate_size'),
      vocabulary: at('vocab_size'),
    },
    'LLM-Shearing composer_llama.py',
  );
}

/** Fine-tuning data, or weights to start from, make a run something other than pre-training. */
function roleOf(fields: Fields): 'pretrain' | 'continued' | 'finetune' {
  if (fields.string('train_loader.name')?.value === 'finetuning') return 'finetune';
  const fromWeights =
    fields.isTrue('model.pretrained') ||
    ['load_path', 'model.path'].some((key) => fields.isGiven(key));
  return fromWeights ? 'continued' : 'pretrain';
}

function readTokens(fields: Fields): TokenPlan {
  return {
    duration: readDuration(fields.string('max_duration')),
    globalBatch: fields.positive('global_train_batch_size'),
    sequenceLength:
      fields.positive('max_seq_len') ?? fields.positive('train_loader.dataset.max_seq_len'),
  };
}

/**
 * Composer's FSDP keeps weights, gradients and state in FP32 whatever it multiplies in, and gathers
 * 16-bit weights (composer/distributed/dist_strategy.py, 2026-04). MPT's default loss is
 * flash-attention's fused cross-entropy, which keeps 16-bit logits and their gradient alone
 * (llm-foundry 8c8dd48, models/mpt/modeling_mpt.py).
 */
function readSetup(fields: Fields, isHuggingFace: boolean): Setup {
  const fsdp = ['fsdp_config', 'parallelism_config.fsdp'].find((at) => fields.map(at) !== null);
  const is16Bit = fields.string('precision')?.value !== 'fp32';
  const other = [
    'model.peft_config',
    'parallelism_config.tp',
    'tp_config',
    'deepspeed_config',
  ].find((key) => fields.map(key) !== null);
  const fused = !isHuggingFace && fields.string('model.loss_fn')?.value !== 'torch_crossentropy';
  return {
    adapters: null,
    frozen: null,
    optimizer: fields.string('optimizer.name'),
    kept: is16Bit ? (fsdp === undefined ? autocast : fsdpMixed) : pure(4),
    layout: {
      ...undivided,
      ...(fsdp !== undefined && fsdpLayout(fields, fsdp)),
      open: fsdp === undefined ? 'no fsdp_config; taken undivided' : null,
    },
    batch: {
      microBatch: fields.positive('device_train_microbatch_size'),
      sequenceLength:
        fields.positive('max_seq_len') ?? fields.positive('train_loader.dataset.max_seq_len'),
      recompute:
        fsdp !== undefined && fields.isTrue(`${fsdp}.activation_checkpointing`)
          ? 'layers'
          : 'nothing',
      bytes: is16Bit ? 2 : 4,
      logitBytes: fused ? 4 : 10,
      scores: fields.string('model.attn_config.attn_impl')?.value === 'torch',
      dropout: false,
    },
    needs: other === undefined ? [] : [need('memory', `what ${other} changes is not counted`)],
  };
}

const durationUnits: Readonly<Record<string, Duration['unit']>> = {
  ba: 'steps',
  iter: 'steps',
  sp: 'sequences',
  tok: 'tokens',
  ep: 'epochs',
  sec: 'seconds',
  '': 'epochs', // Composer reads a bare number as epochs.
};

/** Composer's time strings: `63900ba`, `10sp`, `1e9tok`, `2ep`. */
function readDuration(text: Known<string> | null): Duration | null {
  const match = text && /^([\d_.]+(?:e\+?\d+)?)(ba|iter|sp|tok|ep|sec)?$/i.exec(text.value.trim());
  const suffix = match?.[2] ?? '';
  const unit = own(durationUnits, suffix.toLowerCase());
  const value = Number(match?.[1]?.replaceAll('_', ''));
  if (!text || !unit || !Number.isFinite(value)) return null;
  return {
    unit,
    count: { value, origin: text.origin },
    write: (count) => `${count}${suffix}`,
  };
}

/** FP8 runs only where the linear layers are Transformer Engine's; otherwise they stay BF16. */
function readPrecision(fields: Fields): Precision | null {
  const stated = fields.string('precision') ?? byDefault('amp_bf16', 'Composer Trainer');
  const known = <T extends string>(value: T): Known<T> => ({ value, origin: stated.origin });
  switch (stated.value) {
    case 'fp32':
      return plainPrecision(known('fp32'));
    case 'amp_fp16':
      return plainPrecision(known('fp16'));
    case 'amp_bf16':
      return plainPrecision(known('bf16'));
    case 'amp_fp8': {
      const layers =
        fields.string('model.fc_type')?.value ?? fields.string('model.fc_type.name')?.value;
      const engine =
        layers === 'te' || fields.string('model.ffn_config.ffn_type')?.value === 'te_ln_mlp';
      if (!engine) {
        return plainPrecision(known('bf16'), [
          'precision is amp_fp8, but no layer is Transformer Engine’s (model.fc_type: te or ffn_type: te_ln_mlp), so the multiplications stay in BF16.',
        ]);
      }
      const e4m3 = /e4m3/i.test(fields.string('precision_config.fp8_format')?.value ?? '');
      return recipePrecision(e4m3 ? recipes.teDelayedE4m3 : recipes.teDelayedHybrid, stated);
    }
    default:
      return null;
  }
}

/** The shape of an MPT model; what the file leaves out has MPTConfig's defaults. */
function mptShape(fields: Fields): ShapeReading {
  const at = (key: string) => `model.${key}`;
  const or = <T>(known: Known<T> | null, value: T): Known<T> =>
    known ?? byDefault(value, mptConfig);
  const hidden = fields.positive(at('d_model'));
  const heads = fields.positive(at('n_heads'));
  const layers = fields.positive(at('n_layers'));
  const bias = !or(fields.boolean(at('no_bias')), false).value;
  const norm = or(fields.string(at('norm_type')), 'low_precision_layernorm');
  const rms = norm.value.includes('rmsnorm');
  const type = or(fields.string(at('ffn_config.ffn_type')), 'mptmlp').value;
  const gated = type === 'mptglu' || type.endsWith('moe');
  const noPositions =
    fields.isTrue(at('attn_config.alibi')) || fields.isTrue(at('attn_config.rope'));
  const learned = or(fields.boolean(at('learned_pos_emb')), true).value && !noPositions;
  const positions = fields.positive(at('max_seq_len')) ?? fields.positive('max_seq_len');
  const normParameters = rms || !bias ? 'weight' : 'weight-and-bias';
  const unknownFeedForward = type === 'mb_moe' || type === 'mb_dmoe';
  return {
    ...(layers && { layers }),
    ...(hidden && { hidden }),
    ...(heads && { heads, keyValueHeads: keyValueHeads(fields, heads) }),
    ...(hidden && heads && { headDimension: headDimension(hidden, heads) }),
    ...(hidden && !unknownFeedForward && { feedForward: feedForward(fields, hidden) }),
    gated: byDefault(gated, mptConfig),
    vocabulary: or(fields.positive(at('vocab_size')), 50368),
    tied: or(fields.boolean(at('tie_word_embeddings')), true),
    learnedPositions: learned && positions ? positions : byDefault(0, mptConfig),
    biases: byDefault(
      { queryKeyValue: bias, attentionOutput: bias, feedForward: bias, head: false },
      mptConfig,
    ),
    norm: byDefault(normParameters, mptConfig),
    normsPerLayer: byDefault(2, mptConfig),
    finalNorm: byDefault(true, mptConfig),
    queryKeyNorm: byDefault(fields.isTrue(at('attn_config.qk_ln')) ? 'full' : 'none', mptConfig),
  };
}

function headDimension(hidden: Known<number>, heads: Known<number>): Known<number> {
  return derived(hidden.value / heads.value, `${hidden.value} ÷ ${heads.value}`, [
    { name: 'd_model', known: hidden },
    { name: 'n_heads', known: heads },
  ]);
}

function keyValueHeads(fields: Fields, heads: Known<number>): Known<number> {
  const type = fields.string('model.attn_config.attn_type');
  if (type?.value === 'multiquery_attention') return { value: 1, origin: type.origin };
  return fields.positive('model.attn_config.kv_n_heads') ?? heads;
}

function feedForward(fields: Fields, hidden: Known<number>): Known<number> {
  const width = fields.positive('model.ffn_config.ffn_hidden_size');
  if (width) return width;
  const ratio = fields.positive('model.expansion_ratio') ?? byDefault(4, mptConfig);
  return derived(Math.trunc(hidden.value * ratio.value), `${hidden.value} × ${ratio.value}`, [
    { name: 'd_model', known: hidden },
    { name: 'expansion_ratio', known: ratio },
  ]);
}
