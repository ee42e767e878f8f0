import type { TokenCount } from './run.ts';

/** Tokens of one step of a run, where its token count was worked out of steps; else null. */
export function tokensPerStep({ total }: TokenCount): number | null {
  if (total?.origin.kind !== 'derived') return null;
  const steps = total.origin.parts.find(({ name }) => name === 'steps')?.known.value;
  return typeof steps === 'number' && steps > 0 ? total.value / steps : null;
}

/** Tokens of a sequence, where the token count was worked out of sequences; else null. */
export function sequenceLength({ total }: TokenCount): number | null {
  if (total?.origin.kind !== 'derived') return null;
  const { parts } = total.origin;
  if (!parts.some(({ name }) => name === 'sequences')) return null;
  const length = parts.find(({ name }) => name === 'tokens')?.known.value;
  return typeof length === 'number' && length > 0 ? length : null;
}
