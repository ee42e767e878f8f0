import { describe, expect, it } from 'vitest';
import { runOf, runsOf } from './runsOf.ts';
import { need } from '../../../src/core/run/need.ts';

describe('MaxText commands', () => {
  const command = (words: string) => `python3 -m MaxText.train configs/base.yml ${words}`;
  const base = 'base_emb_dim: 256\nbase_num_decoder_layers: 4\nsteps: 150_001\ndtype: bfloat16\n';

  it('reads key=value over the preset over base.yml', () => {
    const text = command('model_name=tiny steps=100 per_device_batch_size=2 max_target_length=64');
    const files = new Map([
      ['configs/base.yml', base],
      [
        'configs/models/tiny.yml',
        'base_emb_dim: 64\nbase_mlp_dim: 128\nbase_num_query_heads: 4\nbase_num_kv_heads: 4\nbase_num_decoder_layers: 2\nhead_dim: 16\nvocab_size: 100\n',
      ],
    ]);
    const run = runOf('run.sh', text, files);
    expect(run).toMatchObject({ framework: 'maxtext', role: 'pretrain', format: 'bf16 none' });
    expect(run.linear).toBe(2 * (4 * 64 ** 2 + 3 * 64 * 128));
    expect(run.perRank).toBe(100 * 2 * 64);
  });

  it('does not take base.yml’s steps for the run’s, nor an argument for a default', () => {
    const files = new Map([['configs/base.yml', base]]);
    const run = runOf('run.sh', command('model_name=llama2-7b dataset_type=tfds'), files);
    expect(run.tokens).toBeNull();
    expect(run.needs).toContainEqual(
      need('tokens', 'the file does not say steps, which the launch command gives'),
    );
    const open = runOf('run.sh', command('steps=10 model_name=llama2-7b per_device_batch_size=$1'));
    expect([open.tokens, open.perRank]).toEqual([null, null]);
    expect(open.needs).toContainEqual(
      need(
        'tokens',
        'per_device_batch_size is not told: an argument of the script gives this value',
      ),
    );
  });

  it('writes quantization on the command line', () => {
    const run = runOf('run.sh', command('model_name=llama2-7b steps=10 dataset_type=tfds'));
    expect(run.write('mxfp8-e4m3', 'block', 32)).toContain('quantization=te_mxfp8');
    expect(runsOf('run.sh', 'python3 -m MaxText.decode base.yml steps=1 model_name=x')).toEqual([]);
  });
});

describe('EasyLM', () => {
  const command = (flags: string) =>
    `python -m EasyLM.models.llama.llama_train --mesh_dim=1,-1,1 --total_steps=100 --train_dataset.type=json --train_dataset.json_dataset.batch_size=8 --train_dataset.json_dataset.seq_length=16 ${flags}`;

  it('has FP32 by default, and the batch of the data set', () => {
    expect(runOf('a.sh', command("--load_llama_config='7b'"))).toMatchObject({
      framework: 'easylm',
      total: 6_738_415_616,
      tokens: 100 * 8 * 16,
      format: 'fp32 none',
    });
  });

  it('does not follow an update of the shape', () => {
    const run = runOf(
      'a.sh',
      command(
        `--load_llama_config=7b --update_llama_config="dict(num_hidden_layers=2)" --dtype=bf16`,
      ),
    );
    expect(run).toMatchObject({ linear: null, format: 'bf16 none' });
    expect(run.write('fp16')).toContain('--dtype=fp16');
  });
});

describe('open_lm commands', () => {
  const command = (flags: string) =>
    `torchrun --nproc-per-node 8 -m open_lm.main --model open_lm_7b --global-batch-size 64 --train-num-samples 1000 ${flags}`;

  it('counts samples in tokens and epochs over them', () => {
    expect(runOf('a.sh', command('--epochs 3 --precision pure_bf16'))).toMatchObject({
      framework: 'open-lm',
      tokens: 3000,
      format: 'bf16 none',
    });
    expect(runOf('a.sh', command('--precision amp')).needs).toContainEqual(
      need('tokens', 'the script does not say epochs'),
    );
  });

  it('reads the shape of the model’s JSON where it is', () => {
    const json = JSON.stringify({ hidden_dim: 96, n_layers: 2, n_heads: 4, seq_len: 8 });
    const files = new Map([['open_lm/model_configs/open_lm_7b.json', json]]);
    const run = runOf('a.sh', command('--epochs 1'), files);
    expect(run.linear).toBe(2 * (4 * 96 ** 2 + 3 * 96 * 256));
    expect(run.format).toBe('fp16 none');
  });
});

