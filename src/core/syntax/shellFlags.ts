import type { RunCommand, Setting } from './shellRun.ts';
import { isPerhapsNothing, type Piece } from './shellValues.ts';
import type { Span } from './tree.ts';

/** A word of a command line after expansion and splitting. */
interface Token {
  readonly text: string;
  readonly pieces: readonly Piece[];
  /** Where it is written: the word of the source it came from, or its own part of it. */
  readonly span: Span;
}

/** A flag, its key without dashes and with underscores, and the words it takes. */
interface Flag {
  readonly key: string;
  readonly text: string;
  readonly span: Span;
  readonly values: readonly Token[];
  /** Why it may or may not be given, or be given another value; absent where it is given. */
  readonly undecided?: { readonly why: string; readonly choices: readonly string[] };
}

/** A command line taken apart: launcher flags, the program, its flags, the other words. */
export interface CommandLine {
  readonly span: Span;
  readonly words: readonly string[];
  readonly program: Token | null;
  readonly launcher: readonly Flag[];
  readonly flags: readonly Flag[];
  readonly positional: readonly Token[];
  /** The variables set for it alone. */
  readonly environment: readonly Setting[];
  /** The names of the variables that it sees. */
  readonly exported: ReadonlySet<string>;
}

/** Modules and scripts that start the one named after them. */
const launcherModule =
  /^(?:torch\.distributed\.(?:run|launch|launcher)|accelerate\.commands\.launch|deepspeed\S*|.*torchrun|.*launch(?:er)?\.py)$/;

/** Programs that are started by their own name: LitGPT's command, llm.c's binaries. */
const executable = /^(?:[\w.~-]*\/)*(?:litgpt|train_gpt2(?:fp32)?cu)$/;

