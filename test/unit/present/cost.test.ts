import { describe, expect, it } from 'vitest';
import { acceleratorById } from '../../../src/core/hardware/registry.ts';
import {
  amountFigure,
  amountWords,
  bytes,
  moreTokens,
  spendingAssumptions,
} from '../../../src/core/present/cost.ts';

describe('amounts', () => {
  it.each([
    [120e9, '120 GB'],
    [999.6e9, '1 TB'],
    [1.234e12, '1.23 TB'],
    [0.5e9, '0.5 GB'],
  ])('%d bytes are %s', (value, words) => {
    expect(bytes(value)).toBe(words);
  });

  it('have their unit in a sentence and none on an axis', () => {
    expect(amountWords(58_952, 'hours')).toBe('59.0 K GPU-hours');
    expect(amountWords(1.65e21, 'compute')).toBe('C = 1.65e+21 FLOP');
    expect(amountWords(147_380, 'money')).toBe('a price of 147 K');
    expect(amountWords(120e9, 'memory')).toBe('120 GB');
    expect(amountFigure(58_952, 'hours')).toBe('59.0 K');
    expect(amountFigure(1.65e21, 'compute')).toBe('1.65e+21');
  });
});

it('says how many more tokens', () => {
  expect(moreTokens(1)).toBe('no more tokens');
  expect(moreTokens(1.0011)).toBe('0.1 % more tokens');
  expect(moreTokens(1.357)).toBe('36 % more tokens');
});

describe('assumptions', () => {
  const h100 = acceleratorById('h100') ?? null;

  it.each(['hours', 'money'] as const)(
    'of %s say the utilisation and what does not speed up',
    (of) => {
      const words = spendingAssumptions(of, h100);
      expect(words).toContain(
        'at 40 % of the peak rate of the format on NVIDIA H100 SXM, an assumption',
      );
      expect(words).toContain('attention, the optimizer and communication do not');
    },
  );

  it('of the bit-linear cost say whose b it is, of memory what is left out', () => {
    expect(spendingAssumptions('compute', null)).toContain('the paper’s own has b = 0');
    expect(spendingAssumptions('memory', null)).toContain('activations are not in it');
  });
});