describe('nanochat', () => {
  const command = (flags: string) =>
    `torchrun --nproc_per_node=8 -m scripts.base_train -- --depth=4 ${flags}`;

  it('trains on a multiple of matrices and head', () => {
    const run = runOf('a.sh', command('--target-param-data-ratio=10'));
    expect(run.linear).toBe(4 * 12 * 256 ** 2);
    expect(run.tokens).toBe(10 * (4 * 12 * 256 ** 2 + 256 * 32768));
    expect(run.format).toBe('bf16 none');
  });

  it('reads steps, and no duration where none is said', () => {
    const steps = runOf('a.sh', command('--num-iterations=20 --total-batch-size=524288'));
    expect(steps.tokens).toBe(20 * 524288);
    expect(runOf('a.sh', command('--run=x')).tokens).toBeNull();
  });

  it('reads and writes FP8', () => {
    const run = runOf('a.sh', command('--fp8 --fp8-recipe=rowwise --run=x'));
    expect(run.format).toBe('fp8-e4m3 channel');
    expect(run.write('fp8-e4m3', 'tensor')).toContain('--fp8-recipe=tensorwise');
    expect(run.write('bf16')).not.toContain('fp8');
  });
});

describe('Hugging Face Trainer commands', () => {
  const command = (program: string, flags: string) =>
    `deepspeed --num_gpus 4 ${program} --per_device_train_batch_size 2 --output_dir out --learning_rate 1e-4 ${flags}`;

  it('starts anew from a config, and goes on from a model', () => {
    const scratch = runOf(
      'a.sh',
      command('run_clm.py', '--config_name gpt2 --block_size 512 --max_steps 10 --bf16 True'),
    );
    expect(scratch).toMatchObject({
      framework: 'trl',
      role: 'pretrain',
      tokens: 10 * 2 * 4 * 512,
      format: 'bf16 none',
    });
    const again = command('run_clm.py', '--model_name_or_path gpt2 --num_train_epochs 1 --fp16');
    expect(runOf('a.sh', again)).toMatchObject({ role: 'continued', format: 'fp16 none' });
    expect(runOf('a.sh', again).write('bf16')).toContain('--bf16');
  });

  it('is fine-tuning elsewhere, and silent for what is no decoder', () => {
    const tuned = command('sft.py', '--model_name_or_path Qwen/Qwen2.5-7B --max_steps 10');
    expect(runOf('a.sh', tuned)).toMatchObject({ role: 'finetune', tokens: null });
    expect(runsOf('a.sh', command('run_mlm.py', '--model_name_or_path x --bf16'))).toEqual([]);
    expect(
      runsOf('a.sh', command('train.py', '--model_name_or_path bert-base-uncased --bf16')),
    ).toEqual([]);
  });
});

describe('ColossalAI, ms-swift and torchtitan commands', () => {
  const colossal = (flags: string) =>
    `colossalai run --nproc_per_node 8 train.py --plugin gemini --mixed_precision fp16 --config 7b ${flags}`;

  it('tells FP8 multiplications from FP8 communication', () => {
    expect(runOf('a.sh', colossal('--use_fp8')).format).toBe('fp8-e4m3/fp8-e5m2 tensor');
    const communication = runOf('a.sh', colossal('--use_fp8_comm'));
    expect(communication.format).toBe('fp16 none');
    expect(communication.notes).toHaveLength(1);
    expect(communication.write('fp8-e4m3', 'tensor')).toContain('--use_fp8 ');
  });

  it('reads ms-swift’s Megatron flags', () => {
    const text =
      'megatron sft --model Qwen/Qwen3-8B --dataset d --tuner_type lora --packing true --max_length 1024 --micro_batch_size 1 --global_batch_size 16 --train_iters 10 --fp8_recipe blockwise --fp8_format e4m3';
    const run = runOf('a.sh', text);
    expect(run).toMatchObject({
      framework: 'ms-swift',
      role: 'finetune',
      tokens: 10 * 16 * 1024,
      format: 'fp8-e4m3 block 128',
    });
    expect(run.write('bf16')).not.toContain('fp8_format');
  });

  it('names the config that torchtitan is started with', () => {
    const text =
      'torchrun --nproc_per_node=8 -m torchtitan.train --module llama3 --config llama3_8b';
    const run = runOf('a.sh', text);
    expect(run).toMatchObject({ framework: 'torchtitan', role: 'fragment', tokens: null });
    expect(run.needs[0]?.why).toBe(
      'the run is described by the config “llama3 llama3_8b”, started here on 8 GPUs',
    );
  });
});
