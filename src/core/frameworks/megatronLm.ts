import {
  isMegatronCommand,
  readMegatronCommand,
  megatronWords,
} from '../dialects/megatron/command.ts';
import {
  isContinued,
  megatronShape,
  megatronTokens,
  type MegatronFlags,
} from '../dialects/megatron/flags.ts';
import {
  megatronPrecision,
  megatronPrecisionPlaces,
  megatronRows,
} from '../dialects/megatron/precision.ts';
import { megatronSetup } from '../dialects/megatron/setup.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { formatWriter } from '../config/writing.ts';

/** NVIDIA Megatron-LM: a launch script's flags, or a recipe's MODEL_ARGS. */
export const megatronLm: FrameworkReader = {
  id: 'megatron-lm',
  name: 'Megatron-LM',
  source: 'NVIDIA/Megatron-LM megatron/training/arguments.py (2026-08-22)',
  syntaxes: ['yaml', 'shell'],
  words: { config: ['MODEL_ARGS'], shell: megatronWords },
  bareFlags: true,
  loader: 'pyyaml-typed',
  reads:
    '--num-layers… of a launch script or MODEL_ARGS, train-iters or train-samples × seq-length, fp8-format and its recipe',

  recognise(fields) {
    if (fields.tree.syntax === 'shell') {
      return isMegatronCommand(fields)
        ? 'It starts a program with Megatron-LM’s flags for the model and the training length.'
        : null;
    }
    const keys = fields.keys('MODEL_ARGS');
    const trains = ['--train-iters', '--train-samples', '--train-tokens'].some((key) =>
      keys.includes(key),
    );
    return trains && keys.includes('--num-layers') && keys.includes('--hidden-size')
      ? 'Its MODEL_ARGS hold --num-layers, --hidden-size and a training length, as Megatron-LM’s recipes do.'
      : null;
  },

  read(fields) {
    if (fields.tree.syntax === 'shell') return readMegatronCommand(fields);
    const path = (name: string) => `MODEL_ARGS.--${name.replaceAll('_', '-')}`;
    const flags: MegatronFlags = { fields, path };
    const precision = megatronPrecision(flags);
    const { shape, needs } = megatronShape(flags);
    return {
      role: isContinued(flags) ? 'continued' : 'pretrain',
      model: null,
      shape,
      tokens: megatronTokens(flags),
      precision,
      setup: megatronSetup(flags, precision),
      precisionPlaces: megatronPrecisionPlaces(flags, precision),
      writeFormat: formatWriter(
        fields,
        megatronRows({ path, fp8: 'fp8_format', fp4: 'fp4_format', none: null }, flags),
      ),
      needs,
    };
  },
};
