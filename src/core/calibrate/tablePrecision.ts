import type { PointRequest } from '../laws/point.ts';
import { columnsNamed, normalised, quoted, textIn, type Column } from './columns.ts';
import {
  formatInBits,
  formatNamed,
  formatOfWidth,
  operandsNamed,
  scalingIn,
} from './tableFormats.ts';

/** Which columns say how a run was quantised; undefined or empty where none does. */
export interface PrecisionColumns {
  readonly formats: readonly Column[];
  readonly gradients: Column | undefined;
  readonly exponentBits: Column | undefined;
  readonly mantissaBits: Column | undefined;
  readonly weightBits: Column | undefined;
  readonly activationBits: Column | undefined;
  readonly scalings: readonly Column[];
  readonly scale: Column | undefined;
  readonly quantisers: readonly Column[];
  readonly operands: Column | undefined;
}

/** The columns that say how runs were quantised, by the names that they commonly have. */
export function precisionColumns(headers: readonly string[]): PrecisionColumns {
  const first = (...names: readonly string[]) => columnsNamed(headers, names)[0];
  return {
    formats: columnsNamed(headers, [
      ...['format', 'numberformat', 'numericformat', 'precision', 'dtype', 'datatype'],
      ...['forwardformat', 'forward', 'quantformat'],
    ]),
    gradients: first('gradientformat', 'gradformat', 'backwardformat', 'backward'),
    exponentBits: first('exponentbits', 'ebits', 'e'),
    mantissaBits: first('mantissabits', 'mbits', 'm'),
    weightBits: first('weightbits', 'wbits'),
    activationBits: first('activationbits', 'abits'),
    scalings: columnsNamed(headers, [
      ...['block', 'blocksize', 'groupsize', 'granularity', 'scaling', 'b'],
    ]),
    scale: first('scaleformat', 'scaledtype', 'scaletype'),
    quantisers: columnsNamed(headers, [
      ...['wquant', 'aquant', 'fquant', 'bquant', 'quantizer', 'quantiser', 'method'],
    ]),
    operands: first('operands', 'quantizedoperands', 'quantisedoperands', 'quantized', 'quantised'),
  };
}

/** How a run was quantised. */
export type Precision = Omit<PointRequest, 'parameters' | 'tokens'>;

/** How a row says that its run was quantised, or why it cannot be told: the end of “3 rows …”. */
export function precisionIn(
  cells: ReadonlyMap<string, string>,
  columns: PrecisionColumns,
): Precision | { readonly why: string } {
  const numbers = numbersIn(cells, columns);
  if ('why' in numbers) return numbers;
  const written = textIn(cells, columns.operands);
  const operands = written === '' ? null : operandsNamed(written);
  if (written !== '' && operands === null) return { why: `with the operands “${quoted(written)}”` };
  const scaled = columns.scalings.filter((column) => textIn(cells, column) !== '');
  const scalings = scaled.map((column) => scalingIn(cells, column));
  const scaling = scalings.find((each) => each !== null);
  // `granularity: block` beside a block size says nothing more; alone it means the default one.
  const unread = scaled.find(({ name }) => cells.get(name)?.toLowerCase() !== 'block');
  if (unread && !scaling) return { why: `with the scaling “${quoted(textIn(cells, unread))}”` };
  const scale = textIn(cells, columns.scale).toLowerCase();
  return {
    ...numbers,
    ...(scaling ?? (scaled.length > 0 && { granularity: 'block' })),
    ...(scale !== '' && { scale }),
    ...(operands && { operands }),
  };
}

/** The format of both passes, by whichever columns say it. */
function numbersIn(
  cells: ReadonlyMap<string, string>,
  columns: PrecisionColumns,
): Precision | { readonly why: string } {
  const { exponentBits, mantissaBits, gradients } = columns;
  const column = columns.formats.find((each) => textIn(cells, each) !== '');
  const written = textIn(cells, column);
  const backward = textIn(cells, gradients);
  const gradientFormat = backward === '' ? null : formatNamed(backward);
  if (backward !== '' && gradientFormat === null) return unknownFormat(backward);
  const both = gradientFormat === null ? {} : { gradientFormat };
  const bits = exponentBits && mantissaBits && formatInBits(cells, exponentBits, mantissaBits);
  if (bits) return { format: bits, ...both };
  if (/^(?:fp8[-_ ]?)?hybrid$/i.test(written)) {
    return { format: 'fp8-e4m3', gradientFormat: 'fp8-e5m2' };
  }
  if (written !== '') {
    const format = formatNamed(written);
    return format === null ? unknownFormat(written) : { format, ...both };
  }
  const widths = widthsIn(cells, columns);
  if (widths) return widths;
  if (saysFormat(columns)) return { why: 'without a format' };
  // A method may be anything, a quantiser only quantises.
  const told = columns.quantisers.filter(({ name }) => normalised(name).includes('quant'));
  const [quantiser] = quantisersOf(cells, told);
  return quantiser === undefined
    ? { format: 'bf16' }
    : { why: `with the quantiser “${quoted(quantiser)}”, whose format no column tells` };
}

function unknownFormat(written: string): { readonly why: string } {
  return { why: `with the format “${quoted(written)}”, which is not known` };
}

/** Whether any column names a number format. */
export function saysFormat({
  formats,
  exponentBits,
  mantissaBits,
  weightBits,
  activationBits,
}: PrecisionColumns) {
  const bits = exponentBits && mantissaBits;
  return formats.length > 0 || [bits, weightBits, activationBits].some((each) => each);
}

/** Widths of weights and activations, 16 for BF16, as tables of quantisation-aware training say. */
function widthsIn(
  cells: ReadonlyMap<string, string>,
  { weightBits, activationBits, quantisers }: PrecisionColumns,
): Precision | { readonly why: string } | null {
  const weights = textIn(cells, weightBits);
  const activations = textIn(cells, activationBits);
  if (weights === '' && activations === '') return null;
  const [first = 'bf16', second = 'bf16'] = [weights, activations].map((text) =>
    text === '' ? 'bf16' : formatOfWidth(text),
  );
  if (first === null || second === null) {
    return {
      why: `with ${quoted(weights) || 16}-bit weights and ${quoted(activations) || 16}-bit activations`,
    };
  }
  const quantised = (['weights', 'activations'] as const).filter(
    (_, index) => [first, second][index] !== 'bf16',
  );
  const format = first === 'bf16' ? second : first;
  const [quantiser] = quantisersOf(cells, quantisers);
  if (quantised.length === 0 && quantiser !== undefined) {
    return {
      why: `of 16 bits with the quantiser “${quoted(quantiser)}”, which contradict each other`,
    };
  }
  if (quantised.length === 2 && first !== second) {
    return { why: 'whose weights and activations differ in width, which no law here models' };
  }
  return quantised.length === 0 ? { format } : { format, operands: quantised };
}

/** The quantisers that a row names; those that quantise nothing do not count. */
export function quantisersOf(
  cells: ReadonlyMap<string, string>,
  columns: readonly Column[],
): readonly string[] {
  const named = columns.map((column) => textIn(cells, column));
  return named.filter((text) => !/^$|^no(?:ne|[-_ ]?quant.*)?$|^bf16$|^identity$/i.test(text));
}
