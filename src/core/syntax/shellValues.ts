import type { ArithmeticExpansionPart, ParameterExpansionPart, Word, WordPart } from 'unbash';
import { arithmetic } from './arithmetic.ts';
import type { LinePosition } from './lines.ts';
import { plainNumber } from './scalars.ts';
import type { Span } from './tree.ts';

/** A stretch of an expanded word and where it is stated. */
export interface Piece {
  readonly text: string;
  readonly span: Span;
  /** The text is the source at the span, letter for letter, so a part of it has a place too. */
  readonly exact: boolean;
  /** Blanks in it separate words, as in an unquoted variable. */
  readonly splits: boolean;
  /** The quotes around it, when it is the whole of a quoted string. */
  readonly quoted?: Span;
  /** From an array, where it stood without quotes: any number of words, in quotes too. */
  readonly perhaps?: boolean;
  /** Why the script does not tell it. */
  readonly unknown?: string;
  /** The values that an unknown one may have. */
  readonly choices?: readonly string[];
  /** May or may not be there, as one of several alternatives: what decides. */
  readonly maybe?: { readonly by: string; readonly alternative: number; readonly of: number };
}

/** What a variable holds: one word, or the words of an array. */
export interface Variable {
  readonly words: readonly (readonly Piece[])[];
  readonly array: boolean;
  /** Where it was assigned. */
  readonly span: Span;
}

/** The variables at one point of a script, and a count that bounds doubling expansions. */
export interface Scope {
  readonly source: string;
  readonly variables: Map<string, Variable>;
  readonly spent: { pieces: number };
  /** What a person says of variables that the script does not tell. */
  readonly told: ReadonlyMap<string, string>;
  readonly position: (offset: number) => LinePosition;
}

const maximumPieces = 200_000;
const maximumVariablePieces = 5000;

/** An unknown stretch at a span. */
export function unknownPiece(source: string, span: Span, why: string): Piece {
  const text = source.slice(span.start, span.end);
  return { text, span, exact: true, splits: false, unknown: why };
}

/** The text of a word's pieces, or null when some of it is unknown. */
export function knownText(pieces: readonly Piece[]): string | null {
  return pieces.some((piece) => piece.unknown !== undefined)
    ? null
    : pieces.map((piece) => piece.text).join('');
}

/** Whether a word is an unquoted expansion that the script does not tell. */
export function isPerhapsNothing(pieces: readonly Piece[]): boolean {
  const [piece] = pieces;
  if (pieces.length !== 1 || piece?.unknown === undefined || piece.choices) return false;
  return piece.splits || piece.perhaps === true;
}

/** Whether a variable is one of several values, or none that the script tells. */
function isUndecided({ words }: Variable): boolean {
  return words.some((word) => word.some(({ unknown, maybe }) => unknown !== undefined || maybe));
}

/** Assigns, bounded in size: `A="$A $A"` over many lines doubles at each. */
export function assign(scope: Scope, name: string, variable: Variable): void {
  const size = variable.words.reduce((sum, word) => sum + word.length, 0);
  const { span } = variable;
  const why = `The variable ${name} grows too long to be read.`;
  const bounded =
    size <= maximumVariablePieces
      ? variable
      : { words: [[unknownPiece(scope.source, span, why)]], array: false, span };
  scope.variables.set(name, bounded);
}

/**
 * The words that one word of the source stands for: several for an array, one with an unknown
 * piece where a positional parameter, a command or an unset variable has a say.
 */
export function expandWord(scope: Scope, word: Word): readonly (readonly Piece[])[] {
  const words: Piece[][] = [[]];
  for (const part of word.parts ?? [word]) {
    for (const [index, pieces] of expandPart(scope, part).entries()) {
      if (index > 0) words.push([]);
      words.at(-1)?.push(...pieces);
    }
  }
  scope.spent.pieces += words.reduce((sum, each) => sum + each.length + 1, 0);
  if (scope.spent.pieces <= maximumPieces) return words;
  return [[unknownPiece(scope.source, spanOf(word), 'The script expands to too many words.')]];
}

function spanOf(node: { readonly pos: number; readonly end: number }): Span {
  return { start: node.pos, end: node.end };
}

function literal(scope: Scope, span: Span, text: string): Piece {
  const exact = scope.source.slice(span.start, span.end) === text;
  return { text, span, exact, splits: false };
}

function expandPart(scope: Scope, part: WordPart | Word): readonly (readonly Piece[])[] {
  const span = spanOf(part);
  switch (part.type) {
    case 'SingleQuoted':
    case 'AnsiCQuoted': {
      const start = span.start + (part.type === 'SingleQuoted' ? 1 : 2);
      const isClosed = span.end > start && scope.source[span.end - 1] === "'";
      const inner = literal(scope, { start, end: span.end - (isClosed ? 1 : 0) }, part.value);
      return [[{ ...inner, quoted: span }]];
    }
    case 'DoubleQuoted':
    case 'LocaleString': {
      const words: Piece[][] = [[]];
      for (const child of part.parts) {
        // Continued lines keep their length, so that offsets stay true.
        const expanded =
          child.type === 'Literal'
            ? [[quotedLiteral(scope, spanOf(child), child.value)]]
            : expandPart(scope, child);
        for (const [index, pieces] of expanded.entries()) {
          if (index > 0) words.push([]);
          words.at(-1)?.push(...pieces.map((piece) => ({ ...piece, splits: false })));
        }
      }
      const only = part.parts.length === 1 && part.parts[0]?.type === 'Literal';
      const first = words[0]?.[0];
      if (only && first) return [[{ ...first, quoted: span }]];
      return words;
    }
    case 'SimpleExpansion':
      return variable(scope, part.text.slice(1), undefined, span);
    case 'ParameterExpansion':
      return parameter(scope, part);
    case 'ArithmeticExpansion':
      return [[computed(scope, part)]];
    case 'CommandExpansion':
    case 'ProcessSubstitution': {
      const why = 'The output of a command gives this value.';
      return [[{ ...unknownPiece(scope.source, span, why), splits: true }]];
    }
    case 'Word':
    case 'Literal':
    case 'Glob':
      return [[literal(scope, span, part.value)]];
    case 'ExtendedGlob':
    case 'BraceExpansion':
      return [[literal(scope, span, part.text)]];
  }
}

