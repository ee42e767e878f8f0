import { describe, expect, it } from 'vitest';
import { isCalibrationFile } from '../../../src/core/settings/calibrationFile.ts';
import { isAssumptionsFile } from '../../../src/core/run/assumptions.ts';
import { mergeMaps, nested, upwards } from '../../../src/core/config/compose.ts';
import { Fields } from '../../../src/core/config/fields.ts';
import { pathFrom } from '../../../src/core/config/library.ts';
import { placeOf } from '../../../src/core/run/known.ts';
import { parse } from '../../../src/core/syntax/parse.ts';
import type { MapNode } from '../../../src/core/syntax/tree.ts';
import { analysed, formatOf, run, written, type Workspace } from '../frameworks/readFiles.ts';
import { need } from '../../../src/core/run/need.ts';

function map(file: string, text: string): MapNode {
  const root = parse(file, text, 'yaml').documents[0];
  if (root?.kind !== 'map') throw new Error('not a mapping');
  return root;
}

function fieldsOf(root: MapNode): Fields {
  return new Fields(parse('over.yaml', '', 'yaml'), root, '');
}

describe('mergeMaps', () => {
  const base = map('base.yaml', 'model:\n  layers: 2\n  width: 8\nseed: 1\n');
  const over = map('over.yaml', 'model:\n  layers: 4\n');

  it('merges mappings and lets the later value win, each with its own file', () => {
    const fields = fieldsOf(mergeMaps(base, over));
    expect(fields.number('model.layers')).toMatchObject({
      value: 4,
      origin: { file: 'over.yaml' },
    });
    expect(fields.number('model.width')).toMatchObject({ value: 8, origin: { file: 'base.yaml' } });
    expect(fields.number('seed')?.value).toBe(1);
  });

  it('replaces a mapping by a scalar, and a value by null', () => {
    expect(fieldsOf(mergeMaps(base, map('o', 'model: none'))).map('model')).toBeNull();
    expect(fieldsOf(mergeMaps(base, map('o', 'seed:'))).number('seed')).toBeNull();
  });

  it('lets new keys go to the home file’s mapping, whichever comes later', () => {
    expect(mergeMaps(base, over).place.file).toBe('over.yaml');
    expect(mergeMaps(base, over, 'base.yaml').place.file).toBe('base.yaml');
    const put = nested(['model'], map('group.yaml', 'layers: 4\n'));
    expect(fieldsOf(mergeMaps(base, put)).map('model')?.place.file).toBe('group.yaml');
    expect(mergeMaps(base, put).place.file).toBe('base.yaml');
  });
});

describe('paths', () => {
  it('never leave the workspace', () => {
    expect(pathFrom('a/b.yaml', '../c.yaml')).toBe('c.yaml');
    expect(pathFrom('a/b.yaml', '../../c.yaml')).toBeNull();
    expect(pathFrom('../b.yaml', '../c.yaml')).toBeNull();
    expect(pathFrom('a/b.yaml', '/etc/passwd')).toBeNull();
    expect(pathFrom('a/b.yaml', 'https://example.org/c.yaml')).toBeNull();
    expect(pathFrom('a/b.yaml', '~/c.yaml')).toBeNull();
  });

  it('are searched for upwards, nearest first, at most eight folders', () => {
    expect(upwards('a/b/c.yaml', ['x.yaml'])).toEqual(['a/b/x.yaml', 'a/x.yaml', 'x.yaml']);
    expect(upwards(`${'d/'.repeat(30)}c.yaml`, ['x.yaml'])).toHaveLength(8);
  });
});

const shape = [
  'num_layers: 2',
  'hidden_size: 64',
  'ffn_hidden_size: ${multiply:4, ${.hidden_size}}',
  'num_attention_heads: 4',
  'encoder_seq_length: 128',
];
const own = [
  'trainer:',
  '  max_steps: 10',
  '  precision: bf16',
  'model:',
  '  global_batch_size: 8',
];

