import type { LinearName } from '../run/setup.ts';

/** Names that model classes give their linear layers, without what stands before the last dot. */
const names: ReadonlyMap<string, LinearName> = new Map<string, LinearName>([
  ...['q_proj', 'query', 'wq', 'to_q'].map((name) => [name, 'query'] as const),
  ...['k_proj', 'key', 'wk', 'to_k'].map((name) => [name, 'key'] as const),
  ...['v_proj', 'value', 'wv', 'to_v'].map((name) => [name, 'value'] as const),
  ...['o_proj', 'output_proj', 'out_proj', 'wo', 'linear_proj'].map(
    (name) => [name, 'output'] as const,
  ),
  ...['qkv_proj', 'query_key_value', 'c_attn', 'wqkv', 'linear_qkv', 'attn_qkv'].map(
    (name) => [name, 'query-key-value'] as const,
  ),
  ...['gate_proj', 'w1'].map((name) => [name, 'gate'] as const),
  ...['up_proj', 'w3', 'dense_h_to_4h', 'fc1', 'c_fc', 'fc_in'].map(
    (name) => [name, 'up'] as const,
  ),
  ...['gate_up_proj', 'linear_fc1'].map((name) => [name, 'gate-up'] as const),
  ...['down_proj', 'w2', 'dense_4h_to_h', 'fc2', 'fc_out', 'linear_fc2'].map(
    (name) => [name, 'down'] as const,
  ),
  ...['lm_head', 'embed_out', 'output_layer'].map((name) => [name, 'head'] as const),
  ...['embed_tokens', 'wte', 'embed_in'].map((name) => [name, 'embeddings'] as const),
]);

/** Every linear layer of a block, its projections apart: what `all` and `all-linear` stand for. */
export const allLinear: readonly LinearName[] = [
  ...(['query', 'key', 'value', 'output'] as const),
  ...(['gate', 'up', 'down'] as const),
];

/** The attention's queries and values, where PEFT puts adapters of Llama-like models unasked. */
export const queriesAndValues: readonly LinearName[] = ['query', 'value'];

/** The layers of a list of module names; null where one is not known. */
export function linearNames(written: readonly string[]): readonly LinearName[] | null {
  const found: LinearName[] = [];
  for (const each of written) {
    const name = names.get((each.split('.').at(-1) ?? '').toLowerCase());
    if (name) found.push(name);
    else if (/^all(?:-linear)?$/.test(each)) found.push(...allLinear);
    else return null;
  }
  return found.length === 0 ? null : found;
}

/** Layers that are trained whole beside adapters; null where one is neither embeddings nor head. */
export function wholeLayers(written: readonly string[]): readonly ('embeddings' | 'head')[] | null {
  const found = written.map((each) => names.get(each.split('.').at(-1) ?? ''));
  const known = found.filter((each) => each === 'embeddings' || each === 'head');
  return known.length === found.length ? known : null;
}
