import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import { mayBeOurs } from '../../../src/core/config/prefilter.ts';
import { readers } from '../../../src/core/frameworks/registry.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';
import { syntaxOf } from '../../../src/core/syntax/syntaxOf.ts';
import { corpusCases, exampleCases } from '../../corpus/cases.ts';

const cases = [...corpusCases(), ...exampleCases()];

/** The frameworks that a text is recognised as when it is parsed whatever its words are. */
function recognisedAs(file: string, text: string, files: ReadonlyMap<string, string>): string[] {
  return readers
    .map(({ id }) => id)
    .filter((framework) => {
      const settings = { ...defaultSettings, framework };
      const { runs } = analyse({ file, text }, settings, files);
      return runs.some((run) => run.recognised !== 'The framework was given by hand.');
    });
}

describe('the pre-filter', () => {
  it('lets through every config that a reader recognises', () => {
    const rejected = cases.filter(({ file, text }) => {
      const syntax = syntaxOf(file);
      return syntax !== undefined && !mayBeOurs(text, syntax);
    });
    const lost = rejected.filter(
      ({ file, text, files }) => recognisedAs(file, text, files).length > 0,
    );
    expect(lost.map(({ name }) => name)).toEqual([]);
    expect(cases.length - rejected.length).toBeGreaterThan(100);
  });

  it('rejects what has none of the words', () => {
    const manifest = 'apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: 2\n';
    expect(mayBeOurs(manifest, 'yaml')).toBe(false);
    expect(mayBeOurs('{"compilerOptions": {"strict": true}}', 'json')).toBe(false);
    const compiler = '{"extends": "@tsconfig/node22", "exclude": ["node_modules"]}';
    expect(mayBeOurs(compiler, 'json')).toBe(false);
    expect(mayBeOurs('[package]\nname = "server"\nversion = "1.0.0"\n', 'toml')).toBe(false);
    expect(mayBeOurs('model:\n  n_layers: 32\n', 'yaml')).toBe(true);
  });
});
