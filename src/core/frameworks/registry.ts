import { axolotl } from './axolotl.ts';
import { gptNeox } from './gptNeox.ts';
import { hfConfig } from './hfConfig.ts';
import { llamaFactory } from './llamaFactory.ts';
import { llmFoundry } from './llmFoundry.ts';
import { nanotron } from './nanotron.ts';
import { olmo } from './olmo.ts';
import type { FrameworkReader } from './reader.ts';
import { torchtitan } from './torchtitan.ts';

/** Every framework that can be read, the most specific fingerprint first. */
export const readers: readonly FrameworkReader[] = [
  torchtitan,
  nanotron,
  gptNeox,
  olmo,
  llmFoundry,
  axolotl,
  llamaFactory,
  hfConfig,
];
