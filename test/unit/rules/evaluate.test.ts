import { describe, expect, it } from 'vitest';
import { acceleratorById } from '../../../src/core/hardware/registry.ts';
import type { Condition, Operand } from '../../../src/core/rules/condition.ts';
import { evaluate } from '../../../src/core/rules/evaluate.ts';
import type { InForce, Setting } from '../../../src/core/rules/inForce.ts';

const place = { file: 'a.yaml', start: 0, end: 1 };

/** Keys as they are written here: `undefined` is one that nobody can tell. */
function inForce(
  keys: Readonly<Record<string, Operand | readonly Operand[] | null | undefined>>,
  hardware?: string,
): InForce {
  return {
    setting: (key): Setting => {
      if (!Object.hasOwn(keys, key)) return { kind: 'absent' };
      const value = keys[key];
      if (value === undefined) return { kind: 'unknown' };
      if (value === null) return { kind: 'null', place };
      return typeof value === 'object'
        ? { kind: 'list', items: value, place }
        : { kind: 'value', value, place };
    },
    role: 'pretrain',
    accelerator: acceleratorById(hardware ?? '') ?? null,
  };
}

/** true, false, or null for undecided. */
function holds(condition: Condition, known: InForce): boolean | null {
  const answer = evaluate(condition, known);
  return answer === null ? null : answer !== false;
}

const fp8 = { key: ['fp8_format', 'fp8'], op: 'in', value: ['hybrid', 'e4m3'] } as const;

describe('keys', () => {
  it.each<[Condition, Parameters<typeof inForce>[0], boolean | null]>([
    [fp8, { fp8: 'hybrid' }, true],
    [fp8, { fp8_format: 'e5m2', fp8: 'hybrid' }, false],
    [fp8, {}, false],
    [fp8, { fp8_format: undefined }, null],
    [fp8, { fp8_format: undefined, fp8: 'e4m3' }, true],
    [{ key: 'a', op: 'present' }, { a: null }, false],
    [{ key: 'a', op: 'absent' }, { a: null }, true],
    [{ key: 'a', op: 'absent' }, { a: undefined }, null],
    [{ key: 'a', op: 'truthy' }, { a: 'none' }, false],
    [{ key: 'a', op: 'truthy' }, { a: 'delayed' }, true],
    [{ key: 'a', op: 'truthy', default: true }, {}, true],
    [{ key: 'a', op: 'falsy' }, { a: 0 }, true],
    [{ key: 'a', op: 'falsy' }, {}, true],
    [{ key: 'a', op: 'eq', value: true }, { a: 'True' }, true],
    [{ key: 'a', op: 'eq', value: 'delayed', default: 'delayed' }, {}, true],
    [{ key: 'a', op: 'ne', value: 'adam', default: 'adam' }, {}, false],
    [{ key: 'a', op: 'ne', value: 'adam' }, {}, true],
    [{ key: 'a', op: 'notIn', value: ['x'] }, { a: 'y' }, true],
    [{ key: 'a', op: 'contains', value: 'float8' }, { a: ['mx', 'float8'] }, true],
    [{ key: 'a', op: 'contains', value: 'float8' }, { a: 'mx,float8' }, true],
    [{ key: 'a', op: 'contains', value: 'float8' }, { a: 'float8.linear' }, false],
    [{ key: 'a', op: 'contains', value: 'float8' }, {}, false],
    [{ key: 'a', op: 'notList' }, { a: '(false, false)' }, true],
    [{ key: 'a', op: 'notList' }, { a: [false] }, false],
    [{ key: 'a', op: 'matches', value: '^fp8' }, { a: 'fp8_full' }, true],
    [{ key: 'a', op: 'notMatches', value: '^fp8' }, { a: 'int8' }, true],
  ])('%j of %j: %s', (condition, keys, expected) => {
    expect(holds(condition, inForce(keys))).toBe(expected);
  });
});

