import { own } from '../run/own.ts';
import type { Known } from '../run/known.ts';
import type { Precision } from '../run/run.ts';
import { plainPrecision, recipePrecision, recipes, type PlainFormat } from '../config/precision.ts';

/** Lightning's precision names without Transformer Engine; `true` = the weights too. */
const plain: Readonly<Record<string, PlainFormat>> = {
  '16': 'fp16',
  '16-mixed': 'fp16',
  '16-true': 'fp16',
  bf16: 'bf16',
  'bf16-mixed': 'bf16',
  'bf16-true': 'bf16',
  '32': 'fp32',
  '32-true': 'fp32',
};

/** Reads one of Lightning's precision strings; null for one that is not known (`64`). */
export function lightningPrecision(
  stated: Known<string> | null,
  notes: readonly string[] = [],
): Precision | null {
  if (!stated) return null;
  const name = stated.value.toLowerCase();
  if (name.startsWith('transformer-engine')) {
    const base = name.endsWith('float16') ? 'fp16' : 'bf16';
    return recipePrecision(recipes.teDelayedHybrid, stated, base, notes);
  }
  const format = own(plain, name);
  if (!format) return null;
  return plainPrecision({ ...stated, value: format }, [...masters(name), ...notes]);
}

/** Without a copy in 32 bits the optimizer's updates are rounded too. */
function masters(name: string): readonly string[] {
  return name === 'bf16-true' || name === '16-true'
    ? ['The weights themselves are kept in 16 bits; there is no master copy in 32.']
    : [];
}
