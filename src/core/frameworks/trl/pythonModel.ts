import { stated, type Known } from '../../run/known.ts';
import { need, type Need } from '../../run/need.ts';
import { scalarNode } from '../../syntax/scalars.ts';
import { mapNode, type ConfigNode, type MapNode } from '../../syntax/tree.ts';
import type { Fields } from '../../config/fields.ts';
import { callsOf } from '../../config/pythonCalls.ts';
import { hfShape } from '../../dialects/huggingFace/shape.ts';
import { isOtherModel } from '../../dialects/huggingFace/trainer.ts';
import { namedModel, type NamedModel } from '../../dialects/models.ts';

/** Classes that are decoder language models, by transformers' names, Unsloth's and Liger's. */
const languageModel =
  /(?:^|\.)(?:\w+ForCausalLM|\w+LMHeadModel|AutoModelForCausalLMWithValueHead|Fast(?:Language)?Model)(?:\.(?:from_pretrained|from_config))?$/;

/** Classes of transformers that are something else. */
const otherModel =
  /(?:^|\.)(?:Auto)?\w*(?:For(?:SequenceClassification|TokenClassification|QuestionAnswering|MaskedLM|Seq2SeqLM|ConditionalGeneration|Vision2Seq|ImageTextToText|ImageClassification|SpeechSeq2Seq|CTC|PreTraining|MultipleChoice)|FastVisionModel|SentenceTransformer)(?:\.\w+)?$/;

/** Calls that give a model back with adapters, or moved. */
const around = /(?:^|\.)(?:get_peft_model|prepare_model_for_kbit_training|to|cuda|compile)$/;

const trainer = /(?:^|\.)\w*Trainer$/;

/**
 * The call or the name of the model that is trained with some arguments: the one that the trainer
 * is given, else the only one of the file. `other` for what is no language model; null for none.
 */
export function modelIn(root: MapNode, args: MapNode): ConfigNode | 'other' | null {
  const given = callsOf(root, trainer).find(({ byKey }) => byKey.get('args')?.value === args);
  const own = given?.byKey.get('model')?.value;
  const direct = own && unwrapped(own);
  if (direct?.kind === 'scalar' && direct.style === 'quoted') return direct;
  if (direct?.kind === 'map' && isModel(direct)) return direct;
  if (callsOf(root, otherModel).length > 0) return 'other';
  const calls = callsOf(root, languageModel);
  const names = new Set(calls.map((call) => nameIn(call)?.text ?? ''));
  return names.size === 1 ? (calls[0] ?? null) : null;
}

const isModel = (call: MapNode): boolean => languageModel.test(call.tag ?? '');

function unwrapped(node: ConfigNode): ConfigNode {
  const inner = node.kind === 'map' && around.test(node.tag ?? '') ? first(node) : undefined;
  return inner ? unwrapped(inner) : node;
}

const first = (call: MapNode): ConfigNode | undefined =>
  (call.byKey.get('0') ?? call.byKey.get('model'))?.value;

function nameIn(call: MapNode) {
  const keys = ['0', 'pretrained_model_name_or_path', 'model_name', 'config'];
  const value = keys.flatMap((key) => call.byKey.get(key)?.value ?? [])[0];
  return value?.kind === 'scalar' ? value : undefined;
}

/** Whether adapters are put around a model. */
export function isTuned(node: ConfigNode | undefined): boolean {
  return node?.kind === 'map' && node.tag?.includes('get_peft_model') === true;
}

/** What the model of a script is. */
export interface ScriptModel extends NamedModel {
  /** Made from a config, without weights. */
  readonly isNew: boolean;
}

/** The shape of the model: of a checkpoint by its name, or of the config it is made from. */
export function scriptModel(fields: Fields, node: ConfigNode | null): ScriptModel {
  if (node?.kind === 'scalar') return { ...byName(stated(node.text, node.place)), isNew: false };
  if (node?.kind !== 'map') return unknown('the script does not say which model it trains', false);
  const isNew = !(node.tag ?? '').endsWith('.from_pretrained');
  if (!isNew) {
    const name = nameIn(node);
    // A dotted name that nothing explains stands for itself, without quotes.
    return name?.style === 'quoted'
      ? { ...byName(stated(name.text, name.place)), isNew }
      : unknown('the name of the model is not told in this file', isNew);
  }
  const config = (node.byKey.get('0') ?? node.byKey.get('config'))?.value;
  if (config?.kind !== 'map') return unknown(configUntold, isNew);
  return { ...ofConfig(fields, config), isNew };
}

const configUntold = 'the config of the model is not told in this file';

function unknown(why: string, isNew: boolean): ScriptModel {
  return { model: null, shape: {}, needs: [need('parameters', why)], isNew };
}

/** Unsloth's copies of a model say how their weights are kept behind its name. */
function byName(name: Known<string>): NamedModel {
  const plain = name.value.replace(/(?:-unsloth)?-bnb-4bit$/, '');
  if (isOtherModel(plain)) {
    const needs = [need('parameters', `“${name.value}” is not a decoder language model`)];
    return { model: name, shape: {}, needs };
  }
  return { ...namedModel({ ...name, value: plain }), model: name };
}

/** Keywords of a config that leave the counted shape as it is. */
const shapeless =
  /^(?:0|trust_remote_code|use_cache|attn_implementation|_attn_implementation|torch_dtype|dtype|initializer_range|token|cache_dir|revision|n_ctx|max_position_embeddings|rope_\w+|gradient_checkpointing)$|_token_id$|dropout|pdrop/;

/** `AutoConfig.from_pretrained("gpt2")` is the named shape; `LlamaConfig(…)` one of its own. */
function ofConfig(fields: Fields, config: MapNode): NamedModel {
  const tag = config.tag ?? '';
  if (tag.endsWith('.from_pretrained')) {
    const name = nameIn(config);
    if (name?.style !== 'quoted') return unknown(configUntold, true);
    const known = byName(stated(name.text, name.place));
    const changed = config.entries.map(({ key }) => key).filter((key) => !shapeless.test(key));
    const other = changed.filter((key) => key !== 'vocab_size');
    if (other.length > 0) {
      const why = `${other[0] ?? ''} changes the named config, which is not followed`;
      return { model: known.model, shape: {}, needs: [need('parameters', why)] };
    }
    if (changed.length === 0) return known;
    const vocabulary = fields.with(config).positive('vocab_size');
    const { vocabulary: named, ...rest } = known.shape;
    return { ...known, shape: named && vocabulary ? { ...rest, vocabulary } : rest };
  }
  const kind = /(?:^|\.)(\w+)Config$/.exec(tag)?.[1];
  if (kind === undefined) return unknown(configUntold, true);
  const open = config.entries.filter(
    ({ key, value }) =>
      !shapeless.test(key) && value.kind === 'scalar' && value.unresolved !== undefined,
  );
  const needs: Need[] = open
    .filter(({ key }) => key !== 'vocab_size')
    .map(({ key }) => need('parameters', `${key} is not told in this file`));
  if (needs.length > 0) return { model: null, shape: {}, needs };
  const type = scalarNode(config.place, `${kind}ForCausalLM`, kind);
  const architectures = { kind: 'list', place: config.place, items: [type] } as const;
  const entries = [
    ...config.entries,
    { key: 'architectures', keyPlace: config.place, value: architectures },
  ];
  const { shape, needs: missing } = hfShape(fields.with(mapNode(config.place, entries)), '');
  return { model: null, shape, needs: missing };
}
