import { bf16 } from './bf16.ts';
import { layoutFormat } from './floating.ts';
import type { NumberFormat } from './format.ts';
import { fp16 } from './fp16.ts';
import { fp32 } from './fp32.ts';
import { fp4E2m1 } from './fp4E2m1.ts';
import { fp6E2m3 } from './fp6E2m3.ts';
import { fp6E3m2 } from './fp6E3m2.ts';
import { fp8E4m3 } from './fp8E4m3.ts';
import { fp8E5m2 } from './fp8E5m2.ts';
import { int4 } from './int4.ts';
import { int8 } from './int8.ts';
import { integerFormat } from './integer.ts';
import { mxfp4 } from './mxfp4.ts';
import { mxfp6E2m3 } from './mxfp6E2m3.ts';
import { mxfp6E3m2 } from './mxfp6E3m2.ts';
import { mxfp8E4m3 } from './mxfp8E4m3.ts';
import { mxfp8E5m2 } from './mxfp8E5m2.ts';
import { nf4 } from './nf4.ts';
import { nvfp4 } from './nvfp4.ts';
import { tf32 } from './tf32.ts';

/** Every named numeric format, widest first, plain before block-scaled. */
export const formats: readonly NumberFormat[] = [
  fp32,
  tf32,
  bf16,
  fp16,
  fp8E4m3,
  fp8E5m2,
  fp6E3m2,
  fp6E2m3,
  fp4E2m1,
  int8,
  int4,
  nf4,
  mxfp8E4m3,
  mxfp8E5m2,
  mxfp6E3m2,
  mxfp6E2m3,
  mxfp4,
  nvfp4,
];

/** The format of an id: those of the shelf, any `e<E>m<M>` and `int<b>`; undefined for others. */
export function formatById(id: string): NumberFormat | undefined {
  return formats.find((format) => format.id === id) ?? layoutFormat(id) ?? integerFormat(id);
}

/**
 * The format with these exponent and mantissa bits: one of the shelf whose scales are not part of
 * it, else `e<E>m<M>`; undefined beyond what a double can hold.
 */
export function formatOfLayout(
  exponentBits: number,
  mantissaBits: number,
): NumberFormat | undefined {
  const named = formats.find(
    (format) =>
      format.scaling === null &&
      format.exponentBits === exponentBits &&
      format.mantissaBits === mantissaBits,
  );
  return named ?? layoutFormat(`e${exponentBits}m${mantissaBits}`);
}
