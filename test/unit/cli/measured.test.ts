import { describe, expect, it } from 'vitest';
import { floatcast, folderOf, llmFoundryConfig } from './harness.ts';

/** A log in steps with this much added to every loss. */
function log(added: number): string {
  const rows = Array.from({ length: 400 }, (_, at) => {
    const step = (at + 1) * 160;
    return `${step},${2 + 30 / step ** 0.3 + added}`;
  });
  return ['step,loss', ...rows, ''].join('\n');
}

const files = { 'run.csv': log(0.02), 'bf16.csv': log(0), 'train.yaml': llmFoundryConfig() };

describe('measured', () => {
  it('compares a log with its twin’s by the config that it belongs to', async () => {
    const folder = await folderOf(files);
    const argv = ['measured', 'run.csv', '--baseline', 'bf16.csv', '--config', 'train.yaml'];
    const { code, stdout, stderr } = await floatcast([...argv, '--json'], folder);
    expect([code, stderr]).toEqual([0, '']);
    const said = JSON.parse(stdout) as {
      file: string;
      tokens: number;
      measured: { tokens: number; gap: number };
      verdict: string;
      factor: number;
      band: [number, number];
      predicted: { law: string }[];
      nearest: { dataset: string; distance: number }[];
    };
    expect(said.file).toBe('run.csv and bf16.csv');
    expect(said.tokens).toBe(134_217_728_000);
    expect(said.measured.gap).toBeCloseTo(0.02, 10);
    // Steps of 1024 × 2048 tokens; the middle of the last twentieth of them.
    expect(said.measured.tokens / (64_000 * 1024 * 2048)).toBeCloseTo(0.976, 2);
    expect(said.verdict).toBe('above');
    expect(said.factor).toBeCloseTo(0.02 / said.band[1], 9);
    expect(said.predicted[0]?.law).toBe('capybara');
    expect(said.nearest).toHaveLength(3);
  });

  it('judges a log of a twentieth of the run by what is normal there', async () => {
    const folder = await folderOf(files);
    const sizes = ['--parameters', '8B', '--format', 'nvfp4', '--tokens', '1.28T'];
    const argv = ['measured', 'run.csv', '--baseline', 'bf16.csv', ...sizes];
    const { stdout } = await floatcast([...argv, '--tokens-per-step', '1M', '--json'], folder);
    const said = JSON.parse(stdout) as {
      verdict: string;
      band: [number, number];
      early: { share: number; normal: [number, number]; timesTheEnd: [number, number] };
    };
    // 64,000 steps of 1 M tokens; the middle of the last twentieth of them.
    expect(said.early.share).toBeCloseTo((0.976 * 64e9) / 1.28e12, 3);
    expect(said.early.timesTheEnd).toEqual([-0.44, 8.03]);
    expect(said.verdict).toBe('inside');
    expect(said.early.normal[1]).toBeGreaterThan(said.band[1]);
    expect(said.early.normal[0]).toBeLessThan(0);
  });

  it('reads what Megatron-LM prints, its samples by the config’s sequence', async () => {
    const lines = (added: number) =>
      Array.from({ length: 40 }, (_, at) => {
        const step = (at + 1) * 1600;
        const loss = (2 + 30 / step ** 0.3 + added).toExponential(6);
        return ` iteration ${step}/ 64000 | consumed samples: ${step * 1024} | lm loss: ${loss} | grad norm: 0.1 |`;
      }).join('\n');
    const folder = await folderOf({
      ...files,
      'run.log': lines(0.02),
      'bf16.log': lines(0),
    });
    const argv = ['measured', 'run.log', '--baseline', 'bf16.log', '--config', 'train.yaml'];
    const { stdout, stderr } = await floatcast([...argv, '--json'], folder);
    expect(stderr).toBe('');
    const said = JSON.parse(stdout) as {
      measured: { gap: number; tokens: number };
      notes: string[];
    };
    expect(said.measured.gap).toBeCloseTo(0.02, 5);
    expect(said.measured.tokens).toBeGreaterThan(0.9 * 134_217_728_000);
    expect(said.notes.join(' ')).toContain(
      'The log is one of Megatron-LM: tokens are its samples × 2,048',
    );
  });

  it('makes nats of bits per byte with the bytes of a token', async () => {
    const folder = await folderOf({
      'bits.csv': 'tokens,val_bpb,bf16_bpb\n1B,0.81,0.8\n2B,0.71,0.7',
    });
    const argv = ['measured', 'bits.csv', '--parameters', '1B', '--format', 'nvfp4'];
    expect((await floatcast(argv, folder)).stderr).toContain('bits per byte');
    const { stdout } = await floatcast([...argv, '--bytes-per-token', '4.8', '--json'], folder);
    const said = JSON.parse(stdout) as { measured: { gap: number } };
    expect(said.measured.gap).toBeCloseTo(0.01 * 4.8 * Math.LN2, 9);
  });

  it('says it in sentences and tables', async () => {
    const folder = await folderOf(files);
    const sizes = ['--parameters', '1.6B', '--format', 'nvfp4', '--tokens-per-step', '1M'];
    const { stdout } = await floatcast(
      ['measured', 'run.csv', '--baseline', 'bf16.csv', ...sizes],
      folder,
    );
    expect(stdout).toContain('Within what the laws say: the measured gap at ');
    expect(stdout).toMatch(/^Chen +\+0\.\d+ /m);
    expect(stdout).toContain('Measured in public');
  });

  it('says without a twin that no gap can be measured, and what the laws predict', async () => {
    const folder = await folderOf(files);
    const { code, stdout } = await floatcast(
      ['measured', 'run.csv', '--config', 'train.yaml'],
      folder,
    );
    expect(code).toBe(0);
    expect(stdout).toContain('Without the losses of a BF16 twin no gap can be measured.');
    expect(stdout).toMatch(/^Capybara +\+0\.0024 /m);
  });

  it.each([
    ['no log', ['measured'], 'one loss log'],
    ['no run', ['measured', 'run.csv'], '--config or --parameters'],
    ['no such log', ['measured', 'none.csv', '--config', 'train.yaml'], 'none.csv cannot be read'],
    [
      'steps of unknown size',
      ['measured', 'run.csv', '--parameters', '1B', '--format', 'nvfp4'],
      'tokens of a step are not known',
    ],
    ['a config that is none', ['measured', 'run.csv', '--config', 'run.csv'], 'no training run'],
  ])('refuses %s', async (_, argv, sentence) => {
    const { code, stderr } = await floatcast(argv, await folderOf(files));
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
  });
});
