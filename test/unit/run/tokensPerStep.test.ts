import { expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';
import { tokensPerStep } from '../../../src/core/run/tokensPerStep.ts';
import { llmFoundryConfig } from '../cli/harness.ts';

it('is a run’s sequences a step times their length: 1024 × 2048', () => {
  const analysis = analyse({ file: 'a.yaml', text: llmFoundryConfig() }, defaultSettings);
  const tokens = analysis.runs[0]?.run.tokens;
  expect(tokens && tokensPerStep(tokens)).toBe(1024 * 2048);
});

it('is unknown where the tokens were not worked out of steps', () => {
  expect(tokensPerStep({ total: null, perRank: null, needs: [], settledBy: [] })).toBeNull();
});
