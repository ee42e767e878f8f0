import { llamaPresets, type Preset } from './preset.ts';

/** Hugging Face's SmolLM. */
export function smollm(): readonly Preset[] {
  const source = 'SmolLM2 (arXiv 2502.02737) and the config.json of HuggingFaceTB';
  return llamaPresets(
    source,
    [
      ['SmolLM2-135M SmolLM-135M', [30, 576, 9, 3, 1536, 49152], 134515008],
      ['SmolLM2-360M SmolLM-360M', [32, 960, 15, 5, 2560, 49152], 361821120],
      ['SmolLM2-1.7B SmolLM-1.7B', [24, 2048, 32, 32, 8192, 49152], 1711376384],
      ['SmolLM3-3B', [36, 2048, 16, 4, 11008, 128256], 3075098624],
    ],
    { tied: true },
  );
}
