import { countReading } from '../../architecture/count.ts';
import { roundUp } from '../../architecture/feedForward.ts';
import type { ShapeReading } from '../../architecture/shape.ts';
import { gptReading } from '../../architecture/shapes.ts';
import { byDefault, derived, placeOf, type Known } from '../../run/known.ts';
import type { Precision, WriteResult } from '../../run/run.ts';
import type { TokenPlan } from '../../run/tokens.ts';
import type { Fields } from '../../config/fields.ts';
import { launchedGpus, programPath, untold } from '../../config/launcher.ts';
import { plainPrecision, recipePrecision, recipes } from '../../config/precision.ts';
import type { Reading } from '../../config/reader.ts';
import { formatWriter, setKeys } from '../../config/writing.ts';
import { need } from '../../run/need.ts';
import { torchaoFloat8Recipe } from '../../config/recipeNames.ts';

const of = 'nanochat scripts/base_train.py';

/** Whether a command starts nanochat's pre-training. */
export function isNanochat(fields: Fields): boolean {
  return /(?:^|[./])base_train(?:\.py)?$/.test(programPath(fields)) && fields.has('depth');
}

/** Reads a command line of nanochat's pre-training. */
export function readNanochat(fields: Fields): Reading {
  const shape = readShape(fields);
  const precision = readPrecision(fields);
  const unknown = untold(fields, ['fp8', 'fp8_recipe'], 'format');
  const place = placeOf(precision?.format) ?? fields.place('$program');
  const low = (recipe: 'tensorwise' | 'rowwise') => ({
    recipe: recipe === 'rowwise' ? recipes.aoRowwise : recipes.aoTensorwise,
    edits: (f: Fields): WriteResult =>
      setKeys(f, { ...(!f.has('fp8') && { fp8: '' }), fp8_recipe: recipe }),
  });
  return {
    role: 'pretrain',
    model: null,
    shape: shape ?? {},
    tokens: readTokens(fields, shape),
    precision: unknown.length > 0 ? null : precision,
    precisionPlaces: place ? [place] : [],
    writeFormat: formatWriter(fields, [
      { recipe: 'bf16', edits: (f) => setKeys(f, { fp8: null, fp8_recipe: null }) },
      low('tensorwise'),
      low('rowwise'),
    ]),
    needs: [...untold(fields, ['depth', 'aspect_ratio', 'head_dim'], 'parameters'), ...unknown],
  };
}

/** Depth alone shapes the model: aspect_ratio × depth wide, rounded up to whole heads; no biases, no norm weights. */
function readShape(fields: Fields): ShapeReading | null {
  const depth = fields.positive('depth');
  const ratio = setting(fields, 'aspect_ratio', 64);
  const head = setting(fields, 'head_dim', 128);
  if (!depth || !ratio || !head) return null;
  const parts = [
    { name: 'depth', known: depth },
    { name: 'aspect_ratio', known: ratio },
    { name: 'head_dim', known: head },
  ];
  const width = roundUp(depth.value * ratio.value, head.value);
  const hidden = derived(
    width,
    `${depth.value} × ${ratio.value}, rounded up to heads of ${head.value}`,
    parts,
  );
  return gptReading(
    {
      layers: depth,
      hidden,
      heads: derived(width / head.value, `${width} ÷ ${head.value}`, parts),
      vocabulary: byDefault(32768, 'nanochat scripts/tok_train.py'),
      tied: byDefault(false, of),
      norm: byDefault('none', of),
      biases: byDefault(
        { queryKeyValue: false, attentionOutput: false, feedForward: false, head: false },
        of,
      ),
    },
    of,
  );
}

function setting(fields: Fields, name: string, value: number): Known<number> | null {
  return fields.positive(name) ?? (fields.has(name) ? null : byDefault(value, of));
}

/** num_iterations of total_batch_size tokens, else so many tokens a parameter of matrices and head. */
function readTokens(fields: Fields, shape: ShapeReading | null): TokenPlan {
  const names = ['num_iterations', 'total_batch_size', 'target_param_data_ratio', 'max_seq_len'];
  const needs = untold(fields, names, 'tokens');
  const steps = fields.positive('num_iterations');
  const tokensPerStep = fields.positive('total_batch_size');
  const rest = {
    sequenceLength: setting(fields, 'max_seq_len', 2048),
    tokensPerStep,
    worldSize: launchedGpus(fields),
    needs,
  };
  if (steps) {
    const missing = tokensPerStep
      ? []
      : [need('tokens', 'nanochat works the batch out itself unless total_batch_size says it')];
    return {
      ...rest,
      duration: { unit: 'steps', count: steps },
      needs: [...needs, ...missing],
    };
  }
  if (fields.positive('target_flops')) {
    return {
      ...rest,
      duration: null,
      needs: [need('tokens', 'the duration is a number of FLOPs')],
    };
  }
  // The program's own ratio has been 20, 10.5 and 12: only a stated one counts.
  const ratio = fields.positive('target_param_data_ratio');
  if (!fields.has('target_param_data_ratio')) {
    const missing = need(
      'tokens',
      'the script says neither num_iterations nor target_param_data_ratio',
    );
    return { ...rest, duration: null, needs: [missing] };
  }
  const counted = shape ? countReading(shape) : null;
  if (needs.length > 0 || !ratio || !counted || !('counts' in counted)) {
    return { ...rest, duration: null };
  }
  const { hidden, vocabulary } = shape ?? {};
  const parameters = counted.counts.linear + (hidden?.value ?? 0) * (vocabulary?.value ?? 0);
  const total = derived(
    Math.trunc(ratio.value * parameters),
    `${ratio.value} × ${parameters} parameters of the matrices and the head`,
    [{ name: 'target_param_data_ratio', known: ratio }],
  );
  return { ...rest, duration: { unit: 'tokens', count: total } };
}

function readPrecision(fields: Fields): Precision | null {
  const fp8 = fields.boolean('fp8');
  if (fp8?.value !== true) return plainPrecision(byDefault('bf16', 'nanochat COMPUTE_DTYPE'));
  const recipe = torchaoFloat8Recipe(fields.string('fp8_recipe')?.value ?? 'tensorwise');
  return recipe && recipePrecision(recipe, fp8);
}
