import type { Known } from '../../run/known.ts';
import type { Role } from '../../run/run.ts';
import type { Fields } from '../../config/fields.ts';
import { namedModel, type NamedModel } from '../../dialects/models.ts';

/** The recipe of the library that an override names: `megatron.bridge.recipes.llama.llama32_1b_…`. */
export function recipeOf(fields: Fields): Known<string> | null {
  const target = fields.string('recipe._target_') ?? fields.string('recipe');
  const name = target?.value.split('.').at(-1) ?? '';
  return target && name.endsWith('_config') ? { ...target, value: name } : null;
}

/** What a recipe's name says it does: `_pretrain_`, `_sft_`, `_peft_`. */
const task = /_(pretrain|sft|peft|lora|dora|finetune|dpo)(?:_|$)/;

/** Words of a recipe's name that say how long its sequences are or how it multiplies. */
const manner = /_(?:16k|64k|128k|low_precision|bf16|fp8\w*|nvfp4)(?=_|$)/g;

/** Whether a recipe only trains further what was trained, by its name. */
export function roleOfRecipe({ value }: Known<string>): Role {
  const named = task.exec(value)?.[1];
  return named === undefined || named === 'pretrain' ? 'pretrain' : 'finetune';
}

/** Whether a recipe is in the precision that all start from, bf16_mixed. */
export const isPlainRecipe = ({ value }: Known<string>): boolean =>
  !/low_precision|fp8|fp4/.test(value);

/**
 * The model of a recipe, whose name begins with it (src/megatron/bridge/recipes/llama/llama3.py,
 * qwen/qwen2.py, qwen/qwen3.py and their like): `llama31` is Llama 3.1, `qwen25_1p5b` Qwen2.5 1.5B
 * and `600m` .6 B.
 */
export function modelOfRecipe(recipe: Known<string>): NamedModel {
  const { value, origin } = recipe;
  const name = value
    .slice(0, task.exec(value)?.index ?? value.length)
    .replace(manner, '')
    .replace(/^(llama|qwen)(\d)(\d)_/, '$1$2.$3_')
    .replace(/(\d)p(\d+b)/, '$1.$2')
    .replace(/_(\d)00m$/, '_0.$1b');
  return namedModel({ value: name, origin });
}
