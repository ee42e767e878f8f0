import type { Rule } from './rule.ts';

/** A key of a DeepSpeed config: of the one that the file names, or of the file that is one. */
const here = (key: string) => [`$deepspeed.${key}`, key];

/** Rules of DeepSpeed’s JSON. */
export const deepspeedRules: readonly Rule[] = [
  {
    id: 'deepspeed-fp16-and-bf16',
    frameworks: ['deepspeed'],
    severity: 'error',
    title: 'fp16 and bf16 both enabled',
    when: {
      all: [
        { key: 'fp16.enabled', op: 'eq', value: true },
        { key: 'bf16.enabled', op: 'eq', value: true },
      ],
    },
    message: 'DeepSpeed takes one of the two; with both the run stops at start.',
    remedy: 'Disable fp16.',
    fixes: [{ title: 'Keep BF16', set: [['fp16.enabled', false]] }],
    verified: 'run',
    sources: [
      {
        repository: 'deepspeedai/DeepSpeed',
        commit: 'edaa722126',
        at: 'deepspeed/runtime/config.py:828',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'deepspeed-bf16-unknown-key',
    frameworks: ['deepspeed'],
    severity: 'error',
    title: 'A key that the bf16 section does not have',
    when: {
      any: [
        { key: 'bf16.loss_scale', op: 'present' },
        { key: 'bf16.initial_scale_power', op: 'present' },
        { key: 'bf16.loss_scale_window', op: 'present' },
        { key: 'bf16.hysteresis', op: 'present' },
        { key: 'bf16.min_loss_scale', op: 'present' },
        { key: 'bf16.auto_cast', op: 'present' },
      ],
    },
    message:
      'DeepSpeed’s bf16 section forbids further keys, such as those of fp16’s loss scaling; the run stops at start.',
    remedy: 'Drop them: BF16 needs no loss scale.',
    verified: 'run',
    sources: [
      {
        repository: 'deepspeedai/DeepSpeed',
        commit: 'edaa722126',
        at: 'deepspeed/runtime/config_utils.py:110',
        date: '2026-08-22',
      },
      {
        repository: 'deepspeedai/DeepSpeed',
        commit: 'edaa722126',
        at: 'deepspeed/runtime/precision_config.py:41',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'deepspeed-bf16-accumulates-in-bf16',
    frameworks: ['deepspeed', 'trl', 'llama-factory', 'ms-swift'],
    severity: 'warning',
    title: 'Gradients are summed in BF16',
    when: {
      all: [
        {
          any: [
            { key: here('bf16.enabled'), op: 'eq', value: true },
            {
              all: [
                { key: '$deepspeed.bf16.enabled', op: 'eq', value: 'auto' },
                { key: 'bf16', op: 'eq', value: true },
              ],
            },
          ],
        },
        { key: here('zero_optimization.stage'), op: 'ge', value: 1 },
        { key: 'gradient_accumulation_steps', op: 'gt', value: 1 },
        { key: here('data_types.grad_accum_dtype'), op: 'absent' },
      ],
    },
    message:
      'Without data_types.grad_accum_dtype micro-batches are accumulated in the model’s own BF16, with 8 bits of mantissa.',
    remedy: 'Set data_types.grad_accum_dtype to fp32.',
    fixes: [{ title: 'Accumulate in FP32', set: [[here('data_types.grad_accum_dtype'), 'fp32']] }],
    verified: 'run',
    sources: [
      {
        repository: 'deepspeedai/DeepSpeed',
        commit: 'edaa722126',
        at: 'deepspeed/runtime/engine.py:1493',
        date: '2026-08-22',
      },
      { repository: 'deepspeedai/DeepSpeed', at: '#1800' },
      { repository: 'deepspeedai/DeepSpeed', at: '#2768' },
    ],
  },
  {
    id: 'deepspeed-grad-accum-dtype-without-zero',
    frameworks: ['deepspeed'],
    severity: 'error',
    title: 'Another accumulation type without ZeRO',
    when: {
      all: [
        { key: 'zero_optimization.stage', op: 'eq', value: 0, default: 0 },
        {
          any: [
            {
              all: [
                { key: 'bf16.enabled', op: 'eq', value: true },
                { key: 'data_types.grad_accum_dtype', op: 'in', value: ['fp32', 'fp16'] },
              ],
            },
            {
              all: [
                { key: 'fp16.enabled', op: 'eq', value: true },
                { key: 'data_types.grad_accum_dtype', op: 'in', value: ['fp32', 'bf16'] },
              ],
            },
          ],
        },
      ],
    },
    message:
      'grad_accum_dtype may differ from the model’s type under ZeRO only; the run stops at start.',
    remedy: 'Use ZeRO stage 1.',
    fixes: [{ title: 'Use ZeRO 1', set: [['zero_optimization.stage', 1]] }],
    verified: 'run',
    sources: [
      {
        repository: 'deepspeedai/DeepSpeed',
        commit: 'edaa722126',
        at: 'deepspeed/runtime/engine.py:2021',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'deepspeed-param-dtype-mismatch',
    frameworks: ['deepspeed'],
    severity: 'error',
    title: 'param_dtype against the enabled format',
    when: {
      any: [
        {
          all: [
            { key: 'bf16.enabled', op: 'eq', value: true },
            { key: 'data_types.param_dtype', op: 'in', value: ['fp16', 'fp32'] },
          ],
        },
        {
          all: [
            { key: 'fp16.enabled', op: 'eq', value: true },
            { key: 'data_types.param_dtype', op: 'in', value: ['bf16', 'fp32'] },
          ],
        },
      ],
    },
    message: 'data_types.param_dtype must be the format that is enabled; the run stops at start.',
    remedy: 'Drop data_types.param_dtype.',
    fixes: [{ title: 'Drop it', set: [['data_types.param_dtype', null]] }],
    verified: 'run',
    sources: [
      {
        repository: 'deepspeedai/DeepSpeed',
        commit: 'edaa722126',
        at: 'deepspeed/runtime/engine.py:1513',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'deepspeed-bf16-optimizer-states',
    frameworks: ['deepspeed'],
    severity: 'error',
    title: 'BF16 optimizer states without their two conditions',
    when: {
      all: [
        { key: 'bf16.bf16_optimizer_states', op: 'eq', value: true },
        {
          any: [
            { key: 'bf16.bf16_master_weights_and_grads', op: 'falsy' },
            { key: 'zero_optimization.stage', op: 'eq', value: 0, default: 0 },
          ],
        },
      ],
    },
    message:
      'bf16_optimizer_states needs bf16_master_weights_and_grads and ZeRO 1 to 3; the run stops at start.',
    remedy: 'Set both, knowing that no FP32 copy is left then.',
    verified: 'run',
    sources: [
      {
        repository: 'deepspeedai/DeepSpeed',
        commit: 'edaa722126',
        at: 'deepspeed/runtime/config.py:1049',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'deepspeed-bf16-master-weights',
    frameworks: ['deepspeed'],
    severity: 'warning',
    title: 'Master weights in BF16',
    when: { all: [{ key: 'bf16.bf16_master_weights_and_grads', op: 'eq', value: true }] },
    message: 'bf16_master_weights_and_grads keeps no FP32 copy: small updates round to nothing.',
    remedy: 'Drop it unless memory forces it.',
    fixes: [
      { title: 'Keep FP32 master weights', set: [['bf16.bf16_master_weights_and_grads', null]] },
    ],
    verified: 'run',
    sources: [
      {
        repository: 'deepspeedai/DeepSpeed',
        commit: 'edaa722126',
        at: 'deepspeed/runtime/precision_config.py:65',
        date: '2026-08-22',
      },
      {
        repository: 'deepspeedai/DeepSpeed',
        commit: 'edaa722126',
        at: 'deepspeed/runtime/base_optimizer.py:507',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'deepspeed-fp16-master-weights-need-offload',
    frameworks: ['deepspeed'],
    severity: 'error',
    title: 'FP16 master weights without offload',
    when: {
      all: [
        { key: 'fp16.fp16_master_weights_and_grads', op: 'eq', value: true },
        { key: 'zero_optimization.offload_optimizer.*', op: 'absent' },
      ],
    },
    message:
      'fp16_master_weights_and_grads needs the optimizer offloaded to DeepSpeedCPUAdam; the run stops at start.',
    remedy: 'Offload the optimizer, or drop the key.',
    fixes: [{ title: 'Drop the key', set: [['fp16.fp16_master_weights_and_grads', null]] }],
    verified: 'run',
    sources: [
      {
        repository: 'deepspeedai/DeepSpeed',
        commit: 'edaa722126',
        at: 'deepspeed/runtime/zero/stage_1_and_2.py:293',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'deepspeed-static-loss-scale',
    frameworks: ['deepspeed'],
    severity: 'warning',
    title: 'A fixed loss scale',
    when: {
      all: [
        { key: 'fp16.enabled', op: 'eq', value: true },
        { key: 'fp16.loss_scale', op: 'ne', value: 0, default: 0 },
      ],
    },
    message:
      'Any loss_scale but 0 is a fixed factor; initial_scale_power, window and hysteresis do nothing then.',
    remedy: 'Set loss_scale: 0 for dynamic scaling.',
    fixes: [{ title: 'Scale dynamically', set: [['fp16.loss_scale', 0]] }],
    verified: 'run',
    sources: [
      {
        repository: 'deepspeedai/DeepSpeed',
        commit: 'edaa722126',
        at: 'deepspeed/runtime/engine.py:1468',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'deepspeed-loss-scale-window-zero',
    frameworks: ['deepspeed'],
    severity: 'error',
    title: 'A loss-scale window or minimum of 0',
    when: {
      all: [
        { key: 'fp16.enabled', op: 'eq', value: true },
        { key: 'fp16.loss_scale', op: 'eq', value: 0, default: 0 },
        {
          any: [
            { key: 'fp16.loss_scale_window', op: 'le', value: 0 },
            { key: 'fp16.min_loss_scale', op: 'le', value: 0 },
          ],
        },
      ],
    },
    message:
      'Dynamic scaling needs loss_scale_window and min_loss_scale above 0; the run stops at start.',
    remedy: 'Set min_loss_scale to 1 and a window above 0.',
    verified: 'run',
    sources: [
      {
        repository: 'deepspeedai/DeepSpeed',
        commit: 'edaa722126',
        at: 'deepspeed/runtime/precision_config.py:196',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'deepspeed-max-grad-norm-in-optimizer',
    frameworks: ['deepspeed'],
    severity: 'error',
    title: 'Gradient clipping in the optimizer’s parameters',
    when: { all: [{ key: 'optimizer.params.max_grad_norm', op: 'present' }] },
    message: 'DeepSpeed refuses max_grad_norm in optimizer.params; the run stops at start.',
    remedy: 'Use gradient_clipping at the top level.',
    verified: 'run',
    sources: [
      {
        repository: 'deepspeedai/DeepSpeed',
        commit: 'edaa722126',
        at: 'deepspeed/runtime/engine.py:2092',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'deepspeed-train-batch-not-multiple',
    frameworks: ['deepspeed', 'gpt-neox'],
    severity: 'error',
    title: 'Batch sizes that do not fit together',
    when: {
      all: [
        {
          key: 'train_batch_size',
          product: ['train_micro_batch_size_per_gpu', 'gradient_accumulation_steps'],
          op: 'notMultipleOf',
        },
      ],
    },
    message:
      'train_batch_size must be micro-batch × accumulation × GPUs; it is no multiple of the first two, and the run stops at start.',
    remedy: 'Leave one of the three out, and DeepSpeed computes it.',
    verified: 'run',
    sources: [
      {
        repository: 'deepspeedai/DeepSpeed',
        commit: 'edaa722126',
        at: 'deepspeed/runtime/config.py:938',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'deepspeed-onebit-with-zero',
    frameworks: ['deepspeed'],
    severity: 'error',
    title: 'A 1-bit optimizer with ZeRO',
    when: {
      all: [
        {
          key: 'optimizer.type',
          op: 'in',
          value: ['OneBitAdam', 'OneBitLamb', 'ZeroOneAdam'],
        },
        { key: 'zero_optimization.stage', op: 'ge', value: 1 },
      ],
    },
    message: '1-bit Adam and its kin do not work with ZeRO; the run stops at start.',
    remedy: 'Use ZeRO stage 0, or AdamW.',
    fixes: [{ title: 'Use ZeRO 0', set: [['zero_optimization.stage', 0]] }],
    verified: 'run',
    sources: [
      {
        repository: 'deepspeedai/DeepSpeed',
        commit: 'edaa722126',
        at: 'deepspeed/runtime/engine.py:2152',
        date: '2026-08-22',
      },
    ],
  },
];
