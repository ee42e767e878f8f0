import { describe, expect, it } from 'vitest';
import { readRuns } from '../../../src/core/calibrate/readRuns.ts';

/** The runs and notes of a table that can be read. */
function read(name: string, lines: readonly string[]) {
  const result = readRuns(name, lines.join('\n'));
  if ('error' in result) throw new Error(result.error);
  return result;
}

/** N, D, format, scaling and loss of each run. */
function rows(name: string, lines: readonly string[]) {
  return read(name, lines).runs.map(({ point, loss, bf16Loss }) => [
    ...[point.parameters, point.tokens, point.format, point.granularity, point.block],
    ...[loss, bf16Loss],
  ]);
}

describe('a table of runs', () => {
  it('is read by common names, with numbers as people write them', () => {
    const lines = [
      'Parameters,Tokens,Format,Block,Loss,BF16 loss',
      '8B,1.5T,fp8-e4m3,128,2.31,2.29',
      '8e9,2**40,BF16,,2.30,',
      '"8,000,000,000",15e11,MXFP4,,2.4,2.29',
    ];
    expect(rows('runs.csv', lines)).toEqual([
      [8e9, 1.5e12, 'fp8-e4m3', 'block', 128, 2.31, 2.29],
      [8e9, 2 ** 40, 'bf16', 'none', null, 2.3, null],
      [8e9, 1.5e12, 'mxfp4', 'block', 32, 2.4, 2.29],
    ]);
  });

  it.each([
    ['commas, a byte-order mark and CR LF', '\uFEFFn,d,loss\r\n30M,3B,3.2\r\n'],
    ['semicolons and a decimal comma', 'n;d;loss\n30M;3B;3,2\n'],
    ['tabs and lone carriage returns', 'n\td\tloss\r30M\t3B\t3.2\r'],
    ['JSONL with lone carriage returns', '{"n":"30M","d":"3B","loss":3.2}\r{"n":1}\r'],
    ['quoted cells', '"n","d","final ""best""","loss"\n"30M","3B","a, b\nc","3.2"\n'],
    ['JSONL', '{"n": 3e7, "d": 3e9, "loss": 3.2}\n\n'],
    ['a JSON array', '[{"n": 30000000, "d": "3B", "loss": 3.2}]'],
    ['units in the header', 'N (M),tokens_b,loss\n30,3,3.2'],
  ])('is read with %s', (_, text) => {
    const result = readRuns('runs', text);
    expect('error' in result ? result.error : result.runs).toMatchObject([
      { point: { parameters: 3e7, tokens: 3e9, format: 'bf16' }, loss: 3.2, bf16Loss: null },
    ]);
  });

  it('is read from a W&B export, as CSV and as nested JSON', () => {
    const csv = [
      '"Name","State","config.n_params","config.train_tokens","config.precision","summary.eval/loss"',
      '"one","finished","30M","3B","e4m3","3.2"',
      '"two","crashed","30M","3B","e4m3","7.9"',
    ];
    expect(rows('wandb.csv', csv)).toEqual([[3e7, 3e9, 'fp8-e4m3', 'block', 128, 3.2, null]]);
    expect(read('wandb.csv', csv).notes.at(-1)).toBe(
      'Left out 1 of 2 rows: 1 of runs that did not finish (row 3).',
    );
    const config = { n_params: { value: 3e7 }, train_tokens: { value: 3e9 } };
    const json = JSON.stringify({ config, summary: { eval: { loss: 3.2 } } });
    expect(rows('wandb.jsonl', [json])).toEqual([[3e7, 3e9, 'bf16', 'none', null, 3.2, null]]);
  });

  it('takes formats by bits, by width, and as frameworks call them', () => {
    const bits = ['n,d,E,M,B,loss', '30M,3B,4,3,64,3', '30M,3B,1.0,1.0,tensor,3', '30M,3B,0,7,,3'];
    expect(rows('bits.csv', bits).map((row) => row.slice(2, 5))).toEqual([
      ['fp8-e4m3', 'block', 64],
      ['e1m1', 'tensor', null],
      ['e0m7', 'block', 128],
    ]);
    const widths = ['n,d,w_bits,a_bits,loss', '30M,3B,4,4,3', '30M,3B,3,16,3', '30M,3B,16,16,3'];
    const points = read('quest.csv', widths).runs.map(({ point }) => [
      point.format,
      point.operands,
    ]);
    expect(points.slice(0, 2)).toEqual([
      ['int4', ['weights', 'activations']],
      ['int3', ['weights']],
    ]);
    expect(points[2]?.[0]).toBe('bf16');
    const names = ['torch.float8_e4m3fn', 'bfloat16', 'nvfp4', 'mxfp8_e5m2', 'E3M4', 'float16'];
    const named = ['n,d,dtype,loss', ...names.map((name) => `30M,3B,${name},3`)];
    expect(rows('named.csv', named).map((row) => row[2])).toEqual([
      ...['fp8-e4m3', 'bf16', 'nvfp4', 'mxfp8-e5m2', 'e3m4', 'fp16'],
    ]);
  });

  it('does not take a quantiser in 16 bits for BF16, and says where quantisers differ', () => {
    const { runs, notes } = read('quest.csv', [
      'n,d,w_bits,a_bits,w_quant,a_quant,loss',
      '30M,3B,4,4,TrustQuantizer,TrustQuantizer,3.1',
      '30M,3B,4,4,ClipQuantizer,ClipQuantizer,3.2',
      '30M,3B,16,16,FP4TrustQuantizer,FP4TrustQuantizer,3.1',
      '30M,3B,16,16,NoQuantizer,NoQuantizer,3',
    ]);
    expect(runs.map(({ point }) => point.format)).toEqual(['int4', 'int4', 'bf16']);
    expect(notes).toContain(
      'Quantisers differ (TrustQuantizer, ClipQuantizer, FP4TrustQuantizer), and were taken for ' +
        'one: a table of one recipe tells more.',
    );
    expect(notes).toContain(
      '1 of 3 runs repeat the N, D and format of another. They end up to 3.2 % apart, further than ' +
        'seeds do: what else tells them apart was not read, so keep the runs of one recipe and one ' +
        'text.',
    );
    expect(notes.at(-1)).toBe(
      'Left out 1 of 4 rows: 1 of 16 bits with the quantiser “FP4TrustQuantizer”, which ' +
        'contradict each other (row 4).',
    );
  });

  it('takes seeds of one run for seeds', () => {
    const { notes } = read('seeds.csv', ['n,d,loss', '30M,3B,3.2', '30M,3B,3.21']);
    expect(notes.at(-1)).toBe(
      '1 of 2 runs repeat the N, D and format of another. Seeds are fine; of one run’s losses on ' +
        'several texts keep one.',
    );
  });

  it('does not take a quantised run for BF16 where no column names its format', () => {
    // As the runs of Quartet-II are published: quantisers, but no format.
    const { runs, notes } = read('runs.csv', [
      'N,final_loss,D,fquant,bquant',
      '30482560,3.09,3e9,,NoQuantizer',
      '30482560,3.19,3e9,,EdenSRQuantizer',
    ]);
    expect(runs.map(({ point }) => point.format)).toEqual(['bf16']);
    expect(notes.at(-1)).toBe(
      'Left out 1 of 2 rows: 1 with the quantiser “EdenSRQuantizer”, whose format no column ' +
        'tells (row 3).',
    );
    // What a method is is anybody's guess.
    const other = read('runs.csv', ['n,d,method,loss', '30M,3B,muP,3.2']);
    expect(other.runs.map(({ point }) => point.format)).toEqual(['bf16']);
  });

  it('reads the first of several columns of a name, and says so', () => {
    const { runs, notes } = read('runs.csv', ['n,d,loss,loss', '30M,3B,3.2,9']);
    expect(runs[0]?.loss).toBe(3.2);
    expect(notes).toContain('Several columns are called “loss”: the first of a name was read.');
  });

  it('has its header in the first line that is not empty', () => {
    const { runs, notes } = read('runs.csv', ['', ' ', 'n;d;loss', '30M;3B;3,2', '', 'x;3B;3']);
    expect(runs[0]?.loss).toBe(3.2);
    expect(notes.at(-1)).toMatch(/without a number of parameters \(row 6\)\.$/);
  });

  it('takes the backward format, the operands and the scaling', () => {
    const lines = [
      'n,d,format,gradient_format,granularity,block_size,operands,scale_format,loss',
      '30M,3B,e4m3,e5m2,block,1x128,"weights, activations",e8m0,3',
      '30M,3B,hybrid,,per-tensor,,W+A+G,,3',
      '30M,3B,fp8,,channel-wise,,,,3',
    ];
    const [first, second, third] = read('runs.csv', lines).runs.map(({ point }) => point);
    expect(first).toMatchObject({
      ...{ format: 'fp8-e4m3', gradientFormat: 'fp8-e5m2', granularity: 'block', block: 128 },
      ...{ operands: ['weights', 'activations'], scale: 'e8m0' },
    });
    expect(second).toMatchObject({ gradientFormat: 'fp8-e5m2', granularity: 'tensor' });
    expect(second?.operands).toEqual(['weights', 'activations', 'gradients']);
    expect(third).toMatchObject({ format: 'fp8-e4m3', granularity: 'channel', block: null });
  });

  it('prefers the count without embeddings, and says which columns it used', () => {
    const lines = ['params,params_no_embed,tokens,mult,val_data,loss', '41M,36M,2B,1,c4,3.5'];
    const { runs, notes } = read('gadre.csv', lines);
    expect(runs[0]?.point.parameters).toBe(36e6);
    expect(notes).toEqual([
      'N, D and the loss were read from “params_no_embed”, “tokens”, “loss”.',
      'No column names a number format, so every run was taken for one in BF16.',
    ]);
  });

  it('works the tokens out of the compute where that is all there is', () => {
    const { runs, notes } = read('points.csv', ['Model Size,Training FLOP,loss', '1e9,1.2e20,2.5']);
    expect(runs[0]?.point.tokens).toBe(2e10);
    expect(notes).toContain('D was worked out of the compute: C / 6N.');
  });

  it('counts every row that it leaves out, by its reason', () => {
    const lines = [
      'n,d,format,loss',
      '30M,3B,fp8,3.2',
      'big,3B,fp8,3.2',
      '30,3B,fp8,3.2',
      '30M,,fp8,3.2',
      '30M,3B,QuEST,3.2',
      '30M,3B,QuEST,3.3',
      '30M,3B,,3.2',
      '30M,3B,fp8,NaN',
    ];
    const { runs, notes } = read('runs.csv', lines);
    expect(runs.length).toBe(1);
    expect(notes.at(-1)).toBe(
      'Left out 7 of 8 rows: 1 without a number of parameters (row 3); 1 with fewer than 10,000 ' +
        'parameters (write 30M, or call the column params_m) (row 4); 1 without a number of ' +
        'tokens (row 5); 2 with the format “QuEST”, which is not known (the first in row 6); ' +
        '1 without a format (row 8); 1 without a loss above zero (row 9).',
    );
    const broken = [
      '{"n": 3e7, "d": 3e9, "loss": 3.2}',
      '{"n": 3e7,',
      '{"n":3e7,"d":3e9,"loss":NaN}',
    ];
    expect(read('runs.jsonl', broken).notes.at(-1)).toBe(
      'Left out 2 of 3 rows: 1 without a loss above zero (row 3); 1 not in JSON.',
    );
  });

  it('says what is missing in one sentence', () => {
    const error = (lines: readonly string[]) => {
      const result = readRuns('runs.csv', lines.join('\n'));
      return 'error' in result ? result.error : 'none';
    };
    expect(error(['n,loss', '30M,3'])).toBe(
      'runs.csv has no column of tokens (such as “tokens” or “d”); its columns are n, loss.',
    );
    expect(error(['a,b', '1,2'])).toMatch(/^runs\.csv has no column of parameters/);
    expect(error(['n,d,router_aux_loss', '30M,3B,0.1'])).toMatch(/no column of losses/);
    expect(error(['\u007fELF\u0002\0\0,n,d,loss', '1,2,3,4'])).toBe(
      'runs.csv is no text in UTF-8, so it holds no table that can be read.',
    );
    expect(error(['x'.repeat(5000), '1']).length).toBeLessThan(150);
    expect(error(['n,d,format,loss', `30M,3B,${'x'.repeat(5000)},3`]).length).toBeLessThan(200);
    expect(error([''])).toBe('runs.csv holds no table of measurements.');
    expect(error(['[{"n":'])).toBe('runs.csv holds no table of measurements.');
    expect(error(['n,d,loss', 'x,3B,3'])).toMatch(
      /holds no run that can be read\. Left out 1 of 1 row:/,
    );
    expect(error(['n,d,loss', ...Array<string>(90_000).fill('30000000,3B,3')])).toBe(
      'runs.csv is larger than 1 MB, so it was not read.',
    );
  });
});
