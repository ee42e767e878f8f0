/** How the all-ones exponent is used: as IEEE 754 does, only for NaN (OCP E4M3), or for numbers. */
export type SpecialCodes = 'ieee' | 'nan-only' | 'none';

/** What a block-scaled format scales by default. */
interface DefaultScaling {
  readonly granularity: 'block';
  readonly block: number;
  /** Format of the block scale: `e8m0`, `e4m3`. */
  readonly scale: string;
}

/** One numeric format. Integers have null exponent and mantissa bits. */
export interface NumberFormat {
  /** CLI.md's id, e.g. `fp8-e4m3`. */
  readonly id: string;
  /** As a person says it, e.g. `FP8 E4M3`. */
  readonly name: string;
  /** Bits of one element, sign included. */
  readonly bits: number;
  readonly exponentBits: number | null;
  readonly mantissaBits: number | null;
  readonly bias: number | null;
  readonly special: SpecialCodes;
  /** Largest finite magnitude, smallest normal, smallest subnormal (null where there is none). */
  readonly maximum: number;
  readonly smallestNormal: number | null;
  readonly smallestSubnormal: number | null;
  /** Set for MX and NVFP4 formats. */
  readonly scaling: DefaultScaling | null;
  /** The values in code order, where no formula gives them (NF4). */
  readonly codebook?: readonly number[];
  /** Storage bits per value, scale included (MXFP8 8.25, NVFP4 4.5). */
  readonly storedBits: number;
  /** Document and section that defines it. */
  readonly source: string;
}