function hydra(defaults: readonly string[], more: Workspace = {}, lines = own): Workspace {
  return {
    'conf/run.yaml': ['defaults:', ...defaults.map((line) => `  - ${line}`), ...lines].join('\n'),
    'conf/model/small.yaml': shape.join('\n'),
    ...more,
  };
}

describe('Hydra’s defaults', () => {
  it('bring a group in under its name, and references cross the files', () => {
    const { run: read, needs } = run(hydra(['model: small', '_self_']), 'conf/run.yaml');
    expect(read.tokens.total?.value).toBe(10 * 8 * 128);
    // 12 · d² a layer and its biases and norms, for 2 layers of 64, and the last norm.
    expect(read.parameters?.nonEmbedding).toBe(2 * (12 * 64 * 64 + 13 * 64) + 2 * 64);
    expect(read.fields.parameters.map((place) => place.file)).toContain('conf/model/small.yaml');
    expect(needs.filter((need) => need.why.includes('not found'))).toEqual([]);
  });

  it.each([
    [['_self_', 'model: small'], 128],
    [['model: small', '_self_'], 256],
    [['model: small'], 256],
  ])('lay the later over the earlier, _self_ last when it is not listed: %j', (list, sequence) => {
    const lines = [...own, '  encoder_seq_length: 256'];
    expect(run(hydra(list, {}, lines), 'conf/run.yaml').run.tokens.total?.value).toBe(
      10 * 8 * sequence,
    );
  });

  it('put a group elsewhere by @, by _global_ and by a file’s own header', () => {
    const steps = (text: string) => ({ 'conf/schedule/long.yaml': text });
    const at = (list: string, text: string) =>
      run(hydra(['model: small', '_self_', list], steps(text)), 'conf/run.yaml').run.tokens.total
        ?.value;
    expect(at('schedule@trainer: long', 'max_steps: 20')).toBe(20 * 8 * 128);
    expect(at('schedule@_global_: long', 'trainer:\n  max_steps: 30')).toBe(30 * 8 * 128);
    expect(at('schedule: long', '# @package _global_\ntrainer:\n  max_steps: 40')).toBe(
      40 * 8 * 128,
    );
    expect(at('schedule: long', 'max_steps: 50')).toBe(10 * 8 * 128);
  });

  it('follow nested lists, and an override of what they choose', () => {
    const more = {
      'conf/model/small.yaml': ['defaults:', '  - size: two', ...shape.slice(1)].join('\n'),
      'conf/model/size/two.yaml': '# @package _global_.model\nnum_layers: 2',
      'conf/model/size/six.yaml': '# @package _global_.model\nnum_layers: 6',
    };
    const linear = (...lines: readonly string[]) =>
      run(hydra(['model: small', '_self_', ...lines], more), 'conf/run.yaml').run.parameters
        ?.linear;
    expect(linear()).toBe(2 * 12 * 64 * 64);
    expect(linear('override model/size: six')).toBe(6 * 12 * 64 * 64);
  });

  it('name what is missing, but not what is optional', () => {
    const list = ['model: small', 'data: pile', 'optional overlap@model.x: fast', '_self_'];
    const { needs } = run(hydra(list), 'conf/run.yaml');
    expect(needs).toContainEqual(
      need('run', 'the file “data/pile.yaml”, named on line 3, was not found'),
    );
    expect(needs.map(({ why }) => why).join(' ')).not.toContain('overlap');
  });

  it('leave out what leads back to itself', () => {
    const more = {
      'conf/model/small.yaml': ['defaults:', '  - /model: small', ...shape].join('\n'),
    };
    const { needs, run: read } = run(hydra(['model: small', '_self_'], more), 'conf/run.yaml');
    expect(read.tokens.total?.value).toBe(10 * 8 * 128);
    expect(needs.map(({ why }) => why).join(' ')).toContain('leads back to itself');
  });

  it('end a chain that is too long', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `conf/step${index}.yaml`,
        `defaults:\n  - step${index + 1}\n`,
      ]),
    );
    const { asked } = analysed(hydra(['step0', 'model: small'], chain), 'conf/run.yaml');
    expect([...asked.keys()].filter((path) => path.includes('step')).length).toBeLessThan(30);
  });

  it('ask for nothing outside the workspace', () => {
    const { asked } = analysed(hydra(['../../../etc/base', 'model: small']), 'conf/run.yaml');
    expect([...asked.keys()].filter((path) => path.includes('..'))).toEqual([]);
    expect([...asked.keys()].some((path) => path.startsWith('/'))).toBe(false);
  });

  it('give a group’s file the name it has in the whole', () => {
    const text = [
      ...own,
      ...shape.map((line) => `  ${line}`),
      '  data:',
      '    seq_length: ${train.model.encoder_seq_length}',
    ];
    const { run: read } = run({ 'conf/train/a.yaml': text.join('\n') }, 'conf/train/a.yaml');
    expect(read.tokens.total?.value).toBe(10 * 8 * 128);
  });

  it('let an edit go to the file that states the value', () => {
    const workspace = hydra(['model: small', '_self_'], {
      'conf/model/small.yaml': [...shape, 'fp8: true', 'fp8_hybrid: true'].join('\n'),
    });
    expect(formatOf(run(workspace, 'conf/run.yaml'))).toBe('fp8-e4m3 tensor (fp8-e5m2)');
    const target = { format: 'bf16', granularity: 'none', block: null } as const;
    const after = written(workspace, 'conf/run.yaml', target);
    expect(after['conf/model/small.yaml']).toContain('fp8: False');
    expect(after['conf/run.yaml']).toBe(workspace['conf/run.yaml']);
    expect(formatOf(run(after, 'conf/run.yaml'))).toBe('bf16 none');
  });

  it('let a new key go into the mapping of the opened file', () => {
    const workspace = hydra(['model: small', '_self_']);
    const target = { format: 'fp8-e4m3', granularity: 'tensor', block: null } as const;
    const after = written(workspace, 'conf/run.yaml', target);
    expect(after['conf/run.yaml']).toContain('  global_batch_size: 8\n  fp8: True');
    expect(after['conf/model/small.yaml']).toBe(workspace['conf/model/small.yaml']);
  });
});

