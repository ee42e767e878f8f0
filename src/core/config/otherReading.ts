import { noTokens } from '../run/tokens.ts';
import type { Reading } from './reader.ts';
import { need } from '../run/need.ts';

/**
 * What a reader answers for a config of its framework that trains no decoder language model
 * (encoder, state-space model, diffusion…): silent everywhere but in "Explain This File".
 * `why` is a whole sentence.
 */
export function otherReading(why: string): Reading {
  return {
    role: 'other',
    model: null,
    shape: {},
    tokens: noTokens,
    precision: null,
    precisionPlaces: [],
    writeFormat: null,
    needs: [need('role', why)],
  };
}
