import type { Rule } from './rule.ts';

/** Rules of LitGPT and Lightning. */
export const litgptRules: readonly Rule[] = [
  {
    id: 'litgpt-bnb-with-mixed-precision',
    frameworks: ['litgpt'],
    severity: 'error',
    title: 'Quantised weights with mixed precision',
    when: {
      all: [
        { key: 'quantize', op: 'matches', value: '^bnb\\.' },
        { key: 'precision', op: 'matches', value: 'mixed' },
      ],
    },
    message:
      'LitGPT’s bitsandbytes quantisation takes true precisions only; the run stops at start.',
    remedy: 'Use precision: bf16-true.',
    fixes: [{ title: 'Use bf16-true', set: [['precision', 'bf16-true']] }],
    verified: 'source',
    sources: [
      {
        repository: 'Lightning-AI/litgpt',
        commit: '26857050fe',
        at: 'litgpt/finetune/lora.py:143',
        date: '2026-06-29',
      },
    ],
  },
  {
    id: 'litgpt-bnb-with-several-gpus',
    frameworks: ['litgpt'],
    severity: 'error',
    title: 'Quantised weights on several GPUs',
    when: {
      all: [
        { key: 'quantize', op: 'matches', value: '^bnb\\.' },
        {
          any: [
            { key: 'devices', op: 'gt', value: 1 },
            { key: 'num_nodes', op: 'gt', value: 1 },
          ],
        },
      ],
    },
    message: 'LitGPT quantises on a single GPU only; the run stops at start.',
    remedy: 'Use one device on one node.',
    fixes: [
      {
        title: 'Use one GPU',
        set: [
          ['devices', 1],
          ['num_nodes', 1],
        ],
      },
    ],
    verified: 'source',
    sources: [
      {
        repository: 'Lightning-AI/litgpt',
        commit: '26857050fe',
        at: 'litgpt/finetune/lora.py:155',
        date: '2026-06-29',
      },
    ],
  },
  {
    id: 'litgpt-int8-training-needs-fp16',
    frameworks: ['litgpt', 'lightning'],
    severity: 'error',
    title: 'INT8 training outside FP16',
    when: {
      all: [
        { key: 'quantize', op: 'in', value: ['bnb.int8-training', 'bnb.int8'] },
        { key: 'precision', op: 'ne', value: '16-true' },
      ],
    },
    message: 'bitsandbytes’ INT8 training works with FP16 only; the run stops at start.',
    remedy: 'Use precision: 16-true.',
    fixes: [{ title: 'Use 16-true', set: [['precision', '16-true']] }],
    verified: 'source',
    sources: [
      {
        repository: 'Lightning-AI/pytorch-lightning',
        commit: '7f0c3436cd',
        at: 'src/lightning/fabric/plugins/precision/bitsandbytes.py:88',
        date: '2026-07-20',
      },
    ],
  },
  {
    id: 'lightning-fsdp-bf16-reduces-in-bf16',
    frameworks: ['lightning'],
    severity: 'information',
    title: 'FSDP reduces gradients in the half format',
    when: {
      all: [
        { key: ['strategy', 'trainer.strategy'], op: 'matches', value: '^fsdp' },
        { key: ['precision', 'trainer.precision'], op: 'in', value: ['bf16-mixed', '16-mixed'] },
      ],
    },
    message:
      'Lightning’s FSDP sets parameters, reduction and buffers to the half format; DDP reduces in FP32.',
    remedy: 'Pass a MixedPrecision with reduce_dtype float32.',
    verified: 'source',
    sources: [
      {
        repository: 'Lightning-AI/pytorch-lightning',
        commit: '7f0c3436cd',
        at: 'src/lightning/fabric/plugins/precision/fsdp.py:97',
        date: '2026-07-20',
      },
    ],
  },
  {
    id: 'lightning-te-with-fsdp',
    frameworks: ['lightning'],
    severity: 'error',
    title: 'Transformer Engine under FSDP or DeepSpeed',
    when: {
      all: [
        { key: ['precision', 'trainer.precision'], op: 'matches', value: '^transformer-engine' },
        {
          key: ['strategy', 'trainer.strategy'],
          op: 'matches',
          value: '^(fsdp|deepspeed|model.?parallel)',
        },
      ],
    },
    message:
      'Lightning picks the strategy’s own precision before it looks at Transformer Engine, and that rejects the name; the run stops at start.',
    remedy: 'Use ddp, or pass a TransformerEnginePrecision plugin.',
    fixes: [{ title: 'Use DDP', set: [[['trainer.strategy', 'strategy'], 'ddp']] }],
    verified: 'source',
    sources: [
      {
        repository: 'Lightning-AI/pytorch-lightning',
        commit: '7f0c3436cd',
        at: 'src/lightning/fabric/connector.py:464',
        date: '2026-07-20',
      },
      {
        repository: 'Lightning-AI/pytorch-lightning',
        commit: '7f0c3436cd',
        at: 'src/lightning/fabric/connector.py:468',
        date: '2026-07-20',
      },
    ],
  },
];
