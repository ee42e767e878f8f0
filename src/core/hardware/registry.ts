import { a100 } from './a100.ts';
import type { Accelerator } from './accelerator.ts';
import { b200 } from './b200.ts';
import { gb300 } from './gb300.ts';
import { h100 } from './h100.ts';
import { h200 } from './h200.ts';
import { mi300x } from './mi300x.ts';
import { mi355x } from './mi355x.ts';

/** Every accelerator, by vendor and age. */
export const accelerators: readonly Accelerator[] = [a100, h100, h200, b200, gb300, mi300x, mi355x];

/** The accelerator of an id of CLI.md's `--hardware`, or undefined. */
export function acceleratorById(id: string): Accelerator | undefined {
  return accelerators.find((accelerator) => accelerator.id === id);
}
