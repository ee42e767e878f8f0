import { describe, expect, it } from 'vitest';
import { findPreset } from '../../../src/core/architecture/presets.ts';
import { adapterParameters } from '../../../src/core/resources/adapters.ts';
import { optimizerBytes } from '../../../src/core/resources/optimizers.ts';
import { byDefault } from '../../../src/core/run/known.ts';
import type { LinearName } from '../../../src/core/run/setup.ts';

const shapeOf = (name: string) => {
  const preset = findPreset(name);
  if (!preset) throw new Error(`no preset ${name}`);
  return preset.shape;
};
const all: readonly LinearName[] = ['query', 'key', 'value', 'output', 'gate', 'up', 'down'];
const rank = (value: number) => byDefault(value, 'test');

describe('parameters of adapters', () => {
  it('are those that PEFT prints for Llama 2 7B and Llama 3.1 8B', () => {
    const llama2 = shapeOf('Llama-2-7b');
    expect(adapterParameters(llama2, { rank: rank(8), targets: ['query', 'value'] })).toBe(
      4_194_304,
    );
    expect(adapterParameters(llama2, { rank: rank(16), targets: all })).toBe(39_976_960);
    expect(adapterParameters(shapeOf('Llama-3.1-8B'), { rank: rank(16), targets: all })).toBe(
      41_943_040,
    );
  });

  it('count DoRA’s magnitudes and layers trained whole', () => {
    const llama = shapeOf('Llama-2-7b');
    const plain = adapterParameters(llama, { rank: rank(8), targets: ['query'] }) ?? 0;
    const dora = adapterParameters(llama, { rank: rank(8), targets: ['query'], magnitudes: true });
    expect(dora).toBe(plain + 32 * 4096);
    const whole = adapterParameters(llama, { rank: rank(8), targets: ['query'], whole: ['head'] });
    expect(whole).toBe(plain + 32_000 * 4096);
  });

  it('are unknown beside experts, whose matrices share a name', () => {
    const mixtral = shapeOf('Mixtral-8x7B-v0.1');
    expect(adapterParameters(mixtral, { rank: rank(8), targets: ['gate'] })).toBeNull();
    expect(adapterParameters(mixtral, { rank: rank(8), targets: ['query'] })).toBe(
      32 * 8 * (4096 + 4096),
    );
  });
});

describe('state of optimizers', () => {
  const shape = shapeOf('Llama-2-7b');
  const bytes = (name: string, trained = 1000) =>
    optimizerBytes({ name, trained, matrices: 900, shape, valueBytes: 4 });

  it('is told by the names that frameworks have', () => {
    expect(bytes('adamw_torch_fused')).toBe(8000);
    expect(bytes('torch.optim.AdamW')).toBe(8000);
    expect(bytes('decoupled_adamw')).toBe(8000);
    expect(bytes('paged_adamw_32bit')).toBe(8000);
    expect(bytes('adamw_bnb_8bit')).toBe(2 * 1015.625);
    expect(bytes('bitsandbytes.optim.PagedAdamW8bit')).toBe(2 * 1015.625);
    expect(bytes('lion_8bit')).toBe(1015.625);
    expect(bytes('SGD')).toBe(0);
    expect(bytes('muon')).toBe(900 * 4 + 100 * 8);
    expect(bytes('adafactor')).toBeCloseTo((2 * 1000 * 4) / 4096);
  });

  it('is unknown for a name that is not', () => {
    expect(bytes('galore_adamw')).toBeNull();
    expect(bytes('constructor')).toBeNull();
  });
});
