import { placeOf, type Known } from '../run/known.ts';
import type { Precision } from '../run/run.ts';
import type { Fields, Path } from '../config/fields.ts';
import { namedModel } from '../dialects/models.ts';
import {
  blockFormats,
  noModel,
  perBlock,
  perChannel,
  perTensor,
  quantisedPrecision,
  quantiseReading,
  type Quantised,
  type QuantisedOperands,
} from '../dialects/postTraining.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { need } from '../run/need.ts';

/** LLM Compressor: recipes of modifiers in stages, and the configs that apply a preset scheme. */
export const llmCompressor: FrameworkReader = {
  id: 'llm-compressor',
  name: 'LLM Compressor',
  source: 'vllm-project/llm-compressor (2026-08-22) and compressed-tensors',
  syntaxes: ['yaml', 'json'],
  words: { config: ['_modifiers', 'scheme'] },
  loader: 'pyyaml-typed',
  reads: 'QuantizationModifier, GPTQModifier… by scheme or config_groups; post-training only',

  recognise(fields) {
    if (modifiers(fields).length > 0) {
      return 'It has stages with *_modifiers, as LLM Compressor’s recipes do.';
    }
    return isPresetRun(fields)
      ? 'It applies a preset scheme of compressed-tensors to a model.'
      : null;
  },

  read(fields) {
    const groups = isPresetRun(fields)
      ? schemes(fields, '')
      : modifiers(fields).flatMap((path) => groupsOf(fields, path));
    const main = groups.find(({ targets }) => targets.includes('Linear')) ?? groups[0];
    if (!main) {
      const needs = [need('format', 'the recipe quantises nothing (it prunes or smooths)')];
      return quantiseReading(null, null, { ...noModel, needs });
    }
    const precision = main.operands && quantisedPrecision(main.name, main.stated, main.operands);
    const unread = precision
      ? []
      : [need('format', `the scheme “${main.name}” is not one with a known format`)];
    const place = placeOf(main.stated) ?? null;
    const others = groups.filter((group) => group !== main && differs(group, main));
    const named = isPresetRun(fields) ? namedModel(fields.string('model')) : noModel;
    return quantiseReading(precision && noted(precision, others), place, {
      ...named,
      needs: [...named.needs, ...unread],
    });
  },
};

/** One part of a recipe: what it quantises which layers to; `operands` null = not understood. */
interface Group {
  readonly name: string;
  readonly stated: Known<unknown>;
  readonly targets: readonly string[];
  readonly operands: QuantisedOperands | null;
}

/** The repository's own evaluation configs: a model, a preset, and what to measure or when. */
function isPresetRun(fields: Fields): boolean {
  const around = ['cadence', 'lmeval', 'num_calibration_samples', 'dataset_id', 'test_type'];
  const scheme = fields.string('scheme')?.value.toUpperCase() ?? '';
  return (
    fields.isSet('model') && Object.hasOwn(presets, scheme) && around.some((key) => fields.has(key))
  );
}

/** The paths of all modifiers: `<x>_stage.<y>_modifiers.<Z>Modifier`, the stage left out or not. */
function modifiers(fields: Fields): readonly Path[] {
  const roots = [undefined, ...fields.keys().filter((key) => key.endsWith('_stage'))];
  return roots.flatMap((root) =>
    fields
      .keys(root)
      .filter((key) => key.endsWith('_modifiers'))
      .map((key) => (root === undefined ? key : `${root}.${key}`))
      .flatMap((path) =>
        fields
          .keys(path)
          .filter((key) => /^[A-Z]\w*Modifier$/.test(key))
          .map((key) => `${path}.${key}`),
      ),
  );
}

function groupsOf(fields: Fields, modifier: Path): readonly Group[] {
  const at = `${modifier}.config_groups`;
  const written = fields.keys(at).flatMap((key) => groupOf(fields, `${at}.${key}`));
  if (written.length > 0) return written;
  const found = schemes(fields, modifier);
  if (found.length > 0) return found;
  const kv = argumentsOf(fields, `${modifier}.kv_cache_scheme`);
  const stated = fields.positive(`${modifier}.kv_cache_scheme.num_bits`);
  return kv && stated ? [{ name: 'kv_cache_scheme', stated, targets: [], operands: { kv } }] : [];
}

/** `scheme: FP8` with the modifier's targets, or `scheme: {FP8: [Linear], W4A16: […]}`. */
function schemes(fields: Fields, modifier: Path): readonly Group[] {
  const at = (key: string) => (modifier === '' ? key : `${modifier}.${key}`);
  const named = fields.string(at('scheme'));
  const group = (name: string, stated: Known<unknown>, targets: readonly string[]): Group => {
    const preset = Object.hasOwn(presets, name.toUpperCase())
      ? presets[name.toUpperCase()]
      : undefined;
    const kv = argumentsOf(fields, at('kv_cache_scheme'));
    return { name, stated, targets, operands: preset ? { ...preset, kv } : null };
  };
  if (named) return [group(named.value, named, textsOf(fields, at('targets')))];
  return fields.keys(at('scheme')).flatMap((name) => {
    const place = fields.keyPlace(at(`scheme.${name}`));
    if (!place) return [];
    const { file, start, end } = place;
    const stated: Known<string> = {
      value: name,
      origin: { kind: 'stated', file, span: { start, end } },
    };
    return [group(name, stated, textsOf(fields, at(`scheme.${name}`)))];
  });
}

