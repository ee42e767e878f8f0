import { expect, it } from 'vitest';
import { nearestWord } from '../../../src/core/syntax/nearestWord.ts';

const words = ['gap-above-target', 'critical-data-size', 'near-critical-data-size'];

it.each([
  ['gap-above-targets', 'gap-above-target'],
  ['Critical-Datasize', 'critical-data-size'],
  ['near-critical-size', 'near-critical-data-size'],
  ['because', null],
  ['', null],
  ['gap-above-target'.repeat(9), null],
])('%s means %s', (written, meant) => {
  expect(nearestWord(written, words)).toBe(meant);
});
