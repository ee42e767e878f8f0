import { withoutAbsent } from '../../architecture/shapes.ts';
import { byDefault, placeOf } from '../../run/known.ts';
import { need, type Need } from '../../run/need.ts';
import type { Precision } from '../../run/run.ts';
import { generatedTokens, type TokenPlan } from '../../run/tokens.ts';
import type { Fields } from '../../config/fields.ts';
import { programOf, programPath, untold } from '../../config/launcher.ts';
import { plainFormat, plainPrecision } from '../../config/precision.ts';
import type { Reading } from '../../config/reader.ts';
import { launchedPrecision } from '../../dialects/huggingFace/accelerate.ts';
import { modelAt } from '../../dialects/huggingFace/checkpoints.ts';
import { trlSetup } from '../../dialects/huggingFace/trlSetup.ts';

/** Its programs that train, by the start of their names. */
const program = /^(?:olmo_core_)?(?:finetune|dpo|grpo|ppo|reward_modeling)/;

const named = 'model_name_or_path';

/** Whether a command starts a program of Ai2's open-instruct, also behind ray or mason.py. */
export function isOpenInstruct(fields: Fields): boolean {
  const isOurs = /(?:^|[./])open_instruct[./]/.test(programPath(fields));
  return isOurs && program.test(nameOf(fields)) && fields.has(named);
}

/** Reads one of open-instruct's commands (allenai/open-instruct e6c3044, finetune.py and others). */
export function readOpenInstruct(fields: Fields): Reading {
  const { model, shape, needs } = modelAt(fields, named);
  const unknown = untold(fields, [named], 'parameters');
  const { precision, missing } = readPrecision(fields);
  const place = placeOf(precision?.format) ?? fields.place('$program');
  return {
    role: 'finetune',
    model,
    // In place of the head a reward model has one that gives a number.
    shape: nameOf(fields).includes('reward')
      ? withoutAbsent({ ...shape, vocabulary: null })
      : shape,
    tokens: readTokens(fields),
    precision,
    setup: trlSetup(fields, { precision, isTrl: false, program: nameOf(fields) }),
    precisionPlaces: place ? [place] : [],
    writeFormat: null,
    needs: [...needs, ...unknown, ...missing],
  };
}

/** `finetune` of `open_instruct/finetune.py` and of `-m open_instruct.finetune`. */
const nameOf = (fields: Fields) => programOf(fields).split('.').at(-1) ?? '';

/** Samples keep their own lengths: `packing` only leaves the padding out. */
function readTokens(fields: Fields): TokenPlan {
  if (/^(?:olmo_core_)?(?:grpo|ppo)/.test(nameOf(fields))) return generatedTokens;
  const steps = fields.positive('max_train_steps');
  const count = fields.positive('num_train_epochs') ?? fields.positive('num_epochs');
  const unknown = untold(fields, ['max_train_steps', 'num_train_epochs', 'num_epochs'], 'tokens');
  const lengths = need('tokens', 'samples are not packed to a length, so their lengths are needed');
  if (steps || unknown.length > 0) {
    return { duration: null, sequenceLength: null, needs: steps ? [lengths] : unknown };
  }
  const epochs = count ?? byDefault(2, 'open_instruct/finetune.py');
  return { duration: { unit: 'epochs', count: epochs }, sequenceLength: null, packed: false };
}

/** Programs that load their weights in BF16 themselves. */
const inBf16 = /^(?:olmo_core_)?(?:finetune|dpo|grpo)/;

/** BF16 by the program; grpo's `model_dtype` says otherwise, and what starts it may. */
function readPrecision(fields: Fields): {
  readonly precision: Precision | null;
  readonly missing: readonly Need[];
} {
  const missing = untold(fields, ['model_dtype', 'use_qlora'], 'format');
  if (missing.length > 0) return { precision: null, missing };
  if (fields.isTrue('use_qlora')) {
    const why = 'the frozen weights are kept in 4 bits, and what is trained beside them in BF16';
    return { precision: null, missing: [need('format', why)] };
  }
  const stated = fields.string('model_dtype');
  if (stated) {
    const format = plainFormat(stated);
    return { precision: format && plainPrecision(format), missing: [] };
  }
  const launched = launchedPrecision(fields);
  if (launched || !inBf16.test(nameOf(fields))) return { precision: launched, missing: [] };
  const source = `open_instruct/${nameOf(fields)}.py`;
  return { precision: plainPrecision(byDefault('bf16', source)), missing: [] };
}
