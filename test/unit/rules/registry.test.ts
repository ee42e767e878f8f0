import { describe, expect, it } from 'vitest';
import { readers } from '../../../src/core/frameworks/registry.ts';
import { ruleById, rules } from '../../../src/core/rules/registry.ts';

const known = new Set(readers.map(({ id }) => id));

describe('the shelf of rules', () => {
  it('holds each id once', () => {
    expect(rules.length).toBeGreaterThan(200);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });

  it.each(rules.map((rule) => [rule.id, rule] as const))('%s is whole', (id, rule) => {
    expect(id).toMatch(/^[a-z0-9]+(?:-[a-zA-Z0-9]+)+$/);
    expect(rule.frameworks.length).toBeGreaterThan(0);
    expect(rule.frameworks.filter((framework) => !known.has(framework))).toEqual([]);
    expect(rule.message.length).toBeGreaterThan(40);
    expect(rule.message.length).toBeLessThanOrEqual(200);
    for (const sentence of [rule.message, rule.remedy]) expect(sentence).toMatch(/[.)]$/);
    expect(rule.title).not.toMatch(/[.]$/);
    expect(rule.sources.length).toBeGreaterThan(0);
    expect(rule.yieldsTo?.filter((other) => ruleById(other) === undefined) ?? []).toEqual([]);
  });
});
