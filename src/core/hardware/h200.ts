import type { Accelerator } from './accelerator.ts';
import { h100 } from './h100.ts';

/** Hopper with HBM3e, SXM module: the rates of the H100. */
export const h200: Accelerator = {
  id: 'h200',
  name: 'NVIDIA H200 SXM',
  aliases: [],
  vendor: 'NVIDIA',
  arch: 'sm90',
  computeCapability: 9,
  memoryBytes: 141e9,
  bandwidth: 4.8e12,
  rates: h100.rates,
  notes: h100.notes,
  source: 'NVIDIA H200 Tensor Core GPU datasheet, SXM column; its figures with sparsity halved',
};
