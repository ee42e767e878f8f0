import { describe, expect, it } from 'vitest';
import { mustRead, readText } from './readText.ts';
import { need } from '../../../src/core/run/need.ts';

const config = (more: Readonly<Record<string, unknown>>) =>
  mustRead(
    'a.json',
    JSON.stringify({ mode: 'QUANTIZE', observer: 'maxabs', dump_stats_path: './out', ...more }),
  );

describe('Intel Neural Compressor', () => {
  it('quantises weights and activations to E4M3 by default', () => {
    const { reading, format } = config({ scale_method: 'maxabs_hw' });
    expect(reading.role).toBe('quantize');
    expect(format).toBe('fp8-e4m3 tensor');
    expect(reading.precision).toMatchObject({
      format: { origin: { kind: 'default', of: 'Neural Compressor FP8Config' } },
      operands: ['weights', 'activations'],
      scale: 'power-of-two',
      recipe: 'MAXABS_HW',
    });
    expect(reading.precisionPlaces).toHaveLength(1);
  });

  it.each([
    [{ fp8_config: 'E5M2' }, 'fp8-e5m2 tensor'],
    [{ scale_method: 'ACT_MAXABS_HW_WEIGHTS_PCS_OPT_POW2' }, 'fp8-e4m3 channel'],
    [{ scale_method: 'ACT_MAXABS_PCS_POW2_WEIGHT_MAXABS_PTS_POW2_HW' }, 'fp8-e4m3 tensor'],
    [{ fp8_config: 'E3M4' }, null],
  ])('reads %j as %s', (more, format) => {
    expect(config(more).format).toBe(format);
  });

  it('says that activations are scaled otherwise', () => {
    const { reading } = config({ scale_method: 'ACT_MAXABS_HW_WEIGHTS_PCS_OPT_POW2' });
    expect(reading.precision?.notes[1]).toBe(
      'The activations are quantised to FP8 E4M3 per tensor.',
    );
  });

  it('quantises nothing while it measures', () => {
    const { reading, format } = config({ mode: 'MEASURE' });
    expect(format).toBeNull();
    expect(reading.needs).toEqual([
      need('format', 'the file only measures (mode MEASURE), it quantises nothing'),
    ]);
  });

  it.each([
    { mode: 'QUANTIZE', observer: 'maxabs' },
    { mode: 'production', allowlist: [], blocklist: [] },
    { observer: 'a', allowlist: [], blocklist: [] },
  ])('stays silent on %j', (value) => {
    expect(readText('a.json', JSON.stringify(value))).toBeNull();
  });
});
