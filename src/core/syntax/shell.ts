import { parse, type Word } from 'unbash';
import { parseJson } from './json.ts';
import { maximumProblems } from './limits.ts';
import { lineMap } from './lines.ts';
import { coreValue, plainNumber, scalarNode, unresolvedNode } from './scalars.ts';
import { isCommand, readCommand, type CommandLine } from './shellFlags.ts';
import { runScript, type RunFile } from './shellRun.ts';
import { isPerhapsNothing, knownText, type Piece, type Scope } from './shellValues.ts';
import { mapNode } from './tree.ts';
import type { ConfigNode, ConfigTree, Entry, MapNode, Place, Span } from './tree.ts';

/**
 * Reads a launch script: one document for each command that starts a training program.
 *
 * Such a document is a mapping of the program's flags, in the order of the command line with all
 * variables and arrays expanded: `--num-layers 32`, `--num-layers=32` and `--num_layers 32` are
 * the entry `num_layers`; `a.b=1` (Hydra, MaxText) and `--a.b 1` are `b` in the mapping `a`; a flag
 * with several values is a list. A flag without a value is `true`, at the place of the flag. The
 * place of any other value is where the script states it: the literal of an assignment, the
 * default in `${1:-4096}`, or the word of the command line. What only the environment, an
 * argument, a condition or another program tells is a scalar with `unresolved`.
 *
 * Seven entries are no flags: `$program` (the script or module: `pretrain_gpt.py`), `$positional`
 * (the other words, a list), `$environment` (what is set for the command alone, `NGPU=8 ./a.sh`, and by Ray's runtime environment),
 * `$launcher` (the `#SBATCH` options, then the flags of torchrun, srun, deepspeed… before the
 * program), `$variables` (all variables at the end of the script that hold one word), `$exported`
 * (those of them that the program sees) and `$files` (here-documents by the file they are written to;
 * JSON ones are read). A script without such a command gives one document with the last four.
 *
 * Nothing is run. Comments are never read, but for `#SBATCH`.
 */
