import type {
  AndOr,
  ArithmeticExpression,
  Command,
  CompoundList,
  Statement,
  TestExpression,
  Word,
} from 'unbash';
import { globMatches, patternOf } from './shellGlob.ts';
import { evaluate, expandWord, knownText, type Scope } from './shellValues.ts';

/** Anything of a script that can be run. */
export type ShellNode = Statement['command'] | CompoundList;

const maximumNesting = 50;

/** Commands that only look whether something holds on the machine. */
const probes = new Set(['command', 'which', 'type', 'hash', 'grep', 'pgrep', 'nvidia-smi', 'diff']);

/** Whether a command is a condition and does nothing else. */
export function isTest(command: ShellNode | undefined): boolean {
  if (command?.type === 'Pipeline') return isTest(command.commands.at(-1));
  if (command?.type === 'AndOr') return command.commands.every(isTest);
  if (command?.type === 'Command') {
    const name = command.name?.value ?? '';
    return ['[', 'test', 'true', 'false', ':'].includes(name) || probes.has(name);
  }
  return command?.type === 'TestCommand' || command?.type === 'ArithmeticCommand';
}

/** Whether a condition holds; null when the script does not tell. */
export function condition(scope: Scope, command: ShellNode | undefined): boolean | null {
  if (command?.type === 'TestCommand') return test(scope, command.expression, 0);
  if (command?.type === 'ArithmeticCommand') {
    const value = command.expression ? number(scope, command.expression, 0) : null;
    return value === null ? null : value !== 0;
  }
  if (command?.type === 'AndOr') return chain(scope, command);
  if (command?.type === 'Pipeline') {
    const negations = command.prefixes.filter(({ type }) => type === 'Negation').length;
    if (command.commands.length !== 1) return null;
    return negated(condition(scope, command.commands[0]), negations % 2 === 1);
  }
  if (command?.type === 'CompoundList') return condition(scope, command.commands.at(-1)?.command);
  if (command?.type === 'BraceGroup' || command?.type === 'Subshell') {
    return condition(scope, command.body);
  }
  return command?.type === 'Command' ? ofCommand(scope, command) : null;
}

/** `[ … ]`, `test …`, `true` and `false`; what other commands say is not followed. */
function ofCommand(scope: Scope, command: Command): boolean | null {
  const name = command.name?.value ?? '';
  if (name === 'true' || name === ':') return true;
  if (name === 'false') return false;
  if (name !== '[' && name !== 'test') return null;
  const words = command.args.filter((each) => each.type === 'Word');
  if (name === '[' && words.at(-1)?.value === ']') words.pop();
  return bracket(scope, words);
}

const negated = (value: boolean | null, not: boolean): boolean | null =>
  value === null ? null : value !== not;

const both = (a: boolean | null, b: boolean | null): boolean | null =>
  a === false || b === false ? false : a === null || b === null ? null : true;

const either = (a: boolean | null, b: boolean | null): boolean | null =>
  negated(both(negated(a, true), negated(b, true)), true);

/** `A && B || C`, from the left. */
function chain(scope: Scope, { commands, operators }: AndOr): boolean | null {
  return commands.slice(1).reduce<boolean | null>(
    (held, each, index) => {
      const next = condition(scope, each);
      return operators[index] === '&&' ? both(held, next) : either(held, next);
    },
    condition(scope, commands[0]),
  );
}

/** The words of `[ … ]`: `-o` binds loosest, then `-a`, then `!`; parentheses group. */
function bracket(scope: Scope, words: readonly Word[]): boolean | null {
  let at = 0;
  const peek = (offset = 0) => words[at + offset]?.value;
  const any = (depth: number): boolean | null => {
    let held = all(depth);
    while (peek() === '-o') {
      at += 1;
      held = either(held, all(depth));
    }
    return held;
  };
  const all = (depth: number): boolean | null => {
    let held = one(depth);
    while (peek() === '-a') {
      at += 1;
      held = both(held, one(depth));
    }
    return held;
  };
  const one = (depth: number): boolean | null => {
    const word = words[at];
    if (!word || depth > maximumNesting) return null;
    const right = words[at + 2];
    const operator = peek(1);
    if (right && operator !== undefined && isBinary(operator)) {
      at += 3;
      return binary(scope, word, operator, right);
    }
    if (word.value === '!') {
      at += 1;
      return negated(one(depth + 1), true);
    }
    if (word.value === '(') {
      at += 1;
      const held = any(depth + 1);
      if (peek() !== ')') return null;
      at += 1;
      return held;
    }
    const operand = words[at + 1];
    if (operand && /^-[a-zA-Z]$/.test(word.value)) {
      at += 2;
      return unary(scope, word.value, operand);
    }
    at += 1;
    return unary(scope, '-n', word);
  };
  const held = words.length === 0 ? false : any(0);
  return at === words.length ? held : null;
}

