import type { Resolved } from '../syntax/resolve.ts';
import { need, type Need } from '../run/need.ts';
import type { TokenPlan } from '../run/tokens.ts';
import type { Path } from './fields.ts';
import { notTold } from './launcher.ts';
import type { Reading } from './reader.ts';

/** What the length of a run is told by. */
const lengthNames =
  /(?:step|iter|sample|token|epoch|duration|batch|accum|seq|length|context|block_size)/i;

/** A reading that says what stands where it looked for the numbers of D and found none. */
export function withMisread(reading: Reading, misread: ReadonlyMap<Path, Resolved>): Reading {
  const { tokens, role } = reading;
  const trains = role === 'pretrain' || role === 'continued' || role === 'finetune';
  if (!trains || (tokens.needs ?? []).length > 0 || isWhole(tokens)) return reading;
  const needs = [...misread].flatMap(([path, found]) =>
    lengthNames.test(path.split('.').at(-1) ?? '') ? whatStands(path, found) : [],
  );
  return { ...reading, tokens: { ...tokens, needs } };
}

/** Whether a plan has all parts that D is multiplied from. */
function isWhole({ duration, sequenceLength, ...batch }: TokenPlan): boolean {
  if (duration === null) return false;
  if (duration.unit !== 'steps') return duration.unit !== 'sequences' || sequenceLength !== null;
  if (batch.tokensPerStep) return true;
  return Boolean(sequenceLength && (batch.globalBatch ?? batch.rankBatch));
}

function whatStands(path: Path, { node, unresolved }: Resolved): readonly Need[] {
  if (unresolved !== undefined) return [notTold(path, unresolved, 'tokens')];
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return [];
  if (/^(?:|auto|none|null|default)$/i.test(node.text)) return [];
  const isQuoted = Number.isFinite(Number(node.text));
  const what = isQuoted ? 'a text in quotation marks' : `“${node.text}”`;
  return [need('tokens', `${path} is ${what}, which is no number`)];
}
