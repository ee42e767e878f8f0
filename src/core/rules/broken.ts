import type { Place, SyntaxKind } from '../syntax/tree.ts';
import { evaluate } from './evaluate.ts';
import type { InForce } from './inForce.ts';
import type { Rule } from './rule.ts';

/** A rule that a run breaks, with the keys that do, in the order of its condition. */
export interface Broken {
  readonly rule: Rule;
  readonly places: readonly Place[];
}

/**
 * The rules of a framework's files that a run breaks, of those that speak by default or are `asked`
 * for by their ids; of those with one cause, the one that says most.
 */
export function broken(
  rules: readonly Rule[],
  about: { readonly framework: string; readonly syntax: SyntaxKind },
  inForce: InForce,
  asked: readonly string[] = [],
): readonly Broken[] {
  const found = rulesOf(rules, about.framework).flatMap((rule): readonly Broken[] => {
    if (rule.syntaxes && !rule.syntaxes.includes(about.syntax)) return [];
    const answer = evaluate(rule.when, inForce);
    if (!answer || !(asked.includes(rule.id) || speaks(rule, inForce))) return [];
    return [{ rule, places: unique(answer.places) }];
  });
  const ids = new Set(found.map(({ rule }) => rule.id));
  return found.filter(({ rule }) => !rule.yieldsTo?.some((id) => ids.has(id)));
}

function speaks({ byDefault }: Rule, inForce: InForce): boolean {
  if (byDefault === undefined || byDefault === 'never') return byDefault === undefined;
  return Boolean(evaluate(byDefault, inForce));
}

/** The rules of a shelf by framework: most are about one of sixty. */
const shelves = new WeakMap<readonly Rule[], Map<string, readonly Rule[]>>();

function rulesOf(rules: readonly Rule[], framework: string): readonly Rule[] {
  const shelf = shelves.get(rules) ?? new Map<string, readonly Rule[]>();
  shelves.set(rules, shelf);
  const known = shelf.get(framework);
  if (known) return known;
  const own = rules.filter(({ frameworks }) => frameworks.includes(framework));
  shelf.set(framework, own);
  return own;
}

function unique(places: readonly Place[]): readonly Place[] {
  const seen = new Map(places.map((place) => [`${place.file}:${place.start}:${place.end}`, place]));
  return [...seen.values()];
}
