import type { Accelerator } from './accelerator.ts';

/** Blackwell as in HGX and DGX B200 (1000 W); a GB200 runs about a tenth faster. */
export const b200: Accelerator = {
  id: 'b200',
  name: 'NVIDIA B200 (HGX)',
  vendor: 'NVIDIA',
  memoryBytes: 180e9,
  bandwidth: 8e12,
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
  ],
  source:
    'NVIDIA HGX B200 specifications, one of eight GPUs, figures with sparsity halved; memory from the DGX B200 datasheet',
};
