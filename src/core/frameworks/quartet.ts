import type { ShapeReading } from '../architecture/shape.ts';
import { llamaReading } from '../architecture/shapes.ts';
import { byDefault, derived, placeOf, type Known } from '../run/known.ts';
import { need, type Need } from '../run/need.ts';
import type { Precision } from '../run/run.ts';
import { product, type TokenPlan } from '../run/tokens.ts';
import type { Fields } from '../config/fields.ts';
import { countOf, programOf, untold } from '../config/launcher.ts';
import {
  forwardOnly,
  plainFormat,
  plainPrecision,
  recipePrecision,
  recipes,
} from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';

const of = 'Quartet src/config/base.py';

/** Flags that EPFL's llm-baselines and its descendants share. */
const settings = ['n_layer', 'n_embd', 'n_head', 'acc_steps', 'iterations', 'batch_size'];

/** IST-DASLab's QuEST and Quartet: Llama-like models whose multiplications are quantised. */
export const quartet: FrameworkReader = {
  id: 'quartet',
  name: 'QuEST / Quartet',
  source: 'IST-DASLab/Quartet (6ddd368)',
  syntaxes: ['shell'],
  words: { shell: ['--acc_steps'] },
  loader: 'other',
  reads:
    'n_layer, n_embd…, iterations × batch_size × acc_steps × sequence_length, w_quant, a_quant',

  recognise(fields) {
    const kind =
      fields.has('w_quant') || fields.has('a_quant') || fields.has('distributed_backend');
    return programOf(fields) === 'main' && kind && countOf(fields, settings) >= 4
      ? 'It starts main.py with acc_steps, iterations and the quantizers of QuEST and Quartet.'
      : null;
  },

  read(fields) {
    const { precision, needs: open } = readPrecision(fields);
    const { shape, needs } = readShape(fields);
    const place = placeOf(precision?.format) ?? fields.place('$program');
    const from = fields.string('use_pretrained');
    return {
      role: from && from.value !== 'none' ? 'continued' : 'pretrain',
      model: null,
      shape,
      tokens: readTokens(fields),
      precision,
      precisionPlaces: place ? [place] : [],
      writeFormat: null,
      needs: [...needs, ...open],
    };
  },
};

function setting(fields: Fields, name: string, value: number): Known<number> | null {
  return fields.positive(name) ?? (fields.has(name) ? null : byDefault(value, of));
}

/** models/llama.py: two thirds of 4 × width, rounded up to multiple_of; nothing shared or biased. */
function readShape(fields: Fields): {
  readonly shape: ShapeReading;
  readonly needs: readonly Need[];
} {
  const kind = fields.string('model')?.value ?? (fields.has('w_quant') ? 'llama' : '');
  if (kind !== 'llama') {
    return {
      shape: {},
      needs: [need('parameters', 'only the layers of its model llama are known')],
    };
  }
  const layers = setting(fields, 'n_layer', 24);
  const hidden = setting(fields, 'n_embd', 768);
  const heads = setting(fields, 'n_head', 12);
  const multiple = setting(fields, 'multiple_of', 256);
  const needs = untold(fields, ['n_layer', 'n_embd', 'n_head', 'multiple_of'], 'parameters');
  if (!layers || !hidden || !heads || !multiple) return { shape: {}, needs };
  const width = Math.ceil(Math.trunc((8 * hidden.value) / 3) / multiple.value) * multiple.value;
  const formula = `2/3 × 4 × ${hidden.value}, rounded up to a multiple of ${multiple.value}`;
  const feedForward = derived(width, formula, [
    { name: 'n_embd', known: hidden },
    { name: 'multiple_of', known: multiple },
  ]);
  const vocabulary = setting(fields, 'vocab_size', 50304);
  return { shape: llamaReading({ layers, hidden, heads, feedForward, vocabulary }, of), needs };
}

/** batch_size × acc_steps is that of all GPUs, which share it (src/distributed/ddp.py). */
function readTokens(fields: Fields): TokenPlan {
  const steps = setting(fields, 'iterations', 15000);
  const names = ['iterations', 'batch_size', 'acc_steps', 'sequence_length'];
  return {
    duration: steps && { unit: 'steps', count: steps },
    sequenceLength: setting(fields, 'sequence_length', 512),
    globalBatch: product([
      { name: 'sequences', known: setting(fields, 'batch_size', 50) },
      { name: 'accumulation steps', known: setting(fields, 'acc_steps', 4) },
    ]),
    needs: untold(fields, names, 'tokens'),
  };
}

const isOff = (known: Known<string> | null) => !known || known.value === 'NoQuantizer';

/** Both operands through the same MXFP4 quantizer, and the gradients by the scheme that says so. */
function readPrecision(fields: Fields): {
  readonly precision: Precision | null;
  readonly needs: readonly Need[];
} {
  const names = ['w_quant', 'a_quant', 'g_quant', 'dtype'];
  const needs = untold(fields, names, 'format');
  if (needs.length > 0) return { precision: null, needs };
  const weights = fields.string('w_quant');
  const activations = fields.string('a_quant');
  const gradients = fields.string('g_quant');
  if (isOff(weights) && isOff(activations) && isOff(gradients)) {
    const base = fields.has('dtype') ? plainFormat(fields.string('dtype')) : null;
    const format = base ?? (fields.has('dtype') ? null : byDefault('bf16' as const, of));
    return { precision: format && plainPrecision(format), needs };
  }
  const isMxfp4 = [weights, activations].every((each) => /MXFP4/i.test(each?.value ?? ''));
  if (!isMxfp4 || !weights) {
    const stated = [weights, activations, gradients].filter((each) => !isOff(each));
    const named = stated.map((each) => each?.value).join(', ');
    return {
      precision: null,
      needs: [need('format', `the quantizers ${named} are not known here`)],
    };
  }
  const scheme = fields.string('backward_scheme')?.value ?? 'EW_EtX';
  const isWhole = !isOff(gradients) && scheme.includes('Q(E)');
  const recipe = isWhole ? recipes.mxfp4 : forwardOnly(recipes.mxfp4);
  return { precision: recipePrecision(recipe, weights), needs };
}
