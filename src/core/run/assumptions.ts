import type { Known } from './known.ts';
import type { AssumptionKey, Assumptions } from './run.ts';
import type { FailOn, IgnoredFinding } from './policy.ts';
import { parseCount } from './units.ts';

/** The keys of assumptions in the order in which they are asked for. */
export const assumptionKeys: readonly AssumptionKey[] = [
  'world-size',
  'data-parallel-ranks',
  'dataset-tokens',
];

/** The name of the file in which a team keeps its policy, assumptions included. */
export const policyFileName = 'floatcast.yaml';

/**
 * The names of the file in which a workspace keeps assumptions and policy for its configs. Of two in
 * one folder the one that is named first here wins.
 */
export const assumptionsFileNames: readonly string[] = [
  'floatcast.assumptions.yaml',
  'floatcast.assumptions.yml',
  'floatcast.assumptions.json',
  policyFileName,
];

/** Whether a path is that of an assumptions file, which is no training config. */
export function isAssumptionsFile(path: string): boolean {
  return assumptionsFileNames.includes(path.split('/').at(-1) ?? '');
}

/** What one source says of a run: a modeline, an assumptions file, the command line's options. */
export interface Said {
  /** Id of a law. */
  readonly law?: string;
  /** Id of an accelerator; null = none. */
  readonly hardware?: string | null;
  /** The gap to BF16, in nats, that a run should stay under. */
  readonly gapTarget?: number;
  readonly nearCriticalRatio?: number;
  readonly pricePerHour?: number | null;
  /** Ids of the formats that runs may be in. */
  readonly allowedFormats?: readonly string[];
  /** Hours that a run may take. */
  readonly maxHours?: number;
  /** Ids of findings that are off. */
  readonly disabledChecks?: readonly string[];
  readonly failOn?: FailOn;
  readonly ignored?: readonly IgnoredFinding[];
  /** The file that says a key, by the key as it is written there. */
  readonly saidBy?: Readonly<Record<string, string>>;
  readonly assumptions: Assumptions;
  /** Values of variables that a script or the environment does not tell, by name. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** How a variable's value is said in a modeline or behind `--assume`: `var.DTYPE=fp8`. */
const variablePrefix = 'var.';

/** The name of the variable that a key speaks of, or null. */
export function variableOf(key: string): string | null {
  const name = key.startsWith(variablePrefix) ? key.slice(variablePrefix.length) : '';
  return isVariableName(name) ? name : null;
}

/** Whether a name can be a variable's, or a script's argument: `DTYPE`, `1`. */
export function isVariableName(name: string): boolean {
  return /^(?:[A-Za-z_]\w{0,99}|\d{1,2})$/.test(name);
}

/**
 * Reads an assumption as a person writes it (`64`, `15T`, `2**40`): a count above zero, of GPUs and
 * ranks a whole one. Null for anything else.
 */
export function parseAssumption(key: AssumptionKey, text: string): number | null {
  const count = parseCount(text);
  return key === 'dataset-tokens' || Number.isInteger(count) ? count : null;
}

/**
 * `base` with what a closer source says laid over it, key by key. A closer number of GPUs takes out
 * the data-parallel ranks said further away: those were counted for another number of GPUs.
 */
export function withSaid<T extends Said>(base: T, said: Said): T {
  const assumptions: Partial<Record<AssumptionKey, Known<number>>> = { ...base.assumptions };
  if (said.assumptions['world-size']) delete assumptions['data-parallel-ranks'];
  return {
    ...base,
    ...said,
    assumptions: { ...assumptions, ...said.assumptions },
    variables: { ...base.variables, ...said.variables },
    ...(said.ignored && { ignored: [...(base.ignored ?? []), ...said.ignored] }),
    ...(said.saidBy && { saidBy: { ...base.saidBy, ...said.saidBy } }),
  };
}
