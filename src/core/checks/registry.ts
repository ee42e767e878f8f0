import { ruleById, rules } from '../rules/registry.ts';
import type { Check } from './check.ts';
import { commentDisagrees } from './commentDisagrees.ts';
import { criticalDataSize } from './criticalDataSize.ts';
import { doesNotFit } from './doesNotFit.ts';
import { gapAboveTarget } from './gapAboveTarget.ts';
import { nearCriticalDataSize } from './nearCriticalDataSize.ts';
import { numberReadsAsText } from './numberReadsAsText.ts';
import { outsidePolicy } from './outsidePolicy.ts';
import { recipeRules } from './recipeRules.ts';
import { unknownSuppression } from './unknownSuppression.ts';
import { unusedSuppression } from './unusedSuppression.ts';

/** Every check, in the order in which their findings are listed. */
export const checks: readonly Check[] = [
  criticalDataSize,
  nearCriticalDataSize,
  gapAboveTarget,
  numberReadsAsText,
  commentDisagrees,
  doesNotFit,
  outsidePolicy,
  recipeRules,
  unknownSuppression,
  unusedSuppression,
];

/** Those that look at comments which switch findings off, after all others. */
export const suppressionChecks: readonly Check[] = [unknownSuppression, unusedSuppression];

/** Every id by which findings are switched off: a check's, and a recipe rule's of its own. */
export const findingIds: readonly string[] = [...checks, ...rules].map(({ id }) => id);

/** The ids by which a finding is switched off: its own, for a rule's that of the check of all rules. */
export function idsOf(finding: string): readonly string[] {
  return ruleById(finding) === undefined ? [finding] : [finding, recipeRules.id];
}

/** Whether a finding is switched off by these ids. */
export function isDisabled(finding: string, ids: readonly string[]): boolean {
  return idsOf(finding).some((id) => ids.includes(id));
}
