import type { Analysis, Notice, RunAnalysis } from '../core/analysis.ts';
import type { Finding, Fix, Related } from '../core/checks/check.ts';
import type { Forecast, RunPoint } from '../core/laws/law.ts';
import type { Known, Origin, Part } from '../core/run/known.ts';
import type {
  FormatTarget,
  ParameterCounts,
  ParameterPart,
  Precision,
  TokenCount,
  TrainingRun,
} from '../core/run/run.ts';
import type { Edit } from '../core/syntax/edits.ts';
import type { Place, Span, SyntaxProblem } from '../core/syntax/tree.ts';
import type { PanelSettings, ToHost, ToPanel } from './messages.ts';

/** Largest file that the panel may ask to save, in base64 characters (about 24 MB). */
export const largestSave = 32 * 1024 * 1024;

type Is<T> = (value: unknown) => value is T;
type OptionalKey<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];
type Fields<T> = { readonly [K in Exclude<keyof T, OptionalKey<T>>]: Is<T[K]> };
type MoreFields<T> = { readonly [K in OptionalKey<T>]-?: Is<Exclude<T[K], undefined>> };

/**
 * Gives back a message that came from the panel, or null when it is none.
 * Everything in it is checked but `state`, which `restoreState` reads.
 */
export function checkToHost(value: unknown): ToHost | null {
  return isToHost(value) ? value : null;
}

/** Gives back a message that came from the host, or null when it is none. */
export function checkToPanel(value: unknown): ToPanel | null {
  return isToPanel(value) ? value : null;
}

/** An object with these fields. Others are let pass: a newer side may send more. */
function fields<T>(required: Fields<T>, optional?: MoreFields<T>): Is<T> {
  const must = Object.entries<Is<unknown>>(required);
  const may = Object.entries<Is<unknown>>(optional ?? {});
  return (value): value is T => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const record = value as Readonly<Record<string, unknown>>;
    return (
      must.every(([key, is]) => Object.hasOwn(record, key) && is(record[key])) &&
      may.every(([key, is]) => record[key] === undefined || is(record[key]))
    );
  };
}

function listOf<T>(is: Is<T>): Is<readonly T[]> {
  return (value): value is readonly T[] =>
    // A copy, because `every` passes over the holes that a cloned list may have.
    Array.isArray(value) && Array.from<unknown>(value).every(is);
}

function orNull<T>(is: Is<T>): Is<T | null> {
  return (value): value is T | null => value === null || is(value);
}

function anyOf<T>(...kinds: readonly Is<T>[]): Is<T> {
  return (value): value is T => kinds.some((is) => is(value));
}

function oneOf<T extends string>(...words: readonly T[]): Is<T> {
  return (value): value is T => (words as readonly unknown[]).includes(value);
}

const isString: Is<string> = (value) => typeof value === 'string';
const isName: Is<string> = (value): value is string => isString(value) && value !== '';
const isBoolean: Is<boolean> = (value) => typeof value === 'boolean';
const isNumber: Is<number> = (value): value is number => Number.isFinite(value);
const isCount: Is<number> = (value): value is number => isNumber(value) && value > 0;
const isIndex: Is<number> = (value): value is number =>
  Number.isInteger(value) && Number(value) >= 0;
const isAnything: Is<unknown> = (value): value is unknown => value !== undefined;

const isFormatId: Is<string> = (value): value is string =>
  isString(value) && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(value) && value.length <= 40;
/** A bare file name: what it is put together with must not be led elsewhere. */
const isFileName: Is<string> = (value): value is string =>
  isString(value) && /^[\w][\w .()+-]{0,120}$/.test(value);
const isBase64: Is<string> = (value): value is string =>
  isString(value) &&
  value.length <= largestSave &&
  value.length % 4 === 0 &&
  /^[A-Za-z0-9+/]*={0,2}$/.test(value);

const isGranularity = oneOf('none', 'tensor', 'channel', 'block');
const isOperand = oneOf('weights', 'activations', 'kv', 'gradients');
const isSeverity = oneOf('error', 'warning', 'information');

const isSpan: Is<Span> = (value): value is Span =>
  fields<Span>({ start: isIndex, end: isIndex })(value) && value.start <= value.end;
const isPlace: Is<Place> = (value): value is Place =>
  isSpan(value) && fields<Pick<Place, 'file'>>({ file: isString })(value);
