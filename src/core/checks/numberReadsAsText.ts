import { readsAsText } from '../present/findings.ts';
import { coreValue, legacyValue } from '../syntax/scalars.ts';
import type { Check } from './check.ts';

const id = 'number-reads-as-text';
const severity = 'warning';

/** Warns of `1.5e12`, a number by YAML 1.2 and a string by PyYAML, where PyYAML loads the file. */
export const numberReadsAsText: Check = {
  id,
  severity,
  summary: 'A number is a string to PyYAML, which loads the file.',
  run: ({ numbers, loadedByPyYaml }) => {
    if (!loadedByPyYaml) return [];
    return numbers.flatMap(({ what, place, source }) => {
      const value = coreValue(source);
      if (typeof value !== 'number' || !Number.isFinite(value)) return [];
      if (typeof legacyValue(source) !== 'string') return [];
      const newText = pyYamlNumber(value, what !== 'setting');
      return [
        {
          id,
          severity,
          place,
          message: readsAsText(source, what),
          related: [],
          fixes: [{ title: `Write ${newText}`, edits: [{ place, newText }], preferred: true }],
          noFix: null,
        },
      ];
    });
  },
};

/** A number as PyYAML reads one: digits for whole numbers that count, else `1.5e+12` with dot and sign. */
function pyYamlNumber(value: number, counts: boolean): string {
  if (counts && Number.isInteger(value)) return BigInt(value).toString();
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa}${mantissa.includes('.') ? '' : '.0'}e${exponent}`;
}
