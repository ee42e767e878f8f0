import type { NumberFormat } from './format.ts';

/** Builds a format whose elements share an eight-bit scale per block of consecutive values. */
export function blockScaled(
  element: NumberFormat,
  spec: {
    readonly id: string;
    readonly name: string;
    readonly block: number;
    /** Format of the scale, eight bits wide: `e8m0` or `e4m3`. */
    readonly scale: string;
    readonly source: string;
  },
): NumberFormat {
  return {
    ...element,
    id: spec.id,
    name: spec.name,
    scaling: { granularity: 'block', block: spec.block, scale: spec.scale },
    storedBits: element.bits + 8 / spec.block,
    source: spec.source,
  };
}

/** Builds an OCP MX format: blocks of 32 elements under a power-of-two scale (E8M0). */
export function microscaled(element: NumberFormat, id: string, name: string): NumberFormat {
  const source = 'OCP Microscaling Formats (MX) Specification v1.0, concrete MX-compliant formats';
  return blockScaled(element, { id, name, block: 32, scale: 'e8m0', source });
}
