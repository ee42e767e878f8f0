import type { ShapeReading } from '../../architecture/shape.ts';
import { withoutAbsent } from '../../architecture/shapes.ts';
import { byDefault, stated, type Known } from '../../run/known.ts';
import { scalarNode } from '../../syntax/scalars.ts';
import { mapNode, type Entry, type MapNode } from '../../syntax/tree.ts';
import { namedRun } from '../../config/definition.ts';
import type { Fields } from '../../config/fields.ts';
import { namedModel, type NamedModel } from '../../dialects/models.ts';
import { functionsOf, type PythonFunction } from '../../config/pythonCalls.ts';
import { modelOfRecipe, recipeOf } from './recipes.ts';
import { need } from '../../run/need.ts';

/** The runs of a recipes file: every function that returns a config with a training length. */
export function bridgeFunctions(fields: Fields): readonly Fields[] {
  return functionsOf(fields).flatMap((each) => {
    const config = each.returned;
    if (!config || each.name.startsWith('_') || !describesRun(fields.with(config))) return [];
    const entries = config.entries.map((entry) =>
      entry.key === 'mixed_precision' ? byName(entry) : entry,
    );
    return [namedRun(fields, mapNode(config.place, entries, config.tag), each.entry)];
  });
}

/** A recipe of the library by its function's name: `llama3_8b_pretrain_config`. */
const recipeCall = /^(?:\w+\.)*\w+_(?:pretrain|sft|peft|finetune)_config$/;

/** The runs of a script: every config that a recipe of the library makes and the script changes. */
export function bridgeScripts(fields: Fields): readonly Fields[] {
  const local = functionsOf(fields).filter(({ returned }) => returned === null);
  return [fields.root, ...local.map(({ names }) => names)].flatMap((names) =>
    [...names.byKey.values()].flatMap((entry) => {
      const { value } = entry;
      if (value.kind !== 'map' || !recipeCall.test(value.tag ?? '')) return [];
      const config = value.entries.map((each) =>
        each.key === 'mixed_precision' ? byName(each) : each,
      );
      const named = scalarNode(value.place, value.tag ?? '', value.tag ?? '');
      const recipe: Entry = { key: 'recipe', keyPlace: value.place, value: named };
      const run = mapNode(value.place, [recipe, ...config], value.tag);
      return fields.with(run).map('train') ? [namedRun(fields, run, entry)] : [];
    }),
  );
}

function describesRun(config: Fields): boolean {
  const made = /(?:^|\.)ConfigContainer$|^_(?:pretrain|sft|peft)_common$|_config$/;
  const trains = config.has('train.train_iters') || config.has('train.train_samples');
  return made.test(config.root.tag ?? '') && trains && config.has('model');
}

/** `bf16_mixed()` and `get_mixed_precision_config("bf16_mixed")` are the name that YAML has. */
function byName(entry: Entry): Entry {
  const { value } = entry;
  if (value.kind !== 'map' || value.tag === undefined || value.byKey.has('fp8')) return entry;
  const first = value.byKey.get('0')?.value;
  if (value.tag === 'get_mixed_precision_config' && first) return { ...entry, value: first };
  return { ...entry, value: scalarNode(value.place, value.tag, value.tag) };
}