const isEdit = fields<Edit>({ place: isPlace, newText: isString });

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
const isTokenCount = fields<TokenCount>({
  total: orNull(known(isCount)),
  perRank: orNull(known(isCount)),
  needs: listOf(isString),
  settledBy: listOf(oneOf('world-size', 'data-parallel-ranks', 'dataset-tokens')),
});
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
const isRun = fields<TrainingRun>({
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
const isPoint = fields<RunPoint>({
  parameters: isCount,
  tokens: isCount,
  format: isFormatId,
  bits: isCount,
  exponentBits: orNull(isIndex),
  mantissaBits: orNull(isIndex),
  gradientFormat: orNull(isFormatId),
  granularity: isGranularity,
  block: orNull(isCount),
  scale: orNull(isString),
  operands: listOf(isOperand),
});
const isForecast = fields<Forecast>({
  law: isName,
  loss: orNull(isNumber),
  bf16Loss: orNull(isNumber),
  gap: orNull(isNumber),
  criticalTokens: orNull(isCount),
  hasCriticalSize: isBoolean,
  ratio: orNull(isNumber),
  extrapolated: listOf(oneOf('parameters', 'tokens', 'format', 'granularity', 'operands', 'scale')),
  notes: listOf(isString),
});
const isFinding = fields<Finding>({
  id: isName,
  severity: isSeverity,
  place: isPlace,
  message: isString,
  related: listOf(fields<Related>({ place: isPlace, message: isString })),
  fixes: listOf(fields<Fix>({ title: isString, edits: listOf(isEdit) }, { preferred: isBoolean })),
  noFix: orNull(isString),
});
const isRunAnalysis = fields<RunAnalysis>({
  framework: isName,
  frameworkName: isString,
  recognised: isString,
  run: isRun,
  point: orNull(isPoint),
  forecast: orNull(isForecast),
  laws: listOf(isForecast),
  findings: listOf(isFinding),
  needs: listOf(isString),
  hardware: orNull(isString),
  canWrite: isBoolean,
});
const isAnalysis = fields<Analysis>({
  file: isString,
  syntax: orNull(oneOf('yaml', 'json', 'toml', 'shell', 'python')),
  runs: listOf(isRunAnalysis),
  problems: listOf(
    fields<SyntaxProblem>({
      place: isPlace,
      severity: oneOf('error', 'warning'),
      message: isString,
    }),
  ),
  notices: listOf(fields<Notice>({ message: isString, place: orNull(isPlace) })),
  explanation: listOf(isString),
  wants: listOf(isString),
});

const isSettings = fields<PanelSettings>({
  law: isName,
  hardware: orNull(isName),
  gapTarget: isCount,
  nearCriticalRatio: isCount,
});

/** A target whose block is there exactly when it is scaled by block. */
const isTarget: Is<FormatTarget> = (value): value is FormatTarget =>
  fields<FormatTarget>({
    format: isFormatId,
    granularity: isGranularity,
    block: orNull((each): each is number => isIndex(each) && each > 0),
  })(value) && (value.granularity === 'block') === (value.block !== null);

const isToHost = anyOf<ToHost>(
  fields<Extract<ToHost, { type: 'ready' }>>({ type: oneOf('ready') }, { state: isAnything }),
  fields<Extract<ToHost, { type: 'apply' }>>({
    type: oneOf('apply'),
    requestId: isIndex,
    uri: isName,
    version: isIndex,
    runIndex: isIndex,
    target: isTarget,
  }),
  fields<Extract<ToHost, { type: 'reveal' }>>({ type: oneOf('reveal'), place: isPlace }),
  fields<Extract<ToHost, { type: 'save' }>>({
    type: oneOf('save'),
    requestId: isIndex,
    name: isFileName,
    mime: oneOf('image/png', 'text/csv'),
    base64: isBase64,
  }),
);

const isToPanel = anyOf<ToPanel>(
  fields<Extract<ToPanel, { type: 'snapshot' }>>({
    type: oneOf('snapshot'),
    uri: isName,
    version: isIndex,
    name: isString,
    analysis: isAnalysis,
    runIndex: isIndex,
    settings: isSettings,
  }),
  fields<Extract<ToPanel, { type: 'gone' }>>({ type: oneOf('gone'), uri: isName }),
  fields<Extract<ToPanel, { type: 'answer' }>>(
    { type: oneOf('answer'), requestId: isIndex, ok: isBoolean },
    { message: isString },
  ),
);
