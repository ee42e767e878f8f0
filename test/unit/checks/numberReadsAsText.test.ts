import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import type { CheckContext } from '../../../src/core/checks/check.ts';
import { numberReadsAsText } from '../../../src/core/checks/numberReadsAsText.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';
import { exampleRun, placeOfWord } from '../present/exampleRun.ts';
import { contextOf, findingOf } from './context.ts';

function on(
  source: string,
  loadedByPyYaml = true,
  what: CheckContext['numbers'][number]['what'] = 'tokens',
) {
  const numbers = [{ what, place: placeOfWord('64000ba'), source }];
  return findingOf(numberReadsAsText, contextOf(exampleRun, { numbers, loadedByPyYaml }));
}

describe('number-reads-as-text', () => {
  // The readings are PyYAML 6.0.3’s.
  it.each([
    ['1.5e12', '1500000000000'],
    ['1e12', '1000000000000'],
    ['2E9', '2000000000'],
    ['1.5e-3', null],
    ['3e-4', '3.0e-4'],
    ['1.5e+12', null],
    ['1500000000000', null],
    ['1_000_000', null],
    ['meta-llama/Llama-3.1-8B', null],
    ['64000ba', null],
  ])('%s is fixed to %s', (source, written) => {
    expect(on(source)?.fixes[0]?.edits[0]?.newText ?? null).toBe(written);
  });

  it('is silent where another loader reads the file', () => {
    expect(on('1.5e12', false)).toBeUndefined();
  });

  it('is a warning that says what the number is for', () => {
    expect(on('1.5e12')).toMatchObject({
      severity: 'warning',
      place: placeOfWord('64000ba'),
      message:
        '1.5e12 is a string in PyYAML, which loads this file: a float needs a dot and a signed ' +
        'exponent there (1.5e+12). It is a number that the token count rests on.',
      fixes: [{ title: 'Write 1500000000000', preferred: true }],
    });
  });

  it('keeps the exponent of a number that counts nothing', () => {
    const { message, fixes = [] } = on('1e4', true, 'setting') ?? {};
    expect(fixes[0]?.edits[0]?.newText).toBe('1.0e+4');
    expect(message).toMatch(/The trainer gets the text\.$/);
  });
});

/** The texts that a file's numbers are found to be. */
function textsIn(file: string, text: string): readonly string[] {
  return analyse({ file, text }, defaultSettings)
    .runs.flatMap(({ findings }) => findings)
    .filter(({ id }) => id === 'number-reads-as-text')
    .map(({ place }) => text.slice(place.start, place.end))
    .toSorted();
}

describe('the loader decides', () => {
  const nanotron = [
    'general: {project: small, run: 12e5}',
    'parallelism: {dp: 8, pp: 1, tp: 1}',
    'model: {dtype: bfloat16, model_config: {hidden_size: 768, num_hidden_layers: 12, rms_norm_eps: 1e-05}}',
    'tokens: {micro_batch_size: 16, sequence_length: 2048, train_steps: 1e4}',
    'optimizer: {learning_rate_scheduler: {learning_rate: 3e-4, min_decay_lr: 3.0e-5}, betas: [.9, 1.e-1]}',
    "checkpoints: {checkpoints_path: 1e5, resume_checkpoint_path: '1e5'}",
    '',
  ].join('\n');

  it('reports every number where the text stays one, and no name', () => {
    expect(textsIn('nanotron.yaml', nanotron)).toEqual(['1e-05', '1e4', '3e-4']);
  });

  it('reports counts only where a schema makes floats of texts', () => {
    const axolotl = [
      'base_model: NousResearch/Llama-3.2-1B',
      'datasets: [{path: own/data, type: alpaca}]',
      'sequence_len: 2048',
      'micro_batch_size: 2',
      'learning_rate: 2e-5',
      'max_steps: 1e3',
      '',
    ].join('\n');
    expect(textsIn('axolotl.yaml', axolotl)).toEqual(['1e3']);
  });

  it('reports nothing where OmegaConf reads floats as YAML 1.2 does', () => {
    const factory = [
      'model_name_or_path: meta-llama/Llama-3.2-1B',
      'stage: sft',
      'do_train: true',
      'dataset: alpaca_en_demo',
      'template: llama3',
      'finetuning_type: full',
      'learning_rate: 1e-4',
      'max_steps: 1e3',
      '',
    ].join('\n');
    expect(textsIn('factory.yaml', factory)).toEqual([]);
  });
});
