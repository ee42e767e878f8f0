import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { assumptionKeys, assumptionsFileNames } from '../../../src/core/run/assumptions.ts';
import { policyKeys } from '../../../src/core/settings/policyKeys.ts';
import { parseCount } from '../../../src/core/run/units.ts';

interface Schema {
  readonly properties: {
    readonly files?: { readonly additionalProperties?: Schema };
  };
  readonly additionalProperties: boolean;
  readonly definitions: Readonly<
    Record<
      string,
      {
        readonly description: string;
        readonly anyOf?: readonly { readonly type: string; readonly pattern?: string }[];
      }
    >
  >;
}
interface Manifest {
  readonly contributes: Readonly<
    Record<
      'jsonValidation' | 'yamlValidation',
      readonly { readonly fileMatch: string | readonly string[]; readonly url: string }[]
    >
  >;
}

const read = (path: string): unknown =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, '../../..', path), 'utf8'));
const schema = read('media/assumptions.schema.json') as Schema;
const { contributes } = read('package.json') as Manifest;
const keys = [...policyKeys];

it('is contributed for each name of an assumptions file', () => {
  const all = [...contributes.jsonValidation, ...contributes.yamlValidation].filter(
    ({ url }) => url === './media/assumptions.schema.json',
  );
  expect(all.flatMap(({ fileMatch }) => fileMatch).sort()).toEqual(
    [...assumptionsFileNames].sort(),
  );
});

it('knows the keys that are read, at the top and of a pattern, and no others', () => {
  expect(Object.keys(schema.properties)).toEqual([
    '$schema',
    ...keys,
    'assumptions',
    'ignore',
    'files',
  ]);
  const ofPattern = schema.properties.files?.additionalProperties;
  expect(Object.keys(ofPattern?.properties ?? {})).toEqual(keys);
  expect([schema.additionalProperties, ofPattern?.additionalProperties]).toEqual([false, false]);
  expect(Object.keys(schema.definitions)).toEqual(keys);
});

it.each(assumptionKeys)('takes the texts that are read as %s', (key) => {
  const text = schema.definitions[key]?.anyOf?.find(({ type }) => type === 'string');
  const pattern = new RegExp(text?.pattern ?? '(?!)');
  const samples = ['64', '15T', '1.5e12', '1.5 T', '2**40', '1_000', '.5B', '8 b', ' 64 ', '1,000'];
  const others = ['', 'many', '-8', '2**', '8X', '1e', 'NaN', '2^40', '8 GPUs'];
  expect([...samples, ...others].filter((each) => pattern.test(each))).toEqual(samples);
  expect([...samples, ...others].filter((each) => parseCount(each) !== null)).toEqual(samples);
});
