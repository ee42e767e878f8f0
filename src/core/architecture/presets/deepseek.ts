import type { LatentAttention } from '../shape.ts';
import { llamaPresets, mixture, type Preset } from './preset.ts';

const latent = (queryRank: number): { latentAttention: LatentAttention } => ({
  latentAttention: {
    queryRank,
    keyValueRank: 512,
    noPositionHead: 128,
    rotaryHead: 64,
    valueHead: 128,
  },
});

/** DeepSeek's models, and Moonshot's in the same architecture. Multi-token prediction is left out. */
export function deepseek(): readonly Preset[] {
  return [
    ...llamaPresets('DeepSeek LLM (arXiv 2401.02954), Table 2, and its config.json', [
      ['deepseek-llm-7b', [30, 4096, 32, 32, 11008, 102400], 6910365696],
      ['deepseek-llm-67b', [95, 8192, 64, 8, 22016, 102400], 67425001472],
    ]),
    ...llamaPresets('config.json of the deepseek-ai/deepseek-coder repositories', [
      ['deepseek-coder-1.3b', [24, 2048, 16, 16, 5504, 32256], 1346471936],
      ['deepseek-coder-6.7b', [32, 4096, 32, 32, 11008, 32256], 6740512768],
      ['deepseek-coder-33b', [62, 7168, 56, 8, 19200, 32256], 33342991360],
    ]),
    ...llamaPresets('DeepSeekMoE (arXiv 2401.06066) and its config.json', [
      [
        'deepseek-moe-16b',
        [28, 2048, 16, 16, 10944, 102400],
        16375728128,
        mixture(27, 64, 6, 1408, { sharedWidth: 2816 }),
      ],
    ]),
    ...llamaPresets('DeepSeek-V2 (arXiv 2405.04434) and its config.json', [
      [
        'DeepSeek-V2-Lite DeepSeek-Coder-V2-Lite deepseek2-16b',
        [27, 2048, 16, 16, 10944, 102400],
        15706484224,
        { ...mixture(26, 64, 6, 1408, { sharedWidth: 2816 }), ...latent(0) },
      ],
      [
        'DeepSeek-V2 DeepSeek-V2.5 DeepSeek-V2.5-1210 DeepSeek-Coder-V2 deepseek2-236b',
        [60, 5120, 128, 128, 12288, 102400],
        235741434880,
        { ...mixture(59, 160, 6, 1536, { sharedWidth: 3072 }), ...latent(1536) },
      ],
    ]),
    ...llamaPresets(
      'DeepSeek-V3 (arXiv 2412.19437) and its config.json, routing bias included, without its ' +
        'multi-token prediction layer',
      [
        [
          'DeepSeek-V3 DeepSeek-V3-0324 DeepSeek-R1 DeepSeek-R1-0528 DeepSeek-R1-Zero ' +
            'DeepSeek-V3.1 DeepSeek-V3.1-Terminus deepseek3-671b deepseek-v3-671b',
          [61, 7168, 128, 128, 18432, 129280],
          671026419200,
          {
            ...mixture(58, 256, 8, 2048, { sharedWidth: 2048, routerBias: true }),
            ...latent(1536),
          },
        ],
      ],
    ),
    ...llamaPresets('config.json of moonshotai/Moonlight-16B-A3B', [
      [
        'Moonlight-16B-A3B',
        [27, 2048, 16, 16, 11264, 163840],
        '16B',
        { ...mixture(26, 64, 6, 1408, { sharedWidth: 2816, routerBias: true }), ...latent(0) },
      ],
    ]),
  ];
}