/** The model of a recipe: a checkpoint's name, or a provider with numbers of its own. */
export function bridgeModel(fields: Fields): NamedModel {
  const call = fields.map('model');
  const recipe = recipeOf(fields);
  if (recipe && call?.tag === undefined) {
    const changed = call?.entries.find(({ key }) => shapeKeys.has(key));
    if (!changed) return modelOfRecipe(recipe);
    const why = `${changed.key} changes the recipe’s model, which is not followed`;
    return { model: null, shape: {}, needs: [need('parameters', why)] };
  }
  const tag = call?.tag ?? '';
  const name = /from_hf_(?:pretrained|config)\(["']([^"']+)["']/.exec(tag)?.[1];
  if (call && name !== undefined && !call.entries.some(({ key }) => shapeKeys.has(key))) {
    return namedModel(stated(name, call.place));
  }
  const shape = call ? providerShape(fields, call) : null;
  return shape
    ? { model: null, shape, needs: [] }
    : {
        model: null,
        shape: {},
        needs: [need('parameters', 'the recipe’s model is not told in this file')],
      };
}

/** What a recipe sets of a checkpoint's model to train another one. */
export const shapeKeys: ReadonlySet<string> = new Set([
  'num_layers',
  'hidden_size',
  'ffn_hidden_size',
  'num_attention_heads',
  'num_query_groups',
  'num_moe_experts',
  'vocab_size',
]);

/** A `GPTModelProvider(…)`, written out or made by a function of the file from its arguments. */
function providerShape(fields: Fields, call: MapNode): ShapeReading | null {
  const root = fields.tree.documents[0];
  const functions = root?.kind === 'map' ? functionsOf(fields.with(root)) : [];
  const helper = functions.find(({ name }) => name === call.tag);
  const provider = helper ? applied(helper, call) : call;
  if (!/^(?:GPT|Llama)\w*ModelProvider$/.test(provider?.tag ?? '') || !provider) return null;
  return statedShape(fields.with(provider));
}

/** Parts of a provider whose layers are counted otherwise, or not at all. */
const otherParts = [
  'num_moe_experts',
  'multi_latent_attention',
  'mtp_num_layers',
  'is_hybrid_model',
];

/** The shape that a provider's own fields state; null for mixtures and other layers. */
export function statedShape(inner: Fields): ShapeReading | null {
  const isOther = (key: string) => inner.isSet(key) && inner.boolean(key)?.value !== false;
  if (otherParts.some(isOther)) return null;
  const of = 'Megatron-Bridge GPTModelProvider';
  const number = (key: string): Known<number> | null => inner.positive(key);
  const flag = (key: string, otherwise: boolean) => inner.boolean(key) ?? byDefault(otherwise, of);
  const norm = inner.string('normalization') ?? byDefault('LayerNorm', of);
  const bias = flag('add_bias_linear', true);
  const qkv = flag('add_qkv_bias', false);
  const positions = inner.string('position_embedding_type') ?? byDefault('learned_absolute', of);
  return withoutAbsent({
    layers: number('num_layers'),
    hidden: number('hidden_size'),
    heads: number('num_attention_heads'),
    keyValueHeads: number('num_query_groups') ?? number('num_attention_heads'),
    headDimension: number('kv_channels'),
    feedForward: number('ffn_hidden_size'),
    gated: flag('gated_linear_unit', false),
    vocabulary: number('vocab_size'),
    tied: flag('share_embeddings_and_output_weights', true),
    learnedPositions:
      positions.value === 'rope' ? { ...positions, value: 0 } : number('seq_length'),
    biases: {
      ...bias,
      value: {
        queryKeyValue: bias.value || qkv.value,
        attentionOutput: bias.value,
        feedForward: bias.value,
        head: false,
      },
    },
    norm: { ...norm, value: norm.value === 'RMSNorm' ? 'weight' : 'weight-and-bias' },
    queryKeyNorm: byDefault(inner.isTrue('qk_layernorm') ? 'head' : 'none', of),
  });
}

/** What a function returns, with its parameters replaced by the arguments of a call. */
function applied(helper: PythonFunction, call: MapNode): MapNode | null {
  const { returned } = helper;
  if (!returned) return null;
  const entries = returned.entries.map((entry) => {
    const { value } = entry;
    const isOpen = value.kind === 'scalar' && value.unresolved !== undefined;
    const given = isOpen ? call.byKey.get(value.text) : undefined;
    return given ? { ...entry, value: given.value } : entry;
  });
  return mapNode(returned.place, entries, returned.tag);
}
