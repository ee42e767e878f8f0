import { unknownIdInComment } from '../present/findings.ts';
import { nearestWord } from '../syntax/nearestWord.ts';
import type { Check } from './check.ts';

const id = 'unknown-suppression';
const severity = 'warning';

/** A file of comments alone must not cost a search for what each of them means. */
const mostFindings = 20;

/** Reports a comment that switches off a finding which there is not; one finding a comment. */
export const unknownSuppression: Check = {
  id,
  severity,
  summary: 'A `floatcast-disable` comment names a finding that there is not.',
  run: ({ suppressions }) => {
    const known = new Set(suppressions?.known);
    return (suppressions?.comments ?? [])
      .flatMap(({ ids }) => ids.find((each) => !known.has(each.id)) ?? [])
      .slice(0, mostFindings)
      .map(({ id: written, place }) => {
        const meant = nearestWord(written, [...known]);
        const fix = { title: `Write ${meant ?? ''}`, edits: [{ place, newText: meant ?? '' }] };
        return {
          id,
          severity,
          place,
          message: unknownIdInComment(written, meant),
          related: [],
          fixes: meant === null ? [] : [{ ...fix, preferred: true }],
          noFix: meant === null ? 'A reason stands behind “ -- ”.' : null,
        };
      });
  },
};
