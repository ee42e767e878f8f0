import type { LossPoint, MeasuredLosses } from '../core/run/measured.ts';
import type { FormatTarget } from '../core/run/run.ts';
import { isAnalysis, isPoint } from './checkAnalysis.ts';
import { isFormatId, isGranularity, isPlace } from './checkRun.ts';
import {
  anyOf,
  fields,
  isAnything,
  isBoolean,
  isCount,
  isIndex,
  isName,
  isNumber,
  isString,
  listOf,
  oneOf,
  orNull,
  type Is,
} from './is.ts';
import {
  mostCompared,
  mostLosses,
  type ComparedRun,
  type PanelSettings,
  type ToHost,
  type ToPanel,
} from './messages.ts';

/** Largest file that the panel may ask to save, in base64 characters (about 24 MB). */
export const largestSave = 32 * 1024 * 1024;

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

/** A bare file name: what it is put together with must not be led elsewhere. */
const isFileName: Is<string> = (value): value is string =>
  isString(value) && /^[\w][\w .()+-]{0,120}$/.test(value);
const isBase64: Is<string> = (value): value is string =>
  isString(value) &&
  value.length <= largestSave &&
  value.length % 4 === 0 &&
  /^[A-Za-z0-9+/]*={0,2}$/.test(value);

const isSettings = fields<PanelSettings>({
  law: isName,
  hardware: orNull(isName),
  gapTarget: isCount,
  nearCriticalRatio: isCount,
  pricePerHour: orNull(isCount),
});
const isLossPoint = fields<LossPoint>({ tokens: isCount, loss: isNumber });
const isCurve: Is<readonly LossPoint[]> = (value): value is readonly LossPoint[] =>
  listOf(isLossPoint)(value) && value.length <= mostLosses;
const isMeasured = fields<MeasuredLosses>({
  name: isString,
  points: isCurve,
  baseline: orNull(isCurve),
  notes: listOf(isString),
});

const isComparedRun = fields<ComparedRun>({
  uri: isName,
  runIndex: isIndex,
  name: isString,
  point: orNull(isPoint),
  why: isString,
  taken: isString,
});
const isComparedRuns: Is<readonly ComparedRun[]> = (value): value is readonly ComparedRun[] =>
  listOf(isComparedRun)(value) && value.length <= mostCompared;

/** A target whose block is there exactly when it is scaled by block. */
const isTarget: Is<FormatTarget> = (value): value is FormatTarget =>
  fields<FormatTarget>({
    format: isFormatId,
    granularity: isGranularity,
    block: orNull((each): each is number => isIndex(each) && each > 0),
  })(value) && (value.granularity === 'block') === (value.block !== null);

const isToHost = anyOf<ToHost>(
  fields<Extract<ToHost, { type: 'ready' }>>(
    { type: oneOf('ready') },
    { state: isAnything, version: isIndex },
  ),
  fields<Extract<ToHost, { type: 'apply' }>>({
    type: oneOf('apply'),
    requestId: isIndex,
    uri: isName,
    version: isIndex,
    runIndex: isIndex,
    target: isTarget,
  }),
  fields<Extract<ToHost, { type: 'reveal' }>>({ type: oneOf('reveal'), place: isPlace }),
  fields<Extract<ToHost, { type: 'pin' }>>({ type: oneOf('pin'), pinned: isBoolean }),
  fields<Extract<ToHost, { type: 'set' }>>({
    type: oneOf('set'),
    what: oneOf('tokens', 'hardware', 'law'),
    runIndex: isIndex,
  }),
  fields<Extract<ToHost, { type: 'save' }>>({
    type: oneOf('save'),
    requestId: isIndex,
    name: isFileName,
    mime: oneOf('image/png', 'text/csv'),
    base64: isBase64,
  }),
  fields<Extract<ToHost, { type: 'measure' }>>({
    type: oneOf('measure'),
    requestId: isIndex,
    runIndex: isIndex,
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
    pinned: isBoolean,
    settings: isSettings,
    measured: orNull(isMeasured),
    compared: isComparedRuns,
    measuredFrom: listOf(isName),
  }),
  fields<Extract<ToPanel, { type: 'gone' }>>({ type: oneOf('gone'), uri: isName }),
  fields<Extract<ToPanel, { type: 'answer' }>>(
    { type: oneOf('answer'), requestId: isIndex, ok: isBoolean },
    { message: isString },
  ),
);
