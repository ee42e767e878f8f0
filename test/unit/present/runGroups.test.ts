import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import { groupOf } from '../../../src/core/present/runGroups.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';

function groupOfText(file: string, text: string, gapTarget = 0.01) {
  const [run] = analyse({ file, text }, defaultSettings).runs;
  if (!run) throw new Error(`${file} was not recognised.`);
  return groupOf(run, gapTarget);
}

const torchtitan = (recipe: string, rest: readonly string[]) =>
  [
    '[model]',
    'name = "llama3"',
    'flavor = "8B"',
    'converters = ["quantize.linear.mx"]',
    '[quantize.linear.mx]',
    `recipe_name = "${recipe}"`,
    '[training]',
    'seq_len = 8192',
    ...rest,
  ].join('\n');
const whole = ['global_batch_size = 2048', 'steps = 894_070'];

describe('the group of a run', () => {
  it('is past the target by its critical size first, then by its gap', () => {
    const past = groupOfText('a.toml', torchtitan('mxfp4_cutlass', whole), 1);
    expect(past).toEqual({ group: 'past', why: 'D is 18× D_crit by the Capybara law.' });
    const over = groupOfText('a.toml', torchtitan('mxfp8_cublas', whole), 0.001);
    expect(over.group).toBe('past');
    expect(over.why).toMatch(/^gap \+0\.00\d+ by the Capybara law, over the target of 0\.001 nats/);
  });

  it('is within the target, with the number that says so', () => {
    const { group, why } = groupOfText('a.toml', torchtitan('mxfp8_cublas', whole), 0.1);
    expect(group).toBe('within');
    expect(why).toMatch(/within the target of 0\.1 nats\.$/);
  });

  it('needs the GPUs where the batch is that of one', () => {
    const local = ['local_batch_size = 2', 'steps = 1000'];
    const { group, why } = groupOfText('a.toml', torchtitan('mxfp8_cublas', local));
    expect(group).toBe('open');
    expect(why).toMatch(/GPUs|ranks/);
  });

  it('is that of fine-tunes, whatever else is known', () => {
    const text = [
      'base_model: meta-llama/Llama-3.1-8B',
      'adapter: lora',
      'lora_r: 16',
      'lora_target_linear: true',
      'datasets:',
      '  - path: a/b',
      'sequence_len: 2048',
      'micro_batch_size: 1',
      'gradient_accumulation_steps: 1',
      'num_epochs: 1',
      'optimizer: adamw_torch',
      'learning_rate: 0.0002',
      'bf16: true',
    ].join('\n');
    const { group, why } = groupOfText('tune.yaml', text);
    expect(group).toBe('finetunes');
    expect(why).toMatch(/no scaling law covers fine-tuning/);
  });
});
