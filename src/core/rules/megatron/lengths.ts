import { plainMegatron } from '../families.ts';
import type { Rule } from '../rule.ts';

/** Megatron-LM: durations, schedules and batches. */
export const megatronLengths: readonly Rule[] = [
  {
    id: 'megatron-train-iters-and-samples',
    frameworks: [...plainMegatron, 'primus'],
    severity: 'error',
    title: 'Iterations and samples at once',
    when: {
      all: [
        { key: 'train_iters', op: 'gt', value: 0 },
        { key: 'train_samples', op: 'gt', value: 0 },
      ],
    },
    message:
      'Megatron takes the duration in iterations or in samples; with both it stops at start.',
    remedy: 'Keep one: tokens are samples times the sequence length.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1280',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-decay-unit-differs',
    frameworks: plainMegatron,
    severity: 'error',
    title: 'Duration and schedule in different units',
    when: {
      any: [
        {
          all: [
            { key: 'train_samples', op: 'gt', value: 0 },
            {
              any: [
                { key: 'lr_decay_iters', op: 'gt', value: 0 },
                { key: 'lr_warmup_iters', op: 'gt', value: 0 },
              ],
            },
          ],
        },
        {
          all: [
            // With both durations, a conflict of its own, samples are the one to keep in step with.
            { key: 'train_samples', op: 'le', value: 0, default: 0 },
            { key: 'train_iters', op: 'gt', value: 0 },
            {
              any: [
                { key: 'lr_decay_samples', op: 'gt', value: 0 },
                { key: 'lr_warmup_samples', op: 'gt', value: 0 },
              ],
            },
          ],
        },
      ],
    },
    message:
      'The learning rate’s decay and warm-up must count what the duration counts, iterations or samples; mixed, the run stops at start.',
    remedy: 'Give duration, decay and warm-up in one unit.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1296',
        date: '2026-08-22',
      },
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:1284',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-global-batch-not-multiple',
    frameworks: [...plainMegatron, 'ms-swift', 'primus', 'megatron-bridge'],
    severity: 'error',
    title: 'A global batch that the micro-batch does not divide',
    when: {
      all: [
        {
          key: ['global_batch_size', 'train.global_batch_size'],
          key2: ['micro_batch_size', 'train.micro_batch_size'],
          op: 'notMultipleOf',
        },
      ],
    },
    message:
      'The global batch must be a multiple of micro-batch times data-parallel size, whatever the number of GPUs; the run stops at start.',
    remedy: 'Round the global batch to a multiple of micro-batch times data-parallel size.',
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/core/num_microbatches_calculator.py:382',
        date: '2026-08-22',
      },
    ],
  },
  {
    id: 'megatron-step-batch-schedule-and-global-batch',
    frameworks: plainMegatron,
    severity: 'error',
    title: 'A batch schedule and a fixed batch at once',
    when: {
      all: [
        { key: 'step_batch_size_schedule', op: 'present' },
        { key: 'global_batch_size', op: 'present' },
      ],
    },
    message:
      'step-batch-size-schedule and global-batch-size exclude each other; the run stops at start.',
    remedy: 'Drop global-batch-size.',
    fixes: [{ title: 'Follow the schedule', set: [['global_batch_size', null]] }],
    verified: 'run',
    sources: [
      {
        repository: 'NVIDIA/Megatron-LM',
        commit: 'd98e8a64dd',
        at: 'megatron/training/arguments.py:700',
        date: '2026-08-22',
      },
    ],
  },
];
