import type { ConfigNode } from '../../syntax/tree.ts';
import type { Fields, Path } from '../../config/fields.ts';
import { runSections, under } from './places.ts';
import { isOtherModel } from '../../dialects/huggingFace/trainer.ts';

/** Keys that only models and runs have that are no decoder's pre-training, as whole words. */
const specialKeys = new RegExp(
  `^(?:${[
    // Pictures, sound, video, diffusion, adversaries.
    '(?:image|img|patch|crop|input)_(?:size|shape|resolution)|patch_(?:len|stride)',
    '(?:in|out|num|input|output)_(?:channels|chans)|num_channels|channel_mult(?:iplier)?',
    'n_mels?|num_mel_bins|sample_rate|sampling_rate|hop_length|win_length|n_fft|feat(?:ure)?_(?:dim|in)',
    'num_frames|fps|unet|vae|vae_config|diffusion|denoiser|noise_schedule(?:r)?|beta_(?:start|end|schedule)',
    'num_(?:train_)?timesteps|discriminator|generator|latent_dim|z_dim|vision(?:_config|_tower|_encoder)?|codebook_size|num_codebooks',
    // Encoders, pairs of sequences, labels.
    'encoder|(?:num_|n_)?(?:encoder|decoder|enc|dec|e|d)_layers?|n_(?:enc|dec)(?:_layers?)?|encoder_(?:dim|config|hidden_size|num_layers|layers)',
    'type_vocab_size|mlm(?:_prob(?:ability)?)?|mask(?:ing)?_prob(?:ability)?|masked_lm.*|max_predictions_per_seq|is_encoder_decoder',
    'src|tgt|(?:src|tgt|source|target)_(?:vocab(?:_size)?|lang(?:uage)?|len(?:gth)?)|num_(?:classes|labels|speakers)|n_classes|c(?:trast|lassif)\\w*',
    'pred_len|label_len|(?:forecast|prediction)_(?:horizon|length)|num_items|item_num|num_(?:node|edge)_(?:features|types)|num_relations|num_atom_types|num_residues',
    'teacher(?:_model)?|student(?:_model)?|distill(?:ation)?|draft_model(?:_config)?',
    // Other layers.
    'd_state|state_size|ssm\\w*|d_conv|mamba\\w*|rwkv\\w*|recurrent_\\w+|time_mix\\w*|rnn_\\w+|lstm\\w*|kv_lora_rank',
    // Reinforcement learning.
    'env_(?:name|id)|environment_name|num_envs|n_envs|gae_lambda|clip_range|clip_eps\\w*|discount|replay_(?:buffer|size)\\w*|act(?:ion)?_dim|state_dim|obs(?:ervation)?_dim|max_ep_len|kl_coef|init_kl_coef|reward_\\w+|rollout|actor|critic',
    // Serving and decoding.
    'kv_cache_config|max_num_seqs|gpu_memory_utilization|tensorrt\\w*|beam_(?:size|width)',
  ].join('|')})$`,
);

/** How many keys are looked at; a config of a run has a few hundred. */
const maximumKeys = 5000;

/** Keys at the root of files that describe interfaces and deployments. */
const documentKeys = [
  'apiVersion',
  'kind',
  'openapi',
  'swagger',
  'services',
  'replicaCount',
  'jobs',
];

/**
 * Whether anything in the file says that it is no decoder language model's run: a key of another
 * trade at any depth, or a name of another kind of model under `model`, `type`, `name`, `arch`…
 */
export function isSpecial(fields: Fields): boolean {
  if (documentKeys.some((key) => fields.has(key))) return true;
  if (runSections(fields).some((at) => namesOther(fields, at))) return true;
  const waiting: ConfigNode[] = [fields.root];
  for (let seen = 0; waiting.length > 0 && seen < maximumKeys;) {
    const node = waiting.pop();
    if (node?.kind === 'list') waiting.push(...node.items);
    if (node?.kind !== 'map') continue;
    for (const { key, value } of node.entries) {
      seen += 1;
      if (specialKeys.test(key.toLowerCase().replaceAll('-', '_'))) return true;
      waiting.push(value);
    }
  }
  return false;
}

const nameKeys =
  /^(?:model|model_?(?:name|type|class|arch\w*)|type|name|arch\w*|class|class_?(?:name|path)|_target_|_component_|target|task|objective|loss(?:_fn|_type)?|experiment\w*|run_?name|project|description|modality)$/i;

const otherTrades =
  /(?:^|[^a-z])(?:vit|gan|vae|unet|dit|sit|diffusion|wav2vec2?|whisper|conformer|hubert|asr|tts|speech|audio|image|video|vision|resnet|clip|siglip|bert|roberta|t5|bart|seq2seq|encoder|translation|classif\w*|detect\w*|segment\w*|mlm|masked|mamba\d?|rwkv|hyena|retnet|lstm|gru|rnn|ppo|dqn|sac|grpo|dpo|rlhf|rl|reward|policy|protein|molecul\w*|recommend\w*|(?:sas|bert4|gru4)rec|recsys|forecast\w*|time_?series|retrieval|rerank\w*|embedding|contrastive|moco|simclr|mae|eval\w*|generat(?:e|ion)|inference|serv\w+)(?![a-z])/i;

/** Whether the mapping at `at` names another kind of model or work. */
function namesOther(fields: Fields, at: Path): boolean {
  return fields.keys(at === '' ? undefined : at).some((key) => {
    if (!nameKeys.test(key)) return false;
    const text = fields.string(under(at, key))?.value ?? '';
    return text.length < 200 && (isOtherModel(text) || otherTrades.test(text));
  });
}
