import { lastLine, nvfp4Script } from '../bothWays.ts';

/** The gap is the target of 0.01 nats on about 16 M samples. */
export const both = lastLine(
  'train.sh',
  nvfp4Script,
  '  --train-samples 18000000',
  '  --train-samples 15000000',
);
