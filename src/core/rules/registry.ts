import { accelerateRules } from './accelerate.ts';
import { axolotlRules } from './axolotl.ts';
import { deepspeedRules } from './deepspeed.ts';
import { gptNeoxRules } from './gptNeox.ts';
import { hardwareRules } from './hardware.ts';
import { huggingFaceRules } from './huggingFace.ts';
import { litgptRules } from './litgpt.ts';
import { llamaFactoryRules } from './llamaFactory.ts';
import { llmFoundryRules } from './llmFoundry.ts';
import { maxtextRules } from './maxtext.ts';
import { megatronRules } from './megatron.ts';
import { megatronBridgeRules } from './megatronBridge.ts';
import { msSwiftRules } from './msSwift.ts';
import { nemoAutomodelRules } from './nemoAutomodel.ts';
import { nemoRlRules } from './nemoRl.ts';
import { olmoCoreRules } from './olmoCore.ts';
import { primeRlRules } from './primeRl.ts';
import { primusRules } from './primus.ts';
import { smallRules } from './small.ts';
import { torchtitanRules } from './torchtitan.ts';
import { torchtuneRules } from './torchtune.ts';
import { transformerEngineRules } from './transformerEngine.ts';
import type { Rule } from './rule.ts';

/** Every recipe rule, by framework. */
export const rules: readonly Rule[] = [
  ...accelerateRules,
  ...axolotlRules,
  ...deepspeedRules,
  ...gptNeoxRules,
  ...hardwareRules,
  ...huggingFaceRules,
  ...litgptRules,
  ...llamaFactoryRules,
  ...llmFoundryRules,
  ...maxtextRules,
  ...megatronRules,
  ...megatronBridgeRules,
  ...msSwiftRules,
  ...nemoAutomodelRules,
  ...nemoRlRules,
  ...olmoCoreRules,
  ...primeRlRules,
  ...primusRules,
  ...smallRules,
  ...torchtitanRules,
  ...torchtuneRules,
  ...transformerEngineRules,
];

/** The rule of an id, or undefined. */
export function ruleById(id: string): Rule | undefined {
  return rules.find((rule) => rule.id === id);
}
