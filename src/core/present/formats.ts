import type { NumberFormat } from '../formats/format.ts';
import { formatById } from '../formats/registry.ts';
import type { FormatTarget, Operand } from '../run/run.ts';
import { exact, plain } from './numbers.ts';

/** How values share a scale, in words: `per tensor`, `block 32`; empty without a scale. */
export function scalingWords({
  granularity,
  block,
}: Pick<FormatTarget, 'granularity' | 'block'>): string {
  switch (granularity) {
    case 'none':
      return '';
    case 'block':
      return block === null ? 'in blocks' : `block ${block}`;
    case 'tensor':
    case 'channel':
      return `per ${granularity}`;
  }
}

/** A format and its scaling as a person says it: `FP8 E4M3 per tensor`, `MXFP4 (block 32)`. */
export function formatName(target: FormatTarget): string {
  const name = formatById(target.format)?.name ?? target.format;
  const scaling = scalingWords(target);
  if (scaling === '') return name;
  return target.granularity === 'block' ? `${name} (${scaling})` : `${name} ${scaling}`;
}

/** The shortest name that tells a format apart: `E4M3`, `MXFP8 E4M3`, `BF16`. */
export function formatShort(id: string): string {
  const format = formatById(id);
  if (!format) return id;
  return format.scaling === null ? (format.name.split(' ').at(-1) ?? format.name) : format.name;
}

/** What the bits of a format can express: `8 bits: 1 sign, 4 exponent, 3 mantissa. Largest…`. */
export function formatFacts(format: NumberFormat): string {
  const { exponentBits, mantissaBits, codebook } = format;
  if (codebook) {
    return `${format.bits} bits: one of ${codebook.length} fixed values between −1 and 1.`;
  }
  if (exponentBits === null || mantissaBits === null) {
    const top = plainMagnitude(format.maximum);
    return `${format.bits} bits: whole numbers from −${top} to ${top}, steps of 1 before scaling.`;
  }
  const sizes = [
    `Largest ${plainMagnitude(format.maximum)}`,
    ...(format.smallestNormal === null
      ? []
      : [`smallest normal ${plainMagnitude(format.smallestNormal)}`]),
    ...(format.smallestSubnormal === null
      ? []
      : [`smallest step ${plainMagnitude(format.smallestSubnormal)}`]),
  ];
  return `${format.bits} bits: 1 sign, ${exponentBits} exponent, ${mantissaBits} mantissa. ${sizes.join(', ')}.`;
}

/** A magnitude of a format with at most three digits: `57,344`, `0.00195`, `3.39e+38`. */
function plainMagnitude(value: number): string {
  if (value >= 1e6 || value < 1e-4) return value.toExponential(2);
  return value >= 1000 ? exact(value) : plain(value);
}

const operandWords: Readonly<Record<Operand, string>> = {
  weights: 'weights',
  activations: 'activations',
  kv: 'the key-value cache',
  gradients: 'gradients',
};

/** The operands of a recipe as part of a sentence: `weights, activations and gradients`. */
export function operandList(operands: readonly Operand[]): string {
  return listed(operands.map((operand) => operandWords[operand]));
}

/** Joins words as a sentence does: `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

const scaleNames: Readonly<Record<string, string>> = {
  fp32: 'FP32',
  e8m0: 'power-of-two (E8M0)',
  e4m3: 'E4M3',
  'power-of-two': 'power-of-two',
};

/** The scaling of a recipe as a sentence: `One E4M3 scale per 16 values.` Empty without a scale. */
export function scaleSentence(
  target: Pick<FormatTarget, 'granularity' | 'block'>,
  scale: string | null,
): string {
  const kind = scale === null ? '' : `${scaleNames[scale] ?? scale} `;
  switch (target.granularity) {
    case 'none':
      return '';
    case 'block':
      return `One ${kind}scale per ${target.block ?? 'block of'} values.`;
    case 'tensor':
    case 'channel':
      return `One ${kind}scale per ${target.granularity}.`;
  }
}

/** Whether a format is floating point in four bits: what public runs were measured in. */
export function isFp4({
  bits,
  exponentBits,
}: Pick<NumberFormat, 'bits' | 'exponentBits'>): boolean {
  return bits === 4 && exponentBits !== null;
}

/** What is to be known where a law ranks layouts of no or one exponent bit. */
export const sameValues =
  'A layout E0Mn and E1M(n − 1) hold the same values at scales one power of two apart: where the ' +
  'law tells them apart, arithmetic cannot.';
