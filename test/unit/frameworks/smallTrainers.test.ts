import { describe, expect, it } from 'vitest';
import { runOf, runsOf } from './runsOf.ts';

describe('llm.c', () => {
  const command = (flags: string) => `./train_gpt2cu -i a.bin -b 8 -t 1024 ${flags}`;

  it('counts GPT-2 by depth with its padded vocabulary', () => {
    const run = runOf('a.sh', command('-d 524288 -x 100 -e d12'));
    expect(run).toMatchObject({ framework: 'llmc', role: 'pretrain', total: 124_475_904 });
    expect(run).toMatchObject({ tokens: 100 * 524_288, format: 'bf16 none' });
    expect(runOf('a.sh', command('-d 8192 -x 1 -e d13')).linear).toBeNull();
  });

  it('has a micro-batch of each GPU for a step where -d is not there', () => {
    const run = runOf('a.sh', `mpirun -np 4 ${command('-x 10 -e gpt3:c768')}`);
    expect(run.tokens).toBe(10 * 4 * 8 * 1024);
    expect(run.total).toBe(124_475_904 + 1024 * 768);
    expect(runOf('a.sh', command('-x 10 -e gpt3:c12288')).linear).toBe(12 * 96 * 12288 ** 2);
  });

  it('starts from GPT-2’s weights unless it is told otherwise', () => {
    expect(runOf('a.sh', command('-x 10 -d $1'))).toMatchObject({
      role: 'finetune',
      linear: 84_934_656,
      tokens: null,
    });
    expect(runOf('a.sh', command('-x 10 -e out/model_00005000.bin'))).toMatchObject({
      role: 'continued',
      linear: null,
    });
    const made = `make train_gpt2cu PRECISION=FP32\n${command('-x 10 -e d12')}`;
    expect(runOf('a.sh', made).format).toBe('fp32 none');
  });
});

describe('QuEST and Quartet', () => {
  const command = (flags: string) =>
    `torchrun src/main.py --distributed-backend nccl --model llama --n-layer 2 --n-embd 256 --n-head 2 --batch-size 4 --acc-steps 2 --iterations 10 ${flags}`;

  it('round the feed-forward width up, and share the batch among the GPUs', () => {
    const run = runOf('a.sh', command(''));
    expect(run.linear).toBe(2 * (4 * 256 ** 2 + 3 * 256 * 768));
    expect(run).toMatchObject({ framework: 'quartet', tokens: 10 * 8 * 512, format: 'bf16 none' });
  });

  it('know MXFP4 quantizers, and no others', () => {
    const both = '--w-quant QuestMXFP4Quantizer --a-quant QuestMXFP4Quantizer';
    expect(runOf('a.sh', command(both)).format).toBe('mxfp4 block 32');
    const other = runOf('a.sh', command('--w-quant HadamardTrustQuantizer --a-quant X'));
    expect(other.format).toBeNull();
    expect(other.needs.map(({ settles }) => settles)).toEqual(['format']);
    const base = runOf('a.sh', command('').replace('--model llama', '--model base'));
    expect(base.linear).toBeNull();
  });

  it('are not any main.py', () => {
    expect(runsOf('a.sh', 'python main.py --batch-size 4 --acc-steps 2 --lr 1')).toEqual([]);
  });
});

describe('picotron', () => {
  const config = (model: string, training = '') =>
    `{"distributed": {"tp_size": 1, "dp_size": 2}, "model": {"name": ${model}}, "training": {"total_train_steps": 5, "seq_length": 16, "micro_batch_size": 3, "gradient_accumulation_steps": 4${training}}}`;

  it('builds its own Llama with the numbers of a named model', () => {
    const run = runOf('a.json', config('"Qwen/Qwen3-8B", "num_hidden_layers": 1'));
    // Heads are hidden ÷ heads wide here, and nothing norms queries and keys.
    expect(run.linear).toBe(2 * 4096 * 4096 + 2 * 4096 * 1024 + 3 * 4096 * 12288);
    expect(run).toMatchObject({ framework: 'picotron', tokens: 5 * 16 * 24, format: 'bf16 none' });
  });

  it('multiplies in BF16 on GPUs whatever model.dtype says', () => {
    const run = runOf('a.json', config('"Qwen/Qwen3-8B", "dtype": "float32"'));
    expect([run.format, run.notes.length]).toEqual(['bf16 none', 1]);
    const cpu = config('"Qwen/Qwen3-8B"').replace('"dp_size"', '"use_cpu": true, "dp_size"');
    expect(runOf('a.json', cpu).format).toBe('fp32 none');
  });

  it('ends at whichever of its two bounds comes first', () => {
    expect(runOf('a.json', config('"a/b"', ', "max_tokens": 100')).tokens).toBe(100);
    expect(runOf('a.json', config('"a/b"')).linear).toBeNull();
  });
});

describe('LLM Foundry with a class of one’s own', () => {
  const config = (name: string) =>
    `model: {name: ${name}, d_model: 64, n_heads: 4, n_layers: 2, intermediate_size: 128, vocab_size: 100}\nmax_duration: 10ba\nglobal_train_batch_size: 2\nmax_seq_len: 8\ntrain_loader: {name: text}\n`;

  it('counts LLM-Shearing’s Llama, and says what it does not know of others', () => {
    const run = runOf('a.yaml', config('mosaic_llama2_370m'));
    expect(run.linear).toBe(2 * (4 * 64 ** 2 + 3 * 64 * 128));
    expect(run.tokens).toBe(10 * 2 * 8);
    const other = runOf('a.yaml', config('mosaic_pythia_70m'));
    expect([other.linear, other.tokens]).toEqual([null, 160]);
    expect(other.needs.map(({ settles }) => settles)).toContain('parameters');
    expect(runsOf('a.yaml', config('mosaic_bert'))).toEqual([]);
  });
});
