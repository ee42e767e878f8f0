import { llamaPresets, type Preset } from './preset.ts';

/** Meta's Llama models and those trained in exactly their shape. */
export function llama(): readonly Preset[] {
  return [
    ...llamaPresets('LLaMA (arXiv 2302.13971), Table 2, and its config.json', [
      ['llama-7b llama-1-7b open-llama-7b', [32, 4096, 32, 32, 11008, 32000], 6738415616],
      ['llama-13b llama-1-13b open-llama-13b', [40, 5120, 40, 40, 13824, 32000], 13015864320],
      ['llama-30b llama-33b llama-1-30b', [60, 6656, 52, 52, 17920, 32000], 32528943616],
      ['llama-65b llama-1-65b', [80, 8192, 64, 64, 22016, 32000], 65285660672],
    ]),
    ...llamaPresets('config.json of openlm-research/open_llama_3b', [
      ['open-llama-3b open-llama-3b-v2', [26, 3200, 32, 32, 8640, 32000], 3426473600],
    ]),
    ...llamaPresets('Llama 2 (arXiv 2307.09288) and its config.json', [
      ['Llama-2-7b vicuna-7b-v1.5', [32, 4096, 32, 32, 11008, 32000], 6738415616],
      ['Llama-2-13b vicuna-13b-v1.5', [40, 5120, 40, 40, 13824, 32000], 13015864320],
      ['Llama-2-70b', [80, 8192, 64, 8, 28672, 32000], 68976648192],
    ]),
    ...llamaPresets('Code Llama (arXiv 2308.12950) and its config.json', [
      ['CodeLlama-7b', [32, 4096, 32, 32, 11008, 32016], 6738546688],
      ['CodeLlama-7b-Python', [32, 4096, 32, 32, 11008, 32000], 6738415616],
      ['CodeLlama-13b', [40, 5120, 40, 40, 13824, 32016], 13016028160],
      ['CodeLlama-13b-Python', [40, 5120, 40, 40, 13824, 32000], 13015864320],
      ['CodeLlama-34b CodeLlama-34b-Python', [48, 8192, 64, 8, 22016, 32000], 33743970304],
      ['CodeLlama-70b CodeLlama-70b-Python', [80, 8192, 64, 8, 28672, 32016], 68976910336],
    ]),
    ...llamaPresets('The Llama 3 Herd of Models (arXiv 2407.21783), Table 3, and its config.json', [
      ['Llama-3-8B', [32, 4096, 32, 8, 14336, 128256], 8030261248],
      ['Llama-3-70B', [80, 8192, 64, 8, 28672, 128256], 70553706496],
      [
        'Llama-3.1-8B llama3-1-8b llama31-8b DeepSeek-R1-Distill-Llama-8B R1-Distill-Llama-8B',
        [32, 4096, 32, 8, 14336, 128256],
        8030261248,
      ],
      [
        'Llama-3.1-70B llama3-1-70b llama31-70b Llama-3.1-Nemotron-70B',
        [80, 8192, 64, 8, 28672, 128256],
        70553706496,
      ],
      [
        'Llama-3.1-405B llama3-1-405b llama31-405b',
        [126, 16384, 128, 8, 53248, 128256],
        405853388800,
      ],
    ]),
    ...llamaPresets('config.json of meta-llama/Llama-3.2 and Llama-3.3', [
      [
        'Llama-3.2-1B llama3-2-1b llama32-1b',
        [16, 2048, 32, 8, 8192, 128256],
        1235814400,
        { tied: true },
      ],
      [
        'Llama-3.2-3B llama3-2-3b llama32-3b',
        [28, 3072, 24, 8, 8192, 128256],
        3212749824,
        { tied: true },
      ],
      [
        'Llama-3.3-70B llama3-3-70b DeepSeek-R1-Distill-Llama-70B R1-Distill-Llama-70B',
        [80, 8192, 64, 8, 28672, 128256],
        70553706496,
      ],
    ]),
    ...llamaPresets('config.json of the TinyLlama repositories (arXiv 2401.02385)', [
      [
        'TinyLlama-1.1B tiny-llama-1.1b TinyLlama-1.1B-v1.0 TinyLlama-1.1B-v1.1 TinyLlama_v1.1 ' +
          'TinyLlama-1.1B-intermediate-step-1431k-3T',
        [22, 2048, 32, 4, 5632, 32000],
        1100048384,
      ],
    ]),
    ...llamaPresets('Yi (arXiv 2403.04652) and its config.json', [
      ['Yi-6B Yi-1.5-6B', [32, 4096, 32, 4, 11008, 64000], 6061035520],
      ['Yi-9B Yi-1.5-9B', [48, 4096, 32, 4, 11008, 64000], 8829407232],
      ['Yi-34B Yi-1.5-34B', [60, 7168, 56, 8, 20480, 64000], 34388917248],
    ]),
    ...llamaPresets('InternLM2 (arXiv 2403.17297) and its config.json', [
      ['internlm2-1.8b internlm2.5-1.8b', [24, 2048, 16, 8, 8192, 92544], 1889110016],
      ['internlm2-7b internlm2.5-7b', [32, 4096, 32, 8, 14336, 92544], 7737708544],
      ['internlm2-20b internlm2.5-20b', [48, 6144, 48, 8, 16384, 92544], 19861149696],
    ]),
  ];
}
