import { megatronFeedForward } from '../../architecture/feedForward.ts';
import type { LatentAttention, ShapeReading } from '../../architecture/shape.ts';
import { withoutAbsent } from '../../architecture/shapes.ts';
import { byDefault, derived, type Known } from '../../run/known.ts';
import { product, type Duration, type TokenPlan } from '../../run/tokens.ts';
import type { Fields, Path } from '../../config/fields.ts';
import { mixtureLayers } from './mixture.ts';
import { uncountedLayers } from './otherLayers.ts';
import { mixtureOf } from '../mixture.ts';
import type { ConfigNode } from '../../syntax/tree.ts';
import { rampedSequences } from '../rampUp.ts';
import { namedTokenizer } from '../tokenizers.ts';
import { need, type Need } from '../../run/need.ts';

const of = 'Megatron-LM arguments';

/**
 * Megatron-LM's arguments wherever they stand. Names are written as in Python (`num_layers`);
 * `path` says where a config has one (`MODEL_ARGS.--num-layers`, `num_layers`).
 */
export interface MegatronFlags {
  readonly fields: Fields;
  readonly path: (name: string) => Path;
}

const number = ({ fields, path }: MegatronFlags, name: string) => fields.number(path(name));
const positive = ({ fields, path }: MegatronFlags, name: string) => fields.positive(path(name));
const text = ({ fields, path }: MegatronFlags, name: string) => fields.string(path(name));

/**
 * A switch: `true`, or a flag without a value. Megatron's switches take none, so one before a word
 * that nobody can tell is on.
 */
export function isOn({ fields, path }: MegatronFlags, name: string): boolean {
  return fields.isTrue(path(name)) || isPerhapsBare(fields.root.byKey.get(path(name))?.value);
}

function isPerhapsBare(node: ConfigNode | undefined): boolean {
  return node?.kind === 'scalar' && node.perhapsNothing === true;
}

/** The shape that Megatron-LM's arguments describe, and what of it cannot be told. */
export function megatronShape(flags: MegatronFlags): {
  readonly shape: ShapeReading;
  readonly needs: readonly Need[];
} {
  const { fields, path } = flags;
  const uncounted = uncountedLayers(fields, path);
  const hidden = positive(flags, 'hidden_size');
  const layers = positive(flags, 'num_layers');
  const heads = positive(flags, 'num_attention_heads');
  // BigScience's fork: geglu, liglu, reglu or swiglu, of a width that is not made smaller for it.
  const glu = text(flags, 'glu_activation');
  const gated =
    isOn(flags, 'swiglu') ||
    isOn(flags, 'quick_geglu') ||
    glu !== null ||
    /glu$/i.test(text(flags, 'activation_func')?.value ?? '');
  const feedForward =
    positive(flags, 'ffn_hidden_size') ?? (hidden && absentWidth(hidden, gated && !glu));
  const bias = (
    fields.boolean(path('add_bias_linear')) ?? byDefault(!isOn(flags, 'disable_bias_linear'), of)
  ).value;
  const norm = text(flags, 'normalization') ?? byDefault('LayerNorm', of);
  const { vocabulary, needs } = readVocabulary(flags, layers !== null && hidden !== null);
  const latent = readLatentAttention(flags);
  const groups = positive(flags, 'num_query_groups');
  const experts = readExperts(flags, layers, feedForward);
  const shape = withoutAbsent({
    layers,
    hidden,
    heads,
    // Without group_query_attention the number of groups does nothing.
    keyValueHeads: isOn(flags, 'group_query_attention')
      ? (groups ?? byDefault(1, of))
      : (sharedHead(flags) ?? heads),
    headDimension: positive(flags, 'kv_channels'),
    feedForward,
    gated: byDefault(gated, of),
    vocabulary,
    tied: byDefault(!isOn(flags, 'untie_embeddings_and_output_weights'), of),
    learnedPositions: readPositions(flags),
    biases: byDefault(
      {
        queryKeyValue: bias || isOn(flags, 'add_qkv_bias'),
        attentionOutput: bias,
        feedForward: bias,
        head: false,
      },
      of,
    ),
    norm: { ...norm, value: /rms/i.test(norm.value) ? 'weight' : 'weight-and-bias' },
    queryKeyNorm: byDefault(isOn(flags, 'qk_layernorm') && !latent ? 'head' : 'none', of),
    latentAttention: latent,
    experts,
  });
  return uncounted === null
    ? { shape, needs }
    : { shape: {}, needs: [need('parameters', uncounted)] };
}

