import type { Fields } from '../config/fields.ts';
import { countOf, programOf } from '../config/launcher.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { generatedTokens } from '../run/tokens.ts';
import { readMegatronCommand } from '../dialects/megatron/command.ts';
import { namedModel, type NamedModel } from '../dialects/models.ts';
import { byDefault } from '../run/known.ts';
import { need } from '../run/need.ts';

/** Flags of the rollouts and of what is learned from them. */
const own = [
  'rollout_batch_size',
  'num_rollout',
  'n_samples_per_prompt',
  'advantage_estimator',
  'rollout_max_response_len',
  'hf_checkpoint',
  'actor_num_gpus_per_node',
];

/** slime, and its fork miles: reinforcement learning by Megatron's flags around SGLang. */
export const slime: FrameworkReader = {
  id: 'slime',
  name: 'slime / miles',
  source:
    'THUDM/slime scripts/run-qwen3-4B.sh (05a0752), slime/backends/megatron_utils/arguments.py',
  syntaxes: ['shell'],
  words: { shell: ['--rollout_batch_size', '--num_rollout', '--hf_checkpoint'] },
  bareFlags: true,
  loader: 'other',
  reads: 'the model of Megatron’s flags or of hf-checkpoint, its format; tokens are generated',

  recognise(fields) {
    return /^train(?:_async)?$/.test(programOf(fields)) && countOf(fields, own) >= 3
      ? 'It starts train.py with a checkpoint and rollouts, as slime’s scripts do.'
      : null;
  },

  read(fields) {
    // It sets bf16 unless fp16 is asked for.
    const reading = readMegatronCommand(
      fields,
      byDefault('bf16', 'slime set_default_megatron_args'),
    );
    const named = fields.has('num_layers') ? null : readCheckpoint(fields);
    return {
      ...reading,
      ...named,
      role: 'finetune',
      // Rollouts share the GPUs, or not, by flags of its own.
      setup: null,
      tokens: generatedTokens,
      needs: named
        ? [...named.needs, ...reading.needs.filter(({ settles }) => settles === 'format')]
        : reading.needs,
    };
  },
};

/** Where the model's flags stand in a file of their own, the checkpoint's folder names the model. */
function readCheckpoint(fields: Fields): NamedModel {
  const written = fields.string('hf_checkpoint');
  const folder = written?.value.split('/').findLast((part) => part !== '');
  if (!written || folder === undefined) {
    const why = 'neither Megatron’s flags nor hf-checkpoint tell the model';
    return { model: null, shape: {}, needs: [need('parameters', why)] };
  }
  return namedModel({ ...written, value: folder });
}
