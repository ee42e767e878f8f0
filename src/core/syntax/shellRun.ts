import type {
  Assignment,
  Command,
  CompoundList,
  Elif,
  HereDoc,
  Redirection,
  Statement,
} from 'unbash';
import { parse, type Word } from 'unbash';
import { condition, isTest, type ShellNode } from './shellTests.ts';
import { assign, expandWord, isPerhapsNothing, knownText, unknownPiece } from './shellValues.ts';
import type { Piece, Scope } from './shellValues.ts';
import { mergeBranches } from './shellBranches.ts';
import { globMatches, lettersOf, patternOf } from './shellGlob.ts';

/** A command of the script with its words expanded. */
export interface RunCommand {
  readonly words: readonly { readonly pieces: readonly Piece[]; readonly from: Word }[];
  /** The variables set for it alone, in front of it: `NGPU=8 ./train.sh`. */
  readonly environment: readonly Setting[];
  /** The names of the variables that it sees, exported before it and in no other branch. */
  readonly exported: ReadonlySet<string>;
}

/** A variable set for one command. */
export interface Setting {
  readonly name: string;
  readonly pieces: readonly Piece[];
  readonly span: Piece['span'];
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
  /** The names of variables that the programs see. */
  readonly exported: Set<string>;
  steps: number;
  /** Scripts within the script that were read: `bash -c '…'`. */
  inner: number;
}

const maximumSteps = 20_000;
const maximumNesting = 50;
const maximumInner = 50;

/**
 * Walks a script as if it ran, without running anything: assignments count from where they stand;
 * a branch is taken when its condition can be told; what only an untold branch assigns counts
 * where nothing else does. Loops run once, functions where they are called.
 */