describe('numbers', () => {
  const multiple: Condition = { key: 'ffn', op: 'notMultipleOf', value: 16, dividedBy: 'tp' };
  it.each<[Condition, Parameters<typeof inForce>[0], boolean | null]>([
    [{ key: 'tp', op: 'gt', value: 1 }, { tp: 2 }, true],
    [{ key: 'tp', op: 'gt', value: 1 }, {}, false],
    [{ key: 'tp', op: 'gt', value: 1 }, { tp: undefined }, null],
    [multiple, { ffn: 5504, tp: 16 }, true],
    [multiple, { ffn: 5504 }, false],
    [multiple, { ffn: 5504, tp: undefined }, null],
    [{ key: 'n', op: 'ge', key2: 'm' }, { n: 100, m: 100 }, true],
    [{ key: 'n', op: 'ge', key2: 'm' }, { n: 100 }, false],
    [{ key: 'n', op: 'gt', ratio: ['layers', 'stages'] }, { n: 8, layers: 32, stages: 8 }, true],
    [{ key: 'n', op: 'gt', ratio: ['layers', 'stages'] }, { n: 8, layers: 32 }, false],
    [{ key: 'b', op: 'notMultipleOf', product: ['m', 'a'] }, { b: 100, m: 8, a: 4 }, true],
    [{ key: 'b', op: 'notMultipleOf', product: ['m', 'a'] }, { b: 96, m: 8, a: 4 }, false],
    [{ key: 'b', op: 'notMultipleOf', product: ['m', 'a'] }, { b: 100, m: 8 }, false],
    [
      { product: ['s', 'b'], dividedBy: ['tp', 'cp'], op: 'notMultipleOf', value: 128 },
      { s: 1000, b: 1, tp: 2 },
      true,
    ],
  ])('%j of %j: %s', (condition, keys, expected) => {
    expect(holds(condition, inForce(keys))).toBe(expected);
  });
});

describe('hardware', () => {
  const blackwell: Condition = { hardware: { vendor: 'NVIDIA', cc: { from: 10, below: 12 } } };
  it.each([
    ['b200', true],
    ['gb300', true],
    ['rtx5090', false],
    ['mi355x', false],
    [undefined, null],
  ])('compute capability 10.x of %s: %s', (id, expected) => {
    expect(holds(blackwell, inForce({}, id))).toBe(expected);
  });

  it('is one of several, or none of them', () => {
    const gfx: Condition = { hardware: { anyOf: [{ arch: 'gfx942' }, { ids: ['l4'] }] } };
    expect(holds(gfx, inForce({}, 'mi300x'))).toBe(true);
    expect(holds(gfx, inForce({}, 'l4'))).toBe(true);
    expect(holds(gfx, inForce({}, 'l40s'))).toBe(false);
    const not: Condition = { hardware: { noneOf: [{ cc: { from: 9, below: 9.1 } }] } };
    expect(holds(not, inForce({}, 'h100'))).toBe(false);
    expect(holds(not, inForce({}, 'mi300x'))).toBe(true);
  });
});

it('asks what the run is for', () => {
  expect(holds({ role: 'pretrain' }, inForce({}))).toBe(true);
  expect(holds({ role: 'finetune' }, inForce({}))).toBe(false);
});

describe('combinations', () => {
  const a: Condition = { key: 'a', op: 'truthy' };
  const b: Condition = { key: 'b', op: 'truthy' };
  it.each<[Parameters<typeof inForce>[0], boolean | null, boolean | null, boolean | null]>([
    [{ a: true, b: true }, true, true, false],
    [{ a: true, b: undefined }, null, true, false],
    [{ a: false, b: undefined }, false, null, true],
    [{ a: undefined, b: undefined }, null, null, null],
  ])('%j: all %s, any %s, not a %s', (keys, all, any, not) => {
    expect(holds({ all: [a, b] }, inForce(keys))).toBe(all);
    expect(holds({ any: [a, b] }, inForce(keys))).toBe(any);
    expect(holds({ not: a }, inForce(keys))).toBe(not);
  });
});
