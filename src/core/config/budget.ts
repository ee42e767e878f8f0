import type { ConfigNode } from '../syntax/tree.ts';

/** How many values one config may be put together from; real ones stay below a hundredth of it. */
const mostNodes = 200_000;

/** How many documents or commands of one file are read; a launch script holds a handful. */
export const mostRunsOfFile = 200;

/** How many files one config may draw on, and how many paths may be tried for them in one look. */
export const mostFiles = 64;
export const mostPaths = 512;

/**
 * What putting one config together may cost, in values. Composition repeats (a file that includes
 * ten others that each include ten), so it is bounded by what it costs and not by its depth.
 */
export class Budget {
  #left = mostNodes;

  /** Whether more was asked for than there is. */
  get isSpent(): boolean {
    return this.#left < 0;
  }

  /** Takes from the budget; false once it is spent. */
  spend(nodes: number): boolean {
    this.#left -= nodes;
    return !this.isSpent;
  }
}

const sizes = new WeakMap<ConfigNode, number>();

/** How many values a tree stands for, each as often as it is reached; shared parts count once a use. */
export function sizeOf(node: ConfigNode): number {
  if (node.kind === 'scalar') return 1;
  const known = sizes.get(node);
  if (known !== undefined) return known;
  const children = node.kind === 'map' ? node.entries.map(({ value }) => value) : node.items;
  const size = children.reduce((sum, child) => sum + sizeOf(child), 1);
  sizes.set(node, size);
  return size;
}
