import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import type { RunAnalysis } from '../../../src/core/analysis.ts';
import { pointFor, type PointRequest } from '../../../src/core/laws/point.ts';
import { checkJson } from '../../../src/core/present/json.ts';
import { postTrainingLines, qatAdvice } from '../../../src/core/present/postTraining.ts';
import { assumed } from '../../../src/core/run/known.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';
import { need } from '../../../src/core/run/need.ts';

function runOf(text: string, datasetTokens?: number): RunAnalysis {
  const assumptions =
    datasetTokens === undefined ? {} : { 'dataset-tokens': assumed(datasetTokens, 'told') };
  const settings = { ...defaultSettings, assumptions };
  const run = analyse({ file: 'config.yaml', text }, settings).runs[0];
  if (!run) throw new Error('no run');
  return run;
}

const recipe = (scheme: string, model = 'meta-llama/Meta-Llama-3-8B-Instruct') =>
  [`model: ${model}`, `scheme: ${scheme}`, 'num_calibration_samples: 512', ''].join('\n');

const axolotl = (...more: readonly string[]) =>
  [
    'base_model: meta-llama/Llama-3.2-1B',
    'pretraining_dataset:',
    '  - path: HuggingFaceFW/fineweb-edu',
    '# floatcast: data-parallel-ranks=64',
    'sequence_len: 4096',
    'sample_packing: true',
    'micro_batch_size: 8',
    'gradient_accumulation_steps: 2',
    'max_steps: 24000',
    'bf16: true',
    ...more,
    '',
  ].join('\n');

const int4 = ['quantization:', '  weight_dtype: int4', '  group_size: 128'];

describe('a recipe of quantisation after training', () => {
  it('is forecast by the laws that know it, from the named model and the told tokens', () => {
    const { postTraining, forecast, forecasts, run, needs } = runOf(recipe('W4A16'), 15e12);
    expect(postTraining?.point).toMatchObject({
      // Llama 3 8B: its linear weights.
      parameters: 6_979_321_856,
      tokens: 15e12,
      format: 'int4',
      granularity: 'block',
      block: 128,
      operands: ['weights'],
    });
    expect(postTraining?.forecasts.map(({ law }) => law)).toEqual(['kumar', 'ouyang']);
    // C_T·e^(−4/0.5907 + 1.1277)·D^0.5068/N^0.3439.
    expect(postTraining?.forecasts[0]?.gap).toBeCloseTo(0.4149, 4);
    expect([forecast, forecasts, run.tokens.total]).toEqual([null, [], null]);
    expect(needs).toEqual([
      need('forecast', 'post-training quantisation is not a training format'),
    ]);
  });

  it('says what would settle it', () => {
    const { postTraining, needs } = runOf(recipe('W4A16'));
    expect(postTraining).toBeNull();
    expect(needs).toContainEqual(
      need(
        'quantisation gap',
        'the tokens the model was trained on are needed and not in the file (assumption dataset-tokens)',
      ),
    );
    const nameless = runOf(
      'quant_stage:\n  quant_modifiers:\n    GPTQModifier:\n      scheme: W4A16\n',
    );
    expect(nameless.needs).toContainEqual(
      need('quantisation gap', 'the model’s parameters are needed, and the file does not say them'),
    );
  });

  it('stands in check --json', () => {
    const text = recipe('W4A16');
    const settings = {
      ...defaultSettings,
      assumptions: { 'dataset-tokens': assumed(15e12, 'told') },
    };
    const [json] = checkJson(analyse({ file: 'config.yaml', text }, settings));
    expect(json?.postTraining?.format).toEqual({
      id: 'int4',
      exponentBits: null,
      mantissaBits: null,
      granularity: 'block',
      block: 128,
      operands: ['weights'],
      gradientFormat: null,
    });
    expect(json?.postTraining?.laws.map(({ law, grade }) => [law, grade])).toEqual([
      ['kumar', 'unsupported'],
      ['ouyang', 'beyond'],
    ]);
    expect(json?.postTraining?.laws[0]?.variants).toHaveLength(1);
    const [without] = checkJson(analyse({ file: 'config.yaml', text }, defaultSettings));
    expect(without?.postTraining).toBeNull();
  });
});

