import { describe, expect, it } from 'vitest';
import { need } from '../../../src/core/run/need.ts';
import { runOf, runsOf } from './runsOf.ts';

describe('litgpt', () => {
  it('takes the first word for the model of pretrain, and flags over a config', () => {
    const config =
      'model_name: pythia-1.4b\nprecision: 32-true\ntrain:\n  max_tokens: 1000\n  global_batch_size: 4\n';
    const text = 'litgpt pretrain --config own/run.yaml --precision bf16-mixed';
    const run = runOf('go.sh', text, new Map([['own/run.yaml', config]]));
    expect(run).toMatchObject({ framework: 'litgpt', role: 'pretrain', tokens: 1000 });
    expect(run).toMatchObject({ linear: 1_207_959_552, format: 'bf16 none' });
    expect(run.write('fp16')).toBe(text.replace('bf16-mixed', '16-mixed'));
  });

  it('takes no default where a config is not there or an argument decides', () => {
    const run = runOf('go.sh', 'litgpt pretrain pythia-160m --config https://h/a.yaml');
    expect([run.tokens, run.format, run.linear]).toEqual([null, null, 84_934_656]);
    const open = runOf('go.sh', 'litgpt pretrain pythia-160m --train.max_tokens $1');
    expect(open.tokens).toBeNull();
    expect(open.needs.map(({ settles }) => settles)).toContain('tokens');
  });

  it('tunes the checkpoint that finetune names, in both spellings', () => {
    for (const words of [
      'finetune_lora checkpoints/meta-llama/Llama-3.1-8B',
      'finetune lora --checkpoint_dir checkpoints/meta-llama/Llama-3.1-8B',
    ]) {
      const run = runOf('go.sh', `litgpt ${words} --precision bf16-true --train.epochs 2`);
      expect(run).toMatchObject({ role: 'finetune', linear: 6_979_321_856, tokens: null });
    }
    expect(runsOf('go.sh', 'litgpt download pythia-160m --access_token x')).toEqual([]);
    expect(runsOf('go.sh', 'pip install litgpt --upgrade --quiet --user --pre')).toEqual([]);
  });
});

describe('verl’s commands', () => {
  it('read the actor of main_ppo, whose tokens are generated', () => {
    const text =
      'python3 -m verl.trainer.main_ppo data.train_batch_size=8 actor_rollout_ref.model.path=Qwen/Qwen3-8B trainer.total_epochs=2';
    const run = runOf('go.sh', text);
    expect(run).toMatchObject({ framework: 'verl', role: 'finetune', total: 8_190_735_360 });
    expect(run.tokens).toBeNull();
    expect(run.needs).toContainEqual(
      need('tokens', 'the tokens are generated while the run goes on'),
    );
  });

  it('read the SFT trainer with the defaults of its own config', () => {
    const text =
      'torchrun --nproc_per_node=4 -m verl.trainer.fsdp_sft_trainer model.partial_pretrain=Qwen/Qwen3-8B trainer.total_training_steps=10';
    expect(runOf('go.sh', text)).toMatchObject({
      role: 'finetune',
      linear: 6_945_767_424,
      tokens: null,
    });
    expect(
      runOf('go.sh', text)
        .needs.map(({ why }) => why)
        .join(),
    ).toContain('packed');
    const other = 'python3 -m verl.trainer.main_generation actor_rollout_ref.model.path=a/b c=d';
    expect(runsOf('go.sh', other)).toEqual([]);
  });
});

describe('EasyLM’s flags under another module', () => {
  const command = (flags: string) =>
    `python3 -m ring.train --mesh_dim=1,-1 --total_steps=10 --train_dataset.type=json --train_dataset.json_dataset.batch_size=4 --train_dataset.json_dataset.seq_length=8 --load_llama_config='200m' ${flags}`;

  it('are read as EasyLM’s', () => {
    const run = runOf('go.sh', command('--dtype=bf16'));
    expect(run).toMatchObject({ framework: 'easylm', tokens: 320, format: 'bf16 none' });
    expect(run.linear).toBe(14 * (4 * 1024 ** 2 + 3 * 1024 * 2048));
  });

  it('count no model that reads pictures, too', () => {
    const run = runOf('go.sh', command('--modality=vision,text'));
    expect(run.linear).toBeNull();
    expect(run.needs.map(({ settles }) => settles)).toContain('parameters');
  });
});

describe('an array of Megatron’s flags that other scripts source', () => {
  const flags = '--num-layers 2 --hidden-size 64 --num-attention-heads 4 --disable-bias-linear';

  it('is a model without a run', () => {
    const run = runOf('m.sh', `MODEL_ARGS=(\n  ${flags}\n)\n`);
    expect(run).toMatchObject({
      framework: 'megatron-lm',
      role: 'model',
      linear: 2 * 12 * 64 ** 2,
    });
    expect([run.tokens, run.format]).toEqual([null, null]);
  });

  it('is none where the script starts a program, or the array is no model', () => {
    expect(runsOf('m.sh', `MODEL_ARGS=(${flags})\npython3 -m http.server 8000 --bind x\n`)).toEqual(
      [],
    );
    expect(runsOf('m.sh', 'A=(--num-layers 2 --width 3 --depth 4 --height 5)\n')).toEqual([]);
  });
});
