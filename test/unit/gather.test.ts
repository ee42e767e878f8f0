import { describe, expect, it } from 'vitest';
import { Trees } from '../../src/core/config/trees.ts';
import { look } from '../../src/core/look.ts';
import { gather, gathering } from '../../src/core/gather.ts';
import { defaultSettings } from '../../src/core/run/settings.ts';

const shape = ['n_layer: 12', 'n_embd: 768', 'n_head: 12', 'vocab_size: 50304'];
const plain = [...shape, 'block_size: 1024', 'global_batch_size: 8', 'max_steps: 1000', ''].join(
  '\n',
);

/** Gathers the first of a few files, and counts the reads and the rounds. */
async function gathered(files: Readonly<Record<string, string>>) {
  const reads: string[] = [];
  let rounds = 0;
  const read = (paths: readonly string[]) => {
    rounds += 1;
    reads.push(...paths);
    return Promise.resolve(new Map(paths.map((path) => [path, files[path] ?? null])));
  };
  const [[file, text] = ['', '']] = Object.entries(files);
  const document = { file, text };
  return { ...(await gather(document, defaultSettings, read)), reads, rounds };
}

/** A tower of files that each name the next one ten times. */
function tower(
  first: string,
  level: (next: string) => string,
  height: number,
): Readonly<Record<string, string>> {
  const floors = Array.from({ length: height }, (_, at) => [`d${at}.yaml`, level(`d${at + 1}`)]);
  const all = [['c.yaml', first], ...floors, [`d${height}.yaml`, 'x: 1\n']];
  return Object.fromEntries(all) as Record<string, string>;
}

const tenTimes = (text: string) => Array.from({ length: 10 }, () => text);

describe('files that name each other', () => {
  it('composes a default once however often it is named', async () => {
    const level = (next: string) => `defaults: [${tenTimes(next).join(', ')}]\nx: 1\n`;
    const { analysis, reads } = await gathered(tower(`${plain}defaults: [d0]\n`, level, 10));
    expect(analysis.runs[0]?.run.tokens.total?.value).toBe(8_192_000);
    // The files of the tower, and the assumptions and calibration files beside them.
    expect(reads.filter((path) => /^d\d+\.yaml$/.test(path))).toHaveLength(11);
    expect(new Set(reads).size).toBe(reads.length);
  });

  it('says one sentence of a config that stands for too many values', async () => {
    const level = (next: string) =>
      tenTimes(next)
        .map((name, at) => `k${at}: !include ${name}.yaml\n`)
        .join('');
    const { analysis } = await gathered(tower(`${plain}z: !include d0.yaml\n`, level, 10));
    expect(analysis.runs).toEqual([]);
    expect(analysis.notices.map(({ message }) => message)).toEqual([
      'The config is put together from more than Floatcast reads for one file, so it was not analysed.',
    ]);
  });

  it('leaves the end of a chain without an end out', async () => {
    const files: Record<string, string> = { 'c.yaml': `${plain}defaults: [d0]\n` };
    const read = (paths: readonly string[]) => {
      const next = (path: string) => Number(/^d(\d+)\.yaml$/.exec(path)?.[1] ?? NaN) + 1;
      return Promise.resolve(
        new Map(
          paths.map((path) => {
            const number = next(path);
            return [path, Number.isNaN(number) ? null : `defaults: [d${number}]\nx: 1\n`] as const;
          }),
        ),
      );
    };
    const document = { file: 'c.yaml', text: files['c.yaml'] ?? '' };
    const { analysis } = await gather(document, defaultSettings, read);
    expect(analysis.runs[0]?.needs[0]?.why).toContain('leads back to itself');
  });

  it('says one sentence of fifty thousand defaults', async () => {
    const list = Array.from({ length: 50_000 }, (_, at) => `  - a${at}\n`).join('');
    const { analysis, rounds } = await gathered({ 'c.yaml': `${plain}defaults:\n${list}` });
    expect(analysis.runs).toEqual([]);
    expect(analysis.notices).toHaveLength(1);
    expect(rounds).toBeLessThanOrEqual(1);
  });

  it.each([
    ['documents', 'c.yaml', `${plain}---\n`.repeat(300)],
    [
      'calls',
      't.py',
      `from trl import SFTConfig, SFTTrainer\n${'args = SFTConfig(max_steps=10, bf16=True)\n'.repeat(3000)}`,
    ],
  ])('says one sentence of thousands of %s', async (_, file, text) => {
    const { analysis } = await gathered({ [file]: text });
    expect(analysis.runs).toEqual([]);
    expect(analysis.notices[0]?.message).toContain('more than 200 documents, commands or runs');
  });
});

describe('a number of devices that no machine has', () => {
  const worldSize = (nodes: string) => {
    const text =
      `deepspeed --num_nodes ${nodes} --num_gpus 8 pretrain_gpt.py --num-layers 2 --hidden-size 64 ` +
      '--num-attention-heads 4 --seq-length 64 --train-iters 10 --global-batch-size 8 --zero-stage 1\n';
    const { read } = look({ file: 'train.sh', text }, defaultSettings, new Map());
    return read.runs.map(({ reading }) => reading.tokens.worldSize?.value ?? null);
  };

  it.each(['1e308', '0', '2.3'])('is unknown: %s nodes', (nodes) => {
    expect(worldSize(nodes)).toEqual([null]);
    expect(worldSize('4')).toEqual([32]);
  });
});

describe('parsed texts', () => {
  it('are parsed once for all configs that share a file', () => {
    const trees = new Trees();
    const base = 'a: 1\n';
    expect(trees.parse('base.yaml', base, 'yaml')).toBe(trees.parse('base.yaml', base, 'yaml'));
    expect(trees.parse('base.yaml', 'a: 2\n', 'yaml').documents[0]).toMatchObject({ kind: 'map' });
  });

  it('are the document’s own once over all rounds', () => {
    const trees = new Trees();
    const text = `${plain}defaults: [d0]\n`;
    const rounds = gathering({ file: 'c.yaml', text }, defaultSettings, trees);
    const tree = trees.parse('c.yaml', text, 'yaml');
    rounds.next();
    rounds.next(new Map());
    expect(trees.parse('c.yaml', text, 'yaml')).toBe(tree);
  });
});

describe('gathering', () => {
  it('lets others have their turn between reading and forecasting', () => {
    const rounds = gathering({ file: 'c.yaml', text: 'a: 1\n' }, defaultSettings);
    const asked: (readonly string[])[] = [];
    let round = rounds.next();
    for (; round.done !== true; round = rounds.next(new Map())) asked.push(round.value);
    expect(asked.at(-1)).toEqual([]);
    expect(asked.slice(0, -1).every((paths) => paths.length > 0)).toBe(true);
  });
});
