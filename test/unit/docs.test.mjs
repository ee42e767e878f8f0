import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { checks } from '../../src/core/checks/registry.ts';
import { readers } from '../../src/core/frameworks/registry.ts';
import { accelerators } from '../../src/core/hardware/registry.ts';
import { laws } from '../../src/core/laws/registry.ts';
import { read, tables, withTables } from '../support/docs.mjs';

const readme = read('README.md');
const byName = tables(
  { readers, checks, laws, accelerators },
  JSON.parse(read('package.json')),
  JSON.parse(read('package.nls.json')),
);

it.each(Object.entries(byName))(
  'keeps the README’s table of %s fresh (npm run docs)',
  (name, table) => {
    expect(readme).toContain(`<!-- ${name} -->\n${table}\n<!-- /${name} -->`);
    expect(withTables(readme, { [name]: table })).toBe(readme);
  },
);

it.each(checks.map((check) => check.id))('documents the check %s on a page', (id) => {
  expect(existsSync(resolve(import.meta.dirname, `../../docs/checks/${id}.md`))).toBe(true);
});

it('names only pictures and files that are there', () => {
  const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1]);
  expect(links.length).toBeGreaterThan(0);
  const missing = links.filter((link) => !existsSync(resolve(import.meta.dirname, '../..', link)));
  expect(missing).toEqual([]);
});
