import { own } from '../../run/own.ts';
import { findPreset } from '../../architecture/presets.ts';
import type { ShapeReading } from '../../architecture/shape.ts';
import { byDefault, type Known } from '../../run/known.ts';
import type { Role } from '../../run/run.ts';
import { noTokens } from '../../run/tokens.ts';
import { mapNode } from '../../syntax/tree.ts';
import type { Fields } from '../../config/fields.ts';
import { maxtext } from '../maxtext/maxtext.ts';
import { megatronBridge } from '../megatronBridge/megatronBridge.ts';
import {
  isContinued,
  megatronShape,
  megatronTokens,
  type MegatronFlags,
} from '../../dialects/megatron/flags.ts';
import {
  megatronPrecision,
  megatronPrecisionPlaces,
  megatronRows,
} from '../../dialects/megatron/precision.ts';
import { publishedShape } from '../../dialects/models.ts';
import { nemoAutomodel } from '../nemoAutomodel/nemoAutomodel.ts';
import { otherReading } from '../../config/otherReading.ts';
import { primusExperiment, primusPreset, trainingModule, type PrimusModule } from './files.ts';
import type { FrameworkReader, Reading } from '../../config/reader.ts';
import { megatronSetup } from '../../dialects/megatron/setup.ts';
import { namedTokenizer } from '../../dialects/tokenizers.ts';
import { torchtitan } from '../torchtitan/torchtitan.ts';
import { formatWriter } from '../../config/writing.ts';
import { need, type Need } from '../../run/need.ts';

/** Frameworks whose own keys stand in an experiment's presets and overrides. */
const others: Readonly<Record<string, FrameworkReader>> = {
  torchtitan,
  maxtext,
  megatron_bridge: megatronBridge,
  nemo_automodel: nemoAutomodel,
};

/** Keys of a Megatron preset of Primus; two of them beside `extends` make one. */
const presetKeys = [
  'num_layers',
  'hidden_size',
  'tokenizer_type',
  'tokenizer_model',
  'tokenizer_path',
  'model_name',
  'norm_epsilon',
  'normalization',
  'group_query_attention',
  'max_position_embeddings',
  'micro_batch_size',
  'global_batch_size',
  'train_iters',
  'num_experts',
  'moe_router_topk',
  'moe_grouped_gemm',
  'multi_latent_attention',
] as const;

/** AMD Primus: one experiment file over presets, dispatched to the framework it names. */
export const primus: FrameworkReader = {
  id: 'primus',
  name: 'Primus',
  source: 'AMD-AGI/Primus (2026-08-22)',
  syntaxes: ['yaml'],
  words: { config: ['modules:', 'flavor:', 'extends:'] },
  loader: 'other',
  reads:
    'modules with framework, model preset (extends) and overrides; Megatron, torchtitan and MaxText keys',

  recognise(fields) {
    const module = trainingModule(fields);
    const at = `modules.${module?.name ?? ''}`;
    if (module && (fields.has(`${at}.overrides`) || fields.has(`${at}.model`))) {
      return 'It has modules with a framework, a model and overrides, as Primus’s experiments do.';
    }
    if (isTorchtitanPreset(fields)) {
      return 'It has model.name and model.flavor in YAML, as Primus’s torchtitan presets do.';
    }
    const extending = fields.list('extends').some(({ value }) => /\.ya?ml$/.test(value));
    const keys = presetKeys.filter((key) => fields.root.byKey.has(key));
    return extending && keys.length >= 2
      ? `It extends another file and has ${keys.slice(0, 2).join(' and ')}, as Primus’s presets do.`
      : null;
  },

  compose(fields) {
    const module = trainingModule(fields);
    if (!module) return primusPreset(fields);
    const experiment = primusExperiment(fields, module);
    const ownFields = own(others, module.framework)
      ? experiment.fields.ownOnly()
      : experiment.fields;
    // Their defaults are known to their own readers; Primus's copies would pass for statements.
    const inner = own(others, module.framework)?.compose?.(ownFields) ?? {
      fields: ownFields,
      needs: [],
    };
    const modules = fields.root.entries.filter(({ key }) => key === 'modules');
    const { root, own: stated } = inner.fields;
    const kept = root.entries.filter(({ key }) => key !== 'modules');
    return {
      fields: inner.fields.with(mapNode(root.place, [...kept, ...modules]), stated),
      needs: [...experiment.needs, ...inner.needs],
    };
  },

  read(fields) {
    const module = trainingModule(fields);
    if (!module) return readPreset(fields);
    const reader = own(others, module.framework);
    if (reader) return named(reader.read(fields), module);
    if (module.framework !== 'megatron') {
      return otherReading(`Its framework is ${module.framework}, which trains no language model.`);
    }
    return readMegatron(fields, module);
  },
};

