import { lastLine, nvfp4Script } from '../bothWays.ts';

/** Half of D_crit: 128.2 M samples. */
export const both = lastLine(
  'train.sh',
  nvfp4Script,
  '  --train-samples 129000000',
  '  --train-samples 127500000',
);
