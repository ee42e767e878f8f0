import { withoutAbsent } from '../architecture/shapes.ts';
import { countOf, programOf } from '../config/launcher.ts';
import {
  isMegatronCommand,
  readMegatronCommand,
  megatronWords,
} from '../dialects/megatron/command.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { need } from '../run/need.ts';

/** Flags that Alibaba's patches add. */
const own = [
  'patch_tokenizer_type',
  'extra_vocab_size',
  'train_mode',
  'dataset',
  'max_padding_length',
];

/** Alibaba's Pai-Megatron-Patch: `run_mcore_*.sh`, whose sizes are often the script's arguments. */
export const paiMegatron: FrameworkReader = {
  id: 'pai-megatron',
  name: 'Pai-Megatron-Patch',
  source: 'alibaba/Pai-Megatron-Patch (2025-12)',
  syntaxes: ['shell'],
  words: { shell: megatronWords },
  bareFlags: true,
  loader: 'other',
  reads: 'Megatron’s flags; what an argument of the script gives is said to be missing',

  recognise(fields) {
    return isMegatronCommand(fields) &&
      (fields.has('patch_tokenizer_type') || countOf(fields, own) >= 2)
      ? `It starts ${programOf(fields) || 'a program'} with Megatron-LM’s flags and Pai-Megatron-Patch’s.`
      : null;
  },

  read(fields) {
    const reading = readMegatronCommand(fields);
    if (!fields.has('extra_vocab_size')) return reading;
    // Rows beyond the tokenizer's are added, so its length does not tell the embedding's.
    return {
      ...reading,
      shape: withoutAbsent({ ...reading.shape, vocabulary: null }),
      needs: [
        ...reading.needs,
        need('parameters', 'the total needs the rows that extra_vocab_size adds to'),
      ],
    };
  },
};