/** The preset's name stands for a published shape where the preset itself is not at hand. */
function named(reading: Reading, module: PrimusModule): Reading {
  if (Object.keys(reading.shape).length > 0) return reading;
  return { ...reading, shape: publishedByName(module) ?? {} };
}

function publishedByName({ model }: PrimusModule): ShapeReading | null {
  const preset = model === null ? undefined : findPreset(model.replace(/\.ya?ml$/, ''));
  return preset ? publishedShape(preset.shape, preset.id, preset.source) : null;
}

function flagsOf(fields: Fields): MegatronFlags {
  return { fields, path: (name) => name };
}

function readMegatron(fields: Fields, module: PrimusModule): Reading {
  const flags = flagsOf(fields);
  const otherwise = byDefault<'bf16' | 'fp32'>(
    fields.has('bf16') ? 'fp32' : 'bf16',
    'Primus trainer_base.yaml',
  );
  const precision = megatronPrecision(flags, otherwise);
  const { shape, needs } = shapeOf(flags, module);
  const tokens = megatronTokens(flags);
  const own = fields.ownOnly();
  const stated = ['train_iters', 'train_samples'].some((key) => own.isSet(key));
  const at = `modules.${module.name}.overrides`;
  return {
    role: roleOf(flags, module),
    model: modelName(fields, module),
    shape,
    // The trainer's defaults train for some steps too, but every launch says its own.
    tokens: stated
      ? tokens
      : { ...tokens, duration: null, needs: [need('tokens', 'the file does not say train_iters')] },
    precision,
    setup: megatronSetup(flags, precision),
    precisionPlaces: megatronPrecisionPlaces({ ...flags, fields: own }, precision),
    writeFormat: fields.map(at)
      ? formatWriter(
          own,
          megatronRows({ path: flags.path, fp8: 'fp8', fp4: 'fp4', none: 'null' }, flags),
        )
      : null,
    needs,
  };
}

function roleOf(flags: MegatronFlags, module: PrimusModule): Role {
  if (/post|sft/.test(module.name)) return 'finetune';
  return isContinued(flags) ? 'continued' : 'pretrain';
}

function modelName(fields: Fields, module: PrimusModule): Known<string> | null {
  return fields.string(`modules.${module.name}.model`);
}

/** What Primus's language_model.yaml states for every model: without it a preset is half a shape. */
const baseKeys = ['num_layers', 'hidden_size', 'num_attention_heads', 'swiglu', 'normalization'];

function shapeOf(
  flags: MegatronFlags,
  module: PrimusModule,
): { readonly shape: ShapeReading; readonly needs: readonly Need[] } {
  const { fields } = flags;
  if (baseKeys.every((key) => fields.has(key))) return megatronShape(flags);
  const shape = publishedByName(module);
  const stated: readonly (readonly [string, Known<number> | undefined])[] = [
    ['num_layers', shape?.layers],
    ['hidden_size', shape?.hidden],
    ['num_attention_heads', shape?.heads],
    ['ffn_hidden_size', shape?.feedForward],
  ];
  const experts = fields.positive('num_experts')?.value ?? null;
  const asPublished = stated.every(([key, known]) => {
    const value = fields.positive(key)?.value;
    return value === undefined || value === known?.value;
  });
  if (shape && asPublished && (experts === null || experts === shape.experts?.value?.count)) {
    const vocabulary = namedTokenizer(fields, ['tokenizer_model']);
    return { shape: { ...shape, ...(vocabulary && { vocabulary }) }, needs: [] };
  }
  const model = module.model ?? 'the model';
  return {
    shape: {},
    needs: [need('parameters', `the preset ${model} with all it extends is needed`)],
  };
}

function isTorchtitanPreset(fields: Fields): boolean {
  return fields.has('model.name') && fields.has('model.flavor') && !fields.has('training');
}

/** A preset describes a model or a trainer, never a run. */
function readPreset(fields: Fields): Reading {
  if (isTorchtitanPreset(fields)) {
    return { ...torchtitan.read(fields), role: 'model', tokens: noTokens };
  }
  if (fields.has('model_name')) return { ...maxtext.read(fields), role: 'model', tokens: noTokens };
  const flags = flagsOf(fields);
  const states = ['bf16', 'fp16', 'fp8', 'fp4'].some((key) => fields.isSet(key));
  const precision = states ? megatronPrecision(flags) : null;
  const whole = baseKeys.every((key) => fields.has(key));
  const { shape, needs } = whole ? megatronShape(flags) : { shape: {}, needs: [] };
  return {
    role: 'model',
    model: null,
    shape,
    tokens: noTokens,
    precision,
    precisionPlaces: megatronPrecisionPlaces(flags, precision),
    writeFormat: null,
    needs,
  };
}