const isBinary = (operator: string): boolean =>
  /^(?:=|==|!=|=~|<|>|-(?:eq|ne|gt|ge|lt|le|nt|ot|ef))$/.test(operator);

function test(scope: Scope, expression: TestExpression, depth: number): boolean | null {
  if (depth > maximumNesting) return null;
  switch (expression.type) {
    case 'TestUnary':
      return unary(scope, expression.operator, expression.operand);
    case 'TestBinary':
      return binary(scope, expression.left, expression.operator, expression.right, true);
    case 'TestGroup':
      return test(scope, expression.expression, depth + 1);
    case 'TestNot':
      return negated(
        test(scope, expression.operand, depth + 1),
        expression.negations.length % 2 === 1,
      );
    case 'TestLogical': {
      const results = expression.operands.map((operand) => test(scope, operand, depth + 1));
      return results.reduce(expression.operator === '||' ? either : both);
    }
  }
}

function unary(scope: Scope, operator: string, operand: Word): boolean | null {
  if (operator === '-v') return scope.variables.has(operand.value) ? true : null;
  // The rest asks the machine for files and terminals.
  if (operator !== '-z' && operator !== '-n') return null;
  const text = textOf(scope, operand);
  return text === null ? null : (text === '') === (operator === '-z');
}

function textOf(scope: Scope, word: Word): string | null {
  const words = expandWord(scope, word).map(knownText);
  return words.includes(null) ? null : words.join(' ');
}

function binary(
  scope: Scope,
  left: Word,
  operator: string,
  right: Word,
  matches = false,
): boolean | null {
  const a = textOf(scope, left);
  if (a === null) return null;
  if (/^(?:=|==|!=)$/.test(operator)) {
    const pattern = matches ? patternOf(scope, right) : null;
    const b = pattern ? null : textOf(scope, right);
    if (pattern === null && b === null) return null;
    return negated(pattern ? globMatches(pattern, a) : a === b, operator === '!=');
  }
  const b = textOf(scope, right);
  if (b === null) return null;
  if (operator === '=~') return plainMatch(a, b);
  const difference = evaluate(scope, `${a} - (${b})`);
  if (difference === null) return null;
  switch (operator) {
    case '-eq':
      return difference === 0;
    case '-ne':
      return difference !== 0;
    case '-gt':
      return difference > 0;
    case '-ge':
      return difference >= 0;
    case '-lt':
      return difference < 0;
    case '-le':
      return difference <= 0;
    default:
      return null;
  }
}

/** `=~` with alternatives and anchors alone; what repeats is not followed. */
function plainMatch(text: string, pattern: string): boolean | null {
  return /^[\w^$|().\s-]*$/.test(pattern) && balanced(pattern)
    ? new RegExp(pattern).test(text)
    : null;
}

function balanced(pattern: string): boolean {
  let open = 0;
  for (const letter of pattern) {
    if (letter === '(') open += 1;
    if (letter === ')') open -= 1;
    if (open < 0) return false;
  }
  return open === 0;
}

/** The value of `(( … ))`; null where a name is not told. Assignments in it are not followed. */
function number(scope: Scope, node: ArithmeticExpression, depth: number): number | null {
  if (depth > maximumNesting) return null;
  const inner = (each: ArithmeticExpression) => number(scope, each, depth + 1);
  switch (node.type) {
    case 'ArithmeticGroup':
      return inner(node.expression);
    case 'ArithmeticWord':
      return evaluate(scope, node.value);
    case 'ArithmeticUnary': {
      const value = inner(node.operand);
      if (value === null) return null;
      if (node.operator === '!') return value === 0 ? 1 : 0;
      return node.operator === '-' ? -value : node.operator === '+' ? value : null;
    }
    case 'ArithmeticTernary': {
      const chosen = inner(node.test);
      return chosen === null ? null : inner(chosen === 0 ? node.alternate : node.consequent);
    }
    case 'ArithmeticBinary':
      return combined(scope, node.operator, inner(node.left), inner(node.right));
    case 'ArithmeticCommandExpansion':
      return null;
  }
}

function combined(
  scope: Scope,
  operator: string,
  left: number | null,
  right: number | null,
): number | null {
  const said = (value: boolean | null) => (value === null ? null : Number(value));
  const truth = (value: number | null) => (value === null ? null : value !== 0);
  if (operator === '&&') return said(both(truth(left), truth(right)));
  if (operator === '||') return said(either(truth(left), truth(right)));
  if (left === null || right === null) return null;
  switch (operator) {
    case '==':
      return Number(left === right);
    case '!=':
      return Number(left !== right);
    case '<':
      return Number(left < right);
    case '<=':
      return Number(left <= right);
    case '>':
      return Number(left > right);
    case '>=':
      return Number(left >= right);
    default:
      return evaluate(scope, `(${left}) ${operator} (${right})`);
  }
}
