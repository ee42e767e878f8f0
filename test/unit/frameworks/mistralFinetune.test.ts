import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';
import { need } from '../../../src/core/run/need.ts';

const config = (model: string) =>
  [
    'data: {instruct_data: a.jsonl}',
    `model_id_or_path: ${model}`,
    'seq_len: 32768',
    'batch_size: 1',
    'max_steps: 300',
  ].join('\n');

describe('mistral-finetune', () => {
  it('knows the tokens of one rank and the model of a folder', () => {
    const { counts, tokens, format, reading } = mustRead('a.yaml', config('m/Mistral-7B-v0.3'));
    expect(reading.role).toBe('finetune');
    expect(counts?.total).toBe(7_248_023_552);
    expect(tokens.perRank?.value).toBe(300 * 32_768);
    expect(format).toBe('bf16 none');
    expect(reading.writeFormat).toBeNull();
  });

  it('asks for a model that is left empty', () => {
    const { counts, reading } = mustRead('a.yaml', config('""'));
    expect(counts).toBeNull();
    expect(reading.needs).toEqual([need('parameters', 'model_id_or_path is empty')]);
  });

  it('wants its data section', () => {
    expect(readText('a.yaml', config('a').replace('data:', 'inputs:'))).toBeNull();
  });
});
