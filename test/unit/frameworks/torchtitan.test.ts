import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import { need } from '../../../src/core/run/need.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';
import { mustRead, readText } from './readText.ts';

const training = ['[training]', 'local_batch_size = 1', 'seq_len = 8192', 'steps = 1000', ''].join(
  '\n',
);
const parallelism = [
  '[parallelism]',
  'data_parallel_replicate_degree = 1',
  'data_parallel_shard_degree = -1',
  'tensor_parallel_degree = 1',
  '',
].join('\n');

interface Parts {
  readonly model?: string;
  readonly training?: string;
  readonly parallelism?: string;
  readonly more?: string;
}

function config(parts: Parts = {}): string {
  return [
    `[model]\n${parts.model ?? 'name = "llama3"\nflavor = "8B"\n# converters = ["float8"]'}\n`,
    parts.training ?? training,
    parts.parallelism ?? parallelism,
    parts.more ?? '',
  ].join('\n');
}

const read = (parts?: Parts) => mustRead('a.toml', config(parts));
const flavor = (name: string, value: string) =>
  read({ model: `name = "${name}"\nflavor = "${value}"` }).counts;

describe('torchtitan: flavors', () => {
  // Published totals of the same shapes; DeepSeek-V3 without the 14,848 expert biases, which
  // torchtitan keeps as buffers.
  it.each([
    ['llama3', 'debugmodel', 6_163_712, 5_115_136],
    ['llama3', '8B', 8_030_261_248, 6_979_588_096],
    ['llama3', '70B', 70_553_706_496, 68_452_360_192],
    ['llama3', '405B', 405_853_388_800, 401_650_696_192],
    ['qwen3', '0.6B', 596_049_920, 440_467_456],
    ['qwen3', '1.7B', 1_720_574_976, 1_409_410_048],
    ['qwen3', '32B', 32_762_123_264, 31_206_298_624],
    ['qwen3', '30B-A3B', 30_532_122_624, 29_909_792_768],
    ['qwen3', '235B-A22B', 235_093_634_560, 233_848_974_848],
    ['deepseek_v3', '671B', 671_026_404_352, 669_173_046_272],
    ['deepseek_v3', '16B', 15_706_484_224, 15_287_053_824],
  ])('counts %s %s', (name, value, total, nonEmbedding) => {
    expect(flavor(name, value)).toMatchObject({ total, nonEmbedding });
  });

  it('sizes Llama 4 Scout and Maverick as published: 109 B and 400 B', () => {
    expect(flavor('llama4', '17bx16e')?.total).toBeCloseTo(107.8e9, -8);
    expect(flavor('llama4', '17bx128e')?.total).toBeCloseTo(400.7e9, -8);
  });

  it('rounds the experts of Llama 4’s debug model up to 512', () => {
    // Dense 3 × 256 × 768, mixtures 9 × 3 × 256 × 512 and a router of 256 × 8, three layers each;
    // attention 4 × 256², six times.
    const linear = 3 * (3 * 256 * 768) + 3 * (9 * 3 * 256 * 512 + 256 * 8) + 6 * 4 * 256 * 256;
    expect(flavor('llama4', 'debugmodel')?.linear).toBe(linear);
  });

  it('takes an attention backend or a wrapper for the same shape', () => {
    expect(flavor('simple_fsdp.llama3', '8B_flex')?.total).toBe(8_030_261_248);
  });

  it('says that it does not know a flavor', () => {
    const { counts, reading } = read({ model: 'name = "llama3"\nflavor = "9B"' });
    expect(counts).toBeNull();
    expect(reading.needs[0]?.why).toContain('llama3 9B');
  });

  it('takes the model of the Transformers backend by its own name', () => {
    const model = 'name = "transformers_modeling_backend"\nflavor = "full"';
    const { counts } = read({ model, more: '[hf_transformers]\nmodel = "Qwen/Qwen3-0.6B"' });
    expect(counts?.total).toBe(596_049_920);
  });

  it('is silent for FLUX', () => {
    expect(read({ model: 'name = "flux"\nflavor = "flux-dev"' }).reading.role).toBe('other');
  });
});

