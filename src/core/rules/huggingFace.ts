import type { Rule } from './rule.ts';

/** Rules of the Hugging Face Trainer, TRL, PEFT and bitsandbytes. */
export const huggingFaceRules: readonly Rule[] = [
  {
    id: 'hf-fp16-and-bf16',
    frameworks: ['trl', 'llama-factory', 'ms-swift'],
    severity: 'error',
    title: 'fp16 and bf16 at once',
    when: {
      any: [
        {
          all: [
            { key: 'fp16', op: 'truthy' },
            { key: 'bf16', op: 'truthy' },
          ],
        },
        {
          all: [
            { key: 'fp16_full_eval', op: 'truthy' },
            { key: 'bf16_full_eval', op: 'truthy' },
          ],
        },
      ],
    },
    message: 'The Trainer takes one of fp16 and bf16; with both the run stops at start.',
    remedy: 'Keep bf16 on Ampere or later.',
    fixes: [{ title: 'Keep BF16', set: [['fp16', false]] }],
    verified: 'run',
    sources: [
      { repository: 'shibing624/MedicalGPT', at: '#451' },
      { repository: 'Eiztrips/ai-responder', at: '#7' },
    ],
  },
  {
    id: 'hf-bf16-overrides-launcher-fp8',
    frameworks: ['trl', 'accelerate'],
    syntaxes: ['shell'],
    severity: 'warning',
    title: 'FP8 of the launcher is overridden',
    when: {
      all: [
        { key: 'mixed_precision', op: 'eq', value: 'fp8' },
        {
          any: [
            { key: 'bf16', op: 'truthy' },
            { key: 'fp16', op: 'truthy' },
          ],
        },
      ],
    },
    message:
      'The Trainer’s own bf16 or fp16 wins over the launcher’s mixed_precision: the FP8 settings are never used.',
    remedy: 'Leave bf16 and fp16 off where Accelerate is to run FP8.',
    fixes: [
      {
        title: 'Leave the format to the launcher',
        set: [
          ['bf16', false],
          ['fp16', null],
        ],
      },
    ],
    verified: 'run',
    sources: [
      { repository: 'huggingface/trl', at: '#3860' },
      { repository: 'huggingface/accelerate', at: '#3830' },
    ],
  },
  {
    id: 'trl-bf16-default-blocks-fp8',
    frameworks: ['trl'],
    syntaxes: ['shell'],
    severity: 'warning',
    title: 'FP8 of the launcher is overridden by TRL’s default',
    when: {
      all: [
        { key: 'mixed_precision', op: 'eq', value: 'fp8' },
        { key: 'bf16', op: 'absent' },
        { key: 'fp16', op: 'absent' },
      ],
    },
    message:
      'TRL sets bf16 by itself where neither bf16 nor fp16 is written, and that wins over the launcher’s FP8.',
    remedy: 'Set bf16 to false where Accelerate is to run FP8.',
    fixes: [{ title: 'Leave the format to the launcher', set: [['bf16', false]] }],
    verified: 'run',
    sources: [
      {
        repository: 'huggingface/trl',
        commit: 'f2cd57710a',
        at: 'trl/trainer/base_config.py:105',
        date: '2026-07-24',
      },
      { repository: 'huggingface/trl', at: '#3860' },
      { repository: 'huggingface/trl', at: '#7322' },
    ],
  },
  {
    id: 'hf-fp16-weights-under-fp16-amp',
    frameworks: ['trl'],
    severity: 'error',
    title: 'FP16 weights under FP16 autocast',
    when: {
      all: [
        { key: 'fp16', op: 'truthy' },
        {
          key: ['dtype', 'torch_dtype'],
          op: 'in',
          value: ['float16', 'torch.float16', 'fp16', 'half'],
        },
        { key: 'use_peft', op: 'falsy' },
      ],
    },
    message:
      'Trainable FP16 weights cannot be unscaled: the first optimizer step fails. PEFT’s adapters are cast, full fine-tunes are not.',
    remedy: 'Load in float32 with fp16, or train in bf16.',
    verified: 'run',
    sources: [
      {
        repository: 'huggingface/peft',
        commit: '5d602fdbff',
        at: 'docs/source/developer_guides/troubleshooting.md:44',
        date: '2026-08-21',
      },
      { repository: 'huggingface/diffusers', at: '#6442' },
      { repository: 'huggingface/transformers', at: '#30559' },
      { repository: 'haotian-liu/LLaVA', at: '#363' },
      { repository: '2U1/Qwen-VL-Series-Finetune', at: '#184' },
    ],
  },
  {
    id: 'qlora-compute-dtype-float32',
    frameworks: ['trl'],
    severity: 'warning',
    title: '4-bit weights computed in FP32',
    when: {
      any: [
        {
          all: [
            { key: 'BitsAndBytesConfig.load_in_4bit', op: 'truthy' },
            { key: 'BitsAndBytesConfig.bnb_4bit_compute_dtype', op: 'absent' },
          ],
        },
        {
          all: [
            { key: 'load_in_4bit', op: 'truthy' },
            // TRL called it torch_dtype before.
            { key: ['dtype', 'torch_dtype'], op: 'in', value: ['float32'], default: 'float32' },
            { key: 'bnb_4bit_compute_dtype', op: 'absent' },
          ],
        },
      ],
    },
    message:
      'The compute type of 4-bit layers defaults to float32: each product is dequantised to and multiplied in FP32, which is slow.',
    remedy: 'Set the compute type (TRL: dtype) to bfloat16.',
    verified: 'run',
    sources: [
      {
        repository: 'bitsandbytes-foundation/bitsandbytes',
        commit: '95f9af309d',
        at: 'bitsandbytes/nn/modules.py:590',
        date: '2026-08-19',
      },
      {
        repository: 'huggingface/trl',
        commit: 'f2cd57710a',
        at: 'trl/trainer/utils.py:239',
        date: '2026-07-24',
      },
      {
        repository: 'huggingface/trl',
        commit: 'f2cd57710a',
        at: 'trl/trainer/model_config.py:90',
        date: '2026-07-24',
      },
      { repository: 'bitsandbytes-foundation/bitsandbytes', at: '#2077' },
      { repository: 'h2oai/h2ogpt', at: '#682' },
    ],
  },
  {
    id: 'qlora-fsdp-quant-storage',
    frameworks: ['trl'],
    severity: 'error',
    title: '4-bit weights that FSDP cannot shard',
    when: {
      all: [
        { key: ['load_in_4bit', 'use_4bit_quantization'], op: 'truthy' },
        {
          any: [
            { key: 'fsdp', op: 'present' },
            { key: 'fsdp_config.*', op: 'present' },
          ],
        },
        { key: ['bnb_4bit_quant_storage', 'bnb_4bit_quant_storage_dtype'], op: 'absent' },
      ],
    },
    message:
      'FSDP flattens weights of one type only; 4-bit weights stored as uint8 stop the run at start.',
    remedy: 'Store them in the model’s own type: bnb_4bit_quant_storage: bfloat16.',
    fixes: [
      { title: 'Store 4-bit weights as BF16', set: [['bnb_4bit_quant_storage', 'bfloat16']] },
    ],
    verified: 'source',
    sources: [
      {
        repository: 'huggingface/peft',
        commit: '5d602fdbff',
        at: 'docs/source/accelerate/fsdp.md:245',
        date: '2026-08-21',
      },
      { repository: 'MakazhanAlpamys/Soup', at: '#350' },
      { repository: 'huggingface/trl', at: '#1723' },
      { repository: 'huggingface/peft', at: '#1432' },
      { repository: 'hiyouga/LlamaFactory', at: '#3853' },
      { repository: 'axolotl-ai-cloud/axolotl', at: '#1482' },
      {
        repository: 'hiyouga/LLaMA-Factory',
        commit: 'ff6d4d12ee',
        at: 'src/llamafactory/model/model_utils/quantization.py:189',
        date: '2026-08-18',
      },
    ],
  },
  {
    id: 'trl-qlora-adapters-are-bf16',
    frameworks: ['trl'],
    severity: 'information',
    title: 'Adapters in BF16 under FP16 autocast',
    when: {
      all: [
        { key: 'load_in_4bit', op: 'truthy' },
        { key: 'use_peft', op: 'truthy' },
        { key: 'fp16', op: 'truthy' },
      ],
    },
    message:
      'The trainer of a quantised model casts what it trains to BF16, whatever fp16 says: BF16 weights under FP16 autocast.',
    remedy: 'Train in bf16.',
    fixes: [
      {
        title: 'Train in BF16',
        set: [
          ['fp16', false],
          ['bf16', true],
        ],
      },
    ],
    verified: 'source',
    sources: [
      {
        repository: 'huggingface/trl',
        commit: 'f2cd57710a',
        at: 'trl/trainer/sft_trainer.py:1123',
        date: '2026-07-24',
      },
    ],
  },
];
