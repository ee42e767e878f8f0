import type { ConfigNode, ListNode, MapNode, Place, ScalarNode } from '../syntax/tree.ts';
import type { PlacedKey, SortedKeys } from '../run/keys.ts';
import type { Fields } from './fields.ts';

/** What a key that nothing was read from could change. */
type Unsettled = 'parameters' | 'tokens' | 'format';

/** A key that a reading has not looked at. */
export interface UnreadKey {
  readonly path: string;
  readonly keyPlace: Place;
  readonly value: ScalarNode;
}

/** A key that was not understood and would change a number: the number is not said then. */
export interface Doubt extends UnreadKey {
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
function isNoSetting(fields: Fields, path: string): boolean {
  const [section = '', name = ''] = path.split('.');
  if (!environments.has(section)) return false;
  return (
    libraries.test(name.toLowerCase()) ||
    fields.text.includes(`$${name}`) ||
    fields.text.includes(`\${${name}`)
  );
}

/** Every key of a run's own files that holds a value or a list, in the order of the text. */
function* keysOf(fields: Fields): Generator<Omit<UnreadKey, 'value'> & { value: Value }> {
  let left = mostKeys;
  function* visit(map: MapNode, path: string): ReturnType<typeof keysOf> {
    for (const { key, keyPlace, value } of map.byKey.values()) {
      left -= 1;
      if (left < 0 || (key.startsWith('$') && !environments.has(key))) continue;
      const at = path === '' ? key : `${path}.${key}`;
      if (value.kind === 'map') yield* visit(value, at);
      else yield { path: at, keyPlace, value };
    }
  }
  yield* visit(fields.own, '');
}

type Value = ScalarNode | ListNode;

/** The keys of a run's own files whose value is none of those looked at, in the order of the text. */
export function unreadKeys(fields: Fields, looked: ReadonlySet<Place>): readonly UnreadKey[] {
  const found: UnreadKey[] = [];
  for (const { path, keyPlace, value } of keysOf(fields)) {
    if (value.kind !== 'scalar' || looked.has(value.place) || isNoSetting(fields, path)) continue;
    found.push({ path: nameShown(path), keyPlace, value });
  }
  return found;
}

/** A path as a person knows it: a variable of the environment by its name alone. */
function nameShown(path: string): string {
  return path.replace(/^\$\w+\./, '');
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
  for (const { path, keyPlace, value } of keysOf(fields)) {
    const key = { path: nameShown(path), place: keyPlace };
    if (isLooked(value, looked)) sorted.read.push(key);
    else if (isNoSetting(fields, path)) continue;
    else if (couldMatter(path, value, harmlessHere)) sorted.leftOver.push(key);
    else sorted.harmless.push(key);
  }
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

function couldMatter(path: string, value: Value, harmlessHere: readonly string[]): boolean {
  return (
    isWorthSaying(path, value, harmlessHere) ||
    (value.kind === 'scalar' && unsettledBy(path, value, harmlessHere) !== null)
  );
}

/** Of keys that were not read those that would change a number; a reader's harmless ones are none. */
export function doubts(
  unread: readonly UnreadKey[],
  harmlessHere: readonly string[] = [],
): readonly Doubt[] {
  return unread.flatMap((key): readonly Doubt[] => {
    const unsettles = unsettledBy(key.path, key.value, harmlessHere);
    return unsettles === null ? [] : [{ ...key, unsettles }];
  });
}

/** Which number a key would change that nothing was read from; null for none. */
function unsettledBy(
  path: string,
  { text, value, unresolved }: ScalarNode,
  harmlessHere: readonly string[],
): Unsettled | null {
  const name = nameOf(path);
  if (off.test(text) || harmlessHere.includes(name)) return null;
  if (value === null && unresolved === undefined) return null;
  if (harmless.test(name)) return null;
  return strong.find(([, pattern]) => pattern.test(name))?.[0] ?? null;
}

/** Of keys that were not read those that a person should know of, strong ones among them. */
export function worthSaying(
  unread: readonly UnreadKey[],
  harmlessHere: readonly string[] = [],
): readonly string[] {
  return unread
    .filter(({ path, value }) => isWorthSaying(path, value, harmlessHere))
    .map(({ path }) => path);
}

function isWorthSaying(path: string, value: Value, harmlessHere: readonly string[]): boolean {
  const name = nameOf(path);
  const asksForNothing = value.kind === 'list' ? value.items.length === 0 : off.test(value.text);
  const isWeak = weak.test(name) && !harmless.test(name) && !harmlessHere.includes(name);
  return isWeak && !asksForNothing;
}

/** The last part of a path as flags and keys are compared: without dashes, in lower case. */
function nameOf(path: string): string {
  const last = path.split('.').at(-1) ?? '';
  return last.replace(/^-+/, '').replaceAll('-', '_').toLowerCase();
}