export function runScript(
  source: string,
  statements: readonly Statement[],
  position: Scope['position'],
  told: ReadonlyMap<string, string> = new Map(),
): {
  commands: readonly RunCommand[];
  files: readonly RunFile[];
  exported: ReadonlySet<string>;
  scope: Scope;
} {
  const scope: Scope = {
    source,
    variables: new Map(),
    spent: { pieces: 0 },
    told,
    position,
  };
  const run: Run = {
    ...{ commands: [], files: [], functions: new Map(), exported: new Set() },
    ...{ steps: 0, inner: 0 },
  };
  list(run, scope, statements, 0);
  return { commands: run.commands, files: run.files, exported: run.exported, scope };
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
      let held: boolean | null = true;
      for (const [index, each] of command.commands.entries()) {
        const operator = command.operators[index - 1];
        const before = command.commands[index - 1];
        // A command that is no test is taken to succeed.
        const isTaken: boolean | null =
          operator === undefined
            ? true
            : !isTest(before)
              ? operator === '&&'
              : held === null
                ? null
                : held === (operator === '&&');
        if (isTaken === true) node(run, scope, each, depth + 1);
        else if (isTaken === null) {
          branches(run, scope, { bodies: [each], depth, mayBeNone: true, decides: before });
        }
        held = isTest(each) ? condition(scope, each) : true;
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
      else {
        const mayBeNone = !isSettled && !command.else;
        branches(run, scope, { bodies: open, depth, mayBeNone, decides: command.clause });
      }
      return;
    }
    case 'Case': {
      const word = knownText(expandWord(scope, command.word)[0] ?? []);
      const means = (pattern: Word) =>
        globMatches(patternOf(scope, pattern) ?? lettersOf(pattern.value), word ?? '');
      const taken =
        word === null ? undefined : command.items.find((item) => item.pattern.some(means));
      if (taken) inside(taken.body);
      else if (word === null) {
        const bodies = command.items.map(({ body }) => body);
        const hasRest = command.items.some((item) =>
          item.pattern.some(({ value }) => value === '*'),
        );
        branches(run, scope, { bodies, depth, mayBeNone: !hasRest, decides: command.word });
      }
      return;
    }
    case 'For': {
      const words = (command.wordlist ?? []).flatMap((word) => expandWord(scope, word));
      const [only] = words;
      const choices = words.map((each) => knownText(each) ?? '').slice(0, 6);
      const why = 'A loop gives this value.';
      const loop = { ...unknownPiece(scope.source, wordSpan(command.name), why), choices };
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
      branches(run, scope, {
        bodies: [command.body],
        depth,
        mayBeNone: true,
        decides: command.clause,
      });
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

/** Bodies of which at most one runs, nobody can tell which. */
interface Branches {
  readonly bodies: readonly ShellNode[];
  readonly depth: number;
  readonly mayBeNone: boolean;
  /** The condition. */
  readonly decides: { readonly pos: number; readonly end: number } | undefined;
}

/** Runs each body on its own and joins what they assign; one that ends the script has no say. */
function branches(run: Run, scope: Scope, { bodies, depth, mayBeNone, decides }: Branches): void {
  const before = [...run.exported];
  const exported = new Set(before);
  const results = bodies.flatMap((body) => {
    const variables = new Map(scope.variables);
    node(run, { ...scope, variables }, body, depth + 1);
    for (const name of run.exported) exported.add(name);
    run.exported.clear();
    for (const name of before) run.exported.add(name);
    return endsScript(body) ? [] : [variables];
  });
  for (const name of exported) run.exported.add(name);
  if (results.length === 0) return;
  mergeBranches(scope, { results, mayBeNone, by: decider(scope, decides) });
}

function endsScript(body: ShellNode): boolean {
  if (body.type === 'Command') return /^(?:exit|return)$/.test(body.name?.value ?? '');
  const last = body.type === 'CompoundList' ? body.commands.at(-1)?.command : undefined;
  return last?.type === 'Command' && endsScript(last);
}

/** What decides a condition: the first variable in it that the script does not tell, and its line. */
function decider(scope: Scope, decides: Branches['decides']): string {
  if (!decides) return 'a condition';
  const { source } = scope;
  const text = source.slice(decides.pos, decides.end);
  const { line } = scope.position(decides.pos);
  for (const [, name = ''] of text.matchAll(/\$\{?(\w+)/g)) {
    const words = scope.variables.get(name)?.words;
    if (!words || words.some((word) => knownText(word) === null)) return `$${name} (line ${line})`;
  }
  return `the condition on line ${line}`;
}

function simple(run: Run, scope: Scope, command: Command, depth: number): void {
  heredocs(run, scope, command.redirects);
  const assignments = command.prefix.filter((each) => each.type === 'Assignment');
  if (!command.name) {
    for (const each of assignments) assignment(scope, each);
    return;
  }
  const exports = command.name.value === 'export';
  for (const each of command.suffix) {
    if (each.type !== 'Assignment') continue;
    assignment(scope, each);
    if (exports) run.exported.add(each.name);
  }
  for (const each of exports ? command.args : [])
    if (each.type === 'Word') run.exported.add(each.value);
  const called = run.functions.get(command.name.value);
  const all = [command.name, ...command.args.filter((each) => each.type === 'Word')];
  const words = all.flatMap((from) => expandWord(scope, from).map((pieces) => ({ pieces, from })));
  if (called) {
    list(run, scope, called.commands, depth + 10);
    return;
  }
  // `A=1 $B` sets A for good where B is empty.
  if (words.every(({ pieces }) => isPerhapsNothing(pieces))) {
    for (const each of assignments) assignment(scope, each);
    return;
  }
  const inner = innerScript(words);
  if (inner && run.inner < maximumInner) {
    run.inner += 1;
    // Blanks in front keep the places of what is read those of the script.
    const { start, end } = inner.span;
    const text = ' '.repeat(start) + scope.source.slice(start, end);
    list(run, scope, parse(text).commands, depth + 10);
    return;
  }
  run.commands.push({
    words,
    environment: assignments.flatMap((each) => setting(scope, each)),
    exported: new Set(run.exported),
  });
}

function setting(scope: Scope, { name, value, index }: Assignment): readonly Setting[] {
  if (index || value.type === 'ArrayValue') return [];
  const pieces = expandWord(scope, value)[0] ?? [];
  return [{ name, pieces, span: wordSpan(value) }];
}

/**
 * The script in quotes behind `bash -c`, whoever starts the shell; behind another launcher's `-c`
 * where it starts a program with flags.
 */
function innerScript(words: RunCommand['words']): Piece | null {
  const texts = words.map(({ pieces }) => pieces.map(({ text }) => text).join(''));
  const at = texts.findIndex(
    (text, index) =>
      (/^-[a-z]*c$/.test(text) && /(?:^|\/)(?:ba|z|da)?sh$/.test(texts[index - 1] ?? '')) ||
      (text === '-c' && startsProgram(texts[index + 1] ?? '')),
  );
  const pieces = at < 0 ? undefined : words[at + 1]?.pieces;
  const [piece] = pieces ?? [];
  return pieces?.length === 1 && piece?.exact === true && piece.quoted !== undefined ? piece : null;
}

const startsProgram = (text: string): boolean => /\.py\s/.test(text) && /\s--[A-Za-z]/.test(text);

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
