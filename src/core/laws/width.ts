import { formatById } from '../formats/registry.ts';
import { needsNoScaling } from './point.ts';
import type { RunPoint } from './law.ts';

/** P of laws that know a format by its width: sign, exponent and mantissa bits of a float. */
export function bitsOf({ exponentBits, mantissaBits, bits }: RunPoint): number {
  return exponentBits === null || mantissaBits === null ? bits : exponentBits + mantissaBits + 1;
}

/** Whether a format's values lie evenly spaced, as an integer's: a float without exponent is one. */
export function isInteger(point: RunPoint): boolean {
  const evenlySpaced = point.exponentBits === null || point.exponentBits === 0;
  return evenlySpaced && formatById(point.format)?.codebook === undefined;
}

/** Whether a point quantises anything: fewer than 16 bits, or scaling factors that someone states. */
export function quantises(point: RunPoint): boolean {
  return !(point.granularity === 'none' && needsNoScaling(point));
}
