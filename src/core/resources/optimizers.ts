import type { ModelShape } from '../architecture/shape.ts';

/**
 * What an optimizer keeps for a parameter: how many values of the framework's own state type, and
 * how many bytes beside them whatever that type is.
 */
interface OptimizerState {
  readonly values: number;
  readonly bytes: number;
}

/** Two moments of 8 bits, with an FP32 constant a block of 256 (bitsandbytes, torchao low_bit_optim). */
const eightBits = (moments: number): OptimizerState => ({
  values: 0,
  bytes: moments * (1 + 4 / 256),
});

const adam: OptimizerState = { values: 2, bytes: 0 };
const oneMoment: OptimizerState = { values: 1, bytes: 0 };
const none: OptimizerState = { values: 0, bytes: 0 };

/**
 * Names as frameworks write them, in lower case without separators and without what says only how
 * the step is computed (`fused`, `torch`, `paged`, `cpu`): what a parameter costs.
 * - Adam, AdamW (arXiv 1412.6980, 1711.05101): two moments.
 * - Lion (arXiv 2302.06675): one. SGD: none, with momentum one.
 * - Adafactor (arXiv 1804.04235): a row and a column a matrix, counted apart.
 * - Muon: one for matrices; AdamW for the rest, counted apart.
 */
const kinds: ReadonlyMap<string, OptimizerState> = new Map([
  ...[
    'adam',
    'adamw',
    'decoupledadamw',
    'nadamw',
    'adamwhf',
    'hybridadam',
    'skipstepadamw',
    'adamp',
  ].map((name) => [name, adam] as const),
  ...['adamw8bit', 'adam8bit', 'adamwbnb8bit'].map((name) => [name, eightBits(2)] as const),
  // Two moments of 4 bits with an FP32 constant a block of 128 (torchao low_bit_optim).
  ...['adamw4bit', 'adam4bit'].map(
    (name) => [name, { values: 0, bytes: 1 + 2 * (4 / 128) }] as const,
  ),
  ...['adamwfp8', 'adamfp8'].map((name) => [name, eightBits(2)] as const),
  ...['lion', 'lionbnb', 'decoupledlionw', 'lionw', 'rmsprop', 'adagrad', 'signum'].map(
    (name) => [name, oneMoment] as const,
  ),
  ...['lion8bit', 'decoupledlionw8bit'].map((name) => [name, eightBits(1)] as const),
  ['sgd', none],
  ['adafactor', none],
  ['muon', oneMoment],
]);

/** A name without what changes no memory: where and how the step is computed. */
function plainName(name: string): string {
  return name
    .replace(/^.*[.:/]/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .split('_')
    .filter(
      (word) =>
        !/^(?:torch|fused|foreach|apex|npu|xla|paged|ao|32bit|optimizer|deepspeed|cpu)$/.test(word),
    )
    .join('')
    .replace(/^(?:paged|fused|cpu|distributed|tensorparallel)+/, '');
}

/** What a run asks of an optimizer's state. */
export interface OptimizerRequest {
  readonly name: string;
  /** Parameters that are trained. */
  readonly trained: number;
  /** Of these, those of the blocks' weight matrices, which Muon and Adafactor treat otherwise. */
  readonly matrices: number;
  readonly shape: ModelShape;
  /** Bytes of a value of the state. */
  readonly valueBytes: number;
}

/** Bytes of an optimizer's state over all trained parameters; null for one that is not known. */
export function optimizerBytes(request: OptimizerRequest): number | null {
  const { trained, matrices, shape } = request;
  const name = plainName(request.name);
  // bitsandbytes keeps FP32 moments whatever the type of the weights.
  const isOwnType = /paged|32bit|bnb|bitsandbytes/i.test(request.name);
  const valueBytes = isOwnType ? 4 : request.valueBytes;
  const kind = kinds.get(name);
  if (!kind) return null;
  if (name === 'muon') return (matrices + 2 * (trained - matrices)) * valueBytes;
  // A matrix of r × c keeps r + c values: about 1/r + 1/c a parameter.
  if (name === 'adafactor') return (2 * trained * valueBytes) / shape.hidden;
  return trained * (kind.values * valueBytes + kind.bytes);
}
