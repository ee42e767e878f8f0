import type { AnalysisSettings } from '../../../src/core/run/settings.ts';

/** A config, named so that its kind is known. */
export interface ConfigCase {
  readonly file: string;
  readonly text: string;
}

/**
 * A check's two configs, in `cases/<id of the check>.ts` as `both`: one that trips it, and one that
 * differs in one line and just does not.
 */
export interface BothWays {
  readonly trips: ConfigCase;
  readonly passes: ConfigCase;
  /** What a policy file says, for a check of it. */
  readonly settings?: Partial<AnalysisSettings>;
}

/** Two configs that are the same but for their last line. */
export function lastLine(file: string, above: string, trips: string, passes: string): BothWays {
  const ending = (line: string) => ({ file, text: `${above}\n${line}\n` });
  return { trips: ending(trips), passes: ending(passes) };
}

/** Llama 3 8B in NVFP4 by Megatron-LM, on 4096 tokens a sample; its last flag is to come. */
export const nvfp4Script = [
  'torchrun pretrain_gpt.py --num-layers 32 --hidden-size 4096 --ffn-hidden-size 14336 \\',
  '  --num-attention-heads 32 --group-query-attention --num-query-groups 8 --swiglu \\',
  '  --untie-embeddings-and-output-weights --vocab-size 128256 --seq-length 4096 --bf16 \\',
  '  --transformer-impl transformer_engine --fp4-format e2m1 --fp4-recipe nvfp4 \\',
  '  --global-batch-size 1024 \\',
].join('\n');
