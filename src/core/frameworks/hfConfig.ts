import { own } from '../run/own.ts';
import { byDefault, type Known } from '../run/known.ts';
import type { Granularity, Operand, Precision } from '../run/run.ts';
import { noTokens } from '../run/tokens.ts';
import { deepseekInference } from '../dialects/huggingFace/deepseekShape.ts';
import type { Fields } from '../config/fields.ts';
import { hfShape } from '../dialects/huggingFace/shape.ts';
import { olmoShape } from './olmo/olmo.ts';
import { otherReading } from '../config/otherReading.ts';
import {
  forwardOnly,
  plainFormat,
  plainPrecision,
  recipePrecision,
  recipes,
} from '../config/precision.ts';
import type { FrameworkReader, Reading } from '../config/reader.ts';
import type { Need } from '../run/need.ts';

/** A model's own `config.json`, and the one of DeepSeek's inference code. */
export const hfConfig: FrameworkReader = {
  id: 'hf-config',
  name: 'Hugging Face model config',
  source: 'huggingface/transformers and deepseek-ai/DeepSeek-V3 inference (read 2026-08)',
  // Latent attention has no heads of keys and values to count.
  harmless: ['num_key_value_heads'],
  syntaxes: ['json'],
  words: { config: ['n_layer', 'num_layers', 'num_hidden_layers', 'n_routed_experts'] },
  loader: 'other',
  reads: 'the shape by model_type, dtype and quantization_config of the stored weights; no run',

  recognise(fields) {
    if (isDeepseek(fields)) {
      return 'It has dim, n_routed_experts and kv_lora_rank, as DeepSeek’s inference configs do.';
    }
    // Templates hold names where the numbers go (`"hidden_size": CONFIG_HIDDEN_SIZE`).
    const wide = ['hidden_size', 'n_embd', 'd_model', 'n_embed'].some((key) =>
      fields.positive(key),
    );
    const deep = ['num_hidden_layers', 'n_layer', 'n_layers', 'num_layers'].some((key) =>
      fields.positive(key),
    );
    return fields.list('architectures').length > 0 && wide && deep
      ? 'It has architectures, a width and a number of layers, as a model’s config.json does.'
      : null;
  },

  read(fields) {
    if (isDeepseek(fields)) return modelReading(fields, deepseekInference(fields), null, []);
    const [architecture] = fields.list('architectures');
    if (!architecture || !isDecoder(architecture.value)) {
      return otherReading(
        `The architecture “${architecture?.value ?? ''}” is not a decoder language model.`,
      );
    }
    if (fields.string('model_type')?.value === 'hf_olmo') {
      return modelReading(fields, olmoShape(fields, ''), architecture, []);
    }
    const { shape, needs } = hfShape(fields, '');
    return modelReading(fields, shape, architecture, needs);
  },
};

function isDeepseek(fields: Fields): boolean {
  return ['dim', 'n_routed_experts', 'kv_lora_rank'].every((key) => fields.has(key));
}

/** Encoders have language-modelling heads too, so their families are named. */
function isDecoder(architecture: string): boolean {
  const encoder =
    /^(?:Bert|Roberta|XLMRoberta|Electra|Camembert|BigBird|Ernie|Data2Vec|T5|MT5|Bart|MBart|Whisper|Pegasus|Mamba|Falcon(?:Mamba|H1)|Rwkv)/;
  return /(?:ForCausalLM|LMHeadModel)$/.test(architecture) && !encoder.test(architecture);
}

function modelReading(
  fields: Fields,
  shape: Reading['shape'],
  model: Known<string> | null,
  needs: readonly Need[],
): Reading {
  const keys = ['quantization_config', 'dtype', 'torch_dtype'];
  const place = keys.map((key) => fields.place(key)).find((each) => each !== null);
  return {
    role: 'model',
    model,
    shape,
    tokens: noTokens,
    precision: readPrecision(fields),
    precisionPlaces: place ? [place] : [],
    writeFormat: null,
    needs,
  };
}

const storedNote =
  'quantization_config says how the weights are stored, not the format they were trained in.';

function readPrecision(fields: Fields): Precision | null {
  const dtype = fields.string('dtype') ?? fields.string('torch_dtype');
  const base = plainFormat(dtype);
  if (isDeepseek(fields)) {
    if (dtype?.value === 'fp8') {
      const powers = fields.string('scale_fmt')?.value === 'ue8m0';
      const block = recipePrecision(recipes.deepseekBlock, dtype);
      return powers ? { ...block, scale: 'e8m0' } : block;
    }
    return plainPrecision(base ?? byDefault('bf16', 'DeepSeek inference ModelArgs'));
  }
  if (!fields.map('quantization_config')) return base && plainPrecision(base);
  return readStored(fields, base?.value ?? null) ?? (base && plainPrecision(base, [storedNote]));
}

