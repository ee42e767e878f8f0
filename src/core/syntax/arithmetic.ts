/** How an expression's names are looked up, and whether division drops the fraction. */
export interface ArithmeticOptions {
  /** The number behind a name as written (`layers`, `cfg.dim`, `$NODES`, `${NODES}`), or null. */
  readonly lookup: (name: string) => number | null;
  /** `$(( ))` of a shell divides integers; Python's `/` gives a fraction and `//` drops it. */
  readonly integers: boolean;
}

const token =
  /\s*(?:(0[xX][0-9a-fA-F]+|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?)|(\$\{[^{}]*\}|\$?[A-Za-z_][\w.]*|\$\d)|(\*\*|\/\/|<<|>>|[-+*/%(),]))/y;

/** Binding strength of each binary operator, loosest first, as in Python and C. */
const strength: Readonly<Record<string, number>> = {
  '<<': 1,
  '>>': 1,
  '+': 2,
  '-': 2,
  '*': 3,
  '/': 3,
  '//': 3,
  '%': 3,
  '**': 5,
};
const unaryStrength = 4;
const maximumLength = 1000;

/**
 * The value of plain arithmetic: numbers, names, parentheses, `+ - * / // % ** << >>` and `int(…)`.
 * Null when anything else stands in it, a name is unknown, or the result is not finite.
 */
export function arithmetic(text: string, options: ArithmeticOptions): number | null {
  const tokens = text.length > maximumLength ? null : tokenise(text);
  if (!tokens) return null;
  let at = 0;

  const primary = (): number | null => {
    const next = tokens[at];
    if (next === undefined) return null;
    at += 1;
    if (next === '-' || next === '+') {
      const operand = binary(unaryStrength);
      return operand === null ? null : next === '-' ? -operand : operand;
    }
    if (next === '(') return closed(binary(0));
    if (/^[0-9.]/.test(next)) return Number(next.replaceAll('_', ''));
    if (!/^[$A-Za-z_]/.test(next)) return null;
    if (tokens[at] !== '(') return options.lookup(next);
    if (next !== 'int') return null;
    at += 1;
    const inside = closed(binary(0));
    return inside === null ? null : Math.trunc(inside);
  };

  const closed = (value: number | null): number | null => {
    if (tokens[at] !== ')') return null;
    at += 1;
    return value;
  };

  const binary = (minimum: number): number | null => {
    let left = primary();
    for (;;) {
      const operator = tokens[at] ?? '';
      const bound = Object.hasOwn(strength, operator) ? (strength[operator] ?? 0) : 0;
      if (left === null || bound === 0 || bound < minimum) return left;
      at += 1;
      // The power operator groups to the right and takes a signed exponent.
      const right = operator === '**' ? binary(unaryStrength) : binary(bound + 1);
      left = right === null ? null : apply(operator, left, right, options.integers);
    }
  };

  const value = binary(0);
  return at === tokens.length && value !== null && Number.isFinite(value) ? value : null;
}

function tokenise(text: string): string[] | null {
  const tokens: string[] = [];
  token.lastIndex = 0;
  const source = text.trimEnd();
  while (token.lastIndex < source.length) {
    const match = token.exec(source);
    if (!match) return null;
    tokens.push(match[0].trim());
  }
  return tokens.length > 0 ? tokens : null;
}

function apply(operator: string, left: number, right: number, integers: boolean): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return integers ? Math.trunc(left / right) : left / right;
    case '//':
      return Math.floor(left / right);
    case '%':
      return integers ? left % right : left - right * Math.floor(left / right);
    case '<<':
      return left * 2 ** right;
    case '>>':
      return Math.floor(left / 2 ** right);
    default:
      return left ** right;
  }
}
