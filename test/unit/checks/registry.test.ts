import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import { checks, findingIds, isDisabled } from '../../../src/core/checks/registry.ts';
import { documentationBase, documentationUrl } from '../../../src/core/present/findings.ts';
import { rules } from '../../../src/core/rules/registry.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';
import type { BothWays, ConfigCase } from './bothWays.ts';

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

/** The findings of a check on a config that must be one of ours. */
function findingsOf(
  check: string,
  document: ConfigCase,
  settings: BothWays['settings'],
): readonly string[] {
  const { runs } = analyse(document, { ...defaultSettings, ...settings, enabledChecks: [check] });
  expect(runs).toHaveLength(1);
  const ids = runs.flatMap(({ findings }) => findings.map(({ id }) => id));
  return ids.filter((id) => isDisabled(id, [check]));
}

describe.each(checks)('$id, by test/unit/checks/cases/$id.ts', async ({ id }) => {
  const { both } = (await import(`./cases/${id}.ts`)) as { readonly both: BothWays };

  it('trips on a config', () => {
    expect(findingsOf(id, both.trips, both.settings)).not.toEqual([]);
  });

  it('just does not trip on one that differs in a line', () => {
    const [trips, passes] = [both.trips, both.passes].map(({ text }) => text.split('\n'));
    expect(passes).toHaveLength(trips?.length ?? 0);
    expect(passes?.filter((line, index) => line !== trips?.[index])).toHaveLength(1);
    expect(findingsOf(id, both.passes, both.settings)).toEqual([]);
  });
});
