import type { Fields } from '../config/fields.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { modelAt } from '../dialects/huggingFace/checkpoints.ts';
import { need } from '../run/need.ts';
import type { TokenPlan } from '../run/tokens.ts';

const at = 'training_config.training_args';
const model = 'training_config.model_config.model_name_or_path';

/** SageMaker HyperPod's recipes of its own fine-tuning program (`run.model_type: llm_finetuning_aws`). */
export const hyperpod: FrameworkReader = {
  id: 'hyperpod',
  name: 'SageMaker HyperPod recipes',
  source: 'aws/sagemaker-hyperpod-recipes recipes_collection/recipes/fine-tuning (2631995)',
  syntaxes: ['yaml'],
  words: { config: ['training_config'] },
  loader: 'omegaconf',
  reads: 'model_config.model_name_or_path, max_epochs, train_batch_size, packed samples of max_len',

  recognise(fields) {
    // NeMo’s launcher has a `training_config` too, which names a choice (conf/config.yaml).
    return fields.map(at) !== null && fields.has(model) && fields.has(`${at}.train_batch_size`)
      ? 'It has training_config with model_config and training_args, as HyperPod’s recipes do.'
      : null;
  },

  read(fields) {
    const named = modelAt(fields, model);
    const place = fields.keyPlace(model);
    return {
      role: 'finetune',
      model: named.model,
      shape: named.shape,
      tokens: readTokens(fields),
      precision: null,
      precisionPlaces: place ? [place] : [],
      writeFormat: null,
      needs: [...named.needs, need('format', 'the program’s own default is not in the recipe')],
    };
  },
};

/** `train_batch_size` is a step's samples over all GPUs, `micro_train_batch_size` one GPU's. */
function readTokens(fields: Fields): TokenPlan {
  const epochs = fields.positive(`${at}.max_epochs`);
  const steps = fields.positive(`${at}.max_steps`);
  return {
    duration: steps ? { unit: 'steps', count: steps } : epochs && { unit: 'epochs', count: epochs },
    globalBatch: fields.positive(`${at}.train_batch_size`),
    sequenceLength: fields.positive(`${at}.max_len`),
    packed: fields.isTrue(`${at}.packing_samples`),
  };
}
