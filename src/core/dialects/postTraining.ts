import type { ShapeReading } from '../architecture/shape.ts';
import type { Known } from '../run/known.ts';
import type { Granularity, Operand, Precision } from '../run/run.ts';
import { noTokens } from '../run/tokens.ts';
import type { Place } from '../syntax/tree.ts';
import { targetName } from '../config/precision.ts';
import type { Reading } from '../config/reader.ts';

/** What a recipe makes of one operand: its format and how it is scaled. */
export interface Quantised {
  readonly format: string;
  readonly granularity: Granularity;
  /** Values along the contraction that share a scale; null unless `granularity` is `block`. */
  readonly block: number | null;
  /** What the scale is stored as; null where the recipe does not say. */
  readonly scale: string | null;
}

/** The operands that a recipe quantises; one it leaves in high precision is null or absent. */
export interface QuantisedOperands {
  readonly weights?: Quantised | null;
  readonly activations?: Quantised | null;
  readonly kv?: Quantised | null;
}

/** A format scaled per tensor. */
export function perTensor(format: string): Quantised {
  return { format, granularity: 'tensor', block: null, scale: null };
}

/** A format scaled per channel of a weight, or per token of an activation. */
export function perChannel(format: string): Quantised {
  return { format, granularity: 'channel', block: null, scale: null };
}

/** A format with a scale for every `block` values along the contraction. */
export function perBlock(format: string, block: number, scale: string | null = null): Quantised {
  return { format, granularity: 'block', block, scale };
}

/** The block formats whose block and scale are part of the name. */
export const blockFormats = {
  nvfp4: perBlock('nvfp4', 16, 'e4m3'),
  mxfp4: perBlock('mxfp4', 32, 'e8m0'),
  mxfp6E3m2: perBlock('mxfp6-e3m2', 32, 'e8m0'),
  mxfp6E2m3: perBlock('mxfp6-e2m3', 32, 'e8m0'),
  mxfp8E4m3: perBlock('mxfp8-e4m3', 32, 'e8m0'),
  mxfp8E5m2: perBlock('mxfp8-e5m2', 32, 'e8m0'),
} as const satisfies Record<string, Quantised>;

const afterTraining =
  'A post-training recipe: it says how the model is stored, not the format it is trained in.';

const operandNames = { weights: 'weights', activations: 'activations', kv: 'key-value cache' };

/**
 * The precision of a recipe: the weights' format (else the activations', else the cache's) with the
 * operands that share it; an operand of another format or scaling is named in the notes.
 */
export function quantisedPrecision(
  name: string,
  stated: Known<unknown>,
  operands: QuantisedOperands,
  notes: readonly string[] = [afterTraining],
): Precision | null {
  const main = operands.weights ?? operands.activations ?? operands.kv;
  if (!main) return null;
  const kinds: readonly (keyof QuantisedOperands & Operand)[] = ['weights', 'activations', 'kv'];
  const shared = kinds.filter((kind) => operands[kind]?.format === main.format);
  const others = kinds.flatMap((kind) => {
    const other = operands[kind];
    const same =
      other?.format === main.format &&
      other.granularity === main.granularity &&
      other.block === main.block;
    if (!other || same) return [];
    const verb = kind === 'kv' ? 'is' : 'are';
    return [`The ${operandNames[kind]} ${verb} quantised to ${targetName(other)}.`];
  });
  return {
    ...main,
    format: { value: main.format, origin: stated.origin },
    gradientFormat: null,
    operands: shared,
    base: null,
    recipe: name,
    notes: [...notes, ...others],
  };
}

/** What the reader of a post-training recipe answers: a format, no run, nothing to write. */
export function quantiseReading(
  precision: Precision | null,
  place: Place | null,
  model: Pick<Reading, 'model' | 'needs'> & { readonly shape: ShapeReading },
): Reading {
  return {
    role: 'quantize',
    ...model,
    tokens: noTokens,
    precision,
    precisionPlaces: place ? [place] : [],
    writeFormat: null,
  };
}

/** A recipe that names no model. */
export const noModel = { model: null, shape: {}, needs: [] } as const;
