import type { Fields, Path } from '../../config/fields.ts';

/**
 * How many layers are mixtures by Megatron's `moe_layer_freq`: a number N (every Nth layer, the
 * first one included), a list of 0 and 1, or one written as `([0]*3+[1]*58)`. 1 when absent; null
 * when it cannot be read.
 */
export function mixtureLayers(fields: Fields, path: Path, layers: number): number | null {
  const every = fields.number(path);
  if (every) return every.value >= 1 ? Math.ceil(layers / every.value) : null;
  const listed = fields.list(path);
  if (listed.length > 0)
    return countedOnes(
      listed.map(({ value }) => Number(value)),
      layers,
    );
  const written = fields.string(path);
  if (!written) return layers;
  const pattern = layerPattern(written.value);
  return pattern && countedOnes(pattern, layers);
}

function countedOnes(pattern: readonly number[], layers: number): number | null {
  if (pattern.length !== layers || pattern.some((each) => each !== 0 && each !== 1)) return null;
  return pattern.filter((each) => each === 1).length;
}

/** The longest list a pattern may stand for: more layers than any model has. */
const longestPattern = 10_000;

/** Python's list arithmetic as Megatron evaluates it: lists, `+`, `*`, parentheses. */
export function layerPattern(text: string): readonly number[] | null {
  const tokens = text.match(/\d+|[[\](),+*]|\S/g) ?? [];
  let at = 0;
  const sum = (): readonly number[] | null => {
    let total = term();
    while (total && tokens[at] === '+') {
      at += 1;
      const next = term();
      total = next && total.length + next.length <= longestPattern ? [...total, ...next] : null;
    }
    return total;
  };
  const term = (): readonly number[] | null => {
    let list = atom();
    while (list && tokens[at] === '*') {
      const times = Number(tokens[at + 1]);
      at += 2;
      const length = list.length * times;
      if (!Number.isInteger(times) || length > longestPattern) return null;
      list = Array.from({ length: times }, () => list ?? []).flat();
    }
    return list;
  };
  const atom = (): readonly number[] | null => {
    const open = tokens[at];
    at += 1;
    if (open === '(') {
      const inner = sum();
      at += 1;
      return tokens[at - 1] === ')' ? inner : null;
    }
    if (open !== '[') return null;
    const items: number[] = [];
    for (; at < tokens.length && tokens[at] !== ']'; at += 1) {
      if (tokens[at] !== ',') items.push(Number(tokens[at]));
    }
    at += 1;
    return items;
  };
  const pattern = sum();
  return at === tokens.length ? pattern : null;
}
