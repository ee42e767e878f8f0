import { byDefault, type Known } from '../../run/known.ts';
import { need } from '../../run/need.ts';
import type { Precision } from '../../run/run.ts';
import type { Setup } from '../../run/setup.ts';
import type { ConfigNode, MapNode } from '../../syntax/tree.ts';
import type { Fields } from '../../config/fields.ts';
import { callsOf } from '../../config/pythonCalls.ts';
import { loadedBase, peftAdapters } from '../../dialects/huggingFace/peft.ts';
import {
  allWeights,
  launcherDecides,
  trainerLayout,
  trainerOptimizer,
  trainerSetup,
  type Trained,
} from '../../dialects/huggingFace/setup.ts';

const keys = { rank: 'r', targets: 'target_modules', whole: 'modules_to_save', dora: 'use_dora' };
const sequenceKeys = ['max_length', 'max_seq_length', 'model_max_length'];

/** How a script's run is trained; null where that is not told in the calls of the file. */
export function pythonSetup(
  fields: Fields,
  model: ConfigNode | null,
  precision: Precision | null,
): Setup | null {
  const tag = fields.root.tag ?? '';
  if (!precision || model?.kind !== 'map') return null;
  const loaded = fields.with(model);
  const isUnsloth = /Fast(?:Language)?Model/.test(model.tag ?? '');
  const is16Bit = precision.format.value !== 'fp32';
  const dtype = loaded.string('torch_dtype') ?? loaded.string('dtype');
  const weights = isUnsloth || (dtype && /16|auto/.test(dtype.value)) ? 2 : 4;
  const isOther = !/(?:SFTConfig|TrainingArguments)$/.test(tag);
  const checkpointing =
    fields.boolean('gradient_checkpointing')?.value ?? tag.endsWith('SFTConfig');
  return trainerSetup(fields, {
    trained: readTrained(fields, loaded, weights, isUnsloth),
    weights,
    is16Bit,
    optimizer: trainerOptimizer(fields),
    microBatch:
      fields.positive('per_device_train_batch_size') ??
      byDefault(8, 'transformers TrainingArguments'),
    sequenceLength: sequenceLength(fields, loaded),
    // Unsloth recomputes layers and fuses the loss unasked (015bdef, unsloth/models/llama.py).
    recomputes: checkpointing || isUnsloth,
    fusedLoss: isUnsloth || fields.isTrue('use_liger_kernel'),
    layout: trainerLayout(fields, launcherDecides),
    needs: isOther
      ? [need('memory', 'what this kind of training keeps beside the model is not counted')]
      : [],
  });
}

function sequenceLength(fields: Fields, loaded: Fields): Known<number> | null {
  return (
    sequenceKeys.map((key) => fields.positive(key) ?? loaded.positive(key)).find((each) => each) ??
    null
  );
}

/** The adapters of the file's one LoraConfig, or of Unsloth's get_peft_model. */
function readTrained(fields: Fields, loaded: Fields, weights: 2 | 4, isUnsloth: boolean): Trained {
  const [root] = fields.tree.documents;
  const calls = root ? callsOf(root, /(?:^|\.)(?:LoraConfig|get_peft_model)$/) : [];
  const own = calls.filter(hasRank);
  const [call] = own;
  if (own.length > 1 || (call === undefined && calls.length > 0)) {
    return { ...allWeights, needs: [need('memory', 'the adapters are not told in one call')] };
  }
  if (!call) return allWeights;
  const bits = quantised(fields, loaded, isUnsloth);
  if (bits === 'unknown') {
    return { ...allWeights, needs: [need('memory', 'how the base is stored is not told')] };
  }
  // PEFT's prepare_model_for_kbit_training casts the rest to FP32; Unsloth leaves it.
  const others = bits === null || isUnsloth ? weights : 4;
  return peftAdapters(
    fields.with(call),
    keys,
    { of: 'PEFT LoraConfig', rank: 8, targets: null },
    loadedBase(bits, isUnsloth, others),
  );
}

const hasRank = (call: MapNode): boolean => call.byKey.has('r') || call.byKey.has('target_modules');

/** In how many bits the base is loaded: by the call itself, or by the file's BitsAndBytesConfig. */
function quantised(fields: Fields, loaded: Fields, isUnsloth: boolean): 4 | 8 | null | 'unknown' {
  const [root] = fields.tree.documents;
  const configs = root ? callsOf(root, /(?:^|\.)BitsAndBytesConfig$/) : [];
  if (configs.length > 1) return 'unknown';
  const [config] = configs;
  for (const at of [loaded, ...(config ? [fields.with(config)] : [])]) {
    if (at.isTrue('load_in_4bit')) return 4;
    if (at.isTrue('load_in_8bit')) return 8;
  }
  const isOff = loaded.boolean('load_in_4bit')?.value === false;
  return isUnsloth && !isOff && !loaded.isTrue('full_finetuning') ? 4 : null;
}
