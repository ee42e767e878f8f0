import type {
  Assignment,
  Command,
  CompoundList,
  Elif,
  HereDoc,
  Redirection,
  Statement,
} from 'unbash';
import type { Word } from 'unbash';
import { condition, isTest, type ShellNode } from './shellTests.ts';
import { assign, expandWord, knownText, unknownPiece } from './shellValues.ts';
import type { Piece, Scope, Variable } from './shellValues.ts';

/** A command of the script with its words expanded. */
export interface RunCommand {
  readonly words: readonly { readonly pieces: readonly Piece[]; readonly from: Word }[];
}

/** A here-document and the words of the file that it is written to. */
export interface RunFile {
  readonly heredoc: HereDoc;
  readonly target: readonly Piece[] | null;
}

interface Run {
  readonly commands: RunCommand[];
  readonly files: RunFile[];
  readonly functions: Map<string, CompoundList>;
  steps: number;
}

const maximumSteps = 20_000;
const maximumNesting = 50;

/**
 * Walks a script as if it ran, without running anything: assignments count from where they stand;
 * a branch is taken when its condition can be told; what only an untold branch assigns counts
 * where nothing else does. Loops run once, functions where they are called.
 */
export function runScript(
  source: string,
  statements: readonly Statement[],
): { commands: readonly RunCommand[]; files: readonly RunFile[]; scope: Scope } {
  const scope: Scope = { source, variables: new Map(), spent: { pieces: 0 } };
  const run: Run = { commands: [], files: [], functions: new Map(), steps: 0 };
  list(run, scope, statements, 0);
  return { commands: run.commands, files: run.files, scope };
}

function list(run: Run, scope: Scope, statements: readonly Statement[], depth: number): void {
  for (const statement of statements) node(run, scope, statement.command, depth);
}

function node(run: Run, scope: Scope, command: ShellNode, depth: number): void {
  run.steps += 1;
  if (depth > maximumNesting || run.steps > maximumSteps) return;
  const inside = (body: CompoundList) => list(run, scope, body.commands, depth + 1);
  switch (command.type) {
    case 'Command':
      simple(run, scope, command, depth);
      return;
    case 'Pipeline':
      for (const each of command.commands) node(run, scope, each, depth + 1);
      return;
    case 'AndOr': {
      let previous: boolean | null = null;
      for (const [index, each] of command.commands.entries()) {
        const operator = command.operators[index - 1];
        const isTaken =
          operator === undefined || !isTest(command.commands[index - 1])
            ? true
            : previous === null
              ? null
              : previous === (operator === '&&');
        if (isTaken === true) node(run, scope, each, depth + 1);
        else if (isTaken === null) branches(run, scope, [each], depth);
        previous = condition(scope, each);
      }
      return;
    }
    case 'If': {
      const arms = [{ clause: command.clause, body: command.then }, ...command.elif.map(arm)];
      const open: CompoundList[] = [];
      let isSettled = false;
      for (const { clause, body } of arms) {
        inside(clause);
        const told = condition(scope, clause.commands.at(-1)?.command);
        if (told !== false) open.push(body);
        isSettled = told === true;
        if (isSettled) break;
      }
      if (!isSettled && command.else) open.push(command.else);
      const [only] = open;
      if (open.length === 1 && only && (isSettled || only === command.else)) inside(only);
      else branches(run, scope, open, depth);
      return;
    }
    case 'Case': {
      const word = knownText(expandWord(scope, command.word)[0] ?? []);
      const taken =
        word === null
          ? undefined
          : command.items.find((item) =>
              item.pattern.some(({ value }) => value === '*' || value === word),
            );
      if (taken) inside(taken.body);
      else {
        const bodies = command.items.map(({ body }) => body);
        branches(run, scope, bodies, depth);
      }
      return;
    }
    case 'For': {
      const words = (command.wordlist ?? []).flatMap((word) => expandWord(scope, word));
      const [only] = words;
      const loop = unknownPiece(scope.source, wordSpan(command.name), 'A loop gives this value.');
      const value = words.length === 1 && only ? only : [loop];
      const span = wordSpan(command.name);
      assign(scope, command.name.value, { words: [value], array: false, span });
      inside(command.body);
      return;
    }
    case 'Function':
      if (command.body.type === 'BraceGroup')
        run.functions.set(command.name.value, command.body.body);
      return;
    case 'Redirected':
      node(run, scope, command.command, depth + 1);
      return;
    case 'While':
      inside(command.clause);
      branches(run, scope, [command.body], depth);
      return;
    case 'Subshell':
      list(
        run,
        { ...scope, variables: new Map(scope.variables) },
        command.body.commands,
        depth + 1,
      );
      return;
    case 'CompoundList':
      inside(command);
      return;
    case 'BraceGroup':
    case 'Select':
    case 'ArithmeticFor':
      inside(command.body);
      return;
    case 'Coproc':
    case 'TestCommand':
    case 'ArithmeticCommand':
  }
}

