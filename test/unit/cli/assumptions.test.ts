import { describe, expect, it } from 'vitest';
import { floatcast, folderOf } from './harness.ts';

/** 1,000 steps × 1 sequence a rank × 8,192 tokens. */
const config = [
  '[model]',
  'name = "llama3"',
  'flavor = "8B"',
  '[training]',
  'local_batch_size = 1',
  'seq_len = 8192',
  'steps = 1000',
  '[parallelism]',
  'tensor_parallel_degree = 1',
  'pipeline_parallel_degree = 1',
  '',
].join('\n');
const perRank = 8_192_000;

interface Told {
  readonly file: string;
  readonly tokens: number | null;
  readonly needs: readonly string[];
  readonly notes: readonly string[];
}

async function check(folder: string, ...argv: readonly string[]): Promise<readonly Told[]> {
  const { stdout } = await floatcast(['check', '--json', '--fail-on', 'never', ...argv], folder);
  return JSON.parse(stdout) as readonly Told[];
}

describe('the assumptions file on the command line', () => {
  it('is found above a config, without an option', async () => {
    const folder = await folderOf({
      'floatcast.assumptions.yaml': 'files: { "big/**": { world-size: 512 } }\n',
      'a/small.toml': config,
      'a/big/b/large.toml': config,
      'big/large.toml': config,
      'a/floatcast.assumptions.json': '{ "world-size": 8 }\n',
    });
    const told = await check(folder, '.');
    expect(told.map(({ file, tokens }) => [file, tokens])).toEqual([
      ['a/big/b/large.toml', 8 * perRank],
      ['a/small.toml', 8 * perRank],
      ['big/large.toml', 512 * perRank],
    ]);
  });

  it('gives way to a modeline, and both to --assume', async () => {
    const folder = await folderOf({
      'floatcast.assumptions.yaml': 'data-parallel-ranks: 8\n',
      'a.toml': config,
      'b.toml': `# floatcast: world-size=16\n${config}`,
    });
    const tokens = async (...argv: readonly string[]) =>
      (await check(folder, 'a.toml', 'b.toml', ...argv)).map((each) => each.tokens);
    expect(await tokens()).toEqual([8 * perRank, 16 * perRank]);
    expect(await tokens('--assume', 'world-size=32')).toEqual([32 * perRank, 32 * perRank]);
  });

  it('is not looked for outside of the working directory', async () => {
    const folder = await folderOf({
      'floatcast.assumptions.yaml': 'world-size: 8\n',
      'inner/a.toml': config,
    });
    const [told] = await check(`${folder}/inner`, 'a.toml');
    expect(told?.tokens).toBeNull();
    expect(told?.needs).toContain(
      'tokens: the global batch needs the number of data-parallel ranks',
    );
  });

  it('has its mistakes told, and is no config itself', async () => {
    const folder = await folderOf({
      'floatcast.assumptions.yaml': 'hardware: h100\nworld-sise: 8\n',
      'a.toml': config,
    });
    const mistake: unknown = expect.stringContaining(
      'floatcast.assumptions.yaml, line 2: “world-sise”',
    );
    const [a] = await check(folder, 'a.toml');
    expect(a?.notes).toEqual([mistake]);
    const [itself] = await check(folder, 'floatcast.assumptions.yaml');
    expect(itself?.notes).toEqual([mistake, expect.stringContaining('holds assumptions')]);
  });
});
