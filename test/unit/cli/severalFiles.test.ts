import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { floatcast, folderOf } from './harness.ts';

const config = (data: string) =>
  [
    `data: !include ${data}`,
    'model: {type: gpt2, seq_len: 1024}',
    'trainer: {mp: bfloat16, train_batch_size: 8, num_train_steps: 10}',
    '',
  ].join('\n');

interface Told {
  readonly parameters: { readonly total: number | null };
  readonly needs: readonly string[];
}

async function check(folder: string, file: string): Promise<Told> {
  const { stdout } = await floatcast(['check', file, '--json', '--fail-on', 'never'], folder);
  const [told] = JSON.parse(stdout) as readonly Told[];
  if (!told) throw new Error('no run');
  return told;
}

describe('a config of several files on the command line', () => {
  it('draws on the files below the working directory', async () => {
    const folder = await folderOf({
      'config/a.yaml': config('../data/web.yaml'),
      'data/web.yaml': 'tokenizer: gpt2\n',
    });
    expect(await check(folder, 'config/a.yaml')).toMatchObject({
      parameters: { total: 124_439_808 },
      needs: [],
    });
  });

  it('says which file is missing', async () => {
    const folder = await folderOf({ 'config/a.yaml': config('data/web.yaml') });
    const { parameters, needs } = await check(folder, 'config/a.yaml');
    expect(parameters.total).toBeNull();
    expect(needs).toContain('the file “data/web.yaml”, named on line 1, was not found');
  });

  it('reads nothing outside it, not through a link either', async () => {
    const outside = await folderOf({ 'web.yaml': 'tokenizer: gpt2\n' });
    const folder = await folderOf({ 'config/a.yaml': config('web.yaml') });
    await symlink(path.join(outside, 'web.yaml'), path.join(folder, 'config/web.yaml'));
    expect((await check(folder, 'config/a.yaml')).parameters.total).toBeNull();
  });
});
