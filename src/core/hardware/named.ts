import type { Accelerator } from './accelerator.ts';
import { accelerators } from './registry.ts';

/** Words of a variant with other memory or rates than the shelf's item. */
const otherVariant = new Set(['pcie', 'nvl', '40gb', 'maxq', 'laptop', 'mobile']);

/** How many words a name is written in: `RTX PRO 6000`. */
const mostWords = 3;

const byName = new Map(
  accelerators.flatMap((one) =>
    [one.id.replaceAll('-', ''), ...one.aliases].map((name) => [name, one] as const),
  ),
);

/**
 * The accelerator that a text names: `H100:8`, `nvidia-h100-80gb-hbm3`, `RTX 4090`, `v5p-256`,
 * `gpu:b200:4`. Null where it names none, several, or a variant with other figures (PCIe cards, the
 * 40 GB A100).
 */
export function acceleratorNamed(text: string): Accelerator | null {
  const words = text
    .slice(0, 200)
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) => word.replace(/^\d{1,4}x(?=[a-z])/, ''));
  if (words.some((word) => otherVariant.has(word))) return null;
  const found = new Set<Accelerator>();
  for (let at = 0; at < words.length; at += 1) {
    for (let count = mostWords; count > 0; count -= 1) {
      const one = byName.get(words.slice(at, at + count).join(''));
      if (!one) continue;
      found.add(one);
      at += count - 1;
      break;
    }
  }
  const [only, ...others] = found;
  return others.length === 0 ? (only ?? null) : null;
}
