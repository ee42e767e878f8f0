import { expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import { resourcesJson } from '../../../src/core/present/resourcesJson.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';

function resourcesIn(file: string, lines: readonly string[]) {
  const [run] = analyse({ file, text: lines.join('\n') }, defaultSettings, new Map()).runs;
  return run ? resourcesJson(run) : null;
}

/** N of Llama 3.1 8B. */
const llama8b = 8_030_261_248;
/** The input of one of its layers for 2,048 tokens in 16 bits. */
const input = 2048 * 2 * 4096;

it('wraps what torchtune’s ac_mode says, which the older switch keeps it from doing', () => {
  const torchtune = (...more: readonly string[]) =>
    resourcesIn('full.yaml', [
      '# floatcast: world-size=4',
      'model: {_component_: torchtune.models.llama3_1.llama3_1_8b}',
      'tokenizer: {max_seq_len: 2048}',
      'dataset: {packed: true}',
      'optimizer: {_component_: torch.optim.AdamW}',
      'epochs: 1',
      'batch_size: 1',
      'dtype: bf16',
      ...more,
    ]);
  const activations = (...more: readonly string[]) => torchtune(...more)?.memory?.activations;
  const none = activations() ?? 0;
  const all = 32 * input + none / 32;
  expect(activations('enable_activation_checkpointing: true')).toBe(all);
  expect(activations('ac_mode: full')).toBe(all);
  const second = ['ac_mode: selective', 'ac_option: 2'];
  expect(activations(...second)).toBe(16 * input + (17 / 32) * none);
  expect(activations('enable_activation_checkpointing: true', ...second)).toBe(none);
  const operations = torchtune('ac_mode: selective', 'ac_option: op');
  expect(operations?.memory?.activations ?? null).toBeNull();
  expect(operations?.needs.join()).toContain('ac_mode');
});

it('wraps every second layer of torchtitan unless the option says otherwise', () => {
  const activations = (...more: readonly string[]) =>
    resourcesIn('run.toml', [
      '[model]',
      'name = "llama3"',
      'flavor = "8B"',
      '[training]',
      'local_batch_size = 1',
      'seq_len = 2048',
      'steps = 10',
      '[activation_checkpoint]',
      ...more,
    ])?.memory?.activations;
  const none = activations('mode = "none"') ?? 0;
  expect(none).toBeGreaterThan(0);
  const second = 16 * input + (17 / 32) * none;
  expect(activations('mode = "selective"')).toBe(second);
  expect(activations('mode = "selective"', 'selective_ac_option = "2"')).toBe(second);
  expect(activations('mode = "selective"', 'selective_ac_option = "4"')).toBe(
    8 * input + (25 / 32) * none,
  );
  const operations = activations('mode = "selective"', 'selective_ac_option = "op"') ?? 0;
  expect(operations).toBeGreaterThan(32 * input + none / 32);
});

it('keeps whole 16-bit gradients while the Trainer accumulates under FSDP', () => {
  const axolotl = (...more: readonly string[]) =>
    resourcesIn('full.yaml', [
      '# floatcast: world-size=8',
      'base_model: meta-llama/Llama-3.1-8B',
      'datasets: [{path: a, type: alpaca}]',
      'sequence_len: 2048',
      'micro_batch_size: 1',
      'max_steps: 10',
      'bf16: true',
      'optimizer: adamw_torch',
      'fsdp: [full_shard, auto_wrap]',
      ...more,
    ])?.memory;
  expect(axolotl()?.deviceParts?.gradients).toBe((4 * llama8b) / 8);
  const accumulated = axolotl('gradient_accumulation_steps: 4');
  expect(accumulated?.gradients).toBe(2 * llama8b);
  expect(accumulated?.deviceParts?.gradients).toBe(2 * llama8b);
  const each = 'accelerator_config: {gradient_accumulation_kwargs: {sync_each_batch: true}}';
  expect(axolotl('gradient_accumulation_steps: 4', each)?.deviceParts?.gradients).toBe(
    (4 * llama8b) / 8,
  );
});
