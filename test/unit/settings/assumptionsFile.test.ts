import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import type { Analysis } from '../../../src/core/analysis.ts';
import { assumptionsPaths, writeAssumption } from '../../../src/core/settings/assumptionsFile.ts';
import { assumed, placesOf } from '../../../src/core/run/known.ts';
import { isAssumptionsFile } from '../../../src/core/run/assumptions.ts';
import { defaultSettings, type AnalysisSettings } from '../../../src/core/run/settings.ts';
import { applyEdits } from '../../../src/core/syntax/edit.ts';
import type { Place } from '../../../src/core/syntax/tree.ts';
import { need } from '../../../src/core/run/need.ts';

/** 1,000 steps × 1 sequence a rank × 8,192 tokens; nothing says how many ranks. */
const perRank = 8_192_000;
const torchtitan = [
  '[model]',
  'name = "llama3"',
  'flavor = "8B"',
  'converters = ["quantize.linear.float8"]',
  '[training]',
  'local_batch_size = 1',
  'seq_len = 8192',
  'steps = 1000',
  '[parallelism]',
  'tensor_parallel_degree = 1',
  'pipeline_parallel_degree = 1',
  '[quantize.linear.float8]',
  'recipe_name = "rowwise"',
  '',
].join('\n');

const llmFoundry = [
  'max_seq_len: 2048',
  'model: { name: mpt_causal_lm, d_model: 4096, n_heads: 32, n_layers: 32 }',
  'precision: amp_bf16',
  'global_train_batch_size: 1024',
  'max_duration: 2ep',
  'train_loader: { name: text }',
  '',
].join('\n');

/** A file of a workspace analysed as the shells do it: what it asks for and is not there is null. */
function inWorkspace(
  workspace: Readonly<Record<string, string>>,
  file: string,
  settings: Partial<AnalysisSettings> = {},
): Analysis {
  const document = { file, text: workspace[file] ?? '' };
  const all = { ...defaultSettings, ...settings };
  const files = new Map<string, string | null>();
  let analysis = analyse(document, all, files);
  for (let round = 0; round < 5 && analysis.wants.length > 0; round += 1) {
    for (const path of analysis.wants) files.set(path, workspace[path] ?? null);
    analysis = analyse(document, all, files);
  }
  return analysis;
}

const ranksOf = (analysis: Analysis) => (analysis.runs[0]?.run.tokens.total?.value ?? 0) / perRank;

/** The ranks that a torchtitan config at `pretrain/8b.toml` has by these assumptions files. */
function ranks(
  files: Readonly<Record<string, string>>,
  settings: Partial<AnalysisSettings> = {},
  comment = '',
): number {
  const workspace = { ...files, 'pretrain/8b.toml': comment + torchtitan };
  return ranksOf(inWorkspace(workspace, 'pretrain/8b.toml', settings));
}

