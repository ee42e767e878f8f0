import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import type { MeasuredLosses } from '../../../src/core/run/measured.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';
import { checkToHost, checkToPanel, largestSave } from '../../../src/protocol/check.ts';
import { fp8Point, runAnalysis, snapshotOf, usualSnapshot } from '../../webview/snapshots.ts';

const target = { format: 'mxfp8-e4m3', granularity: 'block', block: 32 };
const apply = {
  type: 'apply',
  requestId: 1,
  uri: 'file:///a.yaml',
  version: 3,
  runIndex: 0,
  target,
};
const measured: MeasuredLosses = {
  name: 'a.csv',
  points: [{ tokens: 1e9, loss: 3 }],
  baseline: [{ tokens: 1e9, loss: 2.9 }],
  notes: [],
};
const save = { type: 'save', requestId: 2, name: 'a.csv', mime: 'text/csv', base64: 'QQ==' };

const other = {
  uri: 'file:///b.yaml',
  runIndex: 0,
  name: 'b.yaml',
  point: fp8Point,
  why: '',
  taken: '',
};

describe('messages of the panel', () => {
  it.each([
    { type: 'ready' },
    { type: 'ready', state: { anything: [1, null] } },
    apply,
    { ...apply, target: { format: 'bf16', granularity: 'none', block: null } },
    { type: 'reveal', place: { file: 'a.yaml', start: 3, end: 3 } },
    save,
    { type: 'measure', requestId: 3, runIndex: 0 },
    { type: 'pin', pinned: true },
    { type: 'set', what: 'law', runIndex: 0 },
    { ...save, name: 'configs-7b.yaml-layouts.png', mime: 'image/png', base64: '' },
  ])('passes %j', (message) => {
    expect(checkToHost(message)).toBe(message);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'ready'],
    ['a list', [{ type: 'ready' }]],
    ['no type', {}],
    ['another type', { type: 'eval' }],
    ['the host’s own type', usualSnapshot],
    ['a request without its number', { ...apply, requestId: undefined }],
    ['a fractional request', { ...apply, requestId: 1.5 }],
    ['a negative run', { ...apply, runIndex: -1 }],
    ['no document', { ...apply, uri: '' }],
    ['a version that is text', { ...apply, version: '3' }],
    ['a format with a line break', { ...apply, target: { ...target, format: 'bf16\nx: 1' } }],
    ['an unknown granularity', { ...apply, target: { ...target, granularity: 'row' } }],
    ['a block of 0', { ...apply, target: { ...target, block: 0 } }],
    ['a fractional block', { ...apply, target: { ...target, block: 1.5 } }],
    ['a block scaling without block', { ...apply, target: { ...target, block: null } }],
    ['a block beside tensor', { ...apply, target: { ...target, granularity: 'tensor' } }],
    [
      'a place that ends before it starts',
      { type: 'reveal', place: { file: 'a', start: 3, end: 2 } },
    ],
    ['a name with a folder', { ...save, name: '../a.csv' }],
    ['a name with a back slash', { ...save, name: 'a\\b.csv' }],
    ['a hidden name', { ...save, name: '.a.csv' }],
    ['no name', { ...save, name: '' }],
    ['another kind of file', { ...save, mime: 'text/html' }],
    ['what is not base64', { ...save, base64: '<b>' }],
    ['cut base64', { ...save, base64: 'QQ=' }],
    ['a log of no run', { type: 'measure', requestId: 3 }],
    ['too large a file', { ...save, base64: 'A'.repeat(largestSave + 4) }],
  ])('rejects %s', (_, message) => {
    expect(checkToHost(message)).toBeNull();
  });
});

/** A copy of a message with one value, named by its path, replaced. */
function withValue(message: unknown, path: string, value: unknown): unknown {
  const copy = structuredClone(message) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const holder = keys.reduce((at, key) => at[key] as Record<string, unknown>, copy);
  if (value === undefined) Reflect.deleteProperty(holder, last);
  else holder[last] = value;
  return copy;
}

