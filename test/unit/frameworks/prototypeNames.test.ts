import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import { checkJson } from '../../../src/core/present/json.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';
import { corpusCases } from '../../corpus/cases.ts';

const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];

/** A config with one of its plain words replaced, for each word of it. */
function replaced(text: string, name: string): readonly string[] {
  const words = [...text.matchAll(/(?<=[:=] ?["']?)[A-Za-z][\w.-]*(?=["']?\s*(?:,|\}|#|$))/gm)];
  return words.map(
    ({ index, 0: word }) => text.slice(0, index) + name + text.slice(index + word.length),
  );
}

const configs = corpusCases().filter(({ file }) => /\.(?:ya?ml|toml|json)$/.test(file));

describe.each(names)('%s as a value', (name) => {
  it('is no format, no framework and no model, and nothing throws', () => {
    expect(configs.length).toBeGreaterThan(50);
    for (const { file, text, files } of configs) {
      for (const changed of replaced(text, name).slice(0, 25)) {
        const analysis = analyse({ file, text: changed }, defaultSettings, files);
        const json = JSON.stringify(checkJson(analysis));
        expect(json).not.toContain('native code');
        for (const run of analysis.runs) {
          expect(run.run.precision?.format.value ?? 'bf16').not.toBe(name);
        }
      }
    }
  });
});
