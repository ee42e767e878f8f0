import { lastLine, nvfp4Script } from '../bothWays.ts';

/** NVIDIA's recipe of NVFP4 keeps layers in BF16; few samples, so that no other check speaks. */
export const both = lastLine(
  'train.sh',
  nvfp4Script,
  '  --train-samples 1000000',
  '  --train-samples 1000000 --first-last-layers-bf16 --num-layers-at-end-in-bf16 5',
);
