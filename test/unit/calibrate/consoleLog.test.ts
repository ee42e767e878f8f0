import { describe, expect, it } from 'vitest';
import { readConsoleLog } from '../../../src/core/calibrate/consoleLog.ts';
import type { LogUnits } from '../../../src/core/calibrate/lossCurve.ts';
import { readLosses } from '../../../src/core/calibrate/readLosses.ts';

const none: LogUnits = { tokensPerStep: null };

function pointsOf(text: string, units: LogUnits = none) {
  const read = readLosses('run.log', text, units);
  if ('error' in read) throw new Error(read.error);
  return read.points.map(({ tokens, loss }) => [tokens, Number(loss.toPrecision(6))]);
}

const failureOf = (text: string, units: LogUnits = none) => {
  const read = readLosses('run.log', text, units);
  return 'error' in read ? read.error : null;
};

const megatron = [
  '> building train, validation, and test datasets ...',
  ' [2026-05-04 10:11:12] iteration      100/  500000 | consumed samples:       102400 | elapsed time per iteration (ms): 5012.3 | throughput per GPU (TFLOP/s/GPU): 410.2 | learning rate: 3.000000E-05 | global batch size:  1024 | lm loss: 8.125000E+00 | loss scale: 1.0 | grad norm: 2.113 | number of skipped iterations:   0 | number of nan iterations:   0 |',
  '----------------------------------------------------------------',
  ' validation loss at iteration 100 | lm loss value: 8.200000E+00 | lm loss PPL: 3.640950E+03 | ',
  ' [2026-05-04 10:19:40] iteration      200/  500000 | consumed samples:       204800 | elapsed time per iteration (ms): 5008.1 | learning rate: 6.000000E-05 | global batch size:  1024 | lm loss: 6.500000E+00 | loss scale: 1.0 | grad norm: 1.020 |',
].join('\n');

const titan = [
  '\u001b[31mstep:  1  \u001b[32mloss: 12.24312  \u001b[38;2;180;60;0mgrad_norm:  1.4521  \u001b[36mmemory: 40.12GiB(42.2%)  \u001b[34mtps: 1,234  \u001b[36mtflops: 80.12  \u001b[35mmfu: 8.1%\u001b[39m',
  '[rank0]:2026-05-04 10:11:12,123 - root - INFO - step: 1,200  loss:  3.5000  grad_norm:  0.4000  memory: 40.12GiB(42.2%)',
  '[rank0]:validate step: 1200  loss:  3.9000  memory: 12.0GiB(12.0%)  tps: 9,000',
].join('\n');

const nanotron = [
  '05/04 10:11:12 [INFO|DP=0|PP=0|TP=0]: iteration: 1 / 3000 | consumed_tokens: 2.1M | elapsed_time_per_iteration_ms: 3.44K | tokens_per_sec: 611K | global_batch_size: 1.02K | lm_loss: 11.4 | lr: 1.5e-06 | model_tflops_per_gpu: 96',
  '05/04 11:11:12 [INFO|DP=0|PP=0|TP=0]: iteration: 1999 / 3000 | consumed_tokens: 4.19B | lm_loss: 2.81 | lr: 0.0003',
  '05/04 11:11:16 [INFO|DP=0|PP=0|TP=0]: iteration: 2000 / 3000 | consumed_tokens: 4.19B | lm_loss: 2.8 | lr: 0.0003',
].join('\n');

const maxText = [
  'completed step: 0, seconds: 31.126, TFLOP/s/device: 3.1, Tokens/s/device: 132.1, total_weights: 65536, loss: 10.873',
  'eval metrics after step: 0, loss=10.5, total_weights=65536',
  'completed step: 1, seconds: 1.150, TFLOP/s/device: 470.0, Tokens/s/device: 57000.0, total_weights: 65536, loss: 10.010, lm_loss: 10.000, perplexity: 22026.466',
].join('\n');

const trainer = [
  'Map: 100%|##########| 512/512 [00:00<00:00, 9000.00 examples/s]',
  '  0%|          | 0/1000 [00:00<?, ?it/s]',
  '  1%|1         | 9/1000 [00:04<08:15,  2.00it/s]',
  "{'loss': 4.25, 'grad_norm': 1.5, 'learning_rate': 2e-05, 'epoch': 0.01}",
  '  1%|1         | 10/1000 [00:05<08:15,  2.00it/s]',
  '  0%|          | 0/50 [00:00<?, ?it/s]\r 40%|####      | 20/50 [00:01<00:02, 15.0it/s]',
  "{'eval_loss': 4.4, 'eval_runtime': 3.1, 'epoch': 0.01}",
  '  2%|2         | 19/1000 [00:09<08:10,  2.00it/s]\r',
  "{'loss': '3.75', 'grad_norm': '1.1', 'learning_rate': '2e-05', 'epoch': '0.02'}",
  '  2%|2         | 20/1000 [00:10<08:10,  2.00it/s]',
  "{'train_runtime': 500.0, 'train_loss': 3.9, 'loss': 3.9, 'epoch': 1.0}",
].join('\n');

