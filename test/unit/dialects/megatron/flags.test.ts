import { describe, expect, it } from 'vitest';
import { layerPattern } from '../../../../src/core/dialects/megatron/mixture.ts';
import { formatOf, run, written } from '../../frameworks/readFiles.ts';

const shape = [
  'num-layers: 4',
  'hidden-size: 256',
  'num-attention-heads: 8',
  'seq-length: 1024',
  'global-batch-size: 32',
  'bf16: true',
];

function config(lines: readonly string[], length = 'train-iters: 100'): string {
  return ['MODEL_ARGS:', ...[...shape, length, ...lines].map((line) => `  --${line}`)].join('\n');
}

const read = (lines: readonly string[] = [], length?: string) =>
  run({ 'a.yaml': config(lines, length) }, 'a.yaml');
const attention = 4 * 256 * 256;

describe('Megatron-LM’s arguments', () => {
  it('have biases, layer norms, learned positions and a tied head by default', () => {
    const { parameters } = read(['max-position-embeddings: 1024', 'vocab-size: 1000']).run;
    const layer = attention + 2 * 256 * 1024 + (3 + 1 + 4 + 1) * 256 + 2 * 2 * 256;
    expect(parameters?.nonEmbedding).toBe(4 * layer + 2 * 256);
    expect(parameters?.total).toBe(4 * layer + 2 * 256 + (1000 + 1024) * 256);
  });

  it('give a gated block two thirds of 4h, rounded down to 64', () => {
    const { parameters } = read(['swiglu: true']).run;
    expect(parameters?.linear).toBe(4 * (attention + 3 * 256 * 640));
    expect(read(['squared-relu: true']).run.parameters?.linear).toBe(
      4 * (attention + 2 * 256 * 1024),
    );
  });

  it('ask for group-query-attention before num-query-groups', () => {
    const groups = ['num-query-groups: 2'];
    expect(read(groups).run.parameters?.linear).toBe(4 * (attention + 2 * 256 * 1024));
    expect(read([...groups, 'group-query-attention: true']).run.parameters?.linear).toBe(
      4 * (2.5 * 256 * 256 + 2 * 256 * 1024),
    );
  });

  it('count samples, tokens, or steps of the global batch', () => {
    expect(read().run.tokens.total?.value).toBe(100 * 32 * 1024);
    expect(read([], 'train-samples: 19531250').run.tokens.total?.value).toBe(19_531_250 * 1024);
    expect(read([], 'train-tokens: 1000000').run.tokens.total?.value).toBe(1_000_000);
    expect(read(['exit-interval: 10']).run.tokens.total?.value).toBe(100 * 32 * 1024);
  });

  it('ramp the batch up as three words say', () => {
    // 16 of 32 for the first 512 sequences: 32 steps.
    const { total } = read(['rampup-batch-size: 16 16 512']).run.tokens;
    expect(total?.value).toBe((32 * 16 + 68 * 32) * 1024);
  });

  it.each([
    [['fp8-recipe: mxfp8'], 'bf16 none'],
    [['fp8-format: hybrid'], 'fp8-e4m3 tensor (fp8-e5m2)'],
    [['fp8-format: e4m3', 'fp8-recipe: tensorwise'], 'fp8-e4m3 tensor'],
    [['fp8-format: hybrid', 'fp8-recipe: blockwise'], 'fp8-e4m3 block 128 (fp8-e5m2)'],
    [['fp8-format: hybrid', 'fp8-recipe: mxfp8'], 'mxfp8-e4m3 block 32 (mxfp8-e5m2)'],
    [['fp8-format: e4m3', 'fp8-recipe: custom'], null],
    [['fp4-format: e2m1'], 'nvfp4 block 16'],
  ])('read %j as %s', (lines, format) => {
    expect(formatOf(read(lines))).toBe(format);
  });

  it('note the layers that stay in BF16', () => {
    const lines = ['fp8-format: e4m3', 'fp8-recipe: mxfp8', 'first-last-layers-bf16: true'];
    const { precision } = read([...lines, 'num-layers-at-end-in-bf16: 14']).run;
    expect(precision?.notes[0]).toContain('The first 1 and the last 14 layers');
  });

  it('read which layers are mixtures', () => {
    expect(layerPattern('([0]*3+[1]*58)')?.filter((each) => each === 1)).toHaveLength(58);
    expect(layerPattern('([1]+[0,1])*2')).toEqual([1, 0, 1, 1, 0, 1]);
    expect(layerPattern('[1]*999999999')).toBeNull();
    expect(layerPattern('import os')).toBeNull();
    const lines = ['num-experts: 8', 'moe-ffn-hidden-size: 64'];
    const layers = (freq: string) => {
      const { parameters } = read([...lines, freq]).run;
      return (
        ((parameters?.linear ?? 0) - 4 * (attention + 2 * 256 * 1024)) /
        (256 * 8 + 8 * 2 * 256 * 64 - 2 * 256 * 1024)
      );
    };
    expect(layers('moe-layer-freq: 2')).toBe(2);
    expect(layers('moe-layer-freq: ([0]*1+[1]*3)')).toBe(3);
    expect(read([...lines, 'moe-layer-freq: ([0]*1+[1]*9)']).run.parameters?.active).toBeNull();
  });

  it('count no layers that are not a transformer’s', () => {
    const { run: got, needs } = read(['hybrid-layer-pattern: "M*M*"']);
    expect(got.parameters).toBeNull();
    expect(needs.map(({ why }) => why).join(' ')).toContain('hybrid_layer_pattern');
  });

  it('are written as flags', () => {
    const before = { 'a.yaml': config([]) };
    const low = written(before, 'a.yaml', {
      format: 'mxfp8-e4m3',
      granularity: 'block',
      block: 32,
    });
    expect(low['a.yaml']).toContain('--fp8-format: e4m3\n  --fp8-recipe: mxfp8');
    const plain = written(low, 'a.yaml', { format: 'bf16', granularity: 'none', block: null });
    expect(formatOf(run(plain, 'a.yaml'))).toBe('bf16 none');
  });
});
