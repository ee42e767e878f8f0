import type { Accelerator } from './accelerator.ts';

/** Blackwell as in HGX and DGX B200 (1000 W); a GB200 runs about a tenth faster. */
export const b200: Accelerator = {
  id: 'b200',
  name: 'NVIDIA B200 (HGX)',
  aliases: [],
  vendor: 'NVIDIA',
  arch: 'sm100',
  computeCapability: 10,
  memoryBytes: 180e9,
  bandwidth: 7.672e12,
  rates: [
    { format: 'fp32', teraflops: 75 },
    { format: 'tf32', teraflops: 1125 },
    { format: 'bf16', teraflops: 2250 },
    { format: 'fp16', teraflops: 2250 },
    { format: 'fp8-e4m3', teraflops: 4500 },
    { format: 'fp8-e5m2', teraflops: 4500 },
    { format: 'int8', teraflops: 4500 },
    { format: 'mxfp8-e4m3', teraflops: 4500 },
    { format: 'mxfp8-e5m2', teraflops: 4500 },
    { format: 'mxfp6-e3m2', teraflops: 4500 },
    { format: 'mxfp6-e2m3', teraflops: 4500 },
    { format: 'mxfp4', teraflops: 9000 },
    { format: 'nvfp4', teraflops: 9000 },
  ],
  notes: [
    'FP4 and FP6 need block scales: MXFP4, NVFP4 or MXFP6, not one scale a tensor or channel.',
    'FP8 scales of 1×128 and 128×128 blocks are emulated with MXFP8, as powers of two.',
    'Sources disagree: bandwidth 7.67 (driver, datasheet) or 8 TB/s, TF32 1,100 or 1,125 TFLOP/s, memory 180 or 192 GB.',
  ],
  source:
    'NVIDIA HGX B200 specifications, one of eight GPUs, figures with sparsity halved; memory from the DGX B200 datasheet; bandwidth as the driver gives it (torchao 36027d82 roofline_utils.py)',
};