export function parseShell(
  file: string,
  text: string,
  told?: ReadonlyMap<string, string>,
  position = lineMap(text),
): ConfigTree {
  const source = scriptSource(text);
  const script = parse(source);
  const problems = (script.errors ?? []).slice(0, maximumProblems).map(({ message, pos }) => {
    const start = Math.min(pos, text.length);
    const place = { file, start, end: Math.min(start + 1, text.length) };
    return { place, severity: 'warning' as const, message: `${capitalised(message)}.` };
  });
  const { commands, files, exported, scope } = runScript(source, script.commands, position, told);
  const held = variables(file, scope);
  const here = heredocs(file, source, files);
  const sharedBy = (names: ReadonlySet<string>): readonly Entry[] => {
    const seen = held.filter(({ key }) => names.has(key));
    return [
      section(file, '$variables', held),
      ...(seen.length > 0 ? [section(file, '$exported', seen)] : []),
      section(file, '$files', here),
    ];
  };
  const batch = batchOptions(file, source);
  const lines = commands.map((command) => readCommand(command)).filter(isCommand);
  const documents =
    lines.length > 0
      ? lines.map((line) => document(file, line, batch, sharedBy(line.exported)))
      : presets(scope).map(({ name, line }) => {
          const flags = document(file, line, batch, sharedBy(exported));
          const key = scalarNode(flags.place, name, name);
          const entry = { key: '$preset', keyPlace: flags.place, value: key };
          return mapNode(flags.place, [entry, ...flags.entries]);
        });
  const bare = mapNode({ file, start: 0, end: text.length }, [
    section(file, '$launcher', batch),
    ...sharedBy(exported),
  ]);
  const hasAnything = bare.entries.some(
    ({ value }) => value.kind === 'map' && value.entries.length > 0,
  );
  const template = lines.some((line) => line.words.some((word) => /^\{[{%]/.test(word)));
  return {
    file,
    syntax: 'shell',
    documents: documents.length > 0 ? documents : hasAnything ? [bare] : [],
    problems,
    template,
  };
}

/** A script as it is parsed, its offsets those of the text. */
export function scriptSource(text: string): string {
  // Bash takes a carriage return as a letter; here it must neither join a word nor keep a
  // continued line from continuing. Other control characters it drops. Lengths stay, so offsets do.
  return text
    .replace(/^\uFEFF/, ' ')
    .replace(/[\0-\x08\v\f\x0E-\x1F\x7F]/g, ' ')
    .replaceAll('\\\r\n', ' \\\n')
    .replaceAll('\r\n', '\n\n');
}

function document(
  file: string,
  line: CommandLine,
  batch: readonly Entry[],
  shared: readonly Entry[],
): MapNode {
  const entries: Entry[] = [];
  const place = { file, ...line.span };
  if (line.program) {
    const value = pieceNode(file, line.program.pieces, line.program.span);
    entries.push({ key: '$program', keyPlace: value.place, value });
  }
  const launcher = line.launcher.map((flag) => flagEntry(file, flag));
  entries.push(section(file, '$launcher', [...batch, ...launcher]));
  entries.push(...shared);
  const environment = [
    ...line.environment.map(({ name, pieces, span }): Entry => {
      const value = pieceNode(file, pieces, span);
      return { key: name, keyPlace: value.place, value };
    }),
    ...runtimeEnvironment(file, line),
  ];
  if (environment.length > 0) entries.push(section(file, '$environment', environment));
  const items = line.positional.map((word) => pieceNode(file, word.pieces, word.span));
  entries.push({ key: '$positional', keyPlace: place, value: { kind: 'list', place, items } });
  const flags = line.flags.map((flag) => ({
    path: flag.key.split('.'),
    flag: flagEntry(file, flag),
  }));
  return mapNode(place, [...entries, ...nested(flags, 0)]);
}

/** What `ray job submit --runtime-env-json` sets for the program, whose variables may be unknown. */
function runtimeEnvironment(file: string, line: CommandLine): Entry[] {
  const json = line.launcher.find(({ key }) => key === 'runtime_env_json')?.values[0];
  const settings = json?.text.matchAll(/"([A-Z][A-Z0-9_]*)"\s*:\s*"([^"$]*)"/g) ?? [];
  return [...settings].map(([, key = '', text = '']) => {
    const place = { file, ...(json?.span ?? line.span) };
    return { key, keyPlace: place, value: scalarNode(place, text, plainNumber(text) ?? text) };
  });
}

/** Dotted keys become mappings within mappings, as the programs that take them mean it. */
function nested(
  flags: readonly { readonly path: readonly string[]; readonly flag: Entry }[],
  depth: number,
): Entry[] {
  const groups = new Map<string, { path: readonly string[]; flag: Entry }[]>();
  for (const each of flags) {
    // A plain key keeps all its entries; a dotted one shares the mapping.
    const name = each.path[depth] ?? '';
    groups.set(name, [...(groups.get(name) ?? []), each]);
  }
  return [...groups].flatMap(([key, members]) => {
    const leaves = members.filter(({ path }) => path.length <= depth + 1);
    const deeper = members.filter(({ path }) => path.length > depth + 1);
    const first = deeper[0]?.flag;
    const entries = leaves.map(({ flag }) => ({ ...flag, key }));
    if (!first) return entries;
    const value = mapNode(first.keyPlace, nested(deeper, depth + 1));
    return [...entries, { key, keyPlace: first.keyPlace, value }];
  });
}

function flagEntry(file: string, flag: CommandLine['flags'][number]): Entry {
  const keyPlace = { file, ...flag.span };
  const values = flag.values.map((word) => pieceNode(file, word.pieces, word.span));
  const [first] = values;
  const last = values.at(-1);
  if (flag.undecided) {
    const place = first?.place ?? keyPlace;
    const { why, choices } = flag.undecided;
    return {
      key: flag.key,
      keyPlace,
      value: { ...unresolvedNode(place, flag.text, why), choices },
    };
  }
  if (!first || !last) {
    return { key: flag.key, keyPlace, value: scalarNode(keyPlace, flag.text, true) };
  }
  if (values.length === 1) return { key: flag.key, keyPlace, value: first };
  const place = { file, start: first.place.start, end: Math.max(first.place.end, last.place.end) };
  return { key: flag.key, keyPlace, value: { kind: 'list', place, items: values } };
}

/** The scalar of a word; its place is the one literal that states it, else the whole word. */
function pieceNode(file: string, pieces: readonly Piece[], word: Span): ConfigNode {
  const [first, ...others] = pieces;
  const unknown = pieces.find((piece) => piece.unknown !== undefined);
  const isJoined = others.every(
    (piece, at) => piece.exact && piece.span.start === pieces[at]?.span.end,
  );
  const span =
    first && others.length === 0
      ? (first.quoted ?? first.span)
      : first?.exact === true && isJoined
        ? { start: first.span.start, end: pieces.at(-1)?.span.end ?? word.end }
        : word;
  const place: Place = { file, start: span.start, end: span.end };
  const written = pieces.map((piece) => piece.text).join('');
  // Hydra's own quotes inside the shell's: `'quantization="fp8"'`.
  const text = /^(["'])(.*)\1$/.exec(written)?.[2] ?? written;
  if (unknown) {
    const node = unresolvedNode(place, text, unknown.unknown ?? '');
    const isAll = pieces.length === 1;
    return {
      ...node,
      ...(isAll && unknown.choices && { choices: unknown.choices }),
      ...(isPerhapsNothing(pieces) && { perhapsNothing: true }),
    };
  }
  const isQuoted = others.length === 0 && first?.quoted !== undefined;
  const core = coreValue(text);
  const value = plainNumber(text) ?? (typeof core === 'boolean' ? core : text);
  return scalarNode(place, text, value, isQuoted ? 'quoted' : 'plain');
}

function section(file: string, key: string, entries: readonly Entry[]): Entry {
  const places = entries.map(({ keyPlace }) => keyPlace);
  const start = Math.min(...places.map((place) => place.start), Infinity);
  const place = { file, start: Number.isFinite(start) ? start : 0, end: 0 };
  const end = Math.max(place.start, ...places.map((each) => each.end));
  return { key, keyPlace: { ...place, end }, value: mapNode({ ...place, end }, entries) };
}

function variables(file: string, scope: Scope): Entry[] {
  const entries: Entry[] = [];
  for (const [key, variable] of scope.variables) {
    const word = variable.words[0] ?? [];
    if (variable.array || word.some(({ text }) => /\s/.test(text))) continue;
    const value = pieceNode(file, word, variable.span);
    entries.push({ key, keyPlace: value.place, value });
  }
  return entries;
}

/** Arrays of a model's flags in a script that starts nothing: other scripts source it. */
function presets(scope: Scope) {
  return [...scope.variables].flatMap(([name, { array, words, span }]) => {
    if (!array || !words.some((word) => /^--num[-_]layers/.test(knownText(word) ?? ''))) return [];
    const from = { pos: span.start, end: span.end } as Word;
    const first = { text: name, span, exact: false, splits: false };
    const all = [[first], ...words].map((pieces) => ({ pieces, from }));
    return [{ name, line: readCommand({ words: all, environment: [], exported: new Set() }) }];
  });
}

function heredocs(file: string, source: string, files: readonly RunFile[]): Entry[] {
  return files.map(({ heredoc, target }) => {
    const { pos: start, end } = heredoc.body;
    const place = { file, start, end };
    const body = source.slice(start, end);
    // Blanks in front keep the places of what is read those of the script.
    const json = /^\s*\{/.test(body)
      ? parseJson(file, ' '.repeat(start) + body).documents[0]
      : undefined;
    const written = target?.[0]?.span ?? { start: heredoc.pos, end: heredoc.end };
    const key = target ? (knownText(target) ?? target.map(({ text }) => text).join('')) : '-';
    const value = json?.kind === 'map' ? json : scalarNode(place, body, body, 'block');
    return { key, keyPlace: { file, ...written }, value };
  });
}

/** Slurm reads its options from comments at the head of the script. */
function batchOptions(file: string, source: string): Entry[] {
  const entries: Entry[] = [];
  const option = /^#SBATCH[ \t]+(--?[A-Za-z][\w-]*)(?:[ \t=]+([^\s#]+))?/gm;
  for (const match of source.matchAll(option)) {
    const [whole, name = '', text] = match;
    const from = match.index + whole.indexOf(name);
    const keyPlace = { file, start: from, end: from + name.length };
    const end = match.index + whole.length;
    const value =
      text === undefined
        ? scalarNode(keyPlace, name, true)
        : scalarNode({ file, start: end - text.length, end }, text, plainNumber(text) ?? text);
    entries.push({ key: name.replace(/^-+/, '').replaceAll('-', '_'), keyPlace, value });
  }
  return entries;
}

function capitalised(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