describe('a training config that plans it', () => {
  it('is forecast at its own N and D (axolotl’s quantization block)', () => {
    const { postTraining, forecast } = runOf(axolotl('reinit_weights: true', ...int4));
    expect(postTraining?.point).toMatchObject({
      tokens: 24_000 * 64 * 16 * 4096,
      format: 'int4',
      block: 128,
      operands: ['weights'],
    });
    expect(postTraining?.forecasts[0]?.gap).toBeGreaterThan(0);
    // The run itself is in BF16.
    expect(forecast?.gap).toBe(0);
  });

  it('needs the base model’s tokens where the run goes on from one', () => {
    const { postTraining, needs } = runOf(axolotl(...int4));
    expect(postTraining).toBeNull();
    expect(needs).toContainEqual(
      need(
        'quantisation gap',
        'the tokens the base model was trained on are needed and not in the file',
      ),
    );
  });

  it('takes what the run is trained in into account', () => {
    const { postTraining } = runOf(axolotl('reinit_weights: true', 'fp8: true', ...int4));
    const [kumar] = postTraining?.forecasts ?? [];
    expect(kumar?.gap).toBeNull();
    expect(kumar?.notes[0]).toContain('trained in low precision');
    expect(kumar?.variants).toHaveLength(2);
  });

  it('is silent without a plan, and where the format is trained in (QAT)', () => {
    expect(runOf(axolotl('reinit_weights: true')).postTraining).toBeNull();
    const aware = ['qat:', '  weight_dtype: int4', '  group_size: 128'];
    expect(runOf(axolotl('reinit_weights: true', ...aware)).postTraining).toBeNull();
  });

  it.each([
    [3, 'int3'],
    [8, 'int8'],
    [5, undefined],
  ])('reads LLaMA-Factory’s export to %d bits', (bits, format) => {
    const run = runOf(
      [
        'stage: pt',
        'model_name_or_path: meta-llama/Llama-3.2-1B',
        'train_from_scratch: true',
        'finetuning_type: full',
        'dataset: c4',
        '# floatcast: data-parallel-ranks=8',
        'cutoff_len: 4096',
        'per_device_train_batch_size: 8',
        'max_steps: 10000',
        'bf16: true',
        `export_quantization_bit: ${bits}`,
        '',
      ].join('\n'),
    );
    expect(run.postTraining?.point.format).toBe(format);
  });
});

describe('what the hover says of it', () => {
  it('is a row a reading, the contest and the advice', () => {
    const lines = postTrainingLines(runOf(recipe('W4A16'), 15e12));
    expect(lines[0]).toBe(
      'Quantising the model of N = 6.98 B linear parameters, trained on 15.0 T tokens (assumed: ' +
        'dataset-tokens), to INT4 (block 128) adds to its loss:',
    );
    expect(lines.slice(2, 7)).toEqual([
      expect.stringMatching(
        /^\| Law \| added, nats \| \[D_crit\]\(.*\) \| D \/ D_crit \| \[Support\]\(.*#grade\) \|$/,
      ),
      '| :-- | --: | --: | --: | :-- |',
      '| Kumar | +0.415 | 186 B | 80× | form not supported by data |',
      '| Kumar, without the offset b, as equation 13 prints it | +0.134 | 573 B | 26× | form not supported by data |',
      // Kumar's are its paper's equation 13; Ouyang's paper states none.
      '| Ouyang | +0.411 | 255 B (derived) | 59× | beyond its fitted range |',
    ]);
    expect(lines.join('\n')).toContain('arXiv 2510.06213');
    expect(lines.at(-1)).toMatch(/^Quantisation-aware training instead would best take 45 % /);
  });

  it('names the laws that are silent', () => {
    const lines = postTrainingLines(runOf(recipe('W8A8'), 15e12)).join('\n');
    expect(lines).toContain('No number from Ouyang: The law was fitted on 2 to 4 bits');
    expect(lines).not.toContain('Quantisation-aware');
  });

  it('is nothing without a plan', () => {
    expect(postTrainingLines(runOf(axolotl('reinit_weights: true')))).toEqual([]);
  });
});

describe('the advice on quantisation-aware training', () => {
  const advice = (request: Partial<PointRequest>) => {
    const point = pointFor({ parameters: 1e9, tokens: 1e12, format: 'int4', ...request });
    if (!point) throw new Error('no point');
    return qatAdvice(point);
  };

  it('gives the share, the tokens and the error of the fit', () => {
    expect(advice({})).toBe(
      'Quantisation-aware training instead would best take 41 % of the tokens, the last 413 B ' +
        '(Apple’s fit, arXiv 2509.22935; mean error 9 points).',
    );
    expect(advice({ parameters: 8e9, tokens: 15e12 })).toContain(
      'N and D lie outside that fit’s 757 runs',
    );
  });

  it('is none beyond six bits and below a token a byte', () => {
    expect(advice({ format: 'int8' })).toBeNull();
    expect(advice({ tokens: 1e8 })).toBeNull();
  });
});
