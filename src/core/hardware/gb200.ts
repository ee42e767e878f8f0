import type { Accelerator } from './accelerator.ts';

/** Blackwell as in GB200 NVL72, a tenth faster than in HGX B200. */
export const gb200: Accelerator = {
  id: 'gb200',
  name: 'NVIDIA GB200 (NVL72)',
  aliases: [],
  vendor: 'NVIDIA',
  arch: 'sm100',
  computeCapability: 10,
  memoryBytes: 186e9,
  bandwidth: 8e12,
  rates: [
    { format: 'fp32', teraflops: 80 },
    { format: 'tf32', teraflops: 1250 },
    { format: 'bf16', teraflops: 2500 },
    { format: 'fp16', teraflops: 2500 },
    { format: 'fp8-e4m3', teraflops: 5000 },
    { format: 'fp8-e5m2', teraflops: 5000 },
    { format: 'int8', teraflops: 5000 },
    { format: 'mxfp8-e4m3', teraflops: 5000 },
    { format: 'mxfp8-e5m2', teraflops: 5000 },
    { format: 'mxfp6-e3m2', teraflops: 5000 },
    { format: 'mxfp6-e2m3', teraflops: 5000 },
    { format: 'mxfp4', teraflops: 10000 },
    { format: 'nvfp4', teraflops: 10000 },
  ],
  notes: [
    'FP4 and FP6 need block scales: MXFP4, NVFP4 or MXFP6, not one scale a tensor or channel.',
    'FP8 scales of 1×128 and 128×128 blocks are emulated with MXFP8, as powers of two.',
    'Sources disagree on FP32: 80 or 90 TFLOP/s; torchao prints the rates of the B200.',
  ],
  source:
    'NVIDIA Blackwell datasheet table, figures with sparsity halved; MLCommons system descriptions; torchao 36027d82 roofline_utils.py; glennklockwood.com B200 (from the Blackwell architecture brief); torchtitan b5bcd76c tools/utils.py; nanochat 92d63d4 common.py',
};
