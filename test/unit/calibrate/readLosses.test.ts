import { describe, expect, it } from 'vitest';
import { readLosses } from '../../../src/core/calibrate/readLosses.ts';

/** A log that can be read. */
function read(text: string, tokensPerStep: number | null = null) {
  const result = readLosses('log', text, { tokensPerStep });
  if ('error' in result) throw new Error(result.error);
  return result;
}

function error(text: string, tokensPerStep: number | null = null): string {
  const result = readLosses('log', text, { tokensPerStep });
  return 'error' in result ? result.error : 'none';
}

describe('a loss log', () => {
  it('over tokens is sorted, and a value that is logged again replaces the first', () => {
    const { points, baseline, notes } = read(
      'tokens,loss\n2e9,3.4\n1B,4.1\n2e9,3.5\n0,11\n3e9,NaN',
    );
    expect(points).toEqual([
      { tokens: 1e9, loss: 4.1 },
      { tokens: 2e9, loss: 3.5 },
    ]);
    expect(baseline).toBeNull();
    expect(notes).toEqual([
      'The losses are “loss” over “tokens”.',
      'Left out, for they hold no number that can be read: 1 row.',
      'Logged more than once, the last time counts: 1 row.',
    ]);
  });

  it('may be longer than a config: a hundred thousand steps', () => {
    const lines = Array.from({ length: 1e5 }, (_, step) => `${(step + 1) * 1e6},3.25`);
    const text = ['tokens,loss', ...lines].join('\n');
    expect(text.length).toBeGreaterThan(1e6);
    expect(read(text).points).toHaveLength(2000);
    expect(error('x'.repeat(8e6 + 1))).toBe('log is larger than 8 MB, so it was not read.');
  });

  it('over steps takes the tokens of a step', () => {
    const { points, notes } = read('Step,train/loss,eval/loss\n100,4,4.1\n200,3.5,\n', 4e6);
    expect(points).toEqual([
      { tokens: 4e8, loss: 4 },
      { tokens: 8e8, loss: 3.5 },
    ]);
    expect(notes).toEqual([
      'The losses are “train/loss” over “Step” × 4,000,000 tokens a step.',
      'Other losses were left alone: eval/loss.',
    ]);
    expect(error('step,loss\n1,4')).toBe(
      'log counts steps (“step”), and the tokens of a step are not known.',
    );
  });

  it('has its BF16 twin in a column of its own', () => {
    const { points, baseline } = read('tokens,loss,bf16_loss\n1e9,4.1,4\n2e9,3.6,3.5');
    expect(points.map(({ loss }) => loss)).toEqual([4.1, 3.6]);
    expect(baseline?.map(({ loss }) => loss)).toEqual([4, 3.5]);
  });

  it('comes from a W&B chart, without its envelope', () => {
    const head =
      '"Step","my-fp8 - train/loss","my-fp8 - train/loss__MIN","my-fp8 - train/loss__MAX"';
    expect(read(`${head}\n10,4,3.9,4.2`, 1e6).points).toEqual([{ tokens: 1e7, loss: 4 }]);
    const two = '"Step","fp8 - loss","bf16-base - loss"\n10,4.1,4\n20,3.6,3.5';
    expect(read(two, 1e6).baseline).toEqual([
      { tokens: 1e7, loss: 4 },
      { tokens: 2e7, loss: 3.5 },
    ]);
    expect(error('"Step","a - loss","b - loss"\n1,2,3', 1)).toBe(
      'log holds the losses of several runs (a, b); export one of them.',
    );
  });

  it('comes from JSONL of mixed rows and from a trainer’s state', () => {
    const rows = [
      '{"step": 1, "loss": 4}',
      '{"step": 1, "eval_loss": 4.1}',
      '{"step": 2, "loss": 3}',
    ];
    expect(read(rows.join('\n'), 10).points.map(({ tokens }) => tokens)).toEqual([10, 20]);
    const state = {
      global_step: 9,
      log_history: [
        { loss: 4, step: 5 },
        { loss: 3, step: 10 },
      ],
    };
    expect(read(JSON.stringify(state), 10).points.at(-1)).toEqual({ tokens: 100, loss: 3 });
  });

  it('is thinned to 2,000 points by medians', () => {
    const lines = Array.from({ length: 6000 }, (_, index) => {
      const step = index + 1;
      return `${step},${step % 3 === 2 ? 100 : 5 - step / 6000}`;
    });
    const { points, notes } = read(['tokens,loss', ...lines].join('\n'));
    expect(points.length).toBe(2000);
    // Rows 1, 2 and 3, of which the second spikes.
    expect(points[0]?.tokens).toBe(2);
    expect(points[0]?.loss).toBeCloseTo(5 - 1 / 6000, 10);
    expect(Math.max(...points.map(({ loss }) => loss))).toBeLessThan(5);
    expect(notes.at(-1)).toBe('6000 points were thinned to 2000, the median of each stretch.');
  });

  it('says what is missing', () => {
    expect(error('loss\n3')).toMatch(/^log has no column of tokens or steps/);
    expect(error('tokens,accuracy\n1,2')).toBe('log has no column of losses (such as “loss”).');
    expect(error('tokens,loss\n1,\n')).toBe('log holds no loss with its tokens.');
  });
});
