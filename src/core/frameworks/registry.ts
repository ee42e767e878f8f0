import { accelerate } from './accelerate.ts';
import { axolotl } from './axolotl.ts';
import { cerebras } from './cerebras.ts';
import { oumi } from './oumi.ts';
import { primeRl } from './primeRl.ts';
import { arcticTraining } from './arcticTraining.ts';
import { veomni } from './veomni.ts';
import { fastLlm } from './fastLlm/fastLlm.ts';
import { flashAttention } from './flashAttention.ts';
import { slime } from './slime.ts';
import { colossalai } from './colossalai.ts';
import { easylm } from './easylm.ts';
import { hyperpod } from './hyperpod.ts';
import { internevo } from './internevo.ts';
import { megatronDeepspeed } from './megatronDeepspeed.ts';
import { nanogpt } from './nanogpt/nanogpt.ts';
import { olmoCore } from './olmoCore/olmoCore.ts';
import { paiMegatron } from './paiMegatron.ts';
import { tinyllama } from './tinyllama.ts';
import { deepspeed } from './deepspeed.ts';
import { fairseq2 } from './fairseq2.ts';
import { flagscale } from './flagscale.ts';
import { generic } from './generic/generic.ts';
import { gptNeox } from './gptNeox/gptNeox.ts';
import { hfConfig } from './hfConfig.ts';
import { levanter } from './levanter/levanter.ts';
import { lightning } from './lightning.ts';
import { lingua } from './lingua.ts';
import { litgpt } from './litgpt/litgpt.ts';
import { llamaFactory } from './llamaFactory.ts';
import { llmc } from './llmc.ts';
import { llmCompressor } from './llmCompressor.ts';
import { llmFoundry } from './llmFoundry.ts';
import { maxtext } from './maxtext/maxtext.ts';
import { megatronBridge } from './megatronBridge/megatronBridge.ts';
import { megatronLm } from './megatronLm.ts';
import { mistralFinetune } from './mistralFinetune.ts';
import { modelopt } from './modelopt/modelopt.ts';
import { msSwift } from './msSwift.ts';
import { nanotron } from './nanotron.ts';
import { nemo } from './nemo/nemo.ts';
import { nemoAutomodel } from './nemoAutomodel/nemoAutomodel.ts';
import { nemoRl } from './nemoRl/nemoRl.ts';
import { neuralCompressor } from './neuralCompressor.ts';
import { olmo } from './olmo/olmo.ts';
import { openLm } from './openLm/openLm.ts';
import { primus } from './primus/primus.ts';
import { picotron } from './picotron.ts';
import { quark } from './quark.ts';
import { quartet } from './quartet.ts';
import type { FrameworkReader } from '../config/reader.ts';
import type { SyntaxKind } from '../syntax/tree.ts';
import { torchtitan } from './torchtitan/torchtitan.ts';
import { torchtune } from './torchtune/torchtune.ts';
import { trl } from './trl/trl.ts';
import { verl } from './verl/verl.ts';

/** Every framework that can be read, the most specific fingerprint first. */
export const readers: readonly FrameworkReader[] = [
  llmCompressor,
  modelopt,
  torchtitan,
  nanotron,
  cerebras,
  oumi,
  primeRl,
  arcticTraining,
  hyperpod,
  veomni,
  fastLlm,
  flashAttention,
  primus,
  slime,
  megatronDeepspeed,
  paiMegatron,
  megatronLm,
  flagscale,
  nemo,
  nemoAutomodel,
  nemoRl,
  verl,
  levanter,
  maxtext,
  megatronBridge,
  gptNeox,
  olmoCore,
  olmo,
  llmFoundry,
  axolotl,
  llamaFactory,
  litgpt,
  torchtune,
  lingua,
  fairseq2,
  easylm,
  openLm,
  internevo,
  tinyllama,
  nanogpt,
  llmc,
  quartet,
  picotron,
  mistralFinetune,
  msSwift,
  colossalai,
  accelerate,
  deepspeed,
  lightning,
  trl,
  hfConfig,
  quark,
  neuralCompressor,
  generic,
];

const bySyntax = new Map<SyntaxKind, readonly FrameworkReader[]>();

/** The frameworks that configs of a syntax can be of, in the same order. */
export function readersOf(syntax: SyntaxKind): readonly FrameworkReader[] {
  const known = bySyntax.get(syntax);
  if (known) return known;
  const found = readers.filter(({ syntaxes }) => syntaxes.includes(syntax));
  bySyntax.set(syntax, found);
  return found;
}
