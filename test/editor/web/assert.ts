/** The part of `node:assert/strict` that suites use, for the extension host of the browser. */

class AssertionError extends Error {
  override readonly name = 'AssertionError';
  constructor(
    message: string,
    readonly actual?: unknown,
    readonly expected?: unknown,
  ) {
    super(message);
  }
}

export function ok(value: unknown, message = `${show(value)} is not truthy`): asserts value {
  if (!value) throw new AssertionError(message, value, true);
}

export function equal(actual: unknown, expected: unknown, message?: string): void {
  if (Object.is(actual, expected)) return;
  throw new AssertionError(message ?? `${show(actual)} !== ${show(expected)}`, actual, expected);
}

export function notEqual(actual: unknown, unwanted: unknown, message?: string): void {
  if (!Object.is(actual, unwanted)) return;
  throw new AssertionError(message ?? `${show(actual)} is not wanted`, actual, unwanted);
}

export function deepEqual(actual: unknown, expected: unknown, message?: string): void {
  if (same(actual, expected)) return;
  throw new AssertionError(message ?? `${show(actual)} is not ${show(expected)}`, actual, expected);
}

export function match(text: string, pattern: RegExp, message?: string): void {
  if (!pattern.test(text)) throw new AssertionError(message ?? `${show(text)} !~ ${pattern}`, text);
}

export function doesNotMatch(text: string, pattern: RegExp, message?: string): void {
  if (pattern.test(text)) throw new AssertionError(message ?? `${show(text)} =~ ${pattern}`, text);
}

export async function rejects(
  attempt: Promise<unknown> | (() => Promise<unknown>),
  pattern?: RegExp,
): Promise<void> {
  const outcome = await (typeof attempt === 'function' ? attempt() : attempt).then(
    () => undefined,
    (reason: unknown) => ({ reason }),
  );
  if (outcome === undefined) throw new AssertionError('It did not reject');
  if (pattern) match(String(outcome.reason), pattern);
}

export function fail(message: string): never {
  throw new AssertionError(message);
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const keys = Object.keys(a);
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => key in right && same(left[key], right[key]))
  );
}

function show(value: unknown): string {
  // The types do not say that undefined and functions have no JSON.
  const json = JSON.stringify(value) as string | undefined;
  return json ?? String(value);
}

/** `import assert from 'node:assert/strict'` and `import { strict as assert }` both work. */
export const strict = Object.assign(ok, {
  ok,
  equal,
  strictEqual: equal,
  notEqual,
  notStrictEqual: notEqual,
  deepEqual,
  deepStrictEqual: deepEqual,
  match,
  doesNotMatch,
  rejects,
  fail,
});
export { equal as strictEqual, notEqual as notStrictEqual, deepEqual as deepStrictEqual };
export default strict;
