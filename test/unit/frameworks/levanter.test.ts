import { describe, expect, it } from 'vitest';
import { formatOf, run, written } from './readFiles.ts';
import { readText } from './readText.ts';

interface Parts {
  readonly model?: string;
  readonly trainer?: readonly string[];
  readonly more?: string;
}

function config({ model = 'type: gpt2', trainer = [], more = '' }: Parts = {}): string {
  return [
    'data: {tokenizer: gpt2}',
    `model: {${model}}`,
    'trainer:',
    '  mp: p=f32,c=bfloat16',
    ...trainer.map((line) => `  ${line}`),
    more,
  ].join('\n');
}

const read = (parts?: Parts) => {
  const text = config({ trainer: ['train_batch_size: 512'], ...parts });
  return run({ 'a.yaml': text }, 'a.yaml');
};

describe('Levanter', () => {
  it('has 400,000 steps and a batch of 512 where the file leaves them out', () => {
    expect(read().run.tokens.total?.value).toBe(400_000 * 512 * 1024);
    expect(read({ trainer: ['num_train_steps: 10'] }).run.tokens.total?.value).toBe(
      10 * 512 * 1024,
    );
  });

  it('adds up a schedule of batches, and refuses one without a start', () => {
    const schedule = (start: number) => [
      'num_train_steps: 20000',
      `train_batch_size: [{start: ${start}, value: 64}, {start: 64, value: 128}, {start: 256, value: 64}, {start: 1024, value: 256}]`,
    ];
    expect(read({ trainer: schedule(0) }).run.tokens.total?.value).toBe(
      (64 * 64 + 192 * 128 + 768 * 64 + 18_976 * 256) * 1024,
    );
    expect(read({ trainer: schedule(5) }).run.tokens.total).toBeNull();
  });

  it('reads GPT-2 with learned positions, and without biases the norms have none', () => {
    expect(read().run.parameters?.total).toBe(124_439_808);
    const { parameters } = read({ model: 'type: gpt2, use_bias: false' }).run;
    expect(parameters?.nonEmbedding).toBe(12 * (12 * 768 * 768 + 2 * 768) + 768);
  });

  it('gives a Llama 32 key-value heads, a Mistral 8', () => {
    const linear = (type: string) => read({ model: `type: ${type}` }).run.parameters?.linear;
    expect(linear('llama')).toBe(32 * (4 * 4096 * 4096 + 3 * 4096 * 11_008));
    expect(linear('mistral')).toBe(32 * (2.5 * 4096 * 4096 + 3 * 4096 * 14_336));
    expect(linear('mixtral')).toBe(32 * (2.5 * 4096 * 4096 + 4096 * 8 + 8 * 3 * 4096 * 14_336));
  });

  it('drops the norms’ weights with use_layer_norm_weight: false', () => {
    const { parameters } = read({ model: 'type: llama, use_layer_norm_weight: false' }).run;
    expect(parameters?.nonEmbedding).toBe(parameters?.linear);
  });

  it.each([
    ['p=f32,c=bfloat16', 'bf16 none'],
    ['compute=bfloat16,params=float32,output=bfloat16', 'bf16 none'],
    ['bfloat16', 'bf16 none'],
    ['f32', 'fp32 none'],
    ['p=f32,c=f16', 'fp16 none'],
  ])('reads the policy %s as %s', (policy, format) => {
    const text = config({ trainer: ['train_batch_size: 8'] }).replace('p=f32,c=bfloat16', policy);
    expect(formatOf(run({ 'a.yaml': text }, 'a.yaml'))).toBe(format);
  });

  it.each([
    ['quantization: {fp8: true}', 'fp8-e4m3 tensor (fp8-e5m2)'],
    ['quantization: {int8: true}', 'int8 tensor'],
    ['quantization: null', 'bf16 none'],
    ['quantization: {fp8: false}', 'bf16 none'],
  ])('reads %s as %s', (line, format) => {
    expect(formatOf(read({ trainer: ['train_batch_size: 8', line] }))).toBe(format);
  });

  it('continues from a Hugging Face checkpoint', () => {
    const more = 'initialize_from_hf: mistralai/Mistral-7B-v0.1\nuse_hf_model_config: true';
    const { run: got } = read({ model: 'type: mistral', more });
    expect(got.role).toBe('continued');
    expect(got.parameters?.total).toBe(7_241_732_096);
  });

  it('is silent for speech and for evaluation', () => {
    expect(
      readText('a.yaml', config({ model: 'type: whisper', trainer: ['train_batch_size: 8'] }))
        ?.reading.role,
    ).toBe('other');
    const more = 'eval_harness: {task_spec: []}';
    expect(readText('a.yaml', config({ trainer: ['train_batch_size: 8'], more }))).toBeNull();
  });

  it('writes quantization and takes it back', () => {
    const before = { 'a.yaml': config({ trainer: ['train_batch_size: 8'] }) };
    const fp8 = { format: 'fp8-e4m3', granularity: 'tensor', block: null } as const;
    const low = written(before, 'a.yaml', fp8);
    expect(low['a.yaml']).toContain('  quantization:\n    fp8: true');
    const plain = written(low, 'a.yaml', { format: 'bf16', granularity: 'none', block: null });
    expect(formatOf(run(plain, 'a.yaml'))).toBe('bf16 none');
  });
});
