import type { Known, Origin, Part } from '../core/run/known.ts';
import type {
  ParameterCounts,
  ParameterPart,
  Precision,
  TokenCount,
  TrainingRun,
} from '../core/run/run.ts';
import type { Edit } from '../core/syntax/edit.ts';
import type { Place, Span } from '../core/syntax/tree.ts';
import {
  anyOf,
  fields,
  isBoolean,
  isCount,
  isIndex,
  isNumber,
  isString,
  listOf,
  oneOf,
  orNull,
  type Is,
} from './is.ts';
import type { Need, Settled } from '../core/run/need.ts';

/** The id of a number format: lower-case words and digits, joined by hyphens. */
export const isFormatId: Is<string> = (value): value is string =>
  isString(value) && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(value) && value.length <= 40;

/** How values share a scale. */
export const isGranularity = oneOf('none', 'tensor', 'channel', 'block');
/** What of a matrix product is quantised. */
export const isOperand = oneOf('weights', 'activations', 'kv', 'gradients');

const isSpan: Is<Span> = (value): value is Span =>
  fields<Span>({ start: isIndex, end: isIndex })(value) && value.start <= value.end;
/** A stretch of a named file. */
export const isPlace: Is<Place> = (value): value is Place =>
  isSpan(value) && fields<Pick<Place, 'file'>>({ file: isString })(value);
/** A replacement of a stretch of a file. */
export const isEdit = fields<Edit>({ place: isPlace, newText: isString });

const isPart: Is<Part> = (value): value is Part =>
  fields<Part>({
    name: isString,
    known: known<number | string | boolean>(
      anyOf<number | string | boolean>(isNumber, isString, isBoolean),
    ),
  })(value);
const isOrigin: Is<Origin> = anyOf<Origin>(
  fields<Extract<Origin, { kind: 'stated' }>>({
    kind: oneOf('stated'),
    file: isString,
    span: isSpan,
  }),
  fields<Extract<Origin, { kind: 'default' }>>({ kind: oneOf('default'), of: isString }),
  fields<Extract<Origin, { kind: 'published' }>>({
    kind: oneOf('published'),
    model: isString,
    source: isString,
  }),
  fields<Extract<Origin, { kind: 'derived' }>>({
    kind: oneOf('derived'),
    formula: isString,
    from: listOf(isString),
    parts: listOf(isPart),
  }),
  fields<Extract<Origin, { kind: 'assumed' }>>({ kind: oneOf('assumed'), why: isString }),
);

function known<T>(is: Is<T>): Is<Known<T>> {
  // `isOrigin` is reached through a function: a derived origin holds known values again.
  const origin: Is<Origin> = (value): value is Origin => isOrigin(value);
  return fields<{ value: unknown; origin: unknown }>({ value: is, origin }) as Is<Known<T>>;
}

const isParameterPart = fields<ParameterPart>({ name: isString, count: isNumber });
const isParameterCounts = fields<ParameterCounts>({
  total: orNull(isCount),
  nonEmbedding: isCount,
  linear: isCount,
  active: orNull(isCount),
  activeLinear: orNull(isCount),
  parts: listOf(isParameterPart),
  origin: isOrigin,
});
/** Something that a file does not tell. */
export const isNeed: Is<Need> = fields<Need>({
  settles: oneOf<Settled>(
    ...(['parameters', 'tokens', 'format', 'role', 'forecast', 'quantisation gap', 'run'] as const),
    ...(['compute', 'memory', 'time'] as const),
  ),
  why: isString,
});
const isAssumptionKey = oneOf('world-size', 'data-parallel-ranks', 'dataset-tokens');
const isTokenCount = fields<TokenCount>(
  {
    total: orNull(known(isCount)),
    perRank: orNull(known(isCount)),
    needs: listOf(isNeed),
    settledBy: listOf(isAssumptionKey),
  },
  {
    assumed: listOf(
      fields<NonNullable<TokenCount['assumed']>[number]>({ key: isAssumptionKey, value: isCount }),
    ),
  },
);
const isPrecision = fields<Precision>({
  format: known(isFormatId),
  gradientFormat: orNull(isFormatId),
  granularity: isGranularity,
  block: orNull(isCount),
  scale: orNull(isString),
  operands: listOf(isOperand),
  base: orNull(isString),
  recipe: orNull(isString),
  notes: listOf(isString),
});
/** A training run as a file describes it. */
export const isRun = fields<TrainingRun>({
  role: oneOf(
    ...(['pretrain', 'continued', 'finetune', 'model'] as const),
    ...(['quantize', 'serve', 'fragment', 'other'] as const),
  ),
  model: orNull(known(isString)),
  parameters: orNull(isParameterCounts),
  tokens: isTokenCount,
  precision: orNull(isPrecision),
  anchors: fields<TrainingRun['anchors']>({
    parameters: orNull(isPlace),
    tokens: orNull(isPlace),
    precision: orNull(isPlace),
  }),
  fields: fields<TrainingRun['fields']>({
    parameters: listOf(isPlace),
    tokens: listOf(isPlace),
    precision: listOf(isPlace),
  }),
});
