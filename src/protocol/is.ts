/** Whether a value that came over the wire is a `T`. */
export type Is<T> = (value: unknown) => value is T;
type OptionalKey<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];
type Fields<T> = { readonly [K in Exclude<keyof T, OptionalKey<T>>]: Is<T[K]> };
type MoreFields<T> = { readonly [K in OptionalKey<T>]-?: Is<Exclude<T[K], undefined>> };

/** An object with these fields. Others are let pass: a newer side may send more. */
export function fields<T>(required: Fields<T>, optional?: MoreFields<T>): Is<T> {
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

/** A list in which everything passes; holes count as undefined. */
export function listOf<T>(is: Is<T>): Is<readonly T[]> {
  return (value): value is readonly T[] =>
    // A copy, because `every` passes over the holes that a cloned list may have.
    Array.isArray(value) && Array.from<unknown>(value).every(is);
}

/** An object used as a map, in which every value passes. */
export function recordOf<T>(is: Is<T>): Is<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(is);
}

/** What passes, or null. */
export function orNull<T>(is: Is<T>): Is<T | null> {
  return (value): value is T | null => value === null || is(value);
}

/** What at least one of the kinds passes. */
export function anyOf<T>(...kinds: readonly Is<T>[]): Is<T> {
  return (value): value is T => kinds.some((is) => is(value));
}

/** One of these words. */
export function oneOf<T extends string>(...words: readonly T[]): Is<T> {
  return (value): value is T => (words as readonly unknown[]).includes(value);
}

/** A text. */
export const isString: Is<string> = (value) => typeof value === 'string';
/** A text with something in it. */
export const isName: Is<string> = (value): value is string => isString(value) && value !== '';
/** A truth value. */
export const isBoolean: Is<boolean> = (value) => typeof value === 'boolean';
/** A finite number. */
export const isNumber: Is<number> = (value): value is number => Number.isFinite(value);
/** A finite number above zero. */
export const isCount: Is<number> = (value): value is number => isNumber(value) && value > 0;
/** A whole number from zero on. */
export const isIndex: Is<number> = (value): value is number =>
  Number.isInteger(value) && Number(value) >= 0;
/** Whatever is there at all. */
export const isAnything: Is<unknown> = (value): value is unknown => value !== undefined;

/** Two finite numbers. */
export const isPair: Is<readonly [number, number]> = (value): value is readonly [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every(isNumber);
