import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import { lens } from '../../../src/core/present/lens.ts';
import { resourceParts, resourcesTable } from '../../../src/core/present/resources.ts';
import { resourcesJson } from '../../../src/core/present/resourcesJson.ts';
import { runRow } from '../../../src/core/present/runRow.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';

const qlora = [
  'base_model: meta-llama/Llama-3.1-8B',
  'datasets:',
  '  - path: tatsu-lab/alpaca',
  '    type: alpaca',
  'sequence_len: 2048',
  'sample_packing: true',
  'micro_batch_size: 1',
  'gradient_checkpointing: true',
  'adapter: qlora',
  'load_in_4bit: true',
  'lora_r: 16',
  'lora_target_linear: true',
  'optimizer: paged_adamw_8bit',
  'bf16: true',
].join('\n');

function runOf(text: string, hardware: string | null = null, file = 'tune.yaml') {
  const [run] = analyse({ file, text }, { ...defaultSettings, hardware }).runs;
  if (!run) throw new Error('no run');
  return run;
}

describe('a fine-tune', () => {
  it('says base model, what is trained, formats and what is missing', () => {
    expect(lens(runOf(qlora)).summary).toBe(
      'meta-llama/Llama-3.1-8B · N 8.03 B · trains 41.9 M in adapters · NF4 (constants quantised again) stored, BF16 computed · D needs the data set’s tokens · no scaling law covers fine-tuning',
    );
  });

  it('says its memory, and whether the accelerator has it', () => {
    expect(resourceParts(runOf(qlora))).toEqual(['≈ 9.6 GB a GPU']);
    expect(resourceParts(runOf(qlora, 'rtx4090'))).toEqual(['≈ 9.6 GB a GPU', 'fits RTX4090']);
    expect(runRow(runOf(qlora, 'rtx4090')).summary).toBe(
      'N 8.03 B · BF16 · ≈ 9.6 GB a GPU · fits RTX4090',
    );
  });

  it('has a table of its memory by part', () => {
    const lines = resourcesTable(runOf(qlora));
    expect(lines).toContain('| weights | 5.76 GB |');
    expect(lines).toContain('| optimizer state | 0.0852 GB |');
  });

  it('counts operations for frozen weights without their gradients', () => {
    const told = runOf(`# floatcast: dataset-tokens=1B\n${qlora}\nnum_epochs: 1`);
    const json = resourcesJson(told);
    // 4 a frozen weight and token, 6 of an adapter, attention at 2,048 tokens, the head.
    const linear = 4 * 6_979_321_856 + 6 * 41_943_040;
    const attention = 6 * 32 * 4096 * 2048;
    const head = 4 * 128_256 * 4096;
    expect(json?.flop).toBe((linear + attention + head) * 1e9);
    expect(json?.trainedParameters).toBe(41_943_040);
  });
});

const script = (more: string) =>
  [
    'torchrun --nproc_per_node 8 --nnodes 1 pretrain_gpt.py --num-layers 32 --hidden-size 4096 \\',
    '  --ffn-hidden-size 14336 --num-attention-heads 32 --group-query-attention \\',
    '  --num-query-groups 8 --swiglu --untie-embeddings-and-output-weights --vocab-size 128256 \\',
    '  --normalization RMSNorm --disable-bias-linear --position-embedding-type rope \\',
    '  --seq-length 8192 --micro-batch-size 1 --global-batch-size 128 --train-iters 100000 \\',
    `  --hidden-dropout 0 --bf16 ${more}`,
  ].join('\n');

describe('pre-training', () => {
  it('divides the optimizer’s 12 of 18 bytes by the distributed optimizer, all by tensor parallelism', () => {
    const device = (more: string) => {
      const json = resourcesJson(runOf(script(more), null, 'train.sh'));
      const {
        weights = 0,
        masterWeights = 0,
        gradients = 0,
        optimizer = 0,
      } = json?.memory?.deviceParts ?? {};
      return (weights + masterWeights + gradients + optimizer) / 8_030_261_248;
    };
    expect(device('')).toBeCloseTo(18, 6);
    expect(device('--use-distributed-optimizer')).toBeCloseTo(6 + 12 / 8, 6);
    expect(device('--tensor-model-parallel-size 2')).toBeCloseTo(9, 6);
    expect(device('--tensor-model-parallel-size 2 --use-distributed-optimizer')).toBeCloseTo(
      3 + 6 / 4,
      6,
    );
  });

  it('bounds what FP8 brings by what is not quantised, and names what was measured', () => {
    const fp8 = runOf(
      script('--transformer-impl transformer_engine --fp8-format hybrid'),
      'h100',
      'train.sh',
    );
    const { speedupBound, hours } = fp8.resources;
    expect(speedupBound).toBeGreaterThan(1.5);
    expect(speedupBound).toBeLessThan(1.8);
    const bf16 = runOf(script(''), 'h100', 'train.sh').resources;
    expect((bf16.hours ?? 0) / (hours ?? 1)).toBeCloseTo(speedupBound ?? 0, 9);
    expect(resourcesTable(fp8).join('\n')).toContain('1.28× BF16: Llama 3.1 8B on 8 of them');
  });

  it('says what is missing where the number of GPUs is not told', () => {
    const open = runOf(
      script('--use-distributed-optimizer').replace(
        'torchrun --nproc_per_node 8 --nnodes 1',
        'python',
      ),
      null,
      'train.sh',
    );
    expect(resourcesJson(open)?.memory?.perDevice).toBeNull();
    expect(resourcesJson(open)?.needs).toEqual([
      'memory: a device’s share needs the number of GPUs (assumption world-size)',
    ]);
  });
});
