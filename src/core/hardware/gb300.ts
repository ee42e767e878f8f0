import type { Accelerator } from './accelerator.ts';

/** Blackwell Ultra as in GB300 NVL72. */
export const gb300: Accelerator = {
  id: 'gb300',
  name: 'NVIDIA GB300 (NVL72)',
  aliases: [],
  vendor: 'NVIDIA',
  arch: 'sm103',
  computeCapability: 10.3,
  memoryBytes: 288e9,
  bandwidth: 8e12,
  rates: [
    { format: 'fp32', teraflops: 80 },
    { format: 'tf32', teraflops: 1250 },
    { format: 'bf16', teraflops: 2500 },
    { format: 'fp16', teraflops: 2500 },
    { format: 'fp8-e4m3', teraflops: 5000 },
    { format: 'fp8-e5m2', teraflops: 5000 },
    { format: 'int8', teraflops: 165 },
    { format: 'mxfp8-e4m3', teraflops: 5000 },
    { format: 'mxfp8-e5m2', teraflops: 5000 },
    { format: 'mxfp6-e3m2', teraflops: 5000 },
    { format: 'mxfp6-e2m3', teraflops: 5000 },
    { format: 'mxfp4', teraflops: 15000 },
    { format: 'nvfp4', teraflops: 15000 },
  ],
  notes: [
    'FP4 and FP6 need block scales: MXFP4, NVFP4 or MXFP6, not one scale a tensor or channel.',
    'FP8 scales of 1×128 and 128×128 blocks are emulated with MXFP8, as powers of two.',
    'Sources disagree on memory: 279 GB usable or 288 GB nominal.',
    'INT8 has hardly any matrix units left.',
  ],
  source:
    'NVIDIA GB300 NVL72 specifications, one of 72 GPUs, figures with sparsity halved (FP4 dense as printed)',
};