/** Text inside double quotes; a continued line becomes blanks of the same length. */
function quotedLiteral(scope: Scope, span: Span, value: string): Piece {
  const source = scope.source.slice(span.start, span.end);
  const blanked = source.replaceAll('\\\n', '  ');
  return /\\["$`\\]/.test(blanked)
    ? { text: value, span, exact: false, splits: false }
    : { text: blanked, span, exact: true, splits: false };
}

function variable(
  scope: Scope,
  name: string,
  index: string | undefined,
  span: Span,
): readonly (readonly Piece[])[] {
  // What a caller may add behind the script's own words is nothing of the script's.
  if (name === '@' || name === '*') return [[]];
  const found = scope.variables.get(name);
  const told = scope.told.get(name);
  if (told !== undefined && (!found || isUndecided(found))) {
    return [[{ text: told, span, exact: false, splits: true }]];
  }
  // An array cannot come from outside, so one that is never set is empty.
  if (!found && (index === '@' || index === '*')) return [[]];
  if (!found) {
    const why =
      /^\w+$/.test(name) && !/^\d/.test(name)
        ? `The variable ${name} is not set in this script.`
        : 'An argument of the script gives this value.';
    // An unquoted variable that is empty is no word at all; whether it is, nobody can tell.
    return [[{ ...unknownPiece(scope.source, span, why), splits: true }]];
  }
  const words =
    index === '@' || index === '*'
      ? found.words
      : [found.words[/^\d+$/.test(index ?? '') ? Number(index) : 0] ?? []];
  const isArray = found.array && index === '@';
  return words.map((word) =>
    word.map((piece) => ({
      ...piece,
      splits: true,
      ...(isArray && piece.unknown !== undefined && piece.splits && { perhaps: true }),
    })),
  );
}

function parameter(scope: Scope, part: ParameterExpansionPart): readonly (readonly Piece[])[] {
  const span = spanOf(part);
  const { operation, parameter: name } = part;
  const plain = part.prefix === undefined ? variable(scope, name, part.index?.value, span) : null;
  if (!plain) return [[unknownPiece(scope.source, span, 'This expansion is not followed.')]];
  if (!operation) return plain;
  const set = scope.variables.has(name);
  const isDefault = operation.type === 'Default' && /^:?[-=]$/.test(operation.operator);
  if (operation.type === 'Default' && operation.operator.endsWith('+')) {
    // `${X:+words}`: nothing where X is empty; where it is not told, perhaps words of their own.
    const empty = plain.every((word) => knownText(word) === '');
    if (set && empty) return [[]];
    if (set && plain.every((word) => knownText(word) !== null)) {
      return expandWord(scope, operation.operand);
    }
    return [[{ ...unknownPiece(scope.source, span, 'This may add words.'), splits: true }]];
  }
  if (!isDefault) {
    // `${X:?message}` is the variable or a failure.
    const same = operation.type === 'Default' && operation.operator.endsWith('?') && set;
    return same ? plain : [[unknownPiece(scope.source, span, 'This expansion is not followed.')]];
  }
  const isEmpty = plain.every((word) => knownText(word) === '');
  if (set && !(isEmpty && operation.operator.startsWith(':'))) return plain;
  const fallback = expandWord(scope, operation.operand);
  const single = fallback[0] ?? [];
  if (operation.operator.endsWith('=')) {
    assign(scope, name, { words: [single], array: false, span: spanOf(operation.operand) });
  }
  return fallback.map((word) => word.map((piece) => ({ ...piece, splits: true })));
}

function computed(scope: Scope, part: ArithmeticExpansionPart): Piece {
  const span = spanOf(part);
  const expression = part.text.replace(/^\$(?:\(\(|\[)|(?:\)\)|\])$/g, '');
  const value = evaluate(scope, expression);
  return value === null
    ? unknownPiece(scope.source, span, 'The script does not tell the numbers of this expression.')
    : { text: String(value), span, exact: false, splits: false };
}

/** The value of an arithmetic expression in a scope, or null. */
export function evaluate(scope: Scope, expression: string): number | null {
  return arithmetic(expression, {
    integers: true,
    lookup: (name) => {
      const bare = /^\$?\{?(\w+)\}?$/.exec(name)?.[1];
      const withDefault = /^\$\{\w+:?-(\d+)\}$/.exec(name)?.[1];
      const words = bare === undefined ? undefined : scope.variables.get(bare)?.words;
      const text = words?.[0] ? knownText(words[0]) : (withDefault ?? null);
      return text === null ? null : plainNumber(text);
    },
  });
}
