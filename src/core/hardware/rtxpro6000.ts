import type { Accelerator } from './accelerator.ts';

/** Blackwell of workstations: the instructions of the RTX 5090 at full rate with FP32 accumulation. */
export const rtxpro6000: Accelerator = {
  id: 'rtxpro6000',
  name: 'NVIDIA RTX PRO 6000 Blackwell Workstation',
  aliases: ['rtx6000pro', 'pro6000'],
  vendor: 'NVIDIA',
  arch: 'sm120',
  computeCapability: 12,
  memoryBytes: 96e9,
  bandwidth: 1.792e12,
  rates: [
    { format: 'fp32', teraflops: 126 },
    { format: 'tf32', teraflops: 251.9 },
    { format: 'bf16', teraflops: 503.8 },
    { format: 'fp16', teraflops: 503.8 },
    { format: 'fp8-e4m3', teraflops: 1007.6 },
    { format: 'fp8-e5m2', teraflops: 1007.6 },
    { format: 'int8', teraflops: 1007.6 },
    { format: 'mxfp4', teraflops: 2015 },
    { format: 'nvfp4', teraflops: 2015 },
  ],
  notes: [
    'Transformer Engine refuses MXFP8 here, and NVFP4 with its default recipe (random Hadamard transform, stochastic rounding).',
    'The Max-Q and Server editions are slower.',
  ],
  source: 'hmc-tech.com RTX PRO 6000; Automodel 36044ad3 mfu.py',
};
