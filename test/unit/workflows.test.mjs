import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const read = (path) => readFileSync(path, 'utf8');
const { scripts } = JSON.parse(read('package.json'));
const folder = '.github/workflows';
const workflows = Object.fromEntries(
  readdirSync(folder).map((name) => [name, parse(read(`${folder}/${name}`))]),
);
const steps = read('test/run.mjs')
  .match(/^ {2}(\w+):/gm)
  .map((line) => line.trim().slice(0, -1));

describe.each(Object.entries(workflows))('%s', (_, { jobs, permissions }) => {
  const lines = Object.values(jobs)
    .flatMap((job) => job.steps ?? [])
    .flatMap(({ run }) => (run === undefined ? [] : run.split('\n')));

  it('runs scripts that there are', () => {
    const named = lines.flatMap((line) => [...line.matchAll(/\bnpm run ([\w:-]+)/g)]);
    expect(named.map(([, name]) => name).filter((name) => !(name in scripts))).toEqual([]);
  });

  it('runs steps of the tests that there are', () => {
    const named = lines.flatMap((line) => /\bnpm test -- (.+)/.exec(line)?.[1].split(' ') ?? []);
    expect(named.filter((name) => !steps.includes(name))).toEqual([]);
  });

  it('waits for jobs that there are, and may only read unless a job says more', () => {
    const awaited = Object.values(jobs).flatMap(({ needs = [] }) => [needs].flat());
    expect(awaited.filter((name) => !(name in jobs))).toEqual([]);
    expect(permissions).toEqual({ contents: 'read' });
  });

  it('calls workflows that there are', () => {
    const called = Object.values(jobs).flatMap(({ uses }) => (uses === undefined ? [] : [uses]));
    expect(called.filter((path) => !existsSync(path))).toEqual([]);
  });
});

it('CI runs on Node 20, 22 and 24, and on three systems', () => {
  const { jobs } = workflows['ci.yml'];
  expect(jobs.test.strategy.matrix.node).toEqual([20, 22, 24]);
  const systems = Object.values(jobs).flatMap((job) => job.strategy?.matrix.os ?? job['runs-on']);
  expect([...new Set(systems)].sort()).toEqual(['macos-latest', 'ubuntu-latest', 'windows-latest']);
});

it('only the release may sign or write, each job what it needs', () => {
  const { jobs } = workflows['release.yml'];
  const more = Object.entries(jobs).flatMap(([name, { permissions = {} }]) =>
    Object.entries(permissions)
      .filter(([, value]) => value === 'write')
      .map(([scope]) => `${name}: ${scope}`),
  );
  expect(more).toEqual([
    'package: id-token',
    'package: attestations',
    'publish: id-token',
    'announce: contents',
  ]);
});

describe('issue forms', () => {
  const forms = readdirSync('.github/ISSUE_TEMPLATE').filter((name) => name !== 'config.yml');

  it.each(forms)('%s asks for something, each thing once', (name) => {
    const { name: title, description, body } = parse(read(`.github/ISSUE_TEMPLATE/${name}`));
    expect([title, description].every((text) => text.length > 10)).toBe(true);
    const ids = body.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(body.some(({ validations }) => validations?.required)).toBe(true);
    const kinds = ['textarea', 'input', 'dropdown', 'markdown', 'checkboxes'];
    expect(body.filter(({ type }) => !kinds.includes(type))).toEqual([]);
    expect(body.every(({ attributes }) => attributes.label.length > 0)).toBe(true);
  });
});
