import { knownText, unknownPiece, type Piece, type Scope, type Variable } from './shellValues.ts';

/** How many values of one variable are told apart. */
const mostChoices = 6;

/** How the branches of one condition left the variables; those that end the script are left out. */
export interface Merge {
  /** What the variables are after each branch. */
  readonly results: readonly ReadonlyMap<string, Variable>[];
  /** Whether it may be that none of the branches runs. */
  readonly mayBeNone: boolean;
  /** What decides, as the end of a sentence: `$DTYPE (line 12)`, `the condition on line 3`. */
  readonly by: string;
}

const nothing = (span: Variable['span']): Variable => ({ words: [[]], array: false, span });

/**
 * Joins what branches assign whose condition is not told. What they agree on stands; a value that
 * differs is unknown, with its choices; of groups of flags what all have stands and the rest may
 * be given. Costs what is assigned, however many conditions a script has.
 */
export function mergeBranches(scope: Scope, { results, mayBeNone, by }: Merge): void {
  const names = new Set(results.flatMap((variables) => [...variables.keys()]));
  for (const name of names) {
    const before = scope.variables.get(name);
    const after = results.map((variables) => variables.get(name));
    if (after.every((value) => value === before)) continue;
    const all = mayBeNone ? [before, ...after] : after;
    const told = all.filter((value): value is Variable => value !== undefined && !isUnknown(value));
    const span = all.find((value) => value !== undefined)?.span ?? { start: 0, end: 0 };
    // A branch that takes its value from outside leaves the script's own standing.
    // `if [ -z "$SEQ" ]; then SEQ=2048; fi` gives a default: what else it is comes from outside.
    const isDefault = by.startsWith(`$${name} `);
    const mayBeUnset = !isDefault && all.some((value) => value === undefined);
    const alternatives = distinct(mayBeUnset ? [nothing(span), ...told] : told);
    const [first, ...others] = alternatives;
    if (!first) {
      const found = after.find((value) => value !== undefined);
      if (found) scope.variables.set(name, found);
    } else if (others.length === 0) {
      scope.variables.set(name, first);
    } else if (alternatives.some(holdsFlags)) {
      scope.variables.set(name, grouped(alternatives, by));
    } else {
      scope.variables.set(name, chosen(scope, name, alternatives, by));
    }
  }
}

/** Whether nothing of a variable is told. */
function isUnknown({ words }: Variable): boolean {
  return words.some((word) => knownText(word) === null && word.every(({ maybe }) => !maybe));
}

const signature = ({ words }: Variable): string =>
  JSON.stringify(words.map((word) => word.map(({ text, maybe }) => [text, maybe?.by])));

function distinct(values: readonly Variable[]): readonly Variable[] {
  return [...new Map(values.map((value) => [signature(value), value])).values()];
}

function holdsFlags({ array, words }: Variable): boolean {
  return (
    array || words[0]?.some(({ text }) => /^\s*-{1,2}[A-Za-z]|\s-{1,2}[A-Za-z]/.test(text)) === true
  );
}

/** A value that is one of several. */
function chosen(scope: Scope, name: string, values: readonly Variable[], by: string): Variable {
  const [first] = values;
  const span = values.find(({ words }) => (words[0]?.length ?? 0) > 0)?.span ??
    first?.span ?? { start: 0, end: 0 };
  const texts = values.map(({ words }) => knownText(words[0] ?? []) ?? '');
  const choices = texts.slice(0, mostChoices);
  const listed = [
    ...choices.filter((text) => text !== ''),
    ...(choices.includes('') ? ['nothing'] : []),
  ].join(' or ');
  const why = `The variable ${name} is ${listed}, by ${by}.`;
  const piece = { ...unknownPiece(scope.source, span, why), choices };
  return { words: [[piece]], array: false, span };
}

/** Groups of flags: what all begin with, then what each adds, which may be given or not. */
function grouped(values: readonly Variable[], by: string): Variable {
  const [first = nothing({ start: 0, end: 0 })] = values;
  const array = values.some((value) => value.array);
  const units = values.map(({ words }) =>
    array ? words : (words[0] ?? []).map((piece) => [piece]),
  );
  const shortest = Math.min(...units.map(({ length }) => length));
  let common = 0;
  while (common < shortest && units.every((unit) => isSame(unit[common], units[0]?.[common]))) {
    common += 1;
  }
  const shared = units[0]?.slice(0, common) ?? [];
  const tails = units.flatMap((unit, index) =>
    unit.slice(common).map((word) =>
      word.map((piece): Piece => ({
        ...piece,
        maybe: piece.maybe ?? { by, alternative: index, of: values.length },
      })),
    ),
  );
  const gap: Piece = { text: ' ', span: first.span, exact: false, splits: true };
  const words = array
    ? [...shared, ...tails]
    : [[...shared.flat(), ...tails.flatMap((word) => [gap, ...word])]];
  return { words, array, span: first.span };
}

function isSame(a: readonly Piece[] | undefined, b: readonly Piece[] | undefined): boolean {
  return (
    a === b ||
    (a?.length === b?.length &&
      a?.every(
        (piece, at) => piece.text === b?.[at]?.text && piece.span.start === b[at].span.start,
      ) === true)
  );
}
