import { describe, expect, it } from 'vitest';
import { runOf, runsOf } from './runsOf.ts';

const script = (recipe: string, more = '') => `
from megatron.bridge.recipes import ${recipe}

def main():
    cfg = ${recipe}()
    cfg.train.train_iters = 100
    cfg.train.global_batch_size = 8
    cfg.model.seq_length = 64
    ${more}
    pretrain(cfg)
`;

describe('scripts that take a recipe of Megatron-Bridge', () => {
  it('have its model, and what they set', () => {
    const run = runOf('a.py', script('llama31_8b_pretrain_config'));
    expect(run).toMatchObject({ framework: 'megatron-bridge', role: 'pretrain' });
    expect(run).toMatchObject({ linear: 6_979_321_856, tokens: 100 * 8 * 64, format: 'bf16 none' });
  });

  it('take a precision by its function, and tune where the recipe does', () => {
    const text = script('qwen3_8b_sft_config', 'cfg.mixed_precision = bf16_with_nvfp4_mixed()');
    expect(runOf('a.py', text)).toMatchObject({
      role: 'finetune',
      linear: 6_945_767_424,
      format: 'nvfp4 block 16',
    });
  });

  it('have no model where they change its shape, and no format of a recipe that is not known', () => {
    const other = script('llama3_8b_pretrain_config', 'cfg.model.num_layers = 2');
    expect(runOf('a.py', other).linear).toBeNull();
    expect(runOf('a.py', script('llama3_8b_low_precision_pretrain_config')).format).toBeNull();
    const unset = 'from megatron.bridge import x\ncfg = llama3_8b_pretrain_config()\ncfg.a = 1\n';
    expect(runsOf('a.py', unset)).toEqual([]);
  });
});
