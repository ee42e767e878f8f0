import type { Rule } from './rule.ts';

/** Rules of ms-swift. */
export const msSwiftRules: readonly Rule[] = [
  {
    id: 'swift-float32-becomes-fp16-amp',
    frameworks: ['ms-swift'],
    syntaxes: ['shell'],
    severity: 'warning',
    title: 'float32 becomes FP16 autocast',
    when: {
      all: [
        { key: 'torch_dtype', op: 'in', value: ['float32', 'float16'] },
        { key: 'fp16', op: 'absent' },
        { key: 'bf16', op: 'absent' },
      ],
    },
    message:
      'ms-swift trains a float32 (or float16) model in FP16 autocast where neither bf16 nor fp16 is given.',
    remedy: 'Add bf16 true for BF16 autocast, or fp16 false and bf16 false for FP32.',
    fixes: [{ title: 'Train in BF16 autocast', set: [['bf16', 'true']] }],
    verified: 'source',
    sources: [
      {
        repository: 'modelscope/ms-swift',
        commit: '3602360a56',
        at: 'swift/arguments/base_args/model_args.py:133',
        date: '2026-08-22',
      },
    ],
  },
];
