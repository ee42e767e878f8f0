import type { Rule } from './rule.ts';

/** Rules of OLMo-core. */
export const olmoCoreRules: readonly Rule[] = [
  {
    id: 'olmo-float8-options-exclusive',
    frameworks: ['olmo-core'],
    severity: 'error',
    title: 'Several float8 options at once',
    when: {
      any: [
        {
          all: [
            { key: 'Float8Config.ao', op: 'present' },
            { key: 'Float8Config.ao_recipe', op: 'present' },
          ],
        },
        {
          all: [
            { key: 'Float8Config.ao', op: 'present' },
            { key: 'Float8Config.ao_mx', op: 'present' },
          ],
        },
        {
          all: [
            { key: 'Float8Config.ao_recipe', op: 'present' },
            { key: 'Float8Config.ao_mx', op: 'present' },
          ],
        },
      ],
    },
    message: 'ao, ao_recipe and ao_mx exclude each other in Float8Config; the run stops at start.',
    remedy: 'Keep one of the three.',
    verified: 'run',
    sources: [
      {
        repository: 'allenai/OLMo-core',
        commit: 'fa6c5014c9',
        at: 'src/olmo_core/float8/__init__.py:51',
        date: '2026-06-22',
      },
    ],
  },
  {
    id: 'olmo-mx-needs-sm100',
    frameworks: ['olmo-core'],
    severity: 'error',
    title: 'MX training before Blackwell',
    when: {
      all: [
        { key: 'Float8Config.ao_mx', op: 'present' },
        { hardware: { anyOf: [{ vendor: 'NVIDIA', cc: { below: 10 } }, { vendor: 'AMD' }] } },
      ],
    },
    message: 'ao_mx needs compute capability 10.0; this accelerator stops the run at start.',
    remedy: 'Use ao_recipe rowwise.',
    verified: 'run',
    sources: [
      {
        repository: 'allenai/OLMo-core',
        commit: 'fa6c5014c9',
        at: 'src/olmo_core/float8/__init__.py:120',
        date: '2026-06-22',
      },
    ],
  },
];
