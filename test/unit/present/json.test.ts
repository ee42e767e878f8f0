import { describe, expect, it } from 'vitest';
import { checkJson, noRunJson } from '../../../src/core/present/json.ts';
import type { Source } from '../../../src/core/run/files.ts';
import { analysisOf, file, fileOf, placeOfWord, ranksUnknown } from './exampleRun.ts';

describe('checkJson', () => {
  const [json] = checkJson(fileOf(analysisOf()));

  it('has the numbers of CLI.md’s example', () => {
    expect(json).toMatchObject({
      file,
      framework: 'llm-foundry',
      role: 'pretrain',
      parameters: {
        total: 6_658_859_008,
        nonEmbedding: 6_444_163_072,
        linear: 6_442_450_944,
        active: null,
      },
      tokens: 134_217_728_000,
      tokensPerDataParallelRank: null,
      format: {
        id: 'fp8-e4m3',
        exponentBits: 4,
        mantissaBits: 3,
        granularity: 'tensor',
        block: null,
        operands: ['weights', 'activations', 'gradients'],
        gradientFormat: 'fp8-e5m2',
      },
      needs: [],
    });
    expect(json?.forecast?.law).toBe('capybara');
    expect(json?.forecast?.loss).toBeCloseTo(2.36207, 5);
    expect(json?.forecast?.bf16Loss).toBeCloseTo(2.35967, 5);
    expect(json?.forecast?.gap).toBeCloseTo(0.0024015, 7);
    expect(json?.forecast?.criticalTokens).toBeCloseTo(6.13808e12, -7);
    expect(json?.forecast?.ratio).toBeCloseTo(0.0218664, 7);
    expect(json?.forecast?.extrapolated).toEqual([
      'parameters',
      'tokens',
      'granularity',
      'operands',
    ]);
  });

  it('says where the values came from', () => {
    expect(json?.origins).toEqual({
      model: { kind: 'stated', file, line: 1, column: 8 },
      parameters: { kind: 'published', model: 'mpt-7b', source: 'its config.json' },
      tokens: {
        kind: 'derived',
        formula: '64,000 steps × 1,024 sequences × 2,048 tokens',
        from: ['steps', 'sequences', 'tokens'],
      },
      format: { kind: 'stated', file, line: 2, column: 12 },
    });
  });

  it('gives what one rank trains on when the ranks are missing', () => {
    const [unknown] = checkJson(fileOf(analysisOf({ tokens: ranksUnknown })));
    expect(unknown).toMatchObject({
      tokens: null,
      tokensPerDataParallelRank: 524_288_000,
      forecast: null,
      laws: [],
      needs: ['tokens: the global batch needs the number of data-parallel ranks'],
    });
  });

  it('places findings by line and column, those of a file not at hand without', () => {
    const finding = {
      id: 'critical-data-size',
      severity: 'warning',
      message: 'Too long.',
      related: [],
      fixes: [{ title: 'Cut it', edits: [] }],
      noFix: null,
    } as const;
    const findings = [
      { ...finding, place: placeOfWord('64000ba') },
      { ...finding, place: { file: 'other.yaml', start: 3, end: 4 } },
    ];
    const run = { ...analysisOf(), findings };
    const positions = (...others: readonly Source[]) => {
      const analysis = fileOf(run);
      const sources = [...analysis.sources, ...others];
      return checkJson({ ...analysis, sources })[0]?.findings.map(({ line, column }) => [
        line,
        column,
      ]);
    };
    expect(positions()).toEqual([
      [3, 15],
      [null, null],
    ]);
    expect(positions({ file: 'other.yaml', text: 'a\nbc' })?.[1]).toEqual([2, 2]);
  });

  it('survives JSON unchanged: no NaN, no undefined', () => {
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });
});

it('lists a file that describes no run with every value null', () => {
  const analysis = { ...fileOf(), explanation: ['No keys.'] };
  expect(checkJson(analysis)).toEqual([]);
  expect(noRunJson(analysis)).toEqual({
    file,
    name: null,
    line: null,
    framework: null,
    role: null,
    parameters: null,
    tokens: null,
    tokensPerDataParallelRank: null,
    format: null,
    forecast: null,
    laws: [],
    verdict: null,
    postTraining: null,
    resources: null,
    findings: [],
    origins: {},
    needs: [],
    unread: [],
    notes: ['No keys.'],
  });
});