/** BigCode's fork has one head of keys and values under a name of its own. */
function sharedHead({ fields, path }: MegatronFlags): Known<number> | null {
  const type = fields.string(path('attention_head_type'));
  return type?.value === 'multiquery' ? { ...type, value: 1 } : null;
}

function absentWidth(hidden: Known<number>, gated: boolean): Known<number> {
  const formula = gated ? `⌊4 × ${hidden.value} × 2 ÷ 3 ÷ 64⌋ × 64` : `4 × ${hidden.value}`;
  return derived(megatronFeedForward(hidden.value, gated), formula, [
    { name: 'hidden_size', known: hidden },
  ]);
}

/** Learned positions are the default; Primus switches them off by add_position_embedding too. */
function readPositions(flags: MegatronFlags): Known<number> | null {
  const type = text(flags, 'position_embedding_type') ?? byDefault('learned_absolute', of);
  const none =
    type.value !== 'learned_absolute' ||
    isOn(flags, 'no_position_embedding') ||
    isOn(flags, 'use_rotary_position_embeddings');
  return none ? { ...type, value: 0 } : positive(flags, 'max_position_embeddings');
}

/** The tokenizer's tokens; the rows that are added to divide them among GPUs are no tokens. */
function readVocabulary(
  flags: MegatronFlags,
  asked: boolean,
): { readonly vocabulary: Known<number> | null; readonly needs: readonly Need[] } {
  const { path } = flags;
  const vocabulary =
    positive(flags, 'padded_vocab_size') ??
    // BigScience's fork: the rows of the embedding whatever the tokenizer (BLOOM's 250880).
    positive(flags, 'pad_vocab_size_to') ??
    positive(flags, 'vocab_size') ??
    namedTokenizer(flags.fields, tokenizerPaths(flags).map(path));
  const missing = asked && !vocabulary;
  return {
    vocabulary,
    needs: missing ? [need('parameters', 'the total needs the tokenizer’s number of tokens')] : [],
  };
}

/**
 * Where the tokenizer is named, by its type (megatron/training/tokenizer/tokenizer.py, 00ee966):
 * GPT-2's byte pairs have the vocabulary of a file, by that file's name GPT-2's own;
 * SentencePieceTokenizer adds tokens to those of the model, how many depends on which it has.
 */
function tokenizerPaths(flags: MegatronFlags): readonly string[] {
  const type = text(flags, 'tokenizer_type')?.value ?? 'GPT2BPETokenizer';
  if (type === 'SentencePieceTokenizer') return [];
  const file = text(flags, 'vocab_file')?.value ?? '';
  const isOwn = /[^/]\.json$/.test(file) && !/(?:^|\/)(?:gpt2-)?vocab\.json$/.test(file);
  if (type === 'GPT2BPETokenizer' && isOwn) return ['vocab_file'];
  return flags.fields.has(flags.path('tokenizer_type'))
    ? ['tokenizer_model', 'tokenizer_type']
    : ['tokenizer_model', 'vocab_file'];
}

function readLatentAttention(flags: MegatronFlags): Known<LatentAttention> | null {
  if (!isOn(flags, 'multi_latent_attention')) return null;
  const rank = (name: string, otherwise: number) =>
    positive(flags, name) ?? byDefault(otherwise, 'Megatron-LM MLATransformerConfig');
  const query = positive(flags, 'q_lora_rank');
  const parts = {
    kv_lora_rank: rank('kv_lora_rank', 32),
    qk_head_dim: rank('qk_head_dim', 128),
    qk_pos_emb_head_dim: rank('qk_pos_emb_head_dim', 64),
    v_head_dim: rank('v_head_dim', 128),
  };
  const named = Object.entries(parts).map(([name, known]) => ({ name, known }));
  return derived(
    {
      queryRank: query?.value ?? 0,
      keyValueRank: parts.kv_lora_rank.value,
      noPositionHead: parts.qk_head_dim.value,
      rotaryHead: parts.qk_pos_emb_head_dim.value,
      valueHead: parts.v_head_dim.value,
    },
    'multi-head latent attention',
    query ? [{ name: 'q_lora_rank', known: query }, ...named] : named,
  );
}