describe('an assumptions file', () => {
  it('is looked for in each folder up to the root, nearest first', () => {
    expect(assumptionsPaths('a/b/c.yaml')).toEqual([
      'a/b/floatcast.assumptions.yaml',
      'a/b/floatcast.assumptions.yml',
      'a/b/floatcast.assumptions.json',
      'a/b/floatcast.yaml',
      'a/floatcast.assumptions.yaml',
      'a/floatcast.assumptions.yml',
      'a/floatcast.assumptions.json',
      'a/floatcast.yaml',
      'floatcast.assumptions.yaml',
      'floatcast.assumptions.yml',
      'floatcast.assumptions.json',
      'floatcast.yaml',
    ]);
    expect(assumptionsPaths('../a/b.yaml')).toHaveLength(4);
    expect(assumptionsPaths('D:/a/b.yaml')[0]).toBe('D:/a/floatcast.assumptions.yaml');
    expect(assumptionsPaths('a/'.repeat(500) + 'b.yaml')).toHaveLength(64);
  });

  it('is asked for by training configs only', () => {
    const none = analyse({ file: 'docker-compose.yml', text: 'services: {}\n' }, defaultSettings);
    expect(none.wants).toEqual([]);
    const run = analyse({ file: 'a.toml', text: torchtitan }, defaultSettings);
    const asked = run.wants.filter((path) => isAssumptionsFile(path));
    expect(asked.sort()).toEqual([...assumptionsPaths('a.toml')].sort());
  });

  it('that is not there is nothing to complain of', () => {
    const analysis = inWorkspace({ 'pretrain/8b.toml': torchtitan }, 'pretrain/8b.toml');
    expect([analysis.wants, analysis.notices]).toEqual([[], []]);
    expect(analysis.runs[0]?.needs).toEqual([
      need('tokens', 'the global batch needs the number of data-parallel ranks'),
    ]);
    expect(analysis.runs[0]?.run.tokens.perRank?.value).toBe(perRank);
  });

  it('settles what a config leaves open, and is where the number is stated', () => {
    const text = '# our cluster\nworld-size: 64\nhardware: h100\n';
    const workspace = { 'floatcast.assumptions.yaml': text, 'a/b.toml': torchtitan };
    const [run] = inWorkspace(workspace, 'a/b.toml').runs;
    expect([run?.run.tokens.total?.value, run?.hardware]).toEqual([64 * perRank, 'h100']);
    const start = text.indexOf('64');
    expect(placesOf(run?.run.tokens.total)).toContainEqual({
      file: 'floatcast.assumptions.yaml',
      start,
      end: start + 2,
    });
    expect(run?.needs).toEqual([]);
  });

  it('gives epochs their data set', () => {
    const workspace = {
      'floatcast.assumptions.yaml': 'dataset-tokens: 1.5 T\n',
      'a.yaml': llmFoundry,
    };
    expect(inWorkspace(workspace, 'a.yaml').runs[0]?.run.tokens.total?.value).toBe(3e12);
  });

  it.each(['64', '"64"', '6.4e1', '2**6', '0.064k'])('may write a count as %s', (text) => {
    expect(ranks({ 'floatcast.assumptions.yaml': `world-size: ${text}\n` })).toBe(64);
  });

  it('may be JSON, with comments', () => {
    const text = '{\n  // GPUs\n  "$schema": "x", "world-size": "2**5",\n}\n';
    expect(ranks({ 'floatcast.assumptions.json': text })).toBe(32);
  });

  it('nearer to the config wins key by key', () => {
    const files = {
      'floatcast.assumptions.yaml': 'world-size: 8\nhardware: h100\n',
      'pretrain/floatcast.assumptions.yml': 'world-size: 16\n',
      'other/floatcast.assumptions.yaml': 'world-size: 99\n',
    };
    expect(ranks(files)).toBe(16);
    const workspace = { ...files, 'pretrain/8b.toml': torchtitan };
    expect(inWorkspace(workspace, 'pretrain/8b.toml').runs[0]?.hardware).toBe('h100');
  });

  it.each([
    ['"pretrain/*.toml"', 32],
    ['"**/8b.toml"', 32],
    ['8b.toml', 32],
    ['./pretrain/8b.toml', 32],
    ['"*.yaml"', 4],
    ['sft/*', 4],
  ])('says of the configs of the pattern %s only: %s ranks', (pattern, expected) => {
    const text = `world-size: 4\nfiles:\n  ${pattern}:\n    world-size: 32\n`;
    expect(ranks({ 'floatcast.assumptions.yaml': text })).toBe(expected);
  });

  it('lets the last pattern that matches win, key by key', () => {
    const lines = ['files:', '  "*.toml": { world-size: 2 }', '  8b.toml: { world-size: 3 }'];
    const text = [...lines, '  "8*": { hardware: b200 }', ''].join('\n');
    expect(ranks({ 'floatcast.assumptions.yaml': text })).toBe(3);
  });

  it('has patterns that begin in its own folder', () => {
    const text = 'files: { "pretrain/*": { world-size: 5 }, "*.toml": { world-size: 6 } }\n';
    expect(ranks({ 'pretrain/floatcast.assumptions.yaml': text })).toBe(6);
  });

  it('wins over the settings, and gives way to the modeline, which gives way to a command line', () => {
    const files = { 'floatcast.assumptions.yaml': 'world-size: 8\n' };
    const settings = { assumptions: { 'world-size': assumed(4, 'the setting') } };
    const overrides = { assumptions: { 'world-size': assumed(32, '--assume') } };
    expect(ranks({}, settings)).toBe(4);
    expect(ranks(files, settings)).toBe(8);
    expect(ranks(files, settings, '# floatcast: world-size=16\n')).toBe(16);
    expect(ranks(files, { ...settings, overrides }, '# floatcast: world-size=16\n')).toBe(32);
  });

  it('closer with GPUs takes out the ranks said further away, not its own', () => {
    const files = { 'floatcast.assumptions.yaml': 'data-parallel-ranks: 8\nworld-size: 64\n' };
    expect(ranks(files)).toBe(8);
    expect(ranks(files, {}, '# floatcast: world-size=16\n')).toBe(16);
    expect(ranks(files, {}, '# floatcast: world-size=16 data-parallel-ranks=2\n')).toBe(2);
  });

  it.each([
    ['world-sise: 8', 'line 1: “world-sise” is none of the keys: world-size, data-para'],
    ['\nworld-size: many', 'line 2: “world-size” needs a whole number above zero, such as 64.'],
    ['world-size: 1.5', 'line 1: “world-size” needs a whole number above zero, such as 64.'],
    ['world-size: [8]', 'line 1: “world-size” needs a whole number above zero, such as 64.'],
    ['dataset-tokens: -1', 'line 1: “dataset-tokens” needs a number of tokens above zero, such'],
    ['hardware: abacus', 'line 1: “hardware” is one of a100, h100, h200'],
    ['law: murphy', 'line 1: “law” is one of capybara'],
    ['files: 8', 'line 1: “files” maps patterns such as "pretrain/*.yaml" to assumptions'],
    ['files: {x: 8}', 'line 1: “files” maps patterns such as "pretrain/*.yaml" to assumptions'],
    ['files: {"*.sh": {gpus: 8}}', 'line 1: “gpus” is none of the keys: world-size'],
    ['[8]', 'line 1: the file is no mapping of assumptions.'],
    ['world-size: "8', 'line 1: Missing closing'],
  ])('%j is told of, at its place', (text, sentence) => {
    const path = 'pretrain/floatcast.assumptions.yaml';
    const workspace = { [path]: `${text}\n`, 'pretrain/8b.toml': torchtitan };
    const [notice] = inWorkspace(workspace, 'pretrain/8b.toml').notices;
    expect(notice?.message).toContain(`${path}, ${sentence}`);
    expect(notice?.place?.file).toBe(path);
    // The file that is opened itself says the same.
    expect(inWorkspace(workspace, path).notices[0]).toEqual(notice);
  });

  it.each(['', '# only a comment\n', '---\n'])('%j says nothing, and is nothing wrong', (text) => {
    const workspace = { 'floatcast.assumptions.yaml': text, 'a.toml': torchtitan };
    const analysis = inWorkspace(workspace, 'a.toml');
    expect([analysis.notices, analysis.runs[0]?.run.tokens.total]).toEqual([[], null]);
  });

  it('is no training config, whatever it holds', () => {
    const file = 'a/floatcast.assumptions.yaml';
    expect(inWorkspace({ 'a.yaml': llmFoundry }, 'a.yaml').runs).toHaveLength(1);
    const analysis = inWorkspace({ [file]: llmFoundry }, file);
    expect([analysis.runs, analysis.wants]).toEqual([[], []]);
    expect(analysis.explanation[0]).toContain('The file holds assumptions');
  });

  it('at any length of its text breaks nothing', () => {
    const text = 'world-size: 64\nfiles:\n  "*.toml": {hardware: h100, dataset-tokens: 15T}\n';
    for (let end = 0; end < text.length; end += 1) {
      const workspace = { 'floatcast.assumptions.yaml': text.slice(0, end), 'a.toml': torchtitan };
      const places = inWorkspace(workspace, 'a.toml').notices.map(({ place }) => place);
      expect(places.every((place: Place | null) => place !== null && place.end <= end)).toBe(true);
    }
  });
});

