// Lint checks every regular expression that is written as one. Those that are put together when
// the program runs, and those that rules hold as data, are checked here by the same two tools.
import redos from 'eslint-plugin-redos';
import regexp from 'eslint-plugin-regexp';
import { Linter } from 'eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const config = {
  plugins: { redos, regexp },
  rules: {
    'redos/no-vulnerable': ['error', { permittableComplexities: [], checker: 'automaton' }],
    'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
    'regexp/no-super-linear-move': ['error', { report: 'potential' }],
  },
};

/** What the tools say against an expression. */
function complaints({ source, flags }) {
  return new Linter().verify(`/${source}/${flags};`, config).map(({ message }) => message);
}

describe('regular expressions that are no literals', () => {
  const original = globalThis.RegExp;
  /** @type {RegExp[]} */
  const built = [];
  /** @type {RegExp[]} */
  let ofRules = [];

  beforeAll(async () => {
    globalThis.RegExp = new Proxy(original, {
      construct(target, args, newTarget) {
        const made = Reflect.construct(target, args, newTarget);
        built.push(made);
        return made;
      },
    });
    await import('../../src/core/analyse.ts');
    globalThis.RegExp = original;
    const { rules } = await import('../../src/core/rules/registry.ts');
    ofRules = patternsIn(rules).map((pattern) => new RegExp(pattern));
  }, 60_000);
  afterAll(() => (globalThis.RegExp = original));

  it('are seen at all', () => {
    expect(built.length).toBeGreaterThanOrEqual(2);
    expect(ofRules.length).toBeGreaterThanOrEqual(15);
    expect(complaints(/^(?:a+)+$/)).not.toEqual([]);
  });

  it('do not backtrack', () => {
    const found = [...built, ...ofRules].map((each) => [each.source, complaints(each)]);
    expect(found.filter(([, said]) => said.length > 0)).toEqual([]);
  }, 120_000);
});

/** The patterns of all conditions in plain data. */
function patternsIn(value) {
  if (typeof value !== 'object' || value === null) return [];
  const own = ['matches', 'notMatches', 'containsMatch'].includes(value.op) ? [value.value] : [];
  return [...own, ...Object.values(value).flatMap(patternsIn)];
}
