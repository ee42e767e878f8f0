import type { Granularity } from '../core/run/run.ts';

/** What sliders and fields say instead of the file; absent = as the file has it. */
export interface Overrides {
  /** N, parameters. */
  readonly parameters?: number;
  /** D, tokens. */
  readonly tokens?: number;
  /** Format id. */
  readonly format?: string;
  readonly granularity?: Granularity;
  /** Values that share a scale, when `granularity` is `block`. */
  readonly block?: number;
  /** C, the budget in floating-point operations of 16-bit arithmetic. */
  readonly compute?: number;
}

/** Which run of which document. */
export interface RunReference {
  readonly uri: string;
  readonly runIndex: number;
}

/** What the panel remembers over a reload: everything in it that is not the host's or derived. */
export interface ViewState {
  readonly version: typeof stateVersion;
  /** The document shown, or null before the first. */
  readonly uri: string | null;
  readonly runIndex: number;
  /** Whether the panel stays with its document while others are edited. */
  readonly pinned: boolean;
  /** Id of the plot whose tab is open. */
  readonly plot: string;
  /** The chosen variant of each plot, by plot id. */
  readonly variants: Readonly<Record<string, string>>;
  /** The horizontal range of each plot, by `plot/variant`; absent = as the plot chooses. */
  readonly ranges: Readonly<Record<string, readonly [number, number]>>;
  readonly overrides: Overrides;
  /** The runs that are compared with the one in view. */
  readonly compared: readonly RunReference[];
  /** The files that the loss log of `uri` was read from, as the host names them. */
  readonly measuredFrom: readonly string[];
}

/** Raised whenever `ViewState` changes its meaning: an older state is then forgotten. */
const stateVersion = 1;

/** What a panel starts from. */
export const initialState: ViewState = {
  version: stateVersion,
  uri: null,
  runIndex: 0,
  pinned: false,
  plot: '',
  variants: {},
  ranges: {},
  overrides: {},
  compared: [],
  measuredFrom: [],
};

const granularities: readonly unknown[] = ['none', 'tensor', 'channel', 'block'];

/**
 * Reads a persisted state back. Another version gives the initial state; of the right version,
 * each part that cannot be read falls back alone. Never throws.
 */
export function restoreState(value: unknown): ViewState {
  if (!isRecord(value) || value.version !== stateVersion) return initialState;
  return {
    version: stateVersion,
    uri: typeof value.uri === 'string' && value.uri !== '' ? value.uri : null,
    runIndex: isIndex(value.runIndex) ? value.runIndex : initialState.runIndex,
    pinned: value.pinned === true,
    plot: typeof value.plot === 'string' ? value.plot : initialState.plot,
    variants: entriesThat(value.variants, (each) => typeof each === 'string'),
    ranges: entriesThat(value.ranges, isRange),
    overrides: restoreOverrides(value.overrides),
    compared: referencesIn(value.compared),
    measuredFrom: namesIn(value.measuredFrom),
  };
}

function restoreOverrides(value: unknown): Overrides {
  if (!isRecord(value)) return {};
  const { parameters, tokens, format, granularity, block, compute } = value;
  return {
    ...(isPositive(parameters) && { parameters }),
    ...(isPositive(tokens) && { tokens }),
    ...(typeof format === 'string' && format !== '' && { format }),
    ...(granularities.includes(granularity) && { granularity: granularity as Granularity }),
    ...(isPositive(block) && Number.isInteger(block) && { block }),
    ...(isPositive(compute) && { compute }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIndex(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

function isRange(value: unknown): value is readonly [number, number] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [low, high] = value as readonly unknown[];
  return isPositive(low) && isPositive(high) && low < high;
}

function namesIn(value: unknown): readonly string[] {
  const listed: readonly unknown[] = Array.isArray(value) ? value : [];
  return listed.filter((each): each is string => typeof each === 'string' && each !== '');
}

function referencesIn(value: unknown): readonly RunReference[] {
  const listed: readonly unknown[] = Array.isArray(value) ? value : [];
  return listed.flatMap((each) =>
    isRecord(each) && typeof each.uri === 'string' && each.uri !== '' && isIndex(each.runIndex)
      ? [{ uri: each.uri, runIndex: each.runIndex }]
      : [],
  );
}

/** The entries of a record whose values pass; nothing of anything else. */
function entriesThat<T>(value: unknown, passes: (each: unknown) => each is T): Record<string, T> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, T] => passes(entry[1])),
  );
}