describe('torchtitan: tokens', () => {
  it('knows D a rank while the shard degree is -1', () => {
    const { tokens } = read();
    expect([tokens.total, tokens.perRank?.value]).toEqual([null, 8_192_000]);
  });

  it('knows D from an explicit shard degree, and from a positive global_batch_size', () => {
    const sharded = parallelism.replace('= -1', '= 16').replace('= 1\n', '= 4\n');
    expect(read({ parallelism: sharded }).tokens.total?.value).toBe(1000 * 64 * 8192);
    const global = `${training}global_batch_size = 256\n`;
    expect(read({ training: global }).tokens.total?.value).toBe(1000 * 256 * 8192);
    const auto = `${training}global_batch_size = -1\n`;
    expect(read({ training: auto }).tokens.total).toBeNull();
  });

  it('multiplies tensor, pipeline and context parallelism, in old tables too', () => {
    const newer = 'tensor_parallel_degree = 8\npipeline_parallel_degree = 4';
    expect(
      read({ parallelism: `[parallelism]\n${newer}\ncontext_parallel_degree = 2` }).reading.tokens
        .modelParallel?.value,
    ).toBe(64);
    expect(
      read({
        training: `${training}tensor_parallel_degree = 8\n`,
        parallelism: '[experimental]\npipeline_parallel_degree = 2',
      }).reading.tokens.modelParallel?.value,
    ).toBe(16);
  });

  it('reads batch_size of the older generation, and 8 without any', () => {
    const older = training.replace('local_batch_size = 1', 'batch_size = 4');
    expect(read({ training: older }).tokens.perRank?.value).toBe(1000 * 4 * 8192);
    const none = training.replace('local_batch_size = 1\n', '');
    expect(read({ training: none }).tokens.perRank?.value).toBe(1000 * 8 * 8192);
  });

  it('does not take the default of 10,000 steps, nor validation.steps', () => {
    const { tokens, reading } = read({
      training: training.replace('steps = 1000\n', ''),
      more: '[validation]\nsteps = 1200\nseq_len = 512',
    });
    expect([tokens.total, tokens.perRank]).toEqual([null, null]);
    expect(reading.needs[0]?.why).toMatch(/^training\.steps/);
  });

  it('continues only where checkpointing is on', () => {
    const more = (enable: boolean) =>
      `[checkpoint]\nenable = ${String(enable)}\ninitial_load_path = "a/b"\n`;
    expect(read({ more: more(true) }).reading.role).toBe('continued');
    expect(read({ more: more(false) }).reading.role).toBe('pretrain');
  });
});

describe('torchtitan: precision', () => {
  const model = (converters: string) =>
    `name = "llama3"\nflavor = "8B"\nconverters = ${converters}`;

  it.each([
    ['[]', '[float8]\nrecipe_name = "rowwise"', 'bf16 none'],
    ['["float8"]', '', 'fp8-e4m3 tensor'],
    ['["float8"]', '[float8]\nrecipe_name = "rowwise"', 'fp8-e4m3 channel'],
    ['["float8"]', '[quantize.linear.float8]\nrecipe_name = "rowwise"', 'fp8-e4m3 channel'],
    [
      '["quantize.linear.float8"]',
      '[quantize.linear.float8]\nrecipe_name = "tensorwise"',
      'fp8-e4m3 tensor',
    ],
    [
      '["quantize.linear.float8"]',
      '[quantize.linear.float8]\nrecipe_name = "rowwise_with_gw_hp"',
      'fp8-e4m3 channel',
    ],
    ['"float8,other"', '', 'fp8-e4m3 tensor'],
    ['["mx"]', '[mx]\nrecipe_name = "mxfp8"', 'mxfp8-e4m3 block 32'],
    ['["quantize.linear.mx"]', '', 'mxfp8-e4m3 block 32'],
    [
      '["quantize.linear.mx"]',
      '[quantize.linear.mx]\nrecipe_name = "mxfp4_cutlass"',
      'mxfp4 block 32',
    ],
    ['["quantize.grouped_mm.mx"]', '', 'mxfp8-e4m3 block 32'],
    ['["quantize.grouped_mm.float8"]', '', 'fp8-e4m3 channel'],
  ])('reads converters %s with %j as %s', (converters, more, format) => {
    expect(read({ model: model(converters), more }).format).toBe(format);
  });

  it('says that a section without its converter does nothing', () => {
    const { reading } = read({
      more: '[quantize.linear.float8]\nenable_fsdp_float8_all_gather = true',
    });
    expect(reading.precision?.notes).toEqual([
      'The section [quantize.linear.float8] does nothing: model.converters does not name it.',
    ]);
  });

  it('has E5M2 gradients tensor-wise and E4M3 ones row-wise', () => {
    const gradient = (recipe: string) =>
      read({ model: model('["float8"]'), more: `[float8]\nrecipe_name = "${recipe}"` }).reading
        .precision?.gradientFormat;
    expect([gradient('tensorwise'), gradient('rowwise')]).toEqual(['fp8-e5m2', null]);
  });

  it('reads the switch of the oldest generation', () => {
    expect(read({ more: '[float8]\nenable_float8_linear = true' }).format).toBe('fp8-e4m3 tensor');
    expect(read({ more: '[float8]\nenable_float8_linear = false' }).format).toBe('bf16 none');
  });

  it('reads mixed_precision_param', () => {
    const single = `${training}mixed_precision_param = "float32"\n`;
    expect(read({ training: single }).format).toBe('fp32 none');
  });
});

