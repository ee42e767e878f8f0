import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';

const base = [
  'model_name_or_path: mistralai/Mistral-7B-v0.1',
  'dataset_name: example/chats',
  'learning_rate: 2.0e-5',
];

const read = (...more: readonly string[]) => mustRead('a.yaml', [...base, ...more].join('\n'));

describe('HF Trainer / TRL', () => {
  it('fine-tunes a named model for three epochs by default', () => {
    const { reading, counts, tokens } = read();
    expect(reading.role).toBe('finetune');
    expect(counts?.total).toBe(7_241_732_096);
    expect(reading.tokens.duration).toMatchObject({ unit: 'epochs', count: { value: 3 } });
    expect(tokens.settledBy).toEqual(['dataset-tokens']);
  });

  it('takes max_steps: -1 for no bound', () => {
    expect(read('max_steps: -1', 'num_train_epochs: 2').reading.tokens.duration).toMatchObject({
      unit: 'epochs',
      count: { value: 2 },
    });
  });

  it('knows a packed run per rank, with the Trainer’s batch of 8', () => {
    const { tokens } = read('max_steps: 100', 'packing: true', 'max_length: 4096');
    expect(tokens.perRank?.value).toBe(100 * 8 * 4096);
    expect(tokens.settledBy).toEqual(['world-size']);
  });

  it('does not count unpacked samples as full ones', () => {
    const { tokens } = read('max_steps: 100', 'max_length: 4096');
    expect(tokens.perRank).toBeNull();
    expect(tokens.needs[0]?.why).toContain('packing is off');
  });

  it.each([
    [[], 'bf16 none'],
    [['fp16: true'], 'fp16 none'],
    [['bf16: true', 'torch_dtype: float16'], 'bf16 none'],
    [['bf16: false', 'torch_dtype: float16'], 'fp16 none'],
    [['bf16: false'], 'fp32 none'],
    [['bf16: true', 'load_in_4bit: true'], 'bf16 none'],
  ])('reads %j as %s', (lines, format) => {
    expect(read(...lines).format).toBe(format);
  });

  it('does not give a bare Trainer’s JSON TRL’s default', () => {
    const text = JSON.stringify({
      model_name_or_path: 'gpt2',
      learning_rate: 1e-4,
      num_train_epochs: 1,
    });
    expect(mustRead('a.json', text).format).toBeNull();
  });

  it.each(['google-bert/bert-base-uncased', 'FacebookAI/xlm-roberta-base', 'openai/whisper-tiny'])(
    'stays silent for %s',
    (model) => {
      const text = base.join('\n').replace('mistralai/Mistral-7B-v0.1', model);
      expect(mustRead('a.yaml', text).reading.role).toBe('other');
    },
  );

  it('writes the switches', () => {
    const text = [...base, 'bf16: true'].join('\n');
    expect(mustRead('a.yaml', text).write('fp16')).toBe(
      `${base.join('\n')}\nbf16: false\nfp16: true`,
    );
    expect(read().write('fp32')).toBe(`${base.join('\n')}\nbf16: false`);
    expect(read('torch_dtype: bfloat16').write('fp32')).toBe(
      [...base, 'torch_dtype: float32', 'bf16: false'].join('\n'),
    );
  });

  it('wants more than a model’s name', () => {
    expect(readText('a.yaml', 'model_name_or_path: a/b\ntemplate: qwen')).toBeNull();
  });
});

describe('HF Trainer / TRL: runs that generate what they train on', () => {
  it.each(['reward_funcs: [accuracy]', 'num_generations: 8'])('have no data set (%s)', (line) => {
    const { reading } = read(line, 'num_train_epochs: 1');
    expect(reading.tokens.duration).toBeNull();
    expect(reading.tokens.needs?.map(({ why }) => why)).toEqual([
      'the tokens are generated while the run goes on',
    ]);
  });
});
