import { floating } from './floating.ts';
import type { NumberFormat } from './format.ts';

/** FP32 storage of which the tensor cores multiply the ten leading mantissa bits. */
export const tf32: NumberFormat = floating({
  id: 'tf32',
  name: 'TF32',
  exponentBits: 8,
  mantissaBits: 10,
  special: 'ieee',
  storedBits: 32,
  source: 'NVIDIA A100 Tensor Core GPU Architecture, white paper v1.0',
});