function arm(elif: Elif): { readonly clause: CompoundList; readonly body: CompoundList } {
  return { clause: elif.clause, body: elif.then };
}

/** Runs bodies whose condition is not told, each on its own, and joins what they assign. */
function branches(run: Run, scope: Scope, bodies: readonly ShellNode[], depth: number): void {
  const results = bodies.map((body) => {
    const variables = new Map(scope.variables);
    node(run, { ...scope, variables }, body, depth + 1);
    return variables;
  });
  const names = new Set(results.flatMap((variables) => [...variables.keys()]));
  for (const name of names) {
    const before = scope.variables.get(name);
    const assigned = results
      .map((variables) => variables.get(name))
      .filter((value): value is Variable => value !== undefined && value !== before);
    const [first, ...others] = assigned;
    if (!first) continue;
    const isGroup = (value: Variable) =>
      value.array || value.words[0]?.some(({ text }) => /\s/.test(text)) === true;
    // Flag groups that a branch adds to keep what they had; a default keeps standing when the
    // branch itself takes its value from outside.
    if (before && (isGroup(before) || assigned.every(isUnknown))) continue;
    const isSame = others.every((other) => signature(other) === signature(first));
    if (isSame && (!before || signature(before) === signature(first))) {
      scope.variables.set(name, first);
      continue;
    }
    const { span } = first;
    const why = `The variable ${name} depends on a condition.`;
    const unknown = unknownPiece(scope.source, span, why);
    scope.variables.set(name, { words: [[unknown]], array: false, span });
  }
}

function isUnknown(value: Variable): boolean {
  return value.words.some((word) => knownText(word) === null);
}

function signature(value: Variable): string {
  return JSON.stringify(value.words.map((word) => word.map((piece) => piece.text)));
}

function simple(run: Run, scope: Scope, command: Command, depth: number): void {
  heredocs(run, scope, command.redirects);
  const assignments = command.prefix.filter((each) => each.type === 'Assignment');
  if (!command.name) {
    for (const each of assignments) assignment(scope, each);
    return;
  }
  for (const each of command.suffix) if (each.type === 'Assignment') assignment(scope, each);
  const called = run.functions.get(command.name.value);
  const all = [command.name, ...command.args.filter((each) => each.type === 'Word')];
  const words = all.flatMap((from) => expandWord(scope, from).map((pieces) => ({ pieces, from })));
  if (called) list(run, scope, called.commands, depth + 10);
  else run.commands.push({ words });
}

function assignment(scope: Scope, { name, value, append, index }: Assignment): void {
  if (index) return;
  const before = append === true ? scope.variables.get(name) : undefined;
  const span = { start: value.pos, end: value.end };
  if (value.type === 'ArrayValue') {
    const words = value.elements.flatMap((element) => expandWord(scope, element));
    assign(scope, name, { words: [...(before?.words ?? []), ...words], array: true, span });
    return;
  }
  // Blanks in a value that is later used unquoted separate words: that is decided at the use.
  const words = expandWord(scope, value);
  const joined = words.flatMap((word, at) =>
    at === 0 ? word : [{ ...blank(value), text: ' ' }, ...word],
  );
  const whole = [...(before?.words[0] ?? []), ...joined];
  assign(scope, name, {
    words: [whole, ...(before?.words.slice(1) ?? [])],
    array: before?.array ?? false,
    span,
  });
}

function blank(word: Word): Piece {
  return { text: ' ', span: wordSpan(word), exact: false, splits: true };
}

function wordSpan(word: Word): Piece['span'] {
  return { start: word.pos, end: word.end };
}

function heredocs(run: Run, scope: Scope, redirects: readonly Redirection[]): void {
  const out = redirects.find((each) => each.type === 'Redirect' && each.operator.startsWith('>'));
  const word = out?.type === 'Redirect' ? out.target : undefined;
  const target = word ? (expandWord(scope, word)[0] ?? null) : null;
  for (const each of redirects) {
    if (each.type === 'HereDoc') run.files.push({ heredoc: each, target });
  }
}
