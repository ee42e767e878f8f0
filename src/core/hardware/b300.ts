import type { Accelerator } from './accelerator.ts';

/** Blackwell Ultra as in HGX B300. */
export const b300: Accelerator = {
  id: 'b300',
  name: 'NVIDIA B300 (HGX)',
  aliases: [],
  vendor: 'NVIDIA',
  arch: 'sm103',
  computeCapability: 10.3,
  memoryBytes: 288e9,
  bandwidth: 8e12,
  rates: [
    { format: 'fp32', teraflops: 75 },
    { format: 'tf32', teraflops: 1125 },
    { format: 'bf16', teraflops: 2250 },
    { format: 'fp16', teraflops: 2250 },
    { format: 'fp8-e4m3', teraflops: 4500 },
    { format: 'fp8-e5m2', teraflops: 4500 },
    { format: 'int8', teraflops: 150 },
    { format: 'mxfp8-e4m3', teraflops: 4500 },
    { format: 'mxfp8-e5m2', teraflops: 4500 },
    { format: 'mxfp6-e3m2', teraflops: 4500 },
    { format: 'mxfp6-e2m3', teraflops: 4500 },
    { format: 'mxfp4', teraflops: 14000 },
    { format: 'nvfp4', teraflops: 14000 },
  ],
  notes: [
    'FP4 and FP6 need block scales: MXFP4, NVFP4 or MXFP6, not one scale a tensor or channel.',
    'FP8 scales of 1×128 and 128×128 blocks are emulated with MXFP8, as powers of two.',
    'INT8 has hardly any matrix units left.',
    'Sources disagree: FP4 13,125 to 15,000 TFLOP/s, INT8 125 to 150 TOP/s, memory 270 to 288 GB.',
  ],
  source:
    'glennklockwood.com B300; fibermall.com HGX B300; torchao 36027d82 roofline_utils.py; torchtitan b5bcd76c tools/utils.py; verda.com GPU comparison',
};
