import type { NumberFormat, SpecialCodes } from './format.ts';

/** What tells one floating-point format from another. */
export interface FloatingSpec {
  readonly id: string;
  readonly name: string;
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly special: SpecialCodes;
  /** Bits a value takes in memory, where that is more than sign + exponent + mantissa (TF32). */
  readonly storedBits?: number;
  readonly source: string;
}

/**
 * Builds a sign-magnitude floating-point format with subnormals and bias 2^(E−1) − 1.
 * Without exponent bits (E0Mm) every code is a subnormal of exponent 1: a fixed-point number.
 */
export function floating(spec: FloatingSpec): NumberFormat {
  const { exponentBits, mantissaBits, special } = spec;
  const bits = 1 + exponentBits + mantissaBits;
  const bias = exponentBits === 0 ? 0 : 2 ** (exponentBits - 1) - 1;
  const step = 2 ** -mantissaBits;
  const smallestNormal = exponentBits === 0 ? null : 2 ** (1 - bias);
  return {
    id: spec.id,
    name: spec.name,
    bits,
    exponentBits,
    mantissaBits,
    bias,
    special,
    maximum: maximum(exponentBits, step, bias, special),
    smallestNormal,
    smallestSubnormal: mantissaBits === 0 ? null : 2 ** (1 - bias) * step,
    scaling: null,
    storedBits: spec.storedBits ?? bits,
    source: spec.source,
  };
}

function maximum(exponentBits: number, step: number, bias: number, special: SpecialCodes): number {
  if (exponentBits === 0) return 2 * (1 - step);
  const top = 2 ** exponentBits - 1 - bias;
  switch (special) {
    case 'ieee':
      return (2 - step) * 2 ** (top - 1);
    case 'nan-only':
      return (2 - 2 * step) * 2 ** top;
    case 'none':
      return (2 - step) * 2 ** top;
  }
}

// Up to ten exponent bits every value is an exact double, and so is every value of 52 mantissa bits.
const mostExponentBits = 10;
const mostMantissaBits = 52;

/**
 * Resolves `e<E>m<M>`, e.g. `e3m4`, to a format that uses every code for a number, as the
 * simulation of arXiv 2501.02423 §3.1 does; so `e4m3` reaches 480 where `fp8-e4m3` stops at 448.
 * Undefined for any other text and for widths that a double cannot hold.
 */
export function layoutFormat(id: string): NumberFormat | undefined {
  const match = /^e(0|[1-9]\d?)m(0|[1-9]\d?)$/.exec(id);
  if (!match) return undefined;
  const exponentBits = Number(match[1]);
  const mantissaBits = Number(match[2]);
  if (exponentBits > mostExponentBits || mantissaBits > mostMantissaBits) return undefined;
  return floating({
    id,
    name: `E${exponentBits}M${mantissaBits}`,
    exponentBits,
    mantissaBits,
    special: 'none',
    source: 'Layout as simulated in arXiv 2501.02423: IEEE-like, subnormals, no special codes',
  });
}
