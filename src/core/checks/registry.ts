import { ruleById, rules } from '../rules/registry.ts';
import type { Check } from './check.ts';
import { commentDisagrees } from './commentDisagrees.ts';
import { criticalDataSize } from './criticalDataSize.ts';
import { gapAboveTarget } from './gapAboveTarget.ts';
import { nearCriticalDataSize } from './nearCriticalDataSize.ts';
import { numberReadsAsText } from './numberReadsAsText.ts';
import { recipeRules } from './recipeRules.ts';

/** Every check, in the order in which their findings are listed. */
export const checks: readonly Check[] = [
  criticalDataSize,
  nearCriticalDataSize,
  gapAboveTarget,
  numberReadsAsText,
  commentDisagrees,
  recipeRules,
];

/** Every id by which findings are switched off: a check's, and a recipe rule's of its own. */
export const findingIds: readonly string[] = [...checks, ...rules].map(({ id }) => id);

/** Whether a finding is switched off by these ids; the check of all recipe rules stands for each. */
export function isDisabled(finding: string, ids: readonly string[]): boolean {
  return ids.includes(finding) || (ids.includes(recipeRules.id) && ruleById(finding) !== undefined);
}