describe('!include', () => {
  const config = (data: string): Workspace => ({
    'config/a.yaml': [
      `data: !include ${data}`,
      'model: {type: gpt2, seq_len: 1024}',
      'trainer: {mp: f32, train_batch_size: 8, num_train_steps: 10}',
    ].join('\n'),
    'config/data/web.yaml': 'tokenizer: gpt2',
    'config/data/more.yaml': 'extra: !include more.yaml\ntokenizer: gpt2',
  });

  it('puts the file’s mapping in place, relative to the file that names it', () => {
    const { run: read, needs } = run(config('data/web.yaml'), 'config/a.yaml');
    expect(read.parameters?.total).toBe(124_439_808);
    expect(needs).toEqual([]);
  });

  it('says what is missing, and where it is named', () => {
    const { run: read, needs } = run(config('data/none.yaml'), 'config/a.yaml');
    expect(read.parameters?.total).toBeNull();
    expect(needs).toContainEqual(
      need('run', 'the file “data/none.yaml”, named on line 1, was not found'),
    );
  });

  it('stops at a circle', () => {
    const { run: read, needs } = run(config('data/more.yaml'), 'config/a.yaml');
    expect(read.parameters?.total).toBe(124_439_808);
    expect(needs.map(({ why }) => why).join(' ')).toContain('“more.yaml” leads back to itself');
  });

  it('refuses a path that leaves the workspace', () => {
    const { asked } = analysed(config('../../secret.yaml'), 'config/a.yaml');
    const ours = (path: string) => isAssumptionsFile(path) || isCalibrationFile(path);
    expect([...asked.keys()].filter((path) => !ours(path))).toEqual([]);
  });

  it('places a value in the file that states it', () => {
    const { run: read } = run(config('data/web.yaml'), 'config/a.yaml');
    const batch = read.tokens.total;
    expect(placeOf(batch)).toBeUndefined();
    expect(read.fields.tokens.every((place) => place.file === 'config/a.yaml')).toBe(true);
  });
});
