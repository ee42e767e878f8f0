import type { Experts } from '../architecture/shape.ts';
import { derived, type Known, type Part } from '../run/known.ts';

/** A mixture's numbers together with the keys that state them; null parts were left to a default. */
export function mixtureOf(
  experts: Experts,
  parts: readonly { readonly name: string; readonly known: Known<number> | null }[],
): Known<Experts> {
  const { count, active, width, layers } = experts;
  const formula = `${count} experts of width ${width} in ${layers} layers, ${active} a token`;
  const known = parts.flatMap(({ name, known }): Part[] => (known ? [{ name, known }] : []));
  return derived(experts, formula, known);
}
