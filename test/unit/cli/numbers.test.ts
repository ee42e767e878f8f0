import { describe, expect, it } from 'vitest';
import { floatcast } from './harness.ts';

async function json(...argv: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await floatcast([...argv, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** The ids of CLI.md, in the order of the shelf. */
const lawIds = [
  ...['capybara', 'kumar', 'chinchilla', 'chen', 'quartet', 'quest', 'ouyang', 'unified'],
  'pooled',
];

/** What the tests look at in a row of `forecast --json`. */
interface ForecastRow {
  readonly law: string;
  readonly gap: number | null;
  readonly interval: readonly number[] | null;
  readonly criticalTokens: number | null;
  readonly grade: string | null;
  readonly variants: readonly unknown[];
  readonly notes: readonly string[];
  readonly source: string;
  readonly fit: string;
  readonly stage: string;
}

async function sentence(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await floatcast(argv);
  expect([code, stdout]).toEqual([2, '']);
  return stderr;
}

describe('forecast', () => {
  // The critical sizes of 1 B parameters at B = 128: 1730 T, 27 T and 0.4 T in arXiv 2501.02423 §4.3.
  it.each([
    [['--format', 'bf16', '--block', '128'], 1.7295e15],
    [['--format', 'fp8-e4m3'], 2.733e13],
    [['--exponent-bits', '2', '--mantissa-bits', '1'], 3.928e11],
    [['--format', 'fp8-e4m3', '--block', 'channel'], 1.483e13],
  ])('%j: D_crit of 1 B parameters is %d', async (argv, critical) => {
    const size = ['--parameters', '1B', '--tokens', '1e12'];
    const found = await json('forecast', ...size, ...argv);
    expect(Number(found.criticalTokens) / critical).toBeCloseTo(1, 3);
    expect(found).toMatchObject({ law: 'capybara', parameters: 1e9, tokens: 1e12 });
  });

  it('gives BF16 without scaling no gap and no critical size', async () => {
    expect(
      await json('forecast', '--parameters', '8B', '--tokens', '15T', '--format', 'bf16'),
    ).toMatchObject({ gap: 0, criticalTokens: null, hasCriticalSize: false, ratio: null });
  });

  it('takes the block of MX and NVFP4 formats from the format', async () => {
    const size = ['--parameters', '8B', '--tokens', '1T'];
    const format = async (id: string) => (await json('forecast', ...size, '--format', id)).format;
    expect(await format('nvfp4')).toMatchObject({ granularity: 'block', block: 16 });
    expect(await format('mxfp4')).toMatchObject({ granularity: 'block', block: 32 });
    expect(await format('e3m4')).toMatchObject({ id: 'e3m4', block: 128, exponentBits: 3 });
  });

  it('names formats of known bits, and passes on the operands', async () => {
    const bits = ['--exponent-bits', '4', '--mantissa-bits', '3', '--operands', 'weights'];
    const found = await json('forecast', '--parameters', '8B', '--tokens', '1T', ...bits);
    expect(found.format).toEqual({
      id: 'fp8-e4m3',
      exponentBits: 4,
      mantissaBits: 3,
      granularity: 'block',
      block: 128,
      operands: ['weights'],
      gradientFormat: null,
    });
    expect(found.source).toContain('2501.02423');
  });

  it('keeps the row of a law that cannot speak, with null and the reason', async () => {
    const found = await json(
      'forecast',
      '--parameters',
      '1B',
      '--tokens',
      '1T',
      '--format',
      'int8',
    );
    expect(found).toMatchObject({ loss: null, gap: null, criticalTokens: null, ratio: null });
    expect(found.notes).not.toEqual([]);
  });

  it('is an array for all laws', async () => {
    const argv = ['--parameters', '1B', '--tokens', '1T', '--format', 'mxfp4', '--law', 'all'];
    const found = (await json('forecast', ...argv)) as unknown as readonly ForecastRow[];
    expect(found.map(({ law }) => law)).toEqual(lawIds);
    expect(found.filter(({ stage }) => stage === 'post-training').map(({ law }) => law)).toEqual([
      'ouyang',
    ]);
    expect(found.filter(({ fit }) => fit === 'own').map(({ law }) => law)).toEqual([
      'unified',
      'pooled',
    ]);
    for (const row of found) {
      expect(row).toMatchObject({ parameters: 1e9, tokens: 1e12, calibration: null });
      expect([typeof row.source, Array.isArray(row.variants)]).toEqual(['string', true]);
      expect(row.grade === null).toBe(row.gap === null);
    }
    const row = (law: string) => found.find((each) => each.law === law);
    // W4A4, G = 32, 1 B parameters: 7.7e14 tokens, derived from arXiv 2505.14302 table 1.
    expect((row('chen')?.criticalTokens ?? 0) / 7.7e14).toBeCloseTo(1, 1);
    expect(row('quartet')).toMatchObject({ criticalTokens: null, hasCriticalSize: false });
    expect(row('chinchilla')).toMatchObject({ loss: null, bf16Loss: null, gap: null });
    expect(row('chinchilla')?.notes).not.toEqual([]);
  });

  it('gives the pooled law’s interval', async () => {
    const argv = ['--parameters', '1B', '--tokens', '20B', '--format', 'nvfp4', '--law', 'pooled'];
    const found = (await json('forecast', ...argv)) as unknown as ForecastRow;
    // The reference value of NVFP4 in all products, 1 B parameters and 20 B tokens: 0.0348.
    expect(found.gap).toBeCloseTo(0.0348, 4);
    const [low = 0, high = 0] = found.interval ?? [];
    // w = 0.35 up to 2 B parameters, and 0.0025 nats of noise between runs.
    expect(low).toBeCloseTo(0.0348 * Math.exp(-0.35) - 0.0025, 4);
    expect(high).toBeCloseTo(0.0348 * Math.exp(0.35) + 0.0025, 4);
  });

  it('prints a table for people', async () => {
    const argv = ['--parameters', '1B', '--tokens', '1T', '--format', 'mxfp4'];
    const { stdout } = await floatcast(['forecast', ...argv]);
    expect(stdout).toContain('MXFP4 (block 32) · N 1.00 B linear · D 1.00 T tokens');
    expect(stdout).toMatch(/^Law {6,}gap +D_crit +D \/ D_crit +support$/m);
    expect(stdout).toMatch(/^Capybara +\+0\.0826 +544 B +184 % +form not supported by data$/m);
    expect(stdout).toMatch(/^Loss 2\.54, of the BF16 twin 2\.46\.$/m);
  });

  it('prints the laws of training apart from those of quantising afterwards', async () => {
    const argv = ['--parameters', '1B', '--tokens', '1T', '--format', 'mxfp4', '--law', 'all'];
    const { stdout } = await floatcast(['forecast', ...argv]);
    const [training = '', rest = ''] = stdout.split('Trained in BF16 and quantised afterwards:\n');
    expect(training).toMatch(/^Law +gap +90 % interval +D_crit +D \/ D_crit +support$/m);
    expect(training).toMatch(
      /^Pooled public runs \(our own fit\) +\+0\.0\d+ +\+0\.0\d+ to \+0\.\d+ +none +– +\w/m,
    );
    expect(training).toMatch(/^Chinchilla +– +– +– +– +–$/m);
    expect(training).not.toContain('Ouyang');
    expect(rest).toMatch(/^Ouyang +\+0\.154 +/m);
    // arXiv 2509.22935: the share at 1 B, 1 T and 4 bits is 0.4126.
    expect(rest).toMatch(
      /^Quantisation-aware training instead would best take 41 % of the tokens, the last 413 B /m,
    );
    expect(rest).toMatch(
      /^Gap by \d laws \(2 of them our own fits\): \+0\.0\d+…0\.16; D_crit 544 B by Capybara, 771 T by Chen \(derived\), none by the others\.$/m,
    );
    expect(stdout).not.toMatch(/^Loss /m);
  });

  it.each([
    [['--tokens', '1T', '--format', 'bf16'], '--parameters is needed.'],
    [
      ['--parameters', '1B', '--tokens', '0', '--format', 'bf16'],
      '--tokens must be a positive number such as 8e9, 8B or 2**40.',
    ],
    [
      ['--parameters', '1B', '--tokens', '1T'],
      'Either --format or both --exponent-bits and --mantissa-bits are needed.',
    ],
    [['--parameters', '1B', '--tokens', '1T', '--exponent-bits', '4'], 'Either --format or both'],
    [
      ['--parameters', '1B', '--tokens', '1T', '--format', 'fp9'],
      'Unknown format “fp9”; known: fp32, tf32, bf16',
    ],
    [
      ['--parameters', '1B', '--tokens', '1T', '--format', 'bf16', '--block', '0'],
      '--block must be a whole number from 1 on, channel or tensor.',
    ],
    [
      ['--parameters', '1B', '--tokens', '1T', '--format', 'bf16', '--operands', 'head'],
      '--operands must be some of weights,activations,kv,gradients.',
    ],
    [
      ['--parameters', '1B', '--tokens', '1T', '--exponent-bits', '4', '--mantissa-bits', '3.5'],
      '--mantissa-bits must be a whole number from 0 on.',
    ],
    [['--parameters', '1B', 'extra'], 'Too many arguments'],
  ])('%j is a usage error', async (argv, words) => {
    expect(await sentence('forecast', ...argv)).toContain(`floatcast: ${words}`);
  });
});

describe('layouts', () => {
  // Optimal layouts of arXiv 2501.02423 fig. 5: E2M1 at 4 bits, E4M3 at 8, E8M7 at 16.
  it.each([
    [4, 2, 1],
    [8, 4, 3],
    [16, 8, 7],
  ])('%d bits: E%dM%d first', async (bits, exponentBits, mantissaBits) => {
    const found = await json('layouts', '--bits', String(bits));
    const rows = found.layouts as readonly Record<string, unknown>[];
    expect(rows).toHaveLength(bits);
    expect(rows[0]).toEqual({
      exponentBits,
      mantissaBits,
      criticalTokens: null,
      gap: null,
      optimal: true,
    });
    expect(rows.filter((row) => row.optimal)).toHaveLength(1);
  });

  it('forecasts each layout with N and D', async () => {
    const found = await json('layouts', '--bits', '8', '--parameters', '1B', '--tokens', '1T');
    const [best] = found.layouts as readonly { criticalTokens: number; gap: number }[];
    expect((best?.criticalTokens ?? 0) / 2.733e13).toBeCloseTo(1, 3);
    // δ·P/(δ+ν) − 0.5 and ν·P/(δ+ν) − 0.5 (equation 31).
    const continuous = found.continuous as { exponentBits: number; mantissaBits: number };
    expect(continuous.exponentBits).toBeCloseTo(3.6551, 3);
    expect(continuous.mantissaBits).toBeCloseTo(3.3449, 3);
  });

  it('names its law and how far it can be leant on, and what arithmetic cannot tell apart', async () => {
    const found = await json('layouts', '--bits', '8', '--parameters', '400M', '--tokens', '20B');
    // Block scaling was fitted on E1M1 alone.
    expect(found).toMatchObject({ law: 'capybara', grade: 'unsupported' });
    expect((await json('layouts', '--bits', '8')).grade).toBeNull();
    expect(String(found.notes)).toContain('E0Mn and E1M(n − 1) hold the same values');
  });

  it('prints a table, and wants both sizes or none', async () => {
    const { stdout } = await floatcast(['layouts', '--bits', '4']);
    expect(stdout.split('\n')[1]).toMatch(/^E2M1 +best$/);
    expect(await sentence('layouts', '--bits', '4', '--tokens', '1T')).toContain('both or neither');
    expect(await sentence('layouts', '--bits', '0')).toContain('--bits must be a whole number');
    expect(await sentence('layouts')).toContain('--bits is needed.');
  });
});

describe('budget', () => {
  // Optima of the Capybara law at B = 128, equations 46, 51 and 54 of arXiv 2501.02423 solved.
  it('finds the joint optimum of a compute', async () => {
    const found = await json('budget', '--compute', '1e24');
    expect(found.bits).toBeCloseTo(5.005, 3);
    expect(Number(found.parameters) / 7.998e11).toBeCloseTo(1, 3);
    expect(Number(found.tokens) / 6.662e11).toBeCloseTo(1, 3);
    expect(found.loss).toBeCloseTo(2.0698, 4);
  });

  it('finds what hours buy by measured speed-ups, by the pooled law', async () => {
    const sizes = ['--hours', '100000', '--hardware', 'gb300', '--parameters', '8B'];
    const found = (await json('budget', ...sizes)) as {
      law: string;
      tokens: number;
      formats: readonly { format: string; tokens: number; loss: number; speedup: number }[];
    };
    expect(found.law).toBe('pooled');
    const row = (format: string) => found.formats.find((each) => each.format === format);
    expect(found.formats.map(({ format }) => format).sort()).toEqual([
      'bf16',
      'mxfp8-e4m3',
      'nvfp4',
    ]);
    // The hours are the same, so the tokens are as many more as the step is faster: 15.4 %.
    expect(row('nvfp4')?.speedup).toBe(1.154);
    expect((row('nvfp4')?.tokens ?? 0) / (row('bf16')?.tokens ?? 1)).toBeCloseTo(1.154, 9);
    expect(found.formats.map(({ loss }) => loss)).toEqual(
      found.formats.map(({ loss }) => loss).toSorted((a, b) => a - b),
    );
    expect(found.tokens).toBe(found.formats[0]?.tokens);
  });

  it('asks for the accelerator that the hours are of', async () => {
    const { code, stderr } = await floatcast(['budget', '--hours', '1000']);
    expect([code, stderr]).toEqual([2, 'floatcast: budget --hours needs --hardware.\n']);
  });

  it('finds the bits at fixed tokens, all else null', async () => {
    const found = await json('budget', '--tokens', '1e13');
    expect(found.bits).toBeCloseTo(6.284, 3);
    expect(found).toMatchObject({ law: 'capybara', tokens: 1e13, parameters: null, loss: null });
  });

  it.each([
    [['--tokens', '1e3'], 'as few bits as there are'],
    [['--tokens', '1e22'], 'as many bits as there are'],
  ])('says of an optimum that no format has how to read it: %s', async (sizes, words) => {
    const { notes } = await json('budget', ...sizes);
    expect(String(notes)).toContain(
      `outside the 2 to 10 bits that the law can tell apart: read it as “${words}”`,
    );
    expect((await json('budget', '--tokens', '1e13')).notes).not.toContain('outside');
  });

  it('finds the bits at a fixed size', async () => {
    const found = await json('budget', '--parameters', '7e9', '--compute', '5.88e21');
    expect(found.bits).toBeCloseTo(5.5266, 3);
  });

  // Bits of least loss with the offsets of appendix K of arXiv 2411.04330: 7.002, for any compute.
  it.each([
    ['kumar', 7.0021],
    ['chinchilla', 16],
  ])('asks the law of --law: %s says %d bits', async (law, bits) => {
    expect((await json('budget', '--compute', '1e21', '--law', law)).bits).toBeCloseTo(bits, 3);
  });

  it('says of a law that gives no optimum that it gives none', async () => {
    const words = 'The Chen law gives no compute-optimal precision.';
    const found = await json('budget', '--compute', '1e24', '--law', 'chen');
    expect(found).toMatchObject({ law: 'chen', bits: null, loss: null, notes: [words] });
    const { stdout } = await floatcast(['budget', '--compute', '1e24', '--law', 'chen']);
    expect(stdout).toBe(`${words}\n`);
  });

  it('prints words, and wants one of the three questions', async () => {
    expect((await floatcast(['budget', '--compute', '1e24'])).stdout).toMatch(/^bits +5\.01$/m);
    const words = 'budget needs --compute alone, --tokens alone, or --parameters with --compute.';
    expect(await sentence('budget', '--compute', '1e24', '--tokens', '1T')).toContain(words);
    expect(await sentence('budget')).toContain(words);
  });
});

describe('lists', () => {
  it.each(['laws', 'formats', 'hardware', 'frameworks', 'rules'])(
    '%s have id, name, source',
    async (shelf) => {
      const items = (await json(shelf)) as unknown as readonly Record<string, unknown>[];
      expect(items.length).toBeGreaterThan(0);
      for (const item of items) {
        expect([typeof item.id, typeof item.name, typeof item.source]).toEqual([
          'string',
          'string',
          'string',
        ]);
      }
      const { stdout } = await floatcast([shelf]);
      const head = shelf === 'laws' ? 1 : 0;
      expect(stdout.trimEnd().split('\n')).toHaveLength(head + items.length);
    },
  );

  it('tells of each law whose fit it is, of what stage, and whether it has a critical size', async () => {
    const items = (await json('laws')) as unknown as readonly Record<string, unknown>[];
    expect(items.map((item) => item.id)).toEqual(lawIds);
    for (const item of items) {
      expect(Object.keys(item)).toEqual([
        ...['id', 'name', 'source', 'fit', 'stage', 'needs', 'operands', 'criticalSize', 'fitted'],
        ...['evidence', 'constants'],
      ]);
    }
    const { stdout } = await floatcast(['laws']);
    const row = (id: string) => stdout.split('\n').find((line) => line.startsWith(id)) ?? '';
    expect(row('capybara')).toMatch(
      /Capybara +published +training +40\.9 M to 679 M +10\.5 B to 105 B +published +Scaling Laws/,
    );
    expect(row('chen')).toMatch(/ published +training .* derived +Scaling Law for Quant/);
    expect(row('ouyang')).toMatch(/ published +post-training .* derived +Low-Bit/);
    expect(row('pooled')).toMatch(/ our own +training .* none +Floatcast’s own fit/);
  });

  it('lists every format id of the contract', async () => {
    const items = (await json('formats')) as unknown as readonly { id: string }[];
    expect(items.map((item) => item.id)).toEqual(
      expect.arrayContaining(['bf16', 'fp8-e4m3', 'int4', 'nf4', 'mxfp6-e2m3', 'nvfp4']),
    );
  });
});

it('tells its version and how to use it', async () => {
  expect((await floatcast(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const { code, stdout } = await floatcast(['check', '--help']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Usage: floatcast check \[options\] \[paths\.\.\.\]\n/);
});
