import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { definitions } from '../../../src/cli/definitions.ts';
import { floatcast, folderOf, llmFoundryConfig } from './harness.ts';

const root = path.resolve(import.meta.dirname, '../../..');

it('the hook runs a command that there is, on the files that it is given', async () => {
  const text = readFileSync(path.join(root, '.pre-commit-hooks.yaml'), 'utf8');
  const hooks = parse(text) as readonly { readonly entry: string; readonly language: string }[];
  const [npx, yes, published, name, ...more] = hooks[0]?.entry.split(' ') ?? [];
  const { name: own, version } = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8'),
  ) as { readonly name: string; readonly version: string };
  expect([npx, yes, published]).toEqual(['npx', '--yes', `${own}@${version}`]);
  expect(definitions.map((each) => each.name)).toContain(name);
  const folder = await folderOf({ 'a.yaml': llmFoundryConfig(64_000_000), 'b.yaml': 'x: 1\n' });
  const given = [name ?? '', ...more, 'a.yaml', 'b.yaml'];
  expect((await floatcast(given, folder)).code).toBe(1);
  expect((await floatcast([...given.slice(0, -2), 'b.yaml'], folder)).code).toBe(0);
});
