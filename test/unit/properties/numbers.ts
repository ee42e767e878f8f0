import { expect } from 'vitest';

/** The numbers in anything, with where they stand. */
function numbersIn(value: unknown, path = ''): readonly (readonly [string, number])[] {
  if (typeof value === 'number') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => numbersIn(each, `${path}.${key}`));
}

/** Expects every number in plain data to be finite. */
export function expectFiniteNumbers(value: unknown): void {
  expect(numbersIn(value).filter(([, number]) => !Number.isFinite(number))).toEqual([]);
}

/** Expects every number in plain data to be finite, those written out in its sentences too. */
export function expectFinite(value: unknown): void {
  expectFiniteNumbers(value);
  expect(JSON.stringify(value)).not.toMatch(/NaN|Infinity/);
}

/** Expects two numbers to be alike to nine digits of the larger, or of 1. */
export function expectSame(a: number, b: number): void {
  expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(a), Math.abs(b)));
}