function readExperts(
  flags: MegatronFlags,
  layers: Known<number> | null,
  feedForward: Known<number> | null,
): ReturnType<typeof mixtureOf> | null {
  const count = positive(flags, 'num_experts') ?? positive(flags, 'moe_num_experts');
  if (!count || !layers) return null;
  const { fields, path } = flags;
  const mixtures = mixtureLayers(flags.fields, flags.path('moe_layer_freq'), layers.value);
  const width = positive(flags, 'moe_ffn_hidden_size') ?? feedForward;
  // MegaBlocks' fork has names of its own, and one expert a token where nothing is said.
  const active = fields.has(path('moe_num_experts'))
    ? (positive(flags, 'moe_top_k') ?? byDefault(1, 'MegaBlocks arguments'))
    : (positive(flags, 'moe_router_topk') ?? byDefault(2, of));
  const shared = positive(flags, 'moe_shared_expert_intermediate_size');
  if (mixtures === null || !width) return null;
  return mixtureOf(
    {
      count: count.value,
      active: active.value,
      width: width.value,
      sharedWidth: shared?.value ?? 0,
      ...(shared && isOn(flags, 'moe_shared_expert_gate') ? { sharedGate: true } : {}),
      layers: mixtures,
    },
    [
      { name: 'num_experts', known: count },
      { name: 'moe_router_topk', known: active },
      { name: 'moe_ffn_hidden_size', known: width },
      { name: 'moe_shared_expert_intermediate_size', known: shared },
    ],
  );
}

/**
 * Steps or samples, the global batch or what a rank has of it, and the GPUs a copy takes.
 * `exit_interval` and `exit_duration_in_mins` end one job of a run, not the run.
 */
export function megatronTokens(flags: MegatronFlags): TokenPlan {
  const parallel = (name: string) => positive(flags, name) ?? byDefault(1, of);
  const globalBatch = positive(flags, 'global_batch_size');
  return {
    duration: readDuration(flags, globalBatch),
    sequenceLength: positive(flags, 'seq_length'),
    globalBatch,
    rankBatch: positive(flags, 'micro_batch_size'),
    modelParallel: product([
      { name: 'tensor parallel', known: parallel('tensor_model_parallel_size') },
      { name: 'pipeline parallel', known: parallel('pipeline_model_parallel_size') },
      { name: 'context parallel', known: parallel('context_parallel_size') },
    ]),
  };
}

function readDuration(flags: MegatronFlags, globalBatch: Known<number> | null): Duration | null {
  const samples = positive(flags, 'train_samples');
  if (samples) return { unit: 'sequences', count: samples };
  const tokens = positive(flags, 'train_tokens');
  if (tokens) return { unit: 'tokens', count: tokens };
  const steps = positive(flags, 'train_iters');
  if (!steps) return null;
  const rampUp = rampUpOf(flags);
  const sequences = rampUp && globalBatch ? rampedSequences(steps, globalBatch, rampUp) : null;
  return sequences ? { unit: 'sequences', count: sequences } : { unit: 'steps', count: steps };
}

/** `rampup_batch_size` as a list or as three words. */
function rampUpOf(flags: MegatronFlags): readonly number[] | null {
  const listed = flags.fields.list(flags.path('rampup_batch_size')).map(({ value }) => value);
  const written = text(flags, 'rampup_batch_size')?.value.trim().split(/\s+/) ?? [];
  const numbers = (listed.length > 0 ? listed : written).map(Number);
  return numbers.length === 3 ? numbers : null;
}

/** Whether the arguments start from weights that were trained before. */
export function isContinued(flags: MegatronFlags): boolean {
  const { fields, path } = flags;
  // A script that may pass --finetune starts its own line of checkpoints from other weights.
  const mayTune = fields.find(path('finetune'))?.unresolved !== undefined;
  const tuned = (isOn(flags, 'finetune') || mayTune) && fields.isGiven(path('load'));
  return tuned || fields.isGiven(path('pretrained_checkpoint'));
}

/** How many layers at the ends stay in BF16, as a note; none without the switch. */
export function highPrecisionLayers(flags: MegatronFlags): readonly string[] {
  if (!isOn(flags, 'first_last_layers_bf16')) return [];
  const first = number(flags, 'num_layers_at_start_in_bf16')?.value ?? 1;
  const last = number(flags, 'num_layers_at_end_in_bf16')?.value ?? 1;
  return [`The first ${first} and the last ${last} layers stay in BF16 (first_last_layers_bf16).`];
}