/** Commands that only print or set up; their words are not flags of a program. */
const notPrograms =
  /^(?:\[|\[\[|test|echo|printf|cat|cd|mkdir|pip3?|conda|apt(?:-get)?|git|wget|curl|rm|cp|mv|ls|tee|sed|grep|awk|sleep|kill|module|source|\.|set|export|nvidia-smi|which|rsync|tar|scp|make)$/;

const keyValue = /^\+{0,2}[A-Za-z_][\w.@/-]*=/;

/** Whether a command, by its first word, only prints or sets up. */
export function isSetup(name: string): boolean {
  return notPrograms.test(name);
}

/** Whether a command starts a program that takes settings. */
export function isCommand(line: CommandLine): boolean {
  if (isSetup(line.words[0] ?? '')) return false;
  const given = line.flags.length + line.environment.length;
  // A shell script is a program by what is set for it, or its name; else it may be anything.
  const program = line.program?.text ?? '';
  if (program.endsWith('.sh')) return given > 0 || /train\w{0,60}\.sh$/.test(program);
  if (line.program && (line.flags.length > 0 || line.positional.length > 0)) return true;
  return line.flags.length >= 4;
}

/** Takes an expanded command apart. */
export function readCommand(command: RunCommand): CommandLine {
  const tokens = command.words.flatMap(({ pieces, from }) =>
    split(pieces, { start: from.pos, end: from.end }),
  );
  const at = programIndex(tokens);
  const program = at < 0 ? null : (tokens[at] ?? null);
  const isModule = tokens[at - 1]?.text === '-m';
  const before = flags(tokens.slice(0, Math.max(isModule ? at - 1 : at, 0)));
  const after = flags(tokens.slice(at < 0 ? 1 : at + 1));
  const starts = command.words.map(({ from }) => from.pos);
  const ends = command.words.map(({ from }) => from.end);
  return {
    span: { start: Math.min(...starts), end: Math.max(...ends) },
    words: tokens.map(({ text }) => text),
    program,
    launcher: before.flags,
    flags: after.flags,
    positional: after.positional,
    environment: command.environment,
    exported: command.exported,
  };
}

/** Scripts that train, among those that branches may start. */
const trainer = /(?:^|\/)(?:pre_?train|train|fine_?tune|sft)\w*\.py$/i;

/**
 * The first script, module or executable that is no launcher itself; of several that branches may
 * start the one that trains; a shell script where there is no other.
 */
function programIndex(tokens: readonly Token[]): number {
  let found = -1;
  for (const [at, { text, pieces }] of tokens.entries()) {
    const isScript = text.endsWith('.py') && !text.startsWith('-') && !text.includes('=');
    const isModule = tokens[at - 1]?.text === '-m' && /^[A-Za-z_][\w.]*$/.test(text);
    const isExecutable = executable.test(text) && tokens[at - 1]?.text !== '-m';
    if (!isScript && !isModule && !isExecutable) continue;
    if (found < 0 || !pieces.some(({ maybe }) => maybe)) found = at;
    if (pieces.some(({ maybe }) => maybe) && !trainer.test(text)) continue;
    if (!launcherModule.test(text) && !handsOver(tokens, at)) return at;
  }
  return found < 0 ? tokens.findIndex(({ text }) => /^[\w./-]+\.sh$/.test(text)) : found;
}

/** Whether a script starts the one that stands behind its `--`: `mason.py … -- python train.py`. */
function handsOver(tokens: readonly Token[], at: number): boolean {
  const end = tokens.findIndex(({ text }, index) => index > at && text === '--');
  return end >= 0 && tokens.slice(end).some(({ text }) => /^[\w./~-]+\.py$/.test(text));
}

function flags(tokens: readonly Token[]): {
  readonly flags: readonly Flag[];
  readonly positional: readonly Token[];
} {
  const result: (Flag & { readonly name: Token })[] = [];
  const positional: Token[] = [];
  let open: { values: Token[] } | null = null;
  for (const token of tokens) {
    const isFlag = /^--?[A-Za-z]/.test(token.text);
    const equals = token.text.indexOf('=');
    if (open && isWordOfItsOwn(token, open.values)) {
      positional.push(token);
      continue;
    }
    if (isFlag || (open?.values.length !== 0 && keyValue.test(token.text))) {
      const name = equals < 0 ? token : cut(token, 0, equals);
      const values = equals < 0 ? [] : [cut(token, equals + 1, token.text.length)];
      const key = name.text.replace(/^[-+]+/, '').replaceAll('-', '_');
      result.push({ key, text: name.text, span: place(name), values, name });
      open = isFlag && equals < 0 ? { values } : null;
    } else if (open) open.values.push(token);
    else positional.push(token);
  }
  return { flags: decided(result), positional };
}

/**
 * Whether a word stands for itself and is no value of the flag before it: an empty one in quotes;
 * behind a value, one that nobody can tell and that may be no word at all or flags; and what
 * follows such a one, for which of the two is the value nobody can tell either.
 */
function isWordOfItsOwn({ text, pieces }: Token, values: readonly Token[]): boolean {
  const [value] = values;
  if (!value || values.length > 1) return text === '' && value !== undefined;
  if (text === '' || isPerhapsNothing(pieces)) return true;
  return isPerhapsNothing(value.pieces) && !/^--?[A-Za-z]/.test(text) && !keyValue.test(text);
}

/** Flags that a condition may add: given where all its branches add the same, else undecided. */
function decided(flags: readonly (Flag & { readonly name: Token })[]): readonly Flag[] {
  const maybe = new Map<string, (Flag & { readonly name: Token })[]>();
  for (const flag of flags) {
    const by = maybeOf(flag);
    if (by)
      maybe.set(`${by.by}\0${flag.key}`, [...(maybe.get(`${by.by}\0${flag.key}`) ?? []), flag]);
  }
  const before = new Map<string, Flag>();
  const result: Flag[] = [];
  for (const { name, ...flag } of flags) {
    const by = name.pieces.find((piece) => piece.maybe)?.maybe;
    const earlier = before.get(flag.key);
    if (!by) {
      result.push(flag);
      before.set(flag.key, flag);
      continue;
    }
    const alike = maybe.get(`${by.by}\0${flag.key}`) ?? [];
    const inAll = new Set(alike.map((each) => maybeOf(each)?.alternative)).size === by.of;
    const values = [...new Set(alike.map(valueOf))];
    if (inAll && values.length === 1) {
      result.push(flag);
      before.set(flag.key, flag);
      continue;
    }
    if (!inAll && earlier && values.length === 1 && valueOf(earlier) === values[0]) continue;
    const otherwise = inAll ? [] : [earlier ? valueOf(earlier) : 'not given'];
    const choices = [...otherwise, ...values];
    const why = `${flag.text} is ${choices.map((each) => (each === '' ? 'given' : each)).join(' or ')}, by ${by.by}.`;
    result.push({ ...flag, undecided: { why, choices } });
  }
  return result;
}

const maybeOf = ({ name }: { readonly name: Token }) =>
  name.pieces.find((piece) => piece.maybe)?.maybe;

const valueOf = ({ values }: Flag): string => values.map(({ text }) => text).join(' ');

function place(token: Token): Span {
  const first = token.pieces[0];
  return token.pieces.length === 1 && first ? first.span : token.span;
}

/** Splits an expanded word where the shell would, and where a quoted word holds whole flags. */
function split(pieces: readonly Piece[], span: Span): Token[] {
  const text = pieces.map((piece) => piece.text).join('');
  // `--runtime-env-json="{ … }"` is one flag, whatever blanks its JSON has.
  const isJson = /^--?[\w-]+=\s*\{/.test(text);
  const holdsFlags = !isJson && /^\s*--?[A-Za-z]\S*\s|\s--?[A-Za-z]|\.py\s/.test(text);
  const tokens: Token[] = [];
  let current: Piece[] = [];
  const close = () => {
    if (current.length > 0) {
      tokens.push({ text: current.map((piece) => piece.text).join(''), pieces: current, span });
    }
    current = [];
  };
  for (const piece of pieces) {
    if (piece.unknown !== undefined || !(piece.splits || holdsFlags) || !/\s/.test(piece.text)) {
      // An empty string is a value when it is quoted, and nothing when it is not.
      if (piece.text !== '' || piece.quoted) current.push(piece);
      continue;
    }
    for (const match of piece.text.matchAll(/\s+|\S+/g)) {
      if (/^\s/.test(match[0])) close();
      else current.push(part(piece, match.index, match.index + match[0].length));
    }
  }
  close();
  return tokens;
}

/** A part of a piece; its quotes, if any, are around more than it. */
function part(piece: Piece, start: number, end: number): Piece {
  const { exact, splits, unknown, maybe } = piece;
  const from = piece.span.start + start;
  const span = exact ? { start: from, end: piece.span.start + end } : piece.span;
  const text = piece.text.slice(start, end);
  return {
    ...{ text, span, exact, splits },
    ...(unknown === undefined ? {} : { unknown }),
    ...(maybe && { maybe }),
  };
}

function cut(token: Token, start: number, end: number): Token {
  const pieces: Piece[] = [];
  let at = 0;
  for (const piece of token.pieces) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, piece.text.length);
    if (from < to) {
      pieces.push(from === 0 && to === piece.text.length ? piece : part(piece, from, to));
    }
    at += piece.text.length;
  }
  // An absent value stands where one would be written.
  const last = token.pieces.at(-1);
  const absent = last && pieces.length === 0 ? { start: last.span.end, end: last.span.end } : null;
  return { text: token.text.slice(start, end), pieces, span: absent ?? token.span };
}
