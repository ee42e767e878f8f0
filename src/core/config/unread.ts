import type { ConfigNode, Entry, ListNode, MapNode, Place, ScalarNode } from '../syntax/tree.ts';
import type { PlacedKey, SortedKeys } from '../run/keys.ts';
import type { Fields } from './fields.ts';
import { remembered } from './remembered.ts';

/** What a key that nothing was read from could change. */
type Unsettled = 'parameters' | 'tokens' | 'format';

/** A key that was not understood and would change a number: the number is not said then. */
export interface Doubt {
  readonly path: string;
  readonly keyPlace: Place;
  readonly unsettles: Unsettled;
}

const mostKeys = 20_000;

/**
 * Names that change a number wherever they stand. Read as the frameworks' own sources use them:
 * experts and their widths, groups of heads, gates and further heads change N; growing batches
 * change D; a low-precision format by any name changes the format.
 */
const strong: readonly (readonly [Unsettled, RegExp])[] = [
  [
    'parameters',
    /(?:^|_)(?:num|n)_(?:moe_|local_|routed_|shared_|total_)?experts?(?:$|_(?!group))|(?:^|_)moe_(?:num|layer_freq|layer_frequency|freq|every|interleave|ffn|intermediate|hidden|top_?k|shared|latent)|(?:^|_)expert_(?:ffn|intermediate|hidden|num|count|dim)|multi_?query|(?:^|_)(?:num_)?query_groups?$|(?:^|_)n(?:um)?_(?:kv|key_value)_heads?$|(?:^|_)gated(?:$|_(?:mlp|linear|ffn))|(?:^|_)(?:swi|ge|re)?glu$|(?:^|_)mtp_(?:num|depth|layers)|(?:^|_)shared_experts?(?:$|_(?:num|dim|intermediate))|(?:^|_)(?:mlp|ffn)_type$/,
  ],
  [
    'tokens',
    /(?:^|_)ramp_?up_batch|batch_size_(?:schedule|ramp|warmup)|(?:^|_)batch_(?:schedule|rampup)/,
  ],
  [
    'format',
    /fp8|fp4|(?:^|_)mxfp|nvfp|ms_?amp|(?:^|_)int8|(?:^|_)int4|(?:^|_)qat(?:$|_)|quantiz|quantis/,
  ],
];

/** Names that may change a number: said to a person, no reason to withhold one. */
const weak =
  /moe|expert|kv|query_group|multiquery|glu|gated|(?:^|_)tie|vocab|ffn|intermediate|mtp|shared|lora|adapter|peft|ramp|schedule|accum|fp8|fp4|(?:^|_)mx|nvfp|quant|int8|int4|msamp|precision|dtype|(?:^|_)amp|half|qat|(?:^|_)te_|pretrained|init_from|reward|dpo|ppo|grpo|finetune|resume/;

/** What a strong name does not mean where it goes on like this: it says how, not what. */
const harmless =
  /coeff|dropout|parallel|dispatcher|permute|fusion|fused|grouped_gemm|capacity|balanc|router|loss|recompute|remat|overlap|checkpoint|margin|amax|interval|calibrat|tiling|_path$|_file$|_dir$|param_gather|params?$|param_ag|wgrad|backend|kernel|cache|eval|export|save|load|debug|log|shard|init|scale|history|attention|mha|dpa|dot_product|first_last|layers_at|kv_quant|optim|reduce|comm|all_gather|transpose|force|disable|monitor|aux|bias|score|group_limit|padding|token|weight_dtype|config$|_sm|num_sms/;

/** Values of a key that asks for nothing. */
const off = /^(?:|false|no|none|null|off|0|0\.0|1|-1|auto|default|\[\]|\{\}|""|'')$/i;

/** Where a launch script sets what its program finds in the environment. */
const environments: ReadonlySet<string> = new Set(['$exported', '$environment']);

/** Variables of libraries that say how a format is computed in, not which. */
const libraries = /^(?:nvte|te|nccl|torch|pytorch|cuda|xla|hf|wandb|triton|neuron|vllm|sglang)_/;

/** Whether a variable of the environment is the script's own, or of a library's. */
function isNoSetting(fields: Fields, sections: readonly string[], name: string): boolean {
  if (!environments.has(sections[0] ?? '')) return false;
  return (
    libraries.test(name.toLowerCase()) ||
    fields.text.includes(`$${name}`) ||
    fields.text.includes(`\${${name}`)
  );
}

type Value = ScalarNode | ListNode;

/** A key that holds a value or a list, below the sections it stands in. */
interface HeldKey {
  readonly sections: readonly string[];
  readonly entry: Entry & { readonly value: Value };
}

/** Hands over every key of a run's own files that holds a value or a list, in the order of the text. */
function visitKeys(fields: Fields, use: (held: HeldKey) => void): void {
  let left = mostKeys;
  const visit = (map: MapNode, sections: readonly string[]): void => {
    for (const entry of map.byKey.values()) {
      const { key, value } = entry;
      left -= 1;
      if (left < 0 || (key.startsWith('$') && !environments.has(key))) continue;
      if (value.kind === 'map') visit(value, [...sections, key]);
      else use({ sections, entry: entry as HeldKey['entry'] });
    }
  };
  visit(fields.own, []);
}

