import { describe, expect, it } from 'vitest';
import { analyse, keysByRun } from '../../../src/core/analyse.ts';
import { explainMarkdown } from '../../../src/core/present/explain.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';
import { corpusCases } from '../../corpus/cases.ts';

const mpt = [
  'max_seq_len: 2048',
  'model:',
  '  name: mpt_causal_lm',
  '  d_model: 1024',
  '  n_heads: 16',
  '  n_layers: 24',
  'precision: amp_bf16',
  'global_train_batch_size: 256',
  'max_duration: 1000ba',
  'train_loader: {name: text}',
];

const runOf = (...lines: string[]) =>
  analyse({ file: 'mpt.yaml', text: [...mpt, ...lines, ''].join('\n') }, defaultSettings).runs[0];

describe('a key that was not understood', () => {
  it.each([
    ['moe_num_experts: 16', 'parameters'],
    ['extra: {num_query_groups: 4}', 'parameters'],
    ['gated_linear_unit: true', 'parameters'],
    ['quantize_linear: mxfp4', 'format'],
    ['msamp: O2', 'format'],
    ['use_fp8: true', 'format'],
    ['rampup_batch_size: 32', 'tokens'],
  ])('%s withholds %s, by name and line', (line, what) => {
    const run = runOf(line);
    const key = /(\w+): [^{]*$/.exec(line.replace('extra: {', 'extra.'))?.[1] ?? '';
    const need = run?.needs.find((each) => JSON.stringify(each).includes('is not understood here'));
    expect(JSON.stringify(need)).toContain(what);
    expect(JSON.stringify(need)).toContain(key);
    expect(JSON.stringify(need)).toContain('line 11');
    expect(run?.run.parameters === null).toBe(what === 'parameters');
    expect(run?.run.precision === null).toBe(what === 'format');
    expect(run?.run.tokens.total === null).toBe(what === 'tokens');
    expect(run?.forecast).toBeNull();
  });

  it.each([
    'moe_num_experts: 1',
    'moe_num_experts: null',
    'use_fp8: false',
    'fp8_margin: 2',
    'moe_aux_loss_coeff: 0.01',
    'expert_parallel_size: 8',
    'attn_dropout: 0.1',
  ])('is harmless where it asks for nothing or says how: %s', (line) => {
    expect(runOf(line)?.run.parameters?.linear).toBe(24 * 12 * 1024 * 1024);
    expect(runOf(line)?.forecast?.gap).toBe(0);
  });

  it('is listed where it may matter', () => {
    expect(runOf('weird_dtype: int3', 'kv_thing: 4', 'seed: 17')?.unread).toEqual([
      'weird_dtype',
      'kv_thing',
    ]);
  });
});

/** A line of each strong kind, added to a file's root in its syntax. */
const inserted = {
  yaml: ['moe_num_experts_zz: 64', 'zz_fp8_matmul: e4m3'],
  toml: ['moe_num_experts_zz = 64', 'zz_fp8_matmul = "e4m3"'],
} as const;

/** Configs with a root in blocks; what a module of Primus or a manifest trains is not at the root. */
const fixtures = corpusCases().filter(({ file, name, text }) => {
  const isBlock = /\.(?:ya?ml|toml)$/.test(file) && !/^\{/m.test(text);
  const isManifest = /^(?:apiVersion|command):/m.test(text);
  return isBlock && !isManifest && !name.startsWith('silent/') && !name.startsWith('primus/');
});

it.each(fixtures)('$name: an unknown key withholds its number or is named', (each) => {
  const syntax = each.file.endsWith('.toml') ? 'toml' : 'yaml';
  const [experts, format] = inserted[syntax];
  for (const [line, what] of [
    [experts, 'parameters'],
    [format, 'precision'],
  ] as const) {
    const key = /^\w+/.exec(line)?.[0] ?? '';
    const text = `${line}\n${each.text}`;
    const document = { file: each.file, text };
    const { runs } = analyse(document, defaultSettings, each.files);
    for (const { run, needs, unread } of runs) {
      const named = JSON.stringify(needs).includes(key) || unread.includes(key);
      expect(named || run[what] === null, `${each.name}: ${line}`).toBe(true);
    }
  }
});

describe('Explain This File', () => {
  const lines = [
    ...mpt,
    'kv_thing: 4',
    'seed: 17',
    'moe_num_experts: 1',
    'callbacks: {lr_monitor: {}}',
    'lora_targets: [q, v]',
  ];
  const document = { file: 'mpt.yaml', text: `${lines.join('\n')}\n` };
  const keys = keysByRun(document, defaultSettings);

  it('sorts every key into those read, left over and harmless', () => {
    const [sorted] = keys;
    const paths = [sorted?.read, sorted?.leftOver, sorted?.harmless].map((list) =>
      list?.map(({ path }) => path),
    );
    expect(paths).toEqual([
      [
        'max_seq_len',
        ...['name', 'd_model', 'n_heads', 'n_layers'].map((key) => `model.${key}`),
        ...['precision', 'global_train_batch_size', 'max_duration', 'train_loader.name'],
      ],
      ['kv_thing', 'lora_targets'],
      ['seed', 'moe_num_experts'],
    ]);
  });

  it('lists them with their lines', () => {
    const markdown = explainMarkdown(analyse(document, defaultSettings), keys);
    const [, left = '', read = '', harmless = ''] = markdown.split(
      /## Keys left over|## Keys read|## Harmless keys/,
    );
    expect(left).toContain('- kv\\_thing (line 11)\n- lora\\_targets (line 15)\n');
    expect(read).toContain('- model.d\\_model (line 4)\n');
    expect(harmless).toContain('- seed (line 12)\n- moe\\_num\\_experts (line 13)\n');
  });

  it('names the file of a key that stands in another', () => {
    const base = 'llama.yaml';
    const text = 'a: 1\n'.concat(document.text);
    const place = { file: base, start: 5, end: 16 };
    const markdown = explainMarkdown(
      { ...analyse(document, defaultSettings), sources: [{ file: base, text }] },
      [{ read: [{ path: 'max_seq_len', place }], leftOver: [], harmless: [] }],
    );
    expect(markdown).toContain('- max\\_seq\\_len (llama.yaml, line 2)');
  });

  it('counts the keys beyond what a person reads', () => {
    const many = Array.from({ length: 600 }, (_, index) => `key_${index}: 1`);
    const long = { file: 'mpt.yaml', text: [...mpt, ...many, ''].join('\n') };
    const markdown = explainMarkdown(
      analyse(long, defaultSettings),
      keysByRun(long, defaultSettings),
    );
    expect(markdown).toContain('- key\\_499 (line 510)\n- 100 more\n');
  });
});