describe('the console log of', () => {
  it('Megatron-LM gives its samples times the sequence, the training loss alone', () => {
    const read = readConsoleLog(megatron);
    expect(read?.framework).toBe('Megatron-LM');
    expect(pointsOf(megatron, { ...none, sequenceLength: 4096 })).toEqual([
      [102400 * 4096, 8.125],
      [204800 * 4096, 6.5],
    ]);
    expect(pointsOf(megatron, { tokensPerStep: 1000 })).toEqual([
      [100_000, 8.125],
      [200_000, 6.5],
    ]);
    expect(failureOf(megatron)).toContain('counts steps');
  });

  it('torchtitan gives its steps, in colours and behind ranks, without the validation', () => {
    expect(readConsoleLog(titan)?.framework).toBe('torchtitan');
    expect(pointsOf(titan, { tokensPerStep: 10 })).toEqual([
      [10, 12.2431],
      [12_000, 3.5],
    ]);
  });

  it('nanotron gives steps of the size that its rounded count of tokens tells', () => {
    expect(readConsoleLog(nanotron)?.framework).toBe('nanotron');
    expect(pointsOf(nanotron)).toEqual([
      [2_095_000, 11.4],
      [1999 * 2_095_000, 2.81],
      [4_190_000_000, 2.8],
    ]);
  });

  it('MaxText gives what it counts, its steps from 0 on', () => {
    expect(readConsoleLog(maxText)?.framework).toBe('MaxText');
    expect(pointsOf(maxText)).toEqual([
      [65_536, 10.873],
      [131_072, 10],
    ]);
  });

  it('the Trainer gives the step of the bar that is drawn anew behind the metrics', () => {
    expect(readConsoleLog(trainer)?.framework).toBe('Hugging Face Trainer');
    expect(pointsOf(trainer, { tokensPerStep: 100 })).toEqual([
      [1000, 4.25],
      [2000, 3.75],
    ]);
  });

  it('the Trainer without its bar is an error that names the file to take', () => {
    const bare = "{'loss': 4.25, 'epoch': 0.01}\n{'loss': 4.0, 'epoch': 0.02}";
    expect(failureOf(bare, { tokensPerStep: 100 })).toContain('trainer_state.json');
  });

  it('axolotl gives the tokens that its metrics count', () => {
    const counted = "{'loss': 2.5, 'ppl': 12.18, 'tokens/total': 65536, 'step': 4, 'epoch': 0.01}";
    expect(pointsOf(counted)).toEqual([[65_536, 2.5]]);
  });

  it('nanoGPT and nanochat give their steps', () => {
    expect(pointsOf('iter 10: loss 9.8012, time 100ms, mfu 1%', { tokensPerStep: 5 })).toEqual([
      [50, 9.8012],
    ]);
    const bits = 'Step 00010 | Validation bpb: 0.8000\nStep 00020 | Validation bpb: 0.7500';
    expect(failureOf('step 00010/21400 (0.05%) | loss: 9.0 | lrm: 1.00')).toContain('counts steps');
    expect(failureOf(bits, { tokensPerStep: 5 })).toContain('bits per byte');
    expect(pointsOf(bits, { tokensPerStep: 5, bytesPerToken: 4.8 })).toEqual([
      [50, Number((0.8 * 4.8 * Math.LN2).toPrecision(6))],
      [100, Number((0.75 * 4.8 * Math.LN2).toPrecision(6))],
    ]);
  });
});

describe('tables that are exported', () => {
  it('by TensorBoard, as CSV and as JSON', () => {
    const csv = 'Wall time,Step,Value\n1700000000.0,10,5.5\n1700000001.0,20,5.25';
    const json = '[[1700000000.0, 10, 5.5], [1700000001.0, 20, 5.25]]';
    const expected = [
      [10_000, 5.5],
      [20_000, 5.25],
    ];
    expect(pointsOf(csv, { tokensPerStep: 1000 })).toEqual(expected);
    expect(pointsOf(json, { tokensPerStep: 1000 })).toEqual(expected);
  });

  it('as trainer_state.json', () => {
    const state = JSON.stringify({
      global_step: 20,
      log_history: [
        { epoch: 0.01, loss: 4.25, step: 10 },
        { epoch: 0.01, eval_loss: 4.4, step: 10 },
        { epoch: 0.02, loss: 3.75, step: 20 },
      ],
    });
    expect(pointsOf(state, { tokensPerStep: 100 })).toEqual([
      [1000, 4.25],
      [2000, 3.75],
    ]);
  });

  it('in bits per byte, with the bytes of a token', () => {
    const table = 'tokens,val_bpb,bf16_bpb\n1B,0.8,0.79';
    expect(failureOf(table)).toContain('bits per byte');
    const read = readLosses('a.csv', table, { ...none, bytesPerToken: 4 });
    expect('error' in read ? read : read.baseline?.[0]?.loss).toBeCloseTo(0.79 * 4 * Math.LN2, 9);
  });
});

describe('hostile logs', () => {
  it.each([
    ['one endless line', 'iteration 1/2 | '.repeat(200_000)],
    ['bars without an end', ' 1%|'.repeat(400_000)],
    ['dicts that never close', "{'a".repeat(400_000)],
    ['empty lines', '\n'.repeat(1_000_000)],
    ['escapes', '\u001b[1m'.repeat(300_000)],
    ['colons', `completed step: ${': '.repeat(500_000)}`],
  ])('%s take no time to speak of', (_, text) => {
    const begun = performance.now();
    readConsoleLog(text);
    // A second or two would be linear too on a busy machine; what is not linear takes minutes.
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it('of a million characters a line are cut, and the next lines read', () => {
    const text = `${'x'.repeat(1_000_000)}\nstep: 7  loss: 3.5`;
    expect(readConsoleLog(text)?.steps).toMatchObject([{ step: 7, loss: 3.5 }]);
  });
});
