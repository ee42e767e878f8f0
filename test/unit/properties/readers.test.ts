import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLosses } from '../../../src/core/calibrate/readLosses.ts';
import { readRuns } from '../../../src/core/calibrate/readRuns.ts';
import { readCalibrationFile } from '../../../src/core/settings/calibrationFile.ts';
import { expectFiniteNumbers } from './numbers.ts';

const csv =
  'name,params_m,tokens (B),precision,block,val_loss,bf16_loss\n' +
  'a,"30",3,FP8 E4M3,128,3.21,3.2\nb,61M,6.1,nvfp4,16,"3,01",\nc,120,12,bf16,,2.9,nan\n';
const json =
  '[{"config":{"n":{"value":3e7},"format":"mxfp4"},"summary":{"tokens":3e9,"loss":3.2}},' +
  '{"n":61000000,"tokens":6e9,"loss":null}]';
const log = '{"step":1,"loss":9.1,"tokens":1000}\n{"step":2,"loss":NaN}\n{"step":3,"loss":4.5}\n';
const calibration =
  '{"law":"capybara","constants":{"gamma":{"value":9000,"low":8000,"high":1e4},"beta":0.5},' +
  '"fittedOn":{"runs":12},"notes":["Own runs."]}';

/** What a reader of untrusted text answers: plain data in finite numbers, or one sentence. */
function expectAnswer(read: object): void {
  // Its sentences may quote the text, which may well say NaN.
  expectFiniteNumbers(read);
  if ('error' in read) expect(read.error).toMatch(/^\S[^]*\.$/);
}

function readAll(text: string): void {
  for (const name of ['t.csv', 't.jsonl', 't.json', 't.tsv']) {
    expectAnswer(readRuns(name, text));
    expectAnswer(readLosses(name, text, { tokensPerStep: null }));
    expectAnswer(readLosses(name, text, { tokensPerStep: 1e6 }));
  }
  const { calibration: read, notices } = readCalibrationFile('c.json', text);
  expectFiniteNumbers(read);
  for (const { message, place } of notices) {
    expect(message).toMatch(/^c\.json/);
    expect(place?.end ?? 0).toBeLessThanOrEqual(text.length);
  }
}

describe('the readers of tables, logs and calibration files', () => {
  it.each([csv, json, log, calibration])('answer every prefix of %j', (text) => {
    for (let end = 0; end <= text.length; end++) readAll(text.slice(0, end));
  });

  it('answer any text', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.json(),
      fc.array(fc.constantFrom('n', 'tokens', 'loss', ',', '\n', '"', '1e9', '-', 'nan', '{', ':')),
    );
    fc.assert(
      fc.property(anything, (text) => {
        readAll(Array.isArray(text) ? text.join('') : text);
      }),
      { numRuns: 300 },
    );
  });

  it('answer a text with a piece replaced by any other', () => {
    const texts = fc.constantFrom(csv, json, log, calibration);
    const pieces = fc.oneof(fc.string({ maxLength: 6 }), fc.double().map(String));
    fc.assert(
      fc.property(texts, fc.nat(), fc.nat(9), pieces, (text, at, length, piece) => {
        const from = at % text.length;
        readAll(text.slice(0, from) + piece + text.slice(from + length));
      }),
      { numRuns: 300 },
    );
  });

  it('read constants of any size without numbers that are none', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        readAll(calibration.replace('9000', String(value)));
      }),
      { numRuns: 300 },
    );
  });
});
