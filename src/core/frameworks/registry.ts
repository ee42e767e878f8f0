import { accelerate } from './accelerate.ts';
import { axolotl } from './axolotl.ts';
import { deepspeed } from './deepspeed.ts';
import { fairseq2 } from './fairseq2.ts';
import { gptNeox } from './gptNeox.ts';
import { hfConfig } from './hfConfig.ts';
import { lightning } from './lightning.ts';
import { lingua } from './lingua.ts';
import { litgpt } from './litgpt.ts';
import { llamaFactory } from './llamaFactory.ts';
import { llmFoundry } from './llmFoundry.ts';
import { mistralFinetune } from './mistralFinetune.ts';
import { msSwift } from './msSwift.ts';
import { nanotron } from './nanotron.ts';
import { nemo } from './nemo.ts';
import { olmo } from './olmo.ts';
import { openLm } from './openLm.ts';
import { levanter } from './levanter.ts';
import { maxtext } from './maxtext.ts';
import { megatronBridge } from './megatronBridge.ts';
import { megatronLm } from './megatronLm.ts';
import { nemoAutomodel } from './nemoAutomodel.ts';
import { nemoRl } from './nemoRl.ts';
import { primus } from './primus.ts';
import { verl } from './verl.ts';
import type { FrameworkReader } from './reader.ts';
import { torchtitan } from './torchtitan.ts';
import { torchtune } from './torchtune.ts';
import { trl } from './trl.ts';

/** Every framework that can be read, the most specific fingerprint first. */
export const readers: readonly FrameworkReader[] = [
  torchtitan,
  nanotron,
  primus,
  megatronLm,
  nemo,
  nemoAutomodel,
  nemoRl,
  verl,
  levanter,
  maxtext,
  megatronBridge,
  gptNeox,
  olmo,
  llmFoundry,
  axolotl,
  llamaFactory,
  litgpt,
  torchtune,
  lingua,
  fairseq2,
  openLm,
  mistralFinetune,
  msSwift,
  accelerate,
  deepspeed,
  lightning,
  trl,
  hfConfig,
];
