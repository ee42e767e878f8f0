import { describe, expect, it } from 'vitest';
import { analysed, formatOf, run, written, type Workspace } from './readFiles.ts';
import { need } from '../../../src/core/run/need.ts';

/** Four layers of 512: N_linear = 4 × (4 × 512² + 2 × 512 × 2048) = 12,582,912. */
const model = [
  '{',
  '  "pipe-parallel-size": 1,',
  '  "model-parallel-size": 2,',
  '  "num-layers": 4,',
  '  "hidden-size": 512,',
  '  "num-attention-heads": 8,',
  '  "seq-length": 2048,',
  '  "pos-emb": "rotary",',
  '  "no-weight-tying": true,',
  '  "train_micro_batch_size_per_gpu": 8,',
  '  "gradient_accumulation_steps": 4,',
  '  "train-iters": 1000,',
  '  "fp16": {"enabled": true, "loss_scale": 0}',
  '}',
  '',
].join('\n');
const local = '{\n  "vocab-file": "data/gpt2-vocab.json",\n  "launcher": "slurm"\n}\n';

const script = (command: string, head: readonly string[] = []) =>
  ['#!/bin/bash', ...head, command, ''].join('\n');
const space = (command: string, head?: readonly string[]): Workspace => ({
  'jobs/run.sh': script(command, head),
  'configs/small/4L.yml': model,
  'configs/local_setup.yml': local,
});
const at = 'jobs/run.sh';

describe('GPT-NeoX: the configs that a script names', () => {
  it.each([
    'python deepy.py train.py -d configs small/4L.yml local_setup.yml',
    'python ./deepy.py train.py --conf_dir configs small/4L local_setup',
    './deepy.py train.py configs/small/4L.yml configs/local_setup.yml',
    'python $NEOX/deepy.py $NEOX/train.py configs/small/4L.yml configs/local_setup.yml',
    'python deepy.py train.py small/4L.yml local_setup.yml -d configs',
    'python deepy.py train.py --wandb_group x configs/small/4L.yml configs/local_setup.yml',
  ])('are one run: %s', (command) => {
    const found = run(space(command), at);
    expect([found.framework, found.run.role, formatOf(found)]).toEqual([
      'gpt-neox',
      'pretrain',
      'fp16 none',
    ]);
    expect(found.run.parameters?.linear).toBe(12_582_912);
    // The other file's vocabulary: 50257 padded to 128 × 2, twice as the head is untied.
    expect(found.run.parameters?.total).toBeGreaterThan(2 * 50_432 * 512 + 12_582_912);
    expect(found.run.tokens.perRank?.value).toBe(1000 * 8 * 4 * 2048);
    expect(found.needs.map(({ why }) => why).join()).not.toContain('not found');
  });

  const command = 'srun python deepy.py train.py -d configs small/4L.yml local_setup.yml';

  it('take the GPUs of the script, not its number of tasks', () => {
    const total = (...head: string[]) => run(space(command, head), at).run.tokens.total?.value;
    const nodes = '#SBATCH --nodes=2';
    // 16 GPUs, two of which hold one copy: 8 ranks.
    const all = 1000 * 8 * 4 * 2048 * 8;
    expect(total(nodes, '#SBATCH --gres=gpu:8')).toBe(all);
    expect(total(nodes, '#SBATCH --gres=gpu:8', '#SBATCH --ntasks=2')).toBe(all);
    expect(total(nodes, '#SBATCH --ntasks-per-node=1')).toBeUndefined();
  });

  it('win the later, and say where each value stands', () => {
    const later = { ...space(command), 'configs/local_setup.yml': '{"train-iters": 50}\n' };
    const found = run(later, at);
    expect(found.run.tokens.perRank?.value).toBe(50 * 8 * 4 * 2048);
    expect(found.run.precision?.format.origin).toMatchObject({ file: 'configs/small/4L.yml' });
  });

  it('are named where they are missing', () => {
    const workspace = { [at]: script(command), 'configs/local_setup.yml': local };
    const found = run(workspace, at);
    expect(found.needs).toContainEqual(
      need('run', 'the file “small/4L.yml”, named on line 2, was not found'),
    );
    expect([found.run.parameters, formatOf(found)]).toEqual([null, null]);
  });

  it('stay open where a variable or an argument names them', () => {
    const found = run(space('python deepy.py train.py -d configs $1'), at);
    expect(found.needs).toContainEqual(
      need('run', 'the config “$1” is named by a variable or an argument of the script'),
    );
    expect(found.run.parameters).toBeNull();
  });

  it.each([
    'python deepy.py evaluate.py -d configs small/4L.yml --eval_tasks lambada piqa',
    'python deepy.py generate.py configs/small/4L.yml',
    'python train.py configs/small/4L.yml',
  ])('are not read for another program: %s', (other) => {
    expect(analysed(space(other), at).analysis.runs).toEqual([]);
  });

  it('get another format written where they state it', () => {
    const before = space(command);
    const after = written(before, at, { format: 'bf16', granularity: 'none', block: null });
    expect([after[at], after['configs/local_setup.yml']]).toEqual([before[at], local]);
    expect(after['configs/small/4L.yml']).toContain('"precision": "bfloat16"');
    expect(formatOf(run(after, at))).toBe('bf16 none');
  });
});
