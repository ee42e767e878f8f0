import { describe, expect, it } from 'vitest';
import { runOf, runsOf } from '../../frameworks/runsOf.ts';
import { need } from '../../../../src/core/run/need.ts';

const script = (flags: string, before = '', program = 'pretrain_gpt.py') =>
  `${before}\ntorchrun --nproc_per_node 8 --nnodes 4 ${program} \\\n  --num-layers 2 --hidden-size 256 --num-attention-heads 4 \\\n  --position-embedding-type rope --seq-length 1024 --micro-batch-size 2 \\\n  ${flags}\n`;
const read = (flags: string, before?: string, program?: string) =>
  runOf('run.sh', script(flags, before, program));

describe('Megatron-LM launch scripts', () => {
  it('counts N from flags: gated width from 4h, biases and a tied head by default', () => {
    const run = read('--train-iters 100 --global-batch-size 32 --swiglu --vocab-size 1000');
    // 2 × (4 × 256² + 3 × 256 × 640); 4 × 256 × 2 ÷ 3 rounds down to 640.
    expect(run.linear).toBe(2 * (4 * 256 ** 2 + 3 * 256 * 640));
    expect(run).toMatchObject({
      framework: 'megatron-lm',
      role: 'pretrain',
      tokens: 100 * 32 * 1024,
      format: 'fp32 none',
    });
  });

  it('takes the batch from the GPUs of the launcher where it is left out', () => {
    const flags = '--train-iters 100 --bf16 --tensor-model-parallel-size 2';
    // 32 GPUs ÷ 2 = 16 ranks of 2 sequences.
    expect(read(flags)).toMatchObject({ tokens: 100 * 16 * 2 * 1024, format: 'bf16 none' });
  });

  it('takes the GPUs from Slurm where torchrun is given a variable', () => {
    const head = '#SBATCH --nodes=3\n#SBATCH --gres=gpu:h100:4\n';
    const text = `${head}srun torchrun --nnodes $SLURM_NNODES --nproc_per_node 4 pretrain_gpt.py --num-layers 2 --hidden-size 64 --num-attention-heads 4 --seq-length 128 --micro-batch-size 1 --train-iters 10 --bf16`;
    expect(runOf('run.sh', text).tokens).toBe(10 * 12 * 128);
  });

  it('counts samples, and tokens that end the run before them', () => {
    expect(read('--train-samples 5000').tokens).toBe(5000 * 1024);
    expect(read('--train-samples 5000 --train-tokens 1000000').tokens).toBe(1_000_000);
    expect(read('--train-samples 5000 --train-tokens 9e9').tokens).toBe(5000 * 1024);
  });

  it('follows a batch that grows by tokens', () => {
    // 128 sequences a step until 256 Ki tokens (2 steps), then 512.
    const flags = '--train-iters 10 --global-batch-size 512';
    const schedule = '--step-batch-size-schedule "0:128 262144:512"';
    expect(read(`${flags} ${schedule}`).tokens).toBe((2 * 128 + 8 * 512) * 1024);
  });

  it.each([
    ['--bf16 --fp8-format hybrid', 'fp8-e4m3/fp8-e5m2 tensor'],
    ['--bf16 --fp8-format e4m3 --fp8-recipe blockwise', 'fp8-e4m3 block 128'],
    ['--bf16 --fp8-format hybrid --fp8-recipe mxfp8', 'mxfp8-e4m3/mxfp8-e5m2 block 32'],
    ['--bf16 --fp4-format e2m1 --fp4-recipe nvfp4', 'nvfp4 block 16'],
    ['--bf16 --fp8-recipe mxfp8 --fp8-amax-history-len 1024', 'bf16 none'],
    ['--fp16 --fp8-hybrid', 'fp8-e4m3/fp8-e5m2 tensor'],
    ['--fp16', 'fp16 none'],
  ])('reads %s', (flags, format) => {
    expect(read(`--train-iters 10 --global-batch-size 8 ${flags}`).format).toBe(format);
  });

  it('says what an argument or an unset variable leaves open, and guesses none of it', () => {
    const run = read('--train-iters $1 --global-batch-size $GBS --bf16 --fp8-format $FORMAT');
    expect(run).toMatchObject({ tokens: null, perRank: null, format: null });
    expect(run.needs).toEqual(
      expect.arrayContaining([
        need('tokens', 'train_iters is not told: an argument of the script gives this value'),
        need('tokens', 'global_batch_size is not told: the variable GBS is not set in this script'),
        need('format', 'fp8_format is not told: the variable FORMAT is not set in this script'),
      ]),
    );
  });

  it('knows a script whose model flags come from another file', () => {
    const text =
      'torchrun pretrain_gpt.py $MODEL --train-iters 10 --seq-length 128 --global-batch-size 8 --bf16';
    const run = runOf('run.sh', text);
    expect(run).toMatchObject({ linear: null, tokens: 10 * 8 * 128 });
    expect(run.needs).toContainEqual(
      need('parameters', 'the script does not say num_layers, hidden_size, num_attention_heads'),
    );
  });

  it('is silent for encoders, generation servers and data tools', () => {
    expect(runsOf('a.sh', script('--train-iters 10 --bf16', '', 'pretrain_bert.py'))).toEqual([]);
    const server = script('--bf16 --fp8-format hybrid', '', 'tools/run_text_generation_server.py');
    expect(runsOf('a.sh', server)).toEqual([]);
    expect(runsOf('a.sh', 'python tools/preprocess_data.py --seq-length 8 --workers 4')).toEqual(
      [],
    );
  });

  it('tells continued runs and fine-tuning', () => {
    expect(read('--train-iters 10 --finetune --load ckpt').role).toBe('continued');
    expect(read('--train-iters 10', '', 'finetune_llama.py').role).toBe('finetune');
  });

  it('writes formats where flags stand and adds the missing ones beside them', () => {
    const run = read('--train-iters 10 --global-batch-size 8 --bf16');
    expect(run.write('fp16')).toContain('--global-batch-size 8 --fp16');
    expect(run.write('fp16')).not.toContain('--bf16');
    expect(run.write('nvfp4', 'block', 16)).toContain(
      '--global-batch-size 8 --fp4-format e2m1 --fp4-recipe nvfp4 --bf16',
    );
    const low = read('--train-iters 10 --bf16 --fp8-format hybrid --fp8-recipe tensorwise --lr 1');
    expect(low.write('fp8-e4m3', 'block', 128)).toContain(
      '--bf16 --fp8-format e4m3 --fp8-recipe blockwise --lr 1',
    );
    expect(low.write('bf16')).toMatch(/--bf16 --fp8-recipe tensorwise --lr 1\n$/);
    expect(low.write('fp8-e4m3', 'channel')).toBe(
      'The framework has no setting for FP8 E4M3 per channel.',
    );
  });

  it('writes into the literal that a variable has', () => {
    const before = 'FORMAT=hybrid\nRECIPE="delayed"';
    const run = read('--train-iters 10 --bf16 --fp8-format $FORMAT --fp8-recipe ${RECIPE}', before);
    expect(run.write('mxfp8-e4m3', 'block', 32)).toMatch(/^FORMAT=e4m3\nRECIPE="?mxfp8"?\n/);
  });
});

