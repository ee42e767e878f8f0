import type { CompoundList, Statement, TestExpression, Word } from 'unbash';
import { evaluate, expandWord, knownText, type Scope } from './shellValues.ts';

/** Anything of a script that can be run. */
export type ShellNode = Statement['command'] | CompoundList;

const maximumNesting = 50;

/** Whether a command is a condition and does nothing else. */
export function isTest(command: ShellNode | undefined): boolean {
  if (command?.type === 'TestCommand') return true;
  return command?.type === 'Command' && /^(?:\[|test)$/.test(command.name?.value ?? '');
}

/** Whether a condition holds; null when the script does not tell. */
export function condition(scope: Scope, command: ShellNode | undefined): boolean | null {
  if (command?.type === 'TestCommand') return test(scope, command.expression, 0);
  if (command?.type !== 'Command' || !isTest(command)) return null;
  const words = command.args
    .filter((each) => each.type === 'Word')
    .filter(({ value }) => value !== ']');
  const [first, second, third] = words;
  if (words.length === 2 && first && second) return unary(scope, first.value, second);
  if (words.length === 3 && first && second && third) {
    return binary(scope, first, second.value, third);
  }
  return null;
}

function test(scope: Scope, expression: TestExpression, depth: number): boolean | null {
  if (depth > maximumNesting) return null;
  switch (expression.type) {
    case 'TestUnary':
      return unary(scope, expression.operator, expression.operand);
    case 'TestBinary':
      return binary(scope, expression.left, expression.operator, expression.right);
    case 'TestGroup':
      return test(scope, expression.expression, depth + 1);
    case 'TestNot': {
      const inner = test(scope, expression.operand, depth + 1);
      return inner === null ? null : inner === (expression.negations.length % 2 === 0);
    }
    case 'TestLogical': {
      const results = expression.operands.map((operand) => test(scope, operand, depth + 1));
      const deciding = expression.operator === '||';
      if (results.includes(deciding)) return deciding;
      return results.includes(null) ? null : !deciding;
    }
  }
}

function unary(scope: Scope, operator: string, operand: Word): boolean | null {
  if (operator !== '-z' && operator !== '-n') return null;
  const text = knownText(expandWord(scope, operand)[0] ?? []);
  return text === null ? null : (text === '') === (operator === '-z');
}

function binary(scope: Scope, left: Word, operator: string, right: Word): boolean | null {
  const a = knownText(expandWord(scope, left)[0] ?? []);
  const b = knownText(expandWord(scope, right)[0] ?? []);
  if (a === null || b === null) return null;
  if (/^(?:=|==|!=)$/.test(operator)) {
    return /[*?[]/.test(b) ? null : (a === b) === (operator !== '!=');
  }
  const difference = evaluate(scope, `${a} - (${b})`);
  const compare: Readonly<Record<string, (value: number) => boolean>> = {
    '-eq': (value) => value === 0,
    '-ne': (value) => value !== 0,
    '-gt': (value) => value > 0,
    '-ge': (value) => value >= 0,
    '-lt': (value) => value < 0,
    '-le': (value) => value <= 0,
  };
  return difference === null ? null : (compare[operator]?.(difference) ?? null);
}