describe('writing an assumption', () => {
  const written = (
    text: string,
    key: string,
    value: string,
    path = 'floatcast.assumptions.yaml',
  ) => {
    const edits = writeAssumption(path, text, 'pretrain/8b.toml', key, value);
    return edits && applyEdits(text, path, edits);
  };

  it.each([
    ['', 'world-size: 64\n'],
    ['# ours\n', '# ours\nworld-size: 64\n'],
    ['# ours\r\n# all', '# ours\r\n# all\r\nworld-size: 64\r\n'],
    ['world-size: 8 # GPUs\n', 'world-size: 64 # GPUs\n'],
    ['hardware: h100\n', 'hardware: h100\nworld-size: 64\n'],
    [
      'files:\n  "*.toml":\n    world-size: 8\n\n# end\n',
      'files:\n  "*.toml":\n    world-size: 64\n\n# end\n',
    ],
    [
      'files:\n  "*.yaml":\n    world-size: 8\n',
      'files:\n  "*.yaml":\n    world-size: 8\nworld-size: 64\n',
    ],
  ])('%j becomes %j', (before, after) => {
    expect(written(before, 'world-size', '64')).toBe(after);
    // It then holds for the config.
    expect(ranks({ 'floatcast.assumptions.yaml': after })).toBe(64);
  });

  it('makes and edits JSON too', () => {
    const path = 'floatcast.assumptions.json';
    const made = written('', 'dataset-tokens', '15T', path);
    expect(made).toBe('{ "dataset-tokens": "15T" }\n');
    expect(written(made ?? '', 'world-size', '8', path)).toBe(
      '{ "dataset-tokens": "15T", "world-size": 8 }\n',
    );
  });

  it.each([
    ['hardware: h100\nworld-size: 8\n', 'hardware: h100\n'],
    [
      'files: { "*.toml": { world-size: 8, law: capybara } }\n',
      'files: { "*.toml": { law: capybara } }\n',
    ],
    ['hardware: h100\n', 'hardware: h100\n'],
    ['', ''],
  ])('taken back, %j becomes %j', (before, after) => {
    expect(written(before, 'world-size', '')).toBe(after);
  });

  it('leaves a file alone that is none', () => {
    expect(written('- 8\n', 'world-size', '64')).toBeNull();
  });
});
