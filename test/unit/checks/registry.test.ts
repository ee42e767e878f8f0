import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checks } from '../../../src/core/checks/registry.ts';
import { documentationBase, documentationUrl } from '../../../src/core/present/findings.ts';

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