/** The stored format by quant_method; a method that is not listed gives null. */
function readStored(fields: Fields, base: string | null): Precision | null {
  const at = (key: string) => `quantization_config.${key}`;
  const method = fields.string(at('quant_method'));
  if (!method) return null;
  const weights: readonly Operand[] = ['weights'];
  const bits = fields.positive(at('bits'));
  const group = fields.number(at('group_size'));
  switch (method.value) {
    case 'fp8': {
      const block = fields.positive(at('weight_block_size.0'));
      if (!block) return stored('fp8-e4m3', method, 'tensor', null, base, bothOperands);
      return block.value === 128
        ? recipePrecision(recipes.deepseekBlock, method, base, [storedNote])
        : stored('fp8-e4m3', method, 'block', block.value, base, bothOperands);
    }
    case 'fbgemm_fp8':
      return stored('fp8-e4m3', method, 'channel', null, base, bothOperands);
    case 'mxfp4':
      return recipePrecision(forwardOnly(recipes.mxfp4, weights), method, base, [storedNote]);
    case 'bitsandbytes':
      if (fields.isTrue(at('load_in_8bit'))) {
        return stored('int8', method, 'channel', null, base, bothOperands);
      }
      return fields.string(at('bnb_4bit_quant_type'))?.value === 'fp4'
        ? stored('fp4-e2m1', method, 'block', 64, base, weights)
        : stored('nf4', method, 'block', 64, base, weights);
    case 'gptq':
    case 'awq':
    case 'auto-round':
      if (bits?.value !== 4 && bits?.value !== 8) return null;
      return group && group.value > 0
        ? stored(`int${bits.value}`, method, 'block', group.value, base, weights)
        : stored(`int${bits.value}`, method, 'channel', null, base, weights);
    case 'fp_quant': {
      const dtype = fields.string(at('forward_dtype'))?.value;
      const recipe = dtype === 'mxfp4' ? recipes.mxfp4 : dtype === 'nvfp4' ? recipes.nvfp4 : null;
      return recipe && recipePrecision(forwardOnly(recipe), method, base, [storedNote]);
    }
    case 'quark':
      return quarkFormat(fields, method, base);
    case 'modelopt':
      return modeloptFormat(fields, method, base);
    case 'compressed-tensors':
      return compressedFormat(fields, method, base);
    default:
      return null;
  }
}

const bothOperands: readonly Operand[] = ['weights', 'activations'];

function stored(
  format: string,
  method: Known<string>,
  granularity: Granularity,
  block: number | null,
  base: string | null,
  operands: readonly Operand[],
): Precision {
  return {
    format: { value: format, origin: method.origin },
    gradientFormat: null,
    granularity,
    block,
    scale: null,
    operands,
    base,
    recipe: method.value,
    notes: [storedNote],
  };
}

function modeloptFormat(
  fields: Fields,
  method: Known<string>,
  base: string | null,
): Precision | null {
  const algorithm = fields.string('quantization_config.quant_algo')?.value.toUpperCase();
  if (algorithm === 'FP8') return stored('fp8-e4m3', method, 'tensor', null, base, bothOperands);
  return algorithm === 'NVFP4'
    ? recipePrecision(forwardOnly(recipes.nvfp4), method, base, [storedNote])
    : null;
}

/** The weights of the first group: float 8 = E4M3, float 4 = E2M1, int 4 and 8. */
function compressedFormat(
  fields: Fields,
  method: Known<string>,
  base: string | null,
): Precision | null {
  const groups = 'quantization_config.config_groups';
  const [name] = fields.keys(groups);
  const at = (key: string) => `${groups}.${name ?? ''}.${key}`;
  const bits = fields.positive(at('weights.num_bits'))?.value;
  const float = fields.string(at('weights.type'))?.value === 'float';
  const size = fields.positive(at('weights.group_size'))?.value ?? null;
  const operands: readonly Operand[] =
    fields.map(at('input_activations')) === null ? ['weights'] : bothOperands;
  if (float && bits === 4 && size === 16) {
    return recipePrecision(forwardOnly(recipes.nvfp4, operands), method, base, [storedNote]);
  }
  const format =
    bits === 8 ? (float ? 'fp8-e4m3' : 'int8') : bits === 4 ? (float ? 'fp4-e2m1' : 'int4') : null;
  if (format === null) return null;
  const strategy = fields.string(at('weights.strategy'))?.value;
  const block = strategy === 'block' ? 128 : size;
  if (block !== null) return stored(format, method, 'block', block, base, operands);
  return stored(
    format,
    method,
    strategy === 'channel' ? 'channel' : 'tensor',
    null,
    base,
    operands,
  );
}

/** AMD Quark's weight tensor: dtype, qscheme and group_size; fp4 in groups of 32 with E8M0 is MXFP4. */
function quarkFormat(fields: Fields, method: Known<string>, base: string | null): Precision | null {
  const at = (key: string) => `quantization_config.global_quant_config.${key}`;
  const operands: readonly Operand[] =
    fields.map(at('input_tensors')) === null ? ['weights'] : bothOperands;
  const dtype = fields.string(at('weight.dtype'))?.value ?? '';
  const scheme = fields.string(at('weight.qscheme'))?.value;
  const group = fields.positive(at('weight.group_size'))?.value ?? null;
  if (dtype === 'fp4' && group === 32) {
    return recipePrecision(forwardOnly(recipes.mxfp4, operands), method, base, [storedNote]);
  }
  const formats: Readonly<Record<string, string>> = {
    fp8_e4m3: 'fp8-e4m3',
    fp8_e5m2: 'fp8-e5m2',
    int8: 'int8',
    uint8: 'int8',
    int4: 'int4',
    uint4: 'int4',
  };
  const format = own(formats, dtype);
  if (format === undefined) return null;
  if (scheme === 'per_group' && group !== null) {
    return stored(format, method, 'block', group, base, operands);
  }
  return stored(
    format,
    method,
    scheme === 'per_channel' ? 'channel' : 'tensor',
    null,
    base,
    operands,
  );
}
