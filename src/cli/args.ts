import { acceleratorNamed } from '../core/hardware/named.ts';
import { accelerators } from '../core/hardware/registry.ts';
import type { Law } from '../core/laws/law.ts';
import { lawById, laws } from '../core/laws/registry.ts';
import type { Granularity, Operand } from '../core/run/run.ts';
import { parseCount } from '../core/run/units.ts';
import { unknownIdSentence } from '../core/settings/overrides.ts';

/** A command line that cannot be understood; the message is one sentence. */
export class UsageError extends Error {}

/**
 * Reads a count such as `8e9`, `8B` or `2**40`; undefined when the option is absent.
 * @throws UsageError when it is no positive number.
 */
export function countOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = parseCount(text);
  if (value === null) {
    throw new UsageError(`--${name} must be a positive number such as 8e9, 8B or 2**40.`);
  }
  return value;
}

/**
 * Reads a number above zero such as `0.01`; undefined when the option is absent.
 * @throws UsageError when it is none.
 */
export function numberOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? NaN : Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new UsageError(`--${name} must be a number above zero such as 0.01.`);
}

/** Reads an option that the command cannot do without. */
export function required<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw new UsageError(`--${name} is needed.`);
  return value;
}

/** Reads a whole number of `least` to `most`; undefined when the option is absent. */
export function integerOption(
  name: string,
  text: string | undefined,
  least = 0,
  most = Infinity,
): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text) || Number(text) < least || Number(text) > most) {
    const range = most === Infinity ? `from ${least} on` : `from ${least} to ${most}`;
    throw new UsageError(`--${name} must be a whole number ${range}.`);
  }
  return Number(text);
}

/** What `--block` says: a number of values, `channel` or `tensor`; undefined when absent. */
export function blockOption(
  text: string | undefined,
): { granularity: Granularity; block: number | null } | undefined {
  if (text === undefined) return undefined;
  if (text === 'channel' || text === 'tensor') return { granularity: text, block: null };
  if (!/^[1-9]\d{0,14}$/.test(text)) {
    throw new UsageError('--block must be a whole number from 1 on, channel or tensor.');
  }
  return { granularity: 'block', block: Number(text) };
}

const operandNames: readonly Operand[] = ['weights', 'activations', 'kv', 'gradients'];

/** The operands of `--operands`; undefined when absent. */
export function operandsOption(text: string | undefined): readonly Operand[] | undefined {
  if (text === undefined) return undefined;
  const words = text.split(',').map((word) => word.trim());
  const known = operandNames.filter((name) => words.includes(name));
  if (known.length === 0 || words.some((word) => !operandNames.includes(word as Operand))) {
    throw new UsageError(`--operands must be some of ${operandNames.join(',')}.`);
  }
  return known;
}

/** The law of `--law`, the default one when absent. */
export function lawOption(id: string | undefined): Law {
  const law = id === undefined ? laws[0] : lawById(id);
  if (law) return law;
  throw unknownId('law', id ?? '', laws);
}

/** The accelerator id of `--hardware`, or null when absent. */
export function hardwareOption(id: string | undefined): string | null {
  if (id === undefined) return null;
  const accelerator = acceleratorNamed(id);
  if (!accelerator) throw unknownId('hardware', id, accelerators);
  return accelerator.id;
}

/** The error for an id that a shelf does not hold. */
export function unknownId(
  what: string,
  id: string,
  known: readonly { readonly id: string }[],
): UsageError {
  return new UsageError(unknownIdSentence(what, id, known));
}
