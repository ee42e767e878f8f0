import { lastLine } from '../bothWays.ts';

/** A rule's id with a letter too many, and as it is. */
export const both = lastLine(
  'ds_config.json',
  '{\n  "train_batch_size": 64,\n  "bf16": { "enabled": true },\n  "zero_optimization": { "stage": 1 }\n}',
  '// floatcast-disable deepspeed-fp16-and-bf166',
  '// floatcast-disable deepspeed-fp16-and-bf16',
);
