import type { NumberFormat } from './format.ts';

/**
 * The number that a code stands for: the unscaled element in block-scaled formats.
 * Codes are the bit pattern read as an unsigned integer, sign bit on top; NaN for a code that
 * the format does not have.
 */
export function decode(format: NumberFormat, code: number): number {
  if (!Number.isInteger(code) || code < 0 || code >= 2 ** format.bits) return NaN;
  if (format.codebook) return format.codebook[code] ?? NaN;
  const { exponentBits, mantissaBits, bias } = format;
  // Division instead of shifts: the codes of FP32 do not fit a signed 32-bit integer.
  const half = 2 ** (format.bits - 1);
  if (exponentBits === null || mantissaBits === null || bias === null) {
    return code < half ? code : code - 2 * half;
  }
  const sign = code < half ? 1 : -1;
  const magnitude = code % half;
  const fraction = (magnitude % 2 ** mantissaBits) / 2 ** mantissaBits;
  const exponent = Math.floor(magnitude / 2 ** mantissaBits);
  const allOnes = exponentBits > 0 && exponent === 2 ** exponentBits - 1;
  if (allOnes && format.special === 'ieee') return fraction === 0 ? sign * Infinity : NaN;
  if (allOnes && format.special === 'nan-only' && magnitude === half - 1) return NaN;
  return exponent === 0
    ? sign * fraction * 2 ** (1 - bias)
    : sign * (1 + fraction) * 2 ** (exponent - bias);
}

/**
 * Rounds to the nearest value of the format, ties to the even significand, saturating at the
 * largest magnitude. NaN stays NaN.
 */
export function quantise(format: NumberFormat, value: number): number {
  if (Number.isNaN(value)) return NaN;
  if (format.codebook) {
    return format.codebook.reduce((best, entry) =>
      Math.abs(entry - value) < Math.abs(best - value) ? entry : best,
    );
  }
  const { mantissaBits, bias, maximum } = format;
  const size = Math.min(Math.abs(value), maximum);
  if (mantissaBits === null || bias === null) return Math.sign(value) * roundToEven(size);
  const exponent = Math.max(size === 0 ? -Infinity : Math.floor(Math.log2(size)), 1 - bias);
  const step = 2 ** (exponent - mantissaBits);
  return Math.sign(value) * Math.min(roundToEven(size / step) * step, maximum);
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
