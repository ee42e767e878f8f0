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
