import { placeOf } from '../run/known.ts';
import type { Precision, WriteResult } from '../run/run.ts';
import type { Fields } from '../config/fields.ts';
import { countOf, launchedGpus, untold } from '../config/launcher.ts';
import { namedModel, type NamedModel } from '../dialects/models.ts';
import { plainFormat, plainPrecision, recipePrecision, recipes } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import type { TokenPlan } from '../run/tokens.ts';
import { formatWriter, setKeys } from '../config/writing.ts';
import { need } from '../run/need.ts';

const own = [
  'plugin',
  'mixed_precision',
  'use_fp8',
  'use_fp8_comm',
  'zero_stage',
  'zero_cpu_offload',
  'use_flash_attn',
  'accumulation_steps',
  'micro_batch_size',
  'padding_mode',
];

/** ColossalAI's training scripts: the plugin and the number format are flags. */
export const colossalai: FrameworkReader = {
  id: 'colossalai',
  name: 'ColossalAI',
  source: 'hpcaitech/ColossalAI (2026-04-09)',
  syntaxes: ['shell'],
  words: { shell: ['--plugin'] },
  loader: 'other',
  reads:
    'plugin, mixed_precision, use_fp8, pretrained or config; use_fp8_comm is communication only',

  recognise(fields) {
    const plugin = fields.string('plugin');
    const known =
      /^(?:torch_ddp|torch_fsdp|gemini(?:_auto)?|zero2(?:_cpu)?|3d(?:_cpu)?|ddp|fsdp\w*|hybrid_parallel|low_level_zero)$/;
    return plugin && known.test(plugin.value) && countOf(fields, own) >= 2
      ? 'It starts a program with ColossalAI’s plugin and mixed_precision.'
      : null;
  },

  read(fields) {
    const { model, shape, needs } = readModel(fields);
    const unknown = untold(fields, ['mixed_precision', 'use_fp8'], 'format');
    const precision = unknown.length > 0 ? null : readPrecision(fields);
    const place = placeOf(precision?.format) ?? fields.place('plugin');
    return {
      role: roleOf(fields),
      model,
      shape,
      tokens: readTokens(fields),
      precision,
      precisionPlaces: place ? [place] : [],
      writeFormat: formatWriter(fields, [
        { recipe: 'bf16', edits: (f) => writePlain(f, 'bf16') },
        { recipe: 'fp16', edits: (f) => writePlain(f, 'fp16') },
        { recipe: 'fp32', edits: (f) => writePlain(f, 'fp32') },
        {
          recipe: recipes.aoTensorwise,
          edits: (f) => setKeys(f, f.isTrue('use_fp8') ? {} : { use_fp8: '' }),
        },
      ]),
      needs: [...needs, ...unknown],
    };
  },
};

function writePlain(fields: Fields, name: string): WriteResult {
  return setKeys(fields, {
    ...(fields.has('use_fp8') && { use_fp8: null }),
    mixed_precision: name,
  });
}

function roleOf(fields: Fields): 'pretrain' | 'continued' | 'finetune' {
  const tuned = ['lora_rank', 'use_lora', 'sft', 'chat_template', 'conversation_template'];
  if (countOf(fields, tuned) > 0) return 'finetune';
  // Weights that the script does not name are weights, too.
  return ['pretrained', 'load_checkpoint', 'checkpoint_path', 'load'].some(
    (key) => fields.isSet(key) || fields.find(key)?.unresolved !== undefined,
  )
    ? 'continued'
    : 'pretrain';
}

function readModel(fields: Fields): NamedModel {
  const name =
    fields.string('pretrained') ??
    fields.string('model_path') ??
    fields.string('model_name') ??
    fields.string('model');
  if (name) return namedModel(name);
  const config = fields.string('config');
  const needs = config
    ? [need('parameters', `the script’s model config “${config.value}” is its program’s own`)]
    : [need('parameters', 'the script does not name the model')];
  return { model: config, shape: {}, needs };
}

function readTokens(fields: Fields): TokenPlan {
  const rankBatch = fields.positive('batch_size') ?? fields.positive('micro_batch_size');
  const length = fields.positive('max_length') ?? fields.positive('max_len');
  const steps = fields.positive('num_steps') ?? fields.positive('max_steps');
  const epochs = fields.positive('num_epochs') ?? fields.positive('max_epochs');
  const parallel = ['tp', 'pp', 'sp'].some((key) => fields.has(key));
  return {
    duration: steps ? { unit: 'steps', count: steps } : epochs && { unit: 'epochs', count: epochs },
    sequenceLength: length,
    rankBatch,
    worldSize: launchedGpus(fields),
    ...(parallel && { modelParallel: null }),
    needs: untold(fields, ['num_epochs', 'num_steps', 'batch_size', 'max_length'], 'tokens'),
  };
}

/** FP8 linear layers: E4M3 forward, E5M2 gradients, one dynamic scale a tensor. */
function readPrecision(fields: Fields): Precision | null {
  const base = plainFormat(fields.string('mixed_precision'));
  const fp8 = fields.boolean('use_fp8');
  if (fp8?.value === true) {
    const recipe = { ...recipes.aoTensorwise, name: 'ColossalAI FP8' };
    return recipePrecision(recipe, fp8, base?.value ?? 'bf16');
  }
  const notes = fields.isTrue('use_fp8_comm')
    ? ['use_fp8_comm sends FP8 between the GPUs; the multiplications stay in 16 bits.']
    : [];
  return base && plainPrecision(base, notes);
}