describe('torchtitan: writing', () => {
  it('adds the converter, and its table only where the recipe is not the default', () => {
    const tensor = read().write('fp8-e4m3', 'tensor');
    expect(tensor).toContain('converters = ["quantize.linear.float8"]');
    expect(tensor).not.toContain('[quantize.linear.float8]');
    const rows = read().write('fp8-e4m3', 'channel');
    expect(rows).toContain('[quantize.linear.float8]\nrecipe_name = "rowwise"');
    expect(mustRead('a.toml', rows).format).toBe('fp8-e4m3 channel');
    expect(mustRead('a.toml', read().write('mxfp4', 'block', 32)).format).toBe('mxfp4 block 32');
  });

  it('takes only low-precision converters out again', () => {
    const model = 'name = "llama3"\nflavor = "8B"\nconverters = ["custom", "float8"]';
    const written = read({ model }).write('bf16');
    expect(written).toContain('converters = ["custom"]');
    expect(mustRead('a.toml', written).format).toBe('bf16 none');
  });

  it('uses the switch of the oldest generation, which knows no rows', () => {
    const more = '[float8]\nenable_float8_linear = false';
    expect(mustRead('a.toml', read({ more }).write('fp8-e4m3', 'tensor')).format).toBe(
      'fp8-e4m3 tensor',
    );
    expect(read({ more }).write('fp8-e4m3', 'channel')).toBe(
      'This generation of torchtitan scales FP8 per tensor only.',
    );
  });

  it('needs a training table to be torchtitan’s', () => {
    expect(readText('a.toml', '[model]\nname = "a"\nflavor = "b"\n')).toBeNull();
  });
});

describe('torchtitan: the first FP8', () => {
  it.each([
    ['fp8_linear = "dynamic"', 'fp8-e4m3'],
    ['fp8_linear = "delayed"', 'fp8-e4m3'],
    ['fp8_linear = ""', 'bf16'],
    ['enable_fp8_linear = true', 'fp8-e4m3'],
    ['enable_fp8_linear = false', 'bf16'],
  ])('reads %s', (line, format) => {
    const text = `[model]\nname = "llama3"\nflavor = "8B"\n${training}${line}\n`;
    expect(mustRead('a.toml', text).reading.precision?.format.value).toBe(format);
  });
});

it('says that a flavor which is no word leaves the shape open', () => {
  const text = `[model]\nname = "llama3"\nflavor = ["8B"]\n${training}`;
  const [run] = analyse({ file: 'a.toml', text }, defaultSettings).runs;
  expect(run?.needs).toContainEqual(need('parameters', 'the file does not say the model’s shape'));
});
