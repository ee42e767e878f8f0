import { commentDisagrees as message } from '../present/findings.ts';
import { inUnit, type CountUnit } from '../present/numbers.ts';
import { isAssumptionsFile } from '../run/assumptions.ts';
import type { Known } from '../run/known.ts';
import type { Check, CheckContext, Finding } from './check.ts';

const id = 'comment-disagrees';
const severity = 'information';

/** How far a comment may be off: people round, and write the tokens of the nearest plan. */
const tolerance = 0.2;
/** No step holds as many tokens, so a comment on a batch that names more means the run. */
const moreThanAStep = 1e9;

/** Informs of a comment that names another token count than the file's numbers give. */
export const commentDisagrees: Check = {
  id,
  severity,
  summary: 'A comment beside a field of N or D names a token count that is over 20 % off.',
  run: ({ run, comments }) => {
    const { total } = run.tokens;
    if (!total || isAssumed(total)) return [];
    const seen = new Set<number>();
    return comments.flatMap((comment): readonly Finding[] => {
      // Weights that a run starts from were trained on tokens of their own.
      if (comment.what === 'parameters' && run.role !== 'pretrain') return [];
      const claim = claimIn(comment.text);
      if (!claim || seen.has(comment.place.start) || !isOfRun(claim, comment, total)) return [];
      seen.add(comment.place.start);
      if (Math.abs(claim.tokens / total.value - 1) <= tolerance) return [];
      const start = comment.place.start + claim.at;
      const place = { ...comment.place, start, end: start + claim.number.length };
      const newText = inUnit(total.value, claim.unit);
      return [
        {
          id,
          severity,
          place: comment.place,
          message: message(claim, total.value),
          related: [],
          fixes: newText === null ? [] : [fixOf(place, newText, claim.unit)],
          noFix: newText === null ? 'The count does not read well in the comment’s unit.' : null,
        },
      ];
    });
  },
};

function fixOf(
  place: Finding['place'],
  newText: string,
  unit: CountUnit,
): Finding['fixes'][number] {
  const title = `Write ${newText} ${unit} tokens into the comment`;
  return { title, edits: [{ place, newText }], preferred: true };
}

/** A token count as a comment writes it; `at` is where its number begins. */
interface Claim {
  readonly tokens: number;
  readonly number: string;
  readonly unit: CountUnit;
  readonly about: boolean;
  readonly at: number;
}

// `100B tokens / 4096` explains a number of samples; `4M tokens / step` is no count of a run's.
const before =
  /(?<![\w.,-])(\d[\d,_]*(?:\.\d+)?) ?(M|B|T|bn|million|billion|trillion)(?:[ -](?:training|total|unique))?[ -]?tokens?\b(?!\s*(?:\/(?!\s*\d)|per\b|each\b|an?\b|every\b))/gi;

/** `total number of tokens be 300B`, `tokens: 2T`. */
const behind =
  /\btokens?\b(?: ?[:=])? ?(?:(?:is|be|of|to|about|~|≈) ?){0,2}(\d[\d,_]*(?:\.\d+)?) ?(M|B|T|bn|million|billion|trillion)\b(?!\s*(?:\/|per\b|parameters))/gi;

/** The one token count of a comment; several, or one per something, are not judged. */
function claimIn(text: string): Claim | null {
  const [match, ...others] = [...text.matchAll(before), ...text.matchAll(behind)];
  const [, number = '', word = ''] = match ?? [];
  if (!match || others.length > 0) return null;
  const unit = unitOf(word);
  const value = Number(number.replace(/[,_]/g, '')) * { M: 1e6, B: 1e9, T: 1e12 }[unit];
  const at = match.index + match[0].indexOf(number);
  const about = /(?:~|≈|about )\s*$/.test(text.slice(0, at));
  return value > 0 ? { tokens: value, number, unit, about, at } : null;
}

function unitOf(word: string): CountUnit {
  const letter = word.charAt(0).toUpperCase();
  return letter === 'T' || letter === 'M' ? letter : 'B';
}

/** A count beside a batch or a sequence length may be a step's; that is another question. */
function isOfRun(
  { tokens }: Claim,
  { what, text }: CheckContext['comments'][number],
  total: Known<number>,
): boolean {
  const parts = total.origin.kind === 'derived' ? total.origin.parts : [];
  const isPart = parts.some(({ known }) => {
    const each = typeof known.value === 'number' ? total.value / known.value : NaN;
    return each < total.value && Math.abs(tokens / each - 1) <= tolerance;
  });
  const ofAStep = what === 'tokens' || /batch|step|warm|second|sequence/i.test(text);
  return !isPart && (!ofAStep || tokens >= moreThanAStep);
}

/** Whether a count rests on what a person told rather than on the file. */
function isAssumed({ origin }: Known<unknown>): boolean {
  if (origin.kind === 'assumed') return true;
  if (origin.kind === 'stated') return isAssumptionsFile(origin.file);
  return origin.kind === 'derived' && origin.parts.some(({ known }) => isAssumed(known));
}
