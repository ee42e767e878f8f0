import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checks, findingIds, isDisabled } from '../../../src/core/checks/registry.ts';
import { documentationBase, documentationUrl } from '../../../src/core/present/findings.ts';
import { rules } from '../../../src/core/rules/registry.ts';

const docs = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../docs');

it.each(checks.map((check) => [check.id, check.severity] as const))(
  '%s has a page of documentation that tells its severity',
  (id, severity) => {
    const url = documentationUrl(id);
    expect(url.startsWith(documentationBase)).toBe(true);
    const page = readFileSync(path.join(docs, url.slice(documentationBase.length)), 'utf8');
    const [title, , words = ''] = page.split('\n');
    expect(title).toBe(`# ${id}`);
    expect(words.toLowerCase()).toContain(`**${severity}**`);
  },
);

it('has each id once', () => {
  const ids = checks.map((check) => check.id);
  expect(new Set(ids).size).toBe(ids.length);
});

it('switches a finding off by its own id, and a rule’s by the check of all rules', () => {
  const rule = rules[0]?.id ?? '';
  expect(findingIds).toContain(rule);
  expect([isDisabled(rule, [rule]), isDisabled(rule, ['recipe-rules'])]).toEqual([true, true]);
  expect(isDisabled('critical-data-size', ['critical-data-size'])).toBe(true);
  expect(isDisabled('critical-data-size', ['recipe-rules', rule])).toBe(false);
});
