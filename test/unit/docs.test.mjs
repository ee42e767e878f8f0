import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { definitions } from '../../src/cli/definitions.ts';
import { checks, findingIds } from '../../src/core/checks/registry.ts';
import { allWords } from '../../src/core/config/prefilter.ts';
import { readers } from '../../src/core/frameworks/registry.ts';
import { accelerators } from '../../src/core/hardware/registry.ts';
import { formats } from '../../src/core/formats/registry.ts';
import { laws } from '../../src/core/laws/registry.ts';
import { documentationPage, termLink } from '../../src/core/present/findings.ts';
import { withPapers } from '../../src/core/present/markdown.ts';
import { rules } from '../../src/core/rules/registry.ts';
import { freshFiles, read } from '../support/docs.mjs';

const fresh = await freshFiles({
  readers,
  allWords,
  checks,
  findingIds,
  rules,
  laws,
  accelerators,
  formats,
  definitions,
  withPapers,
});

it.each(fresh)('holds every generated list of %s as the shelves have it', (file, text) => {
  expect(read(file) === text, `${file} is stale: npm run docs`).toBe(true);
});

it.each(checks.map((check) => check.id))('documents the check %s on a page', (id) => {
  expect(existsSync(resolve(import.meta.dirname, `../../docs/checks/${id}.md`))).toBe(true);
});

const root = resolve(import.meta.dirname, '../..');
const lawPages = readdirSync(join(root, 'docs/laws')).filter((name) => name !== 'README.md');

it('gives each law a page, and each page a law', () => {
  expect(lawPages.toSorted()).toEqual(laws.map(({ id }) => `${id}.md`).toSorted());
});

it.each(laws)('says on the page of $id what a reader needs', ({ id }) => {
  const headings = [...read(`docs/laws/${id}.md`).matchAll(/^## (.+)$/gm)].map((match) => match[1]);
  expect(headings).toEqual([
    ...['The formula', 'The constants', 'What it was fitted on', 'What it needs and models'],
    ...['Critical size', 'Evidence', 'Limits', 'How a config is read', 'Calibrating it'],
  ]);
});

it('links every law from the page about them all', () => {
  const index = read('docs/laws/README.md');
  expect(laws.map(({ id }) => id).filter((id) => !index.includes(`](${id}.md)`))).toEqual([]);
  expect(index).toMatch(/<!-- scoreboard -->[^]*<!-- \/scoreboard -->/);
});

const pages = [
  ...['README.md', 'CHANGELOG.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'examples/README.md'],
  ...['docs', 'media/walkthrough'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
  ),
];

it.each(pages)('names only pictures, files and headings that are there: %s', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)]+)\)/g)].map((match) => match[1]);
  const missing = links.filter((link) => {
    const [file, anchor] = link.split('#');
    const target = file === '' ? page : join(dirname(page), file);
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
  });
  expect(missing).toEqual([]);
});

/** What the package brings: its pages have to get along with it. */
const shipped = pages.filter((page) => /^(?:docs|media\/walkthrough)\//.test(page));

it.each(shipped)('leads nowhere that the extension does not bring, offline: %s', (page) => {
  const files = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) =>
    join(dirname(page), link).replaceAll('\\', '/'),
  );
  expect(files.filter((file) => !/^(?:docs|media\/walkthrough)\//.test(file))).toEqual([]);
});

it.each(pages)('links papers by their numbers alone: %s', (page) => {
  const links = [...read(page).matchAll(/\]\((https?:[^)]+)\)/g)].map(([, link]) => link);
  const paper = /^https:\/\/arxiv\.org\/abs\/\d{4}\.\d{5}(?:v\d)?$/;
  expect(links.filter((link) => !paper.test(link))).toEqual([]);
});

it('has a page, or a section of one, for every id that a finding may have', () => {
  const ruleIds = new Set(rules.map(({ id }) => id));
  const lost = findingIds.filter((id) => {
    const page = documentationPage(id, ruleIds.has(id) ? 'recipe-rules' : undefined);
    const [file, anchor] = `docs/${page}`.split('#');
    if (!existsSync(join(root, file))) return true;
    return anchor !== undefined && !anchorsOf(read(file)).includes(anchor);
  });
  expect(lost).toEqual([]);
  expect(findingIds.length).toBeGreaterThan(100);
});

it('explains the terms that hovers link to', () => {
  const linked = ['gap', 'critical-data-size', 'grade'].map((term) => termLink(term, term));
  for (const link of linked) {
    const [, page, anchor] = /\(.*\/(docs\/.*)#(.*)\)$/.exec(link);
    expect(anchorsOf(read(page))).toContain(anchor);
  }
});

it('reaches every page of docs from the README', () => {
  const reached = new Set();
  const follow = (page) => {
    if (reached.has(page)) return;
    reached.add(page);
    for (const [, link] of read(page).matchAll(/\]\((?!https?:)([^)#]+\.md)/g)) {
      follow(join(dirname(page), link));
    }
  };
  follow('README.md');
  expect(pages.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
});

/** The anchors that GitHub gives a text's headings. */
function anchorsOf(text) {
  return [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    match[1]
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
