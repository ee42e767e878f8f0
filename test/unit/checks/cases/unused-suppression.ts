import { lastLine } from '../bothWays.ts';

/** A rule that the config keeps to, and one that it breaks. */
export const both = lastLine(
  'ds_config.json',
  '{\n  "train_batch_size": 64,\n  "bf16": { "enabled": true },\n  "fp16": { "enabled": true }\n}',
  '// floatcast-disable deepspeed-max-grad-norm-in-optimizer',
  '// floatcast-disable deepspeed-fp16-and-bf16',
);
