import { describe, expect, it } from 'vitest';
import { numberReadsAsText } from '../../../src/core/checks/numberReadsAsText.ts';
import { exampleRun, placeOfWord } from '../present/exampleRun.ts';
import { contextOf, findingOf } from './context.ts';

function on(source: string, loadedByPyYaml = true) {
  const numbers = [{ what: 'tokens', place: placeOfWord('64000ba'), source }] as const;
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
});
