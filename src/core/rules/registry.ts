import { accelerateRules } from './accelerate.ts';
import { axolotlFormats } from './axolotl/formats.ts';
import { axolotlOptimizer } from './axolotl/optimizer.ts';
import { axolotlQat } from './axolotl/qat.ts';
import { deepspeedRules } from './deepspeed.ts';
import { gptNeoxRules } from './gptNeox.ts';
import { hardwareRules } from './hardware.ts';
import { huggingFaceRules } from './huggingFace.ts';
import { litgptRules } from './litgpt.ts';
import { llamaFactoryRules } from './llamaFactory.ts';
import { llmFoundryRules } from './llmFoundry.ts';
import { maxtextRules } from './maxtext.ts';
import { megatronFormats } from './megatron/formats.ts';
import { megatronGathering } from './megatron/gathering.ts';
import { megatronOptimizer } from './megatron/optimizer.ts';
import { megatronLengths } from './megatron/lengths.ts';
import { megatronLayers } from './megatron/layers.ts';
import { megatronBridgeRules } from './megatronBridge.ts';
import { msSwiftRules } from './msSwift.ts';
import { nemoAutomodelRules } from './nemoAutomodel.ts';
import { nemoRlRules } from './nemoRl.ts';
import { olmoCoreRules } from './olmoCore.ts';
import { primeRlRules } from './primeRl.ts';
import { primusRules } from './primus.ts';
import { smallRules } from './small.ts';
import { torchtitanPython } from './torchtitan/python.ts';
import { torchtitanToml } from './torchtitan/toml.ts';
import { torchtuneRules } from './torchtune.ts';
import { transformerEngineHardware } from './transformerEngine/hardware.ts';
import { transformerEngineRecipes } from './transformerEngine/recipes.ts';
import type { Rule } from './rule.ts';

/** Every recipe rule, by framework. */
export const rules: readonly Rule[] = [
  ...accelerateRules,
  ...axolotlFormats,
  ...axolotlOptimizer,
  ...axolotlQat,
  ...deepspeedRules,
  ...gptNeoxRules,
  ...hardwareRules,
  ...huggingFaceRules,
  ...litgptRules,
  ...llamaFactoryRules,
  ...llmFoundryRules,
  ...maxtextRules,
  ...megatronFormats,
  ...megatronGathering,
  ...megatronOptimizer,
  ...megatronLengths,
  ...megatronLayers,
  ...megatronBridgeRules,
  ...msSwiftRules,
  ...nemoAutomodelRules,
  ...nemoRlRules,
  ...olmoCoreRules,
  ...primeRlRules,
  ...primusRules,
  ...smallRules,
  ...torchtitanPython,
  ...torchtitanToml,
  ...torchtuneRules,
  ...transformerEngineHardware,
  ...transformerEngineRecipes,
];

/** The rule of an id, or undefined. */
export function ruleById(id: string): Rule | undefined {
  return rules.find((rule) => rule.id === id);
}
