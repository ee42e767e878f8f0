import type { Place, Span } from '../syntax/tree.ts';

/** A number that a derived one was computed from, by the name it has in the formula. */
export interface Part {
  readonly name: string;
  readonly known: Known<number | string | boolean>;
}

/** Where a value came from. A guess is never shown as a fact. */
export type Origin =
  | { readonly kind: 'stated'; readonly file: string; readonly span: Span }
  | { readonly kind: 'default'; readonly of: string }
  | { readonly kind: 'published'; readonly model: string; readonly source: string }
  | {
      readonly kind: 'derived';
      readonly formula: string;
      readonly from: readonly string[];
      readonly parts: readonly Part[];
    }
  | { readonly kind: 'assumed'; readonly why: string };

/** A value together with its origin. */
export interface Known<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** A value written in a file at `place`. */
export function stated<T>(value: T, place: Place): Known<T> {
  const span = { start: place.start, end: place.end };
  return { value, origin: { kind: 'stated', file: place.file, span } };
}

/** A value the framework uses when the key is absent; `of` names the class or file that says so. */
export function byDefault<T>(value: T, of: string): Known<T> {
  return { value, origin: { kind: 'default', of } };
}

/** A value of a named model's published shape. */
export function published<T>(value: T, model: string, source: string): Known<T> {
  return { value, origin: { kind: 'published', model, source } };
}

/** A value the user told us (setting, modeline, assumptions file, `--assume`). */
export function assumed<T>(value: T, why: string): Known<T> {
  return { value, origin: { kind: 'assumed', why } };
}

/** A value computed from others; `formula` has the numbers substituted. */
export function derived<T>(value: T, formula: string, parts: readonly Part[]): Known<T> {
  return { value, origin: { kind: 'derived', formula, from: parts.map((p) => p.name), parts } };
}

/** The place a known value was stated at, or undefined when no file states it. */
export function placeOf(known: Known<unknown> | null | undefined): Place | undefined {
  return known?.origin.kind === 'stated'
    ? { file: known.origin.file, ...known.origin.span }
    : undefined;
}

/** Every place in files that a known value rests on, its own and those of its parts. */
export function placesOf(known: Known<unknown> | null | undefined): readonly Place[] {
  if (!known) return [];
  const own = placeOf(known);
  if (own) return [own];
  return known.origin.kind === 'derived'
    ? known.origin.parts.flatMap((part) => placesOf(part.known))
    : [];
}

/** Whether a known value is another one, or was computed from it. */
export function restsOn(known: Known<unknown>, part: Known<unknown>): boolean {
  if (known === part) return true;
  return (
    known.origin.kind === 'derived' && known.origin.parts.some((each) => restsOn(each.known, part))
  );
}
