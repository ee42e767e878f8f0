import { fp8Format } from './keys.ts';
import { megatronFamily } from './families.ts';
import type { Rule } from './rule.ts';

/** Rules of accelerators, whatever the framework. */
export const hardwareRules: readonly Rule[] = [
  {
    id: 'habana-fp16-not-supported',
    frameworks: ['trl'],
    severity: 'error',
    title: 'FP16 or TF32 on Gaudi',
    when: {
      all: [
        {
          any: [
            { key: 'fp16', op: 'truthy' },
            { key: 'fp16_full_eval', op: 'truthy' },
            { key: 'tf32', op: 'truthy' },
          ],
        },
        { hardware: { ids: ['gaudi2', 'gaudi3'] } },
      ],
    },
    message: 'Optimum Habana refuses fp16 and tf32; the run stops at start.',
    remedy: 'Use bf16.',
    verified: 'source',
    sources: [
      {
        repository: 'huggingface/optimum-habana',
        commit: '1d8504c6c7',
        at: 'optimum/habana/transformers/training_args.py:461',
        date: '2026-01-14',
      },
      {
        repository: 'huggingface/optimum-habana',
        commit: '1d8504c6c7',
        at: 'optimum/habana/transformers/training_args.py:469',
        date: '2026-01-14',
      },
    ],
  },
  {
    id: 'fp8-e4m3-fnuz-on-mi300',
    frameworks: [...megatronFamily, 'primus'],
    severity: 'information',
    title: 'FP8 of another range',
    when: {
      all: [
        { key: fp8Format, op: 'in', value: ['hybrid', 'e4m3'] },
        { hardware: { arch: 'gfx942' } },
      ],
    },
    message:
      'MI300X and MI325X multiply the FNUZ variants: E4M3 reaches 240 in place of 448; static scales and checkpoints of NVIDIA runs do not carry over.',
    remedy: 'Nothing to change under dynamic scaling; do not reuse static scales.',
    verified: 'source',
    sources: [
      {
        repository: 'pytorch/ao',
        commit: '36027d82d1',
        at: 'torchao/utils.py:1108',
        date: '2026-08-21',
      },
    ],
  },
  {
    id: 'int8-matmul-on-blackwell-ultra',
    frameworks: ['maxtext', 'trl', 'axolotl'],
    severity: 'information',
    title: 'INT8 on Blackwell Ultra',
    when: {
      any: [
        {
          all: [
            { key: 'quantization', op: 'eq', value: 'int8' },
            { hardware: { ids: ['b300', 'gb300'] } },
          ],
        },
        {
          all: [
            { key: ['load_in_8bit', 'BitsAndBytesConfig.load_in_8bit'], op: 'truthy' },
            { hardware: { ids: ['b300', 'gb300'] } },
          ],
        },
      ],
    },
    message:
      'B300 and GB300 have hardly any INT8 units left: 150 to 165 TOP/s, a thirtieth of their FP8.',
    remedy: 'Use FP8, or 4-bit weights, which multiply in BF16.',
    verified: 'documentation',
    sources: [
      {
        repository: 'verda.com',
        at: 'GPU comparison table: 0.15 POP/s (B300), 0.165 POP/s (GB300)',
      },
      { repository: 'fibermall.com', at: 'HGX B300 NVL16 against HGX B200' },
    ],
  },
  {
    id: 'gaudi3-fp8-no-faster',
    frameworks: ['trl'],
    severity: 'information',
    title: 'FP8 is no faster on Gaudi 3',
    when: { all: [{ key: 'fp8', op: 'truthy' }, { hardware: { ids: ['gaudi3'] } }] },
    message:
      'Intel gives FP8 and BF16 the same 1,835 TFLOP/s on Gaudi 3; FP8 saves memory and traffic only.',
    remedy: 'Use bf16 unless memory is the limit.',
    verified: 'source',
    sources: [
      {
        repository: 'huggingface/optimum-habana',
        commit: '1d8504c6c7',
        at: 'optimum/habana/transformers/training_args.py:424',
        date: '2026-01-14',
      },
    ],
  },
];
