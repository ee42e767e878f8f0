import { accelerate } from './accelerate.ts';
import { axolotl } from './axolotl.ts';
import { deepspeed } from './deepspeed.ts';
import type { Fragment, Fragments } from './fragment.ts';
import { huggingFace } from './huggingFace.ts';
import { megatron } from './megatron.ts';
import { nemo } from './nemo.ts';
import { others } from './others.ts';
import { torchtitan } from './torchtitan.ts';

const tables: readonly Fragments[] = [
  accelerate,
  axolotl,
  deepspeed,
  huggingFace,
  megatron,
  nemo,
  others,
  torchtitan,
];

/** The fragments of a rule, of every table that has some. */
export const fragmentsOf = (id: string): readonly Fragment[] =>
  tables.flatMap((table) => table[id] ?? []);