describe('Megatron-DeepSpeed', () => {
  const own = '--deepspeed --zero-stage 1 --train-tokens 1000000 --bf16';

  it('has experts at every second layer, one of them a token', () => {
    const run = read(`${own} --num-experts 4`);
    const feedForward = 2 * 256 * 1024;
    expect(run).toMatchObject({ framework: 'megatron-deepspeed', tokens: 1_000_000 });
    expect(run.linear).toBe(2 * 4 * 256 ** 2 + 5 * feedForward + 256 * 4);
  });

  it('has grouped queries by num-key-value-heads', () => {
    expect(read(`${own} --num-key-value-heads 2`).linear).toBe(2 * (3 * 256 ** 2 + 2 * 256 * 1024));
  });

  it('counts the fork’s own gated layers, which are as wide as others', () => {
    const run = read(`${own} --glu-activation geglu`);
    expect(run.linear).toBe(2 * (4 * 256 ** 2 + 3 * 256 * 1024));
  });

  it('has as many rows as the fork is told to pad the vocabulary to', () => {
    const padded = (rows: number) => read(`${own} --pad-vocab-size-to ${rows}`).total ?? 0;
    expect(padded(1024) - padded(512)).toBe(512 * 256);
  });
});

describe('Pai-Megatron-Patch', () => {
  it('does not take the tokenizer’s length for the embedding’s', () => {
    const flags =
      '--train-iters 10 --global-batch-size 8 --bf16 --patch-tokenizer-type LLamaTokenizer --extra-vocab-size 7 --vocab-size 1000';
    const run = read(flags, '', 'pretrain_llama.py');
    expect(run).toMatchObject({ framework: 'pai-megatron', total: null, tokens: 10 * 8 * 1024 });
    expect(run.linear).toBe(2 * (4 * 256 ** 2 + 2 * 256 * 1024));
  });

  it('tells tuning by its data set', () => {
    const flags = '--train-iters 10 --patch-tokenizer-type X --dataset LLama-SFT-Raw';
    expect(read(flags, '', 'pretrain_llama.py').role).toBe('finetune');
  });
});