/** What a reading has left over of a run's own keys. */
export interface LeftOver {
  /** Keys that would change a number. */
  readonly doubts: readonly Doubt[];
  /** Keys that a person should know of, strong ones among them. */
  readonly worthSaying: readonly string[];
}

/**
 * Of the keys whose value is none of those looked at the ones that could matter, in the order of
 * the text; a reader's harmless ones do not.
 */
export function leftOverKeys(
  fields: Fields,
  looked: ReadonlySet<Place>,
  harmlessHere: readonly string[] = [],
): LeftOver {
  const doubts: Doubt[] = [];
  const worthSaying: string[] = [];
  visitKeys(fields, ({ sections, entry: { key, keyPlace, value } }) => {
    const meaning = meaningOf(key);
    if (meaning === nothing || value.kind !== 'scalar' || looked.has(value.place)) return;
    if (isNoSetting(fields, sections, key)) return;
    const path = pathOf(sections, key);
    const isSwitchedOn = environments.has(sections[0] ?? '') && value.text === '1';
    const unsettles = unsettledBy(meaning, value, harmlessHere, isSwitchedOn);
    if (unsettles !== null) doubts.push({ path, keyPlace, unsettles });
    if (isWorthSaying(meaning, value, harmlessHere)) worthSaying.push(path);
  });
  return { doubts, worthSaying };
}

/** A path as a person knows it: a variable of the environment by its name alone. */
function pathOf(sections: readonly string[], key: string): string {
  const [first = ''] = sections;
  return [...(environments.has(first) ? sections.slice(1) : sections), key].join('.');
}

/** Sorts the keys of a run's own files, of which a reading looked at some values. */
export function sortedKeys(
  fields: Fields,
  looked: ReadonlySet<Place>,
  harmlessHere: readonly string[] = [],
): SortedKeys {
  const sorted = {
    read: [] as PlacedKey[],
    leftOver: [] as PlacedKey[],
    harmless: [] as PlacedKey[],
  };
  visitKeys(fields, ({ sections, entry: { key, keyPlace, value } }) => {
    const placed = { path: pathOf(sections, key), place: keyPlace };
    if (isLooked(value, looked)) sorted.read.push(placed);
    else if (isNoSetting(fields, sections, key)) return;
    else if (couldMatter(meaningOf(key), value, harmlessHere)) sorted.leftOver.push(placed);
    else sorted.harmless.push(placed);
  });
  return sorted;
}

/** Whether a value, or one in it, was looked at. */
function isLooked(node: ConfigNode, looked: ReadonlySet<Place>): boolean {
  if (looked.has(node.place)) return true;
  if (node.kind === 'list') return node.items.some((item) => isLooked(item, looked));
  if (node.kind === 'map') {
    return [...node.byKey.values()].some(({ value }) => isLooked(value, looked));
  }
  return false;
}

function couldMatter(meaning: Meaning, value: Value, harmlessHere: readonly string[]): boolean {
  return (
    isWorthSaying(meaning, value, harmlessHere) ||
    (value.kind === 'scalar' && unsettledBy(meaning, value, harmlessHere) !== null)
  );
}

/** Which number a key would change that nothing was read from; null for none. */
function unsettledBy(
  { name, unsettles }: Meaning,
  { text, value, unresolved }: ScalarNode,
  harmlessHere: readonly string[],
  isSwitchedOn = false,
): Unsettled | null {
  // One expert is none; a format that the environment sets to 1 is on.
  const isOn = isSwitchedOn && unsettles === 'format';
  if (unsettles === null || harmlessHere.includes(name) || (off.test(text) && !isOn)) return null;
  return value === null && unresolved === undefined ? null : unsettles;
}

function isWorthSaying(
  { name, isWeak }: Meaning,
  value: Value,
  harmlessHere: readonly string[],
): boolean {
  if (!isWeak || harmlessHere.includes(name)) return false;
  return value.kind === 'list' ? value.items.length > 0 : !off.test(value.text);
}

/** What a key says by its name. */
interface Meaning {
  /** The last part of a path as flags and keys are compared: without dashes, in lower case. */
  readonly name: string;
  readonly unsettles: Unsettled | null;
  readonly isWeak: boolean;
}

const nothing: Meaning = { name: '', unsettles: null, isWeak: false };

/** Configs of a framework hold the same few hundred keys over and over. */
const meaningOf = remembered(5_000, (key): Meaning => {
  const name = nameOf(key);
  const isWeak = weak.test(name);
  const unsettles = strong.find(([, pattern]) => pattern.test(name))?.[0] ?? null;
  const meant = (isWeak || unsettles !== null) && !harmless.test(name);
  return meant ? { name, unsettles, isWeak } : nothing;
});

function nameOf(key: string): string {
  const last = key.slice(key.lastIndexOf('.') + 1);
  return last.replace(/^-+/, '').replaceAll('-', '_').toLowerCase();
}
