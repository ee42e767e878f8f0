import { lastLine, nvfp4Script } from '../bothWays.ts';

/** D_crit is 1.05 T tokens by the Capybara law: 256.5 M samples. */
export const both = lastLine(
  'train.sh',
  nvfp4Script,
  '  --train-samples 258000000',
  '  --train-samples 255000000',
);
