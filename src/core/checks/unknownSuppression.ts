import { unknownIdInComment } from '../present/findings.ts';
import { nearestWord } from '../syntax/nearestWord.ts';
import type { Check } from './check.ts';

const id = 'unknown-suppression';
const severity = 'warning';

/** Reports a comment that switches off a finding which there is not; one finding a comment. */
export const unknownSuppression: Check = {
  id,
  severity,
  summary: 'A `floatcast-disable` comment names a finding that there is not.',
  run: ({ suppressions }) =>
    (suppressions?.comments ?? []).flatMap(({ ids }) => {
      const known = suppressions?.known ?? [];
      const wrong = ids.find((each) => !known.includes(each.id));
      if (!wrong) return [];
      const { place } = wrong;
      const meant = nearestWord(wrong.id, known);
      const title = `Write ${meant ?? ''}`;
      return [
        {
          id,
          severity,
          place,
          message: unknownIdInComment(wrong.id, meant),
          related: [],
          fixes:
            meant === null ? [] : [{ title, edits: [{ place, newText: meant }], preferred: true }],
          noFix: meant === null ? 'A reason stands behind “ -- ”.' : null,
        },
      ];
    }),
};
