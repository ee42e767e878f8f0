import type { ModelShape } from '../shape.ts';
import { llamaPresets, mixture, type Preset } from './preset.ts';

const tied = { tied: true };
const keyValueBias: Partial<ModelShape> = {
  biases: { queryKeyValue: true, attentionOutput: false, feedForward: false, head: false },
};
const headNorm: Partial<ModelShape> = { queryKeyNorm: 'head', headDimension: 128 };

/** Alibaba's Qwen models: query-key-value biases up to 2.5, query and key norms since 3. */
export function qwen(): readonly Preset[] {
  return [
    ...llamaPresets(
      'Qwen (arXiv 2309.16609) and its config.json, whose intermediate_size is twice one matrix',
      [
        ['Qwen-1_8B', [24, 2048, 16, 16, 5504, 151936], 1836828672],
        ['Qwen-7B', [32, 4096, 32, 32, 11008, 151936], 7721324544],
        ['Qwen-14B', [40, 5120, 40, 40, 13696, 152064], 14167290880],
        ['Qwen-72B', [80, 8192, 64, 64, 24576, 152064], 72287920128],
      ],
      keyValueBias,
    ),
    ...llamaPresets(
      'config.json and safetensors of the Qwen/Qwen1.5 repositories',
      [
        ['Qwen1.5-0.5B', [24, 1024, 16, 16, 2816, 151936], 463987712, tied],
        ['Qwen1.5-1.8B', [24, 2048, 16, 16, 5504, 151936], 1836828672],
        ['Qwen1.5-4B', [40, 2560, 20, 20, 6912, 151936], 3950369280],
        ['Qwen1.5-7B', [32, 4096, 32, 32, 11008, 151936], 7721324544],
        ['Qwen1.5-14B', [40, 5120, 40, 40, 13696, 152064], 14167290880],
        ['Qwen1.5-32B', [64, 5120, 40, 8, 27392, 152064], 32512218112],
        ['Qwen1.5-72B', [80, 8192, 64, 64, 24576, 152064], 72287920128],
        ['Qwen1.5-110B', [80, 8192, 64, 8, 49152, 152064], 111209914368],
        [
          'Qwen1.5-MoE-A2.7B',
          [24, 2048, 16, 16, 5632, 151936],
          14315784192,
          mixture(24, 60, 4, 1408, { sharedWidth: 5632, sharedGate: true }),
        ],
      ],
      keyValueBias,
    ),
    ...llamaPresets(
      'Qwen2 (arXiv 2407.10671), Table 1, and its config.json',
      [
        ['Qwen2-0.5B', [24, 896, 14, 2, 4864, 151936], 494032768, tied],
        ['Qwen2-1.5B', [28, 1536, 12, 2, 8960, 151936], 1543714304, tied],
        ['Qwen2-7B', [28, 3584, 28, 4, 18944, 152064], 7615616512],
        ['Qwen2-72B', [80, 8192, 64, 8, 29568, 152064], 72706203648],
        [
          'Qwen2-57B-A14B',
          [28, 3584, 28, 4, 18944, 151936],
          '57.4B',
          mixture(28, 64, 8, 2560, { sharedWidth: 20480, sharedGate: true }),
        ],
      ],
      keyValueBias,
    ),
    ...llamaPresets(
      'Qwen2.5 (arXiv 2412.15115) and its config.json',
      [
        [
          'Qwen2.5-0.5B Qwen2.5-Coder-0.5B qwen2-5-0-5b',
          [24, 896, 14, 2, 4864, 151936],
          494032768,
          tied,
        ],
        [
          'Qwen2.5-1.5B Qwen2.5-Coder-1.5B Qwen2.5-Math-1.5B qwen2-5-1-5b',
          [28, 1536, 12, 2, 8960, 151936],
          1543714304,
          tied,
        ],
        [
          'Qwen2.5-3B Qwen2.5-Coder-3B qwen2-5-3b',
          [36, 2048, 16, 2, 11008, 151936],
          3085938688,
          tied,
        ],
        [
          'Qwen2.5-7B Qwen2.5-Coder-7B Qwen2.5-Math-7B Qwen2.5-7B-1M qwen2-5-7b ' +
            'DeepSeek-R1-Distill-Qwen-7B',
          [28, 3584, 28, 4, 18944, 152064],
          7615616512,
        ],
        [
          'Qwen2.5-14B Qwen2.5-Coder-14B Qwen2.5-14B-1M qwen2-5-14b DeepSeek-R1-Distill-Qwen-14B',
          [48, 5120, 40, 8, 13824, 152064],
          14770033664,
        ],
        [
          'Qwen2.5-32B Qwen2.5-Coder-32B QwQ-32B QwQ-32B-Preview qwen2-5-32b ' +
            'DeepSeek-R1-Distill-Qwen-32B',
          [64, 5120, 40, 8, 27648, 152064],
          32763876352,
        ],
        ['Qwen2.5-72B Qwen2.5-Math-72B qwen2-5-72b', [80, 8192, 64, 8, 29568, 152064], 72706203648],
        ['DeepSeek-R1-Distill-Qwen-1.5B', [28, 1536, 12, 2, 8960, 151936], 1777088000],
      ],
      keyValueBias,
    ),
    ...llamaPresets(
      'Qwen3 (arXiv 2505.09388), Tables 1 and 2, and its config.json',
      [
        ['Qwen3-0.6B qwen3-0-6b', [28, 1024, 16, 8, 3072, 151936], 596049920, tied],
        ['Qwen3-1.7B qwen3-1-7b', [28, 2048, 16, 8, 6144, 151936], 1720574976, tied],
        ['Qwen3-4B Qwen3-4B-2507', [36, 2560, 32, 8, 9728, 151936], 4022468096, tied],
        ['Qwen3-8B', [36, 4096, 32, 8, 12288, 151936], 8190735360],
        ['Qwen3-14B', [40, 5120, 40, 8, 17408, 151936], 14768307200],
        ['Qwen3-32B', [64, 5120, 64, 8, 25600, 151936], 32762123264],
        [
          'Qwen3-30B-A3B Qwen3-30B-A3B-2507 Qwen3-Coder-30B-A3B',
          [48, 2048, 32, 4, 6144, 151936],
          30532122624,
          mixture(48, 128, 8, 768),
        ],
        [
          'Qwen3-235B-A22B Qwen3-235B-A22B-2507',
          [94, 4096, 64, 4, 12288, 151936],
          235093634560,
          mixture(94, 128, 8, 1536),
        ],
        [
          'Qwen3-Coder-480B-A35B',
          [62, 6144, 96, 8, 8192, 151936],
          480154875392,
          mixture(62, 160, 8, 2560),
        ],
      ],
      headNorm,
    ),
  ];
}
