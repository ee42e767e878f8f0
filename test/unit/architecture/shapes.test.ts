import { describe, expect, it } from 'vitest';
import {
  gptReading,
  gptShape,
  llamaReading,
  llamaShape,
} from '../../../src/core/architecture/shapes.ts';
import { byDefault, stated } from '../../../src/core/run/known.ts';

const place = { file: 'a.yaml', start: 3, end: 5 };

describe('llamaShape and gptShape', () => {
  it('fill a family’s conventions', () => {
    const numbers = { layers: 2, hidden: 64, heads: 4, vocabulary: 100 };
    expect(llamaShape({ ...numbers, feedForward: 172, keyValueHeads: 2 })).toMatchObject({
      ...{ keyValueHeads: 2, headDimension: 16, gated: true, tied: false, norm: 'weight' },
      biases: { queryKeyValue: false, feedForward: false },
    });
    expect(gptShape(numbers)).toMatchObject({
      ...{ keyValueHeads: 4, headDimension: 16, feedForward: 256, gated: false, tied: true },
      norm: 'weight-and-bias',
      biases: { queryKeyValue: true, feedForward: true, head: false },
    });
  });
});

describe('llamaReading and gptReading', () => {
  it('keep what is stated and mark the rest as the framework’s default', () => {
    const hidden = stated(64, place);
    const heads = stated(4, place);
    const tied = stated(true, place);
    const reading = llamaReading({ hidden, heads, tied, layers: null }, 'HF LlamaConfig');
    expect(reading.tied).toBe(tied);
    expect(reading.gated).toEqual(byDefault(true, 'HF LlamaConfig'));
    expect(reading.keyValueHeads).toEqual(byDefault(4, 'HF LlamaConfig'));
    expect(reading.headDimension).toMatchObject({
      value: 16,
      origin: { kind: 'derived', formula: '64 ÷ 4', from: ['hidden width', 'heads'] },
    });
    expect(reading).not.toHaveProperty('layers');
    expect(reading).not.toHaveProperty('vocabulary');
    expect(reading).not.toHaveProperty('feedForward');
  });

  it('derive GPT’s width from the hidden one, unless stated', () => {
    const hidden = stated(64, place);
    expect(gptReading({ hidden }, 'x').feedForward).toMatchObject({
      value: 256,
      origin: { kind: 'derived', formula: '4 × 64' },
    });
    const feedForward = stated(200, place);
    expect(gptReading({ hidden, feedForward }, 'x').feedForward).toBe(feedForward);
  });
});
