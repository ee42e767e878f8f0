import { broken, type Broken } from '../rules/broken.ts';
import { rules } from '../rules/registry.ts';
import type { Check, CheckContext, Finding, Fix } from './check.ts';

/** Reports every recipe rule that the run breaks; a finding's id is its rule's. */
export const recipeRules: Check = {
  id: 'recipe-rules',
  severity: 'warning',
  summary: 'Keys that contradict each other, do nothing, or ask for what the hardware lacks.',
  run: (context) => {
    const { recipe, settings } = context;
    const found = broken(rules, recipe, recipe.inForce, settings.enabledChecks);
    return found.map((each) => findingOf(each, context));
  },
};

function findingOf({ rule, places }: Broken, { run, recipe }: CheckContext): Finding {
  const [place = run.anchors.precision ?? recipe.start, ...others] = places;
  const fixes = (rule.fixes ?? []).flatMap(({ title, set }, index): readonly Fix[] => {
    const written = recipe.write(set);
    return written.ok && written.edits.length > 0
      ? [{ title, edits: written.edits, preferred: index === 0 }]
      : [];
  });
  return {
    id: rule.id,
    severity: rule.severity,
    page: 'recipe-rules',
    place,
    message: rule.message,
    related: others.map((each) => ({ place: each, message: 'This key is part of the conflict.' })),
    fixes,
    noFix: fixes.length > 0 ? null : rule.remedy,
  };
}
