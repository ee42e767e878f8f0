import { gptShape } from '../architecture/shapes.ts';
import type { ModelShape } from '../architecture/shape.ts';
import { byDefault, type Known } from '../run/known.ts';
import { need } from '../run/need.ts';
import type { Precision, Role } from '../run/run.ts';
import type { TokenPlan } from '../run/tokens.ts';
import type { Fields } from '../config/fields.ts';
import { countOf, launchedGpus, programOf, untold } from '../config/launcher.ts';
import { plainPrecision } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { namedModel, publishedShape, type NamedModel } from '../dialects/models.ts';

const source = 'karpathy/llm.c train_gpt2.cu (00247dc)';

/** Flags that take what a run is: weights or a descriptor, data, batch, length, steps. */
const own = ['i', 'e', 'b', 't', 'd', 'x'];

/** llm.c: GPT-2 and GPT-3 in CUDA, all of it on the command line. */
export const llmc: FrameworkReader = {
  id: 'llmc',
  name: 'llm.c',
  source,
  syntaxes: ['shell'],
  words: { shell: ['train_gpt2cu', 'train_gpt2fp32cu'] },
  loader: 'other',
  reads: '-e d12 or gpt3:c768, -x steps × -d tokens (or -b × -t a GPU), PRECISION of make',

  recognise(fields) {
    return /^train_gpt2(?:fp32)?cu$/.test(programOf(fields)) && countOf(fields, own) >= 2
      ? 'It starts llm.c’s train_gpt2cu with flags of a run.'
      : null;
  },

  read(fields) {
    const place = fields.place('$program');
    return {
      role: roleOf(fields),
      ...readModel(fields),
      tokens: readTokens(fields),
      precision: readPrecision(fields),
      precisionPlaces: place ? [place] : [],
      writeFormat: null,
    };
  },
};

/** Width and heads by depth: `gpt2_set_hyperparameters`. */
const gpt2: ReadonlyMap<number, readonly [hidden: number, heads: number]> = new Map([
  [6, [384, 6]],
  [12, [768, 12]],
  [24, [1024, 16]],
  [36, [1280, 20]],
  [48, [1600, 25]],
  [60, [1920, 30]],
  [72, [2880, 30]],
  [84, [3456, 36]],
]);

/** Depth and width of a head by width: `gpt3_set_hyperparameters`. */
const gpt3: ReadonlyMap<number, readonly [layers: number, head: number]> = new Map([
  [384, [6, 64]],
  [768, [12, 64]],
  [1024, [24, 64]],
  [1536, [24, 96]],
  [2048, [24, 128]],
  [2560, [32, 80]],
  [4096, [32, 128]],
  [12288, [96, 128]],
]);

/** GPT-2's 50,257 tokens, padded to a multiple of 128. */
const vocabulary = 50304;

function shapeOf(descriptor: string): ModelShape | null {
  const depth = Number(/^(?:gpt2:)?d(\d+)$/.exec(descriptor)?.[1]);
  const [hidden, heads] = gpt2.get(depth) ?? [];
  if (hidden !== undefined && heads !== undefined) {
    return gptShape({ layers: depth, hidden, heads, vocabulary, learnedPositions: 1024 });
  }
  const width = Number(/^gpt3:c(\d+)$/.exec(descriptor)?.[1]);
  const [layers, head] = gpt3.get(width) ?? [];
  if (layers === undefined || head === undefined) return null;
  const rest = { layers, heads: width / head, vocabulary, learnedPositions: 2048 };
  return gptShape({ hidden: width, ...rest });
}

/** A file of weights is a checkpoint of a model that its name may tell; without `-e` it is GPT-2's. */
const startsFrom = (fields: Fields): Known<string> | null =>
  fields.has('e') ? fields.string('e') : byDefault('gpt2_124M_bf16.bin', source);

function readModel(fields: Fields): NamedModel {
  const from = startsFrom(fields);
  if (!from) return { model: null, shape: {}, needs: untold(fields, ['e'], 'parameters') };
  const shape = shapeOf(from.value);
  if (shape) return { model: from, shape: publishedShape(shape, from.value, source), needs: [] };
  if (/(?:^|\/)gpt2_124M\w*\.bin$/.test(from.value)) return namedModel({ ...from, value: 'gpt2' });
  const why = `the model in “${from.value}” is not told in this file`;
  return { model: from, shape: {}, needs: [need('parameters', why)] };
}

function roleOf(fields: Fields): Role {
  const from = startsFrom(fields)?.value ?? '';
  if (!from.endsWith('.bin')) return 'pretrain';
  return /(?:^|\/)gpt2_\w*\.bin$/.test(from) ? 'finetune' : 'continued';
}

/** `-d` is a step's tokens over all GPUs; without it a step is one micro-batch of each. */
function readTokens(fields: Fields): TokenPlan {
  const or = (flag: string, value: number) =>
    fields.positive(flag) ?? (fields.has(flag) ? null : byDefault(value, source));
  const steps = fields.positive('x');
  const once = byDefault(1, source);
  return {
    duration: steps
      ? { unit: 'steps', count: steps }
      : fields.has('x')
        ? null
        : { unit: 'epochs', count: once },
    sequenceLength: or('t', 1024),
    tokensPerStep: fields.positive('d'),
    ...(!fields.has('d') && { rankBatch: or('b', 4) }),
    worldSize: fields.positive('pn') ?? launchedGpus(fields),
    needs: untold(fields, ['x', 'd', 't', 'b'], 'tokens'),
  };
}

/** BF16 unless `make` was told otherwise; the other program has FP32 alone. */
function readPrecision(fields: Fields): Precision {
  const made = /\bPRECISION=(BF16|FP16|FP32)\b/.exec(fields.text)?.[1]?.toLowerCase();
  const isFp32 = programOf(fields).includes('fp32');
  const format = isFp32 ? 'fp32' : ((made ?? 'bf16') as 'bf16' | 'fp16' | 'fp32');
  return plainPrecision(byDefault(format, 'llm.c Makefile (PRECISION)'));
}