/** A target is written alone or in a list; without any a modifier means the linear layers. */
function textsOf(fields: Fields, path: Path): readonly string[] {
  const alone = fields.string(path);
  const listed = alone ? [alone.value] : fields.list(path).map(({ value }) => value);
  return listed.length > 0 ? listed : ['Linear'];
}

function groupOf(fields: Fields, path: Path): readonly Group[] {
  const weights = argumentsOf(fields, `${path}.weights`);
  const activations = argumentsOf(fields, `${path}.input_activations`);
  const stated =
    fields.positive(`${path}.weights.num_bits`) ??
    fields.positive(`${path}.input_activations.num_bits`);
  if (!stated) return [];
  const kind = fields.string(`${path}.weights.type`)?.value ?? 'int';
  const name = `${kind} ${stated.value} bits`;
  const operands = weights || activations ? { weights, activations } : null;
  return [{ name, stated, targets: textsOf(fields, `${path}.targets`), operands }];
}

/** compressed-tensors' QuantizationArgs: type int, 8 bits and one scale a tensor by default. */
function argumentsOf(fields: Fields, path: Path): Quantised | null {
  if (!fields.map(path)) return null;
  const bits = fields.positive(`${path}.num_bits`)?.value ?? 8;
  const float = fields.string(`${path}.type`)?.value.toLowerCase() === 'float';
  const group = fields.number(`${path}.group_size`)?.value ?? null;
  const powers = fields.string(`${path}.scale_dtype`)?.value.endsWith('uint8') === true;
  // Four float bits in groups of 16 and 32 are NVFP4 and MXFP4; eight need their scales' type.
  if (float && bits === 4 && group === 16) return blockFormats.nvfp4;
  if (float && bits === 4 && group === 32) return blockFormats.mxfp4;
  if (float && bits === 8 && group === 32 && powers) return blockFormats.mxfp8E4m3;
  const formats: Readonly<Record<number, string>> = float
    ? { 8: 'fp8-e4m3', 4: 'fp4-e2m1' }
    : { 8: 'int8', 4: 'int4' };
  const format = formats[bits];
  if (format === undefined) return null;
  const block = blockOf(fields, path) ?? (group !== null && group > 0 ? group : null);
  const strategy = fields.string(`${path}.strategy`)?.value.toLowerCase();
  if (strategy === 'channel' || strategy === 'token' || strategy === 'attn_head') {
    return perChannel(format);
  }
  if (strategy === 'tensor') return perTensor(format);
  if (block !== null) return perBlock(format, block);
  return group === -1 ? perChannel(format) : perTensor(format);
}

/** `block_structure: [128, 128]` or `"128x128"`; the last is along the contraction. */
function blockOf(fields: Fields, path: Path): number | null {
  const listed = fields.positive(`${path}.block_structure.1`);
  if (listed) return listed.value;
  const written = /^\d+x(\d+)$/i.exec(fields.string(`${path}.block_structure`)?.value ?? '');
  return written ? Number(written[1]) : null;
}

function differs({ operands }: Group, main: Group): boolean {
  const [one, other] = [operands?.weights, main.operands?.weights];
  return (
    one?.format !== other?.format ||
    one?.granularity !== other?.granularity ||
    one?.block !== other?.block
  );
}

function noted(precision: Precision, others: readonly Group[]): Precision {
  if (others.length === 0) return precision;
  const names = [...new Set(others.map(({ name }) => name))].join(', ');
  const note = `Other parts of the recipe quantise other layers differently (${names}).`;
  return { ...precision, notes: [...precision.notes, note] };
}

const fp8Blocks = perBlock('fp8-e4m3', 128);
const nvfp4 = { weights: blockFormats.nvfp4, activations: blockFormats.nvfp4 };
const nvfp4Weights = { weights: blockFormats.nvfp4 };
const int8Channels = { weights: perChannel('int8'), activations: perChannel('int8') };
const int4Groups = perBlock('int4', 128);

/** compressed-tensors' preset schemes (quantization/quant_scheme.py, read 2026-11). */
const presets: Readonly<Record<string, QuantisedOperands>> = {
  W8A16: { weights: perBlock('int8', 128) },
  W4A16: { weights: int4Groups },
  W4A16_ASYM: { weights: int4Groups },
  W8A8: int8Channels,
  INT8: int8Channels,
  W4A8: { weights: int4Groups, activations: perChannel('int8') },
  W4AFP8: { weights: int4Groups, activations: perChannel('fp8-e4m3') },
  FP8: { weights: perTensor('fp8-e4m3'), activations: perTensor('fp8-e4m3') },
  FP8_DYNAMIC: { weights: perChannel('fp8-e4m3'), activations: perChannel('fp8-e4m3') },
  FP8_BLOCK: { weights: fp8Blocks, activations: fp8Blocks },
  NVFP4A16: nvfp4Weights,
  NVFP4A16_46: nvfp4Weights,
  NVFP4: nvfp4,
  NVFP4_46: nvfp4,
  MXFP4A16: { weights: blockFormats.mxfp4 },
  MXFP4: { weights: blockFormats.mxfp4, activations: blockFormats.mxfp4 },
  MXFP8A16: { weights: blockFormats.mxfp8E4m3 },
  MXFP8: { weights: blockFormats.mxfp8E4m3, activations: blockFormats.mxfp8E4m3 },
};
