import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';
import { need } from '../../../src/core/run/need.ts';

function config(builder: string, ...more: readonly string[]): string {
  return [
    'model:',
    `  _component_: torchtune.models.${builder}`,
    'optimizer:',
    '  _component_: torch.optim.AdamW',
    'batch_size: 2',
    'epochs: 1',
    'dtype: bf16',
    ...more,
  ].join('\n');
}

const read = (builder: string, ...more: readonly string[]) =>
  mustRead('a.yaml', config(builder, ...more));

describe('torchtune', () => {
  it.each([
    ['llama2.llama2_13b', 13_015_864_320],
    ['llama3.llama3_8b', 8_030_261_248],
    ['llama3.lora_llama3_8b', 8_030_261_248],
    ['llama3_1.qlora_llama3_1_70b', 70_553_706_496],
    ['llama3_2.llama3_2_1b', 1_235_814_400],
    ['code_llama2.code_llama2_7b', 6_738_546_688],
    ['mistral.mistral_7b', 7_241_732_096],
    ['gemma.gemma_2b', 2_506_172_416],
    ['gemma2.gemma2_9b', 9_241_705_984],
    ['phi3.phi3_mini', 3_821_079_552],
    ['phi4.phi4_14b', 14_659_507_200],
    ['qwen2.qwen2_0_5b', 494_032_768],
    ['qwen2_5.qwen2_5_7b_instruct', 7_615_616_512],
    ['qwen3.qwen3_8b_base', 8_190_735_360],
  ])('counts the builder %s', (builder, total) => {
    const { counts, reading } = read(builder);
    expect(counts?.total).toBe(total);
    expect(reading.role).toBe('finetune');
  });

  it('reads a component builder’s own numbers', () => {
    const text = config('llama3.llama3').replace(
      'optimizer:',
      '  vocab_size: 1000\n  num_layers: 2\n  num_heads: 4\n  embed_dim: 256\noptimizer:',
    );
    const { reading, counts } = mustRead('a.yaml', text);
    expect(reading.shape.feedForward?.value).toBe(768);
    expect(counts?.linear).toBe(2 * (4 * 256 * 256 + 3 * 256 * 768));
  });

  it('names an unknown builder instead of guessing', () => {
    expect(read('llama9.llama9_8b').reading.needs).toEqual([
      need('parameters', 'the shape of the builder “llama9_8b” is not known'),
    ]);
  });

  it.each(['llama3_2_vision.llama3_2_vision_11b', 'clip.clip_vision_encoder', 'flux.flux_1_dev'])(
    'stays silent for %s',
    (builder) => {
      expect(read(builder).reading.role).toBe('other');
    },
  );

  it('says epochs need the data set, and knows a bounded packed run per rank', () => {
    expect(read('llama3.llama3_8b').tokens.settledBy).toEqual(['dataset-tokens']);
    const bounded = read(
      'llama3.llama3_8b',
      'max_steps_per_epoch: 50',
      'gradient_accumulation_steps: 8',
      'dataset:\n  packed: True',
      'tokenizer:\n  max_seq_len: 4096',
    );
    expect(bounded.tokens.perRank?.value).toBe(50 * 2 * 8 * 4096);
  });

  it('does not count padding: unpacked samples leave D open', () => {
    const { tokens } = read('llama3.llama3_8b', 'max_steps_per_epoch: 50');
    expect(tokens.perRank).toBeNull();
    expect(tokens.needs[0]?.why).toContain('not known to be packed');
  });

  it.each([
    ['', 'fp8-e4m3 tensor'],
    ['fp8_recipe_name: rowwise', 'fp8-e4m3 channel'],
    ['fp8_recipe_name: rowwise_with_gw_hp', 'fp8-e4m3 channel'],
  ])('reads enable_fp8_training with %j as %s', (recipe, format) => {
    expect(read('llama3.llama3_8b', 'enable_fp8_training: true', recipe).format).toBe(format);
  });

  it('takes a recipe without its switch for nothing', () => {
    expect(read('llama3.llama3_8b', 'fp8_recipe_name: rowwise').format).toBe('bf16 none');
    expect(read('llama3.llama3_8b', 'enable_fp8_training: false').format).toBe('bf16 none');
  });

  it('reads a QAT quantizer, and does not offer to replace it', () => {
    const quantizer = 'quantizer:\n  _component_: torchtune.training.quantization.';
    const { format, reading } = read(
      'llama3.llama3_8b',
      `${quantizer}Int8DynActInt4WeightQATQuantizer\n  groupsize: 128`,
    );
    expect(format).toBe('int4 block 128');
    expect(reading.precision?.operands).toEqual(['weights', 'activations']);
    expect(reading.writeFormat).toBeNull();
  });

  it('writes FP8 with its switch, for full fine-tuning only', () => {
    expect(read('llama3.llama3_8b').write('fp8-e4m3', 'channel')).toBe(
      `${config('llama3.llama3_8b')}\nenable_fp8_training: true\nfp8_recipe_name: rowwise`,
    );
    expect(read('llama3.lora_llama3_8b').write('fp8-e4m3', 'channel')).toBe(
      'The framework has no setting for FP8 E4M3 per channel.',
    );
  });

  it('is silent for evaluation and generation, which train nothing', () => {
    const text = config('llama3.llama3_8b').replace('epochs: 1\n', '');
    expect(readText('a.yaml', text)).toBeNull();
  });
});
