import { a100 } from './a100.ts';
import { h100 } from './h100.ts';
import { h200 } from './h200.ts';
import { b200 } from './b200.ts';
import { gb200 } from './gb200.ts';
import { b300 } from './b300.ts';
import { gb300 } from './gb300.ts';
import { rtx4090 } from './rtx4090.ts';
import { l4 } from './l4.ts';
import { l40s } from './l40s.ts';
import { rtx5090 } from './rtx5090.ts';
import { rtxpro6000 } from './rtxpro6000.ts';
import { mi300x } from './mi300x.ts';
import { mi325x } from './mi325x.ts';
import { mi350x } from './mi350x.ts';
import { mi355x } from './mi355x.ts';
import { tpuV5e } from './tpuV5e.ts';
import { tpuV5p } from './tpuV5p.ts';
import { tpuV6e } from './tpuV6e.ts';
import { tpu7x } from './tpu7x.ts';
import { trn2 } from './trn2.ts';
import { trn3 } from './trn3.ts';
import { gaudi2 } from './gaudi2.ts';
import { gaudi3 } from './gaudi3.ts';
import type { Accelerator } from './accelerator.ts';

/** Every accelerator, by vendor and age. */
export const accelerators: readonly Accelerator[] = [
  a100,
  h100,
  h200,
  b200,
  gb200,
  b300,
  gb300,
  rtx4090,
  l4,
  l40s,
  rtx5090,
  rtxpro6000,
  mi300x,
  mi325x,
  mi350x,
  mi355x,
  tpuV5e,
  tpuV5p,
  tpuV6e,
  tpu7x,
  trn2,
  trn3,
  gaudi2,
  gaudi3,
];

/** The accelerator of an id of CLI.md's `--hardware`, or undefined. */
export function acceleratorById(id: string): Accelerator | undefined {
  return accelerators.find((accelerator) => accelerator.id === id);
}