describe('messages of the host', () => {
  it('passes a snapshot, also over JSON', () => {
    expect(checkToPanel(usualSnapshot)).toBe(usualSnapshot);
    expect(checkToPanel(JSON.parse(JSON.stringify(usualSnapshot)))).toEqual(usualSnapshot);
  });

  it('passes what analysing a config gives, over JSON', () => {
    const text = [
      'model: { name: mpt_causal_lm, d_model: 4096, n_heads: 32, n_layers: 32 }',
      'max_seq_len: 2048',
      'max_duration: 64000ba',
      'global_train_batch_size: 1024',
      'precision: amp_fp8',
      '',
    ].join('\n');
    const analysis = analyse({ file: 'train.yaml', text }, defaultSettings);
    expect(analysis.runs[0]?.point?.tokens).toBe(134_217_728_000);
    const message: unknown = JSON.parse(JSON.stringify({ ...usualSnapshot, analysis }));
    expect(checkToPanel(message)).toBe(message);
  });

  it.each([
    ['no run', snapshotOf([])],
    ['a run without tokens', snapshotOf([runAnalysis(fp8Point, { tokens: null })])],
    ['several runs', snapshotOf([runAnalysis(fp8Point), runAnalysis(fp8Point)], { runIndex: 1 })],
    ['the end of a document', { type: 'gone', uri: 'file:///a.yaml' }],
    ['a loss log', snapshotOf([runAnalysis(fp8Point)], { measured, measuredFrom: ['file:///a'] })],
    ['runs beside it', snapshotOf([runAnalysis(fp8Point)], { compared: [other] })],
    ['a good answer', { type: 'answer', requestId: 1, ok: true }],
    ['a bad answer', { type: 'answer', requestId: 1, ok: false, message: 'No.' }],
    ['a field of a newer host', { type: 'gone', uri: 'file:///a.yaml', since: 1 }],
  ])('passes %s', (_, message) => {
    expect(checkToPanel(message)).toBe(message);
  });

  it.each([
    ['uri', ''],
    ['version', -1],
    ['version', '3'],
    ['name', undefined],
    ['runIndex', 0.5],
    ['analysis', null],
    ['analysis.runs', {}],
    ['analysis.syntax', 'ini'],
    ['analysis.notices', [{ message: 'x' }]],
    ['analysis.problems.0.severity', 'hint'],
    ['analysis.runs.0', null],
    ['analysis.runs.0.canWrite', undefined],
    ['analysis.runs.0.point.parameters', 0],
    ['analysis.runs.0.point.tokens', null],
    ['analysis.runs.0.point.granularity', 'row'],
    ['analysis.runs.0.point.operands', ['weights', 'biases']],
    ['analysis.runs.0.forecast.loss', '2.3'],
    ['analysis.runs.0.forecast.gap', NaN],
    ['analysis.runs.0.forecast.extrapolated', ['luck']],
    ['analysis.runs.0.forecasts.0', undefined],
    ['analysis.runs.0.run.role', 'party'],
    ['analysis.runs.0.run.tokens.total.value', -1],
    ['analysis.runs.0.run.tokens.total.origin.kind', 'guessed'],
    ['analysis.runs.0.run.tokens.total.origin.parts.0.known.origin', { kind: 'stated' }],
    ['analysis.runs.0.run.precision.format.value', 8],
    ['analysis.runs.0.run.anchors.tokens', { file: 'a', start: 2, end: 1 }],
    ['analysis.runs.0.findings.0.fixes.0.edits.0.newText', null],
    ['analysis.runs.0.findings.0.fixes.0.preferred', 'yes'],
    ['settings.law', ''],
    ['settings.gapTarget', 0],
    ['settings.nearCriticalRatio', null],
    ['settings', undefined],
    ['measured', undefined],
    ['measured', { ...measured, points: [{ tokens: 0, loss: 3 }] }],
    ['measured', { ...measured, baseline: [{ tokens: 1e9, loss: NaN }] }],
    ['measured', { ...measured, points: Array(2001).fill({ tokens: 1e9, loss: 3 }) }],
    ['compared', null],
    ['compared', [{ ...other, runIndex: -1 }]],
    ['compared', [{ ...other, point: {} }]],
    ['compared', Array(9).fill(other)],
    ['measuredFrom', null],
  ])('rejects a snapshot whose %s is %j', (path, value) => {
    expect(checkToPanel(withValue(usualSnapshot, path, value))).toBeNull();
  });

  it.each([
    ['nothing', undefined],
    ['a text', '{"type":"gone"}'],
    ['an answer to nothing', { type: 'answer', ok: true }],
    ['an answer that is text', { type: 'answer', requestId: 1, ok: 'true' }],
    ['a message that is none', { type: 'answer', requestId: 1, ok: true, message: 3 }],
    ['the end of nothing', { type: 'gone' }],
    ['the panel’s own type', { type: 'ready' }],
    ['a type by inheritance', Object.create({ type: 'gone', uri: 'a' })],
  ])('rejects %s', (_, message) => {
    expect(checkToPanel(message)).toBeNull();
  });
});
