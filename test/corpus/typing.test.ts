import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/core/analyse.ts';
import { writeFormat } from '../../src/core/optimise.ts';
import type { FormatTarget } from '../../src/core/run/run.ts';
import { defaultSettings } from '../../src/core/run/settings.ts';
import { applyEdits } from '../../src/core/syntax/edit.ts';
import { parse } from '../../src/core/syntax/parse.ts';
import { syntaxOf } from '../../src/core/syntax/syntaxOf.ts';
import type { ConfigNode, SyntaxKind } from '../../src/core/syntax/tree.ts';
import { corpusCases, exampleCases, type Case } from './cases.ts';

/** Lines as they stand in a file while they are typed, none of them finished. */
const unfinished: Readonly<Record<'yaml' | 'json' | 'toml', readonly string[]>> = {
  yaml: ['learn', 'learn: "abc', "learn: 'abc", 'learn: [1, 2', 'learn: {a: 1', '"learn', '- "abc'],
  json: ['"learn', '"learn"', '"learn":', 'learn', '"learn": "abc', '"learn": [1, 2', '"learn": {'],
  toml: ['learn', 'learn =', 'learn = "abc', 'learn = [1, 2', 'learn = {a = 1', '[learn', '"learn'],
};

const bf16: FormatTarget = { format: 'bf16', granularity: 'none', block: null };

/** How many lines of a file each form is tried at; every line of every file would take minutes. */
const linesOfFile = 4;

const everything = [...corpusCases(), ...exampleCases()];

interface Share {
  places: number;
  changed: number;
  vanished: number;
}

/** What must stay as it was: of each run its role, its size, its tokens and its format. */
function reading({ file, files }: Case, text: string): readonly string[] {
  const { runs } = analyse({ file, text }, defaultSettings, files);
  return runs.map(({ run }) =>
    JSON.stringify([
      run.role,
      run.parameters?.linear,
      run.tokens.total?.value,
      run.precision?.format.value,
    ]),
  );
}

/** Whether a place lies in a text of several lines, such as a script in a manifest. */
function isInBlock(node: ConfigNode, at: number): boolean {
  if (node.kind === 'scalar') {
    return node.style === 'block' && node.place.start < at && at < node.place.end;
  }
  const inner = node.kind === 'map' ? node.entries.map(({ value }) => value) : node.items;
  return inner.some((each) => isInBlock(each, at));
}

/** Puts a line before line `at`, indented as that line is or not at all. */
function inserted(lines: readonly string[], at: number, line: string, isIndented: boolean): string {
  const indent = isIndented ? (/^\s*/.exec(lines[at] ?? '')?.[0] ?? '') : '';
  return [...lines.slice(0, at), indent + line, ...lines.slice(at)].join('\n');
}

function measured(syntax: SyntaxKind, form: string): Share {
  const share = { places: 0, changed: 0, vanished: 0 };
  for (const each of everything) {
    if (syntaxOf(each.file) !== syntax) continue;
    const before = reading(each, each.text);
    if (before.length === 0) continue;
    const lines = each.text.trimEnd().split('\n');
    const step = Math.max(1, Math.ceil(lines.length / linesOfFile));
    const { documents } = parse(each.file, each.text);
    for (let at = step >> 1; at < lines.length; at += step) {
      // A line of a script is the script's: a word there is a command.
      const offset = lines.slice(0, at).join('\n').length + 1;
      if (documents.some((document) => isInBlock(document, offset))) continue;
      for (const isIndented of [true, false]) {
        const after = reading(each, inserted(lines, at, form, isIndented));
        share.places += 1;
        if (after.length < before.length) share.vanished += 1;
        else if (JSON.stringify(after) !== JSON.stringify(before)) share.changed += 1;
      }
    }
  }
  return share;
}

/** Every file of a syntax with an unfinished line at a third of its height. */
function broken(syntax: string, form: string): readonly Case[] {
  return everything.flatMap((whole) => {
    if (syntaxOf(whole.file) !== syntax) return [];
    const lines = whole.text.trimEnd().split('\n');
    const text = inserted(lines, Math.floor(lines.length / 3), form, true);
    return [{ ...whole, text }];
  });
}

function errors(file: string, text: string): number {
  return parse(file, text).problems.filter(({ severity }) => severity === 'error').length;
}

describe.each(Object.entries(unfinished))(
  'an edit beside an unfinished line in %s',
  (syntax, forms) => {
    it.each(forms)('is refused or writes what it says and breaks nothing: %s', (form) => {
      let written = 0;
      for (const { file, files, text } of broken(syntax, form)) {
        const result = writeFormat({ file, text }, defaultSettings, 0, bf16, files);
        if (!result.ok || result.edits.some(({ place }) => place.file !== file)) continue;
        const after = applyEdits(text, file, result.edits);
        expect(errors(file, after), after).toBeLessThanOrEqual(errors(file, text));
        const [run] = analyse({ file, text: after }, defaultSettings, files).runs;
        expect(run?.run.precision?.format.value, after).toBe('bf16');
        written += 1;
      }
      expect(written).toBeGreaterThan(0);
    });
  },
);

describe.each(Object.entries(unfinished))('an unfinished line in %s', (syntax, forms) => {
  it.each(forms)('leaves the rest of the file as it reads: %s', (form) => {
    const { places, changed, vanished } = measured(syntax as SyntaxKind, form);
    expect(places).toBeGreaterThan(20);
    expect(vanished / places).toBe(0);
    expect(changed / places).toBeLessThanOrEqual(0.02);
  });
});
