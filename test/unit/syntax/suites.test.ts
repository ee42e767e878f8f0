import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/core/syntax/parse.ts';
import type { ConfigTree } from '../../../src/core/syntax/tree.ts';
import { expectTruePlaces, nodesOf, plain, type Plain } from './reading.ts';

interface SuiteCase {
  readonly name: string;
  readonly text: string;
}

function suite(name: string): unknown {
  const url = new URL(`../../suites/${name}/cases.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}

/** Parses a case, whose places must be true: that of a quoted scalar begins and ends with a quote. */
function read(file: string, { name, text }: SuiteCase): ConfigTree {
  const tree = parse(file, text);
  expectTruePlaces(tree, text);
  for (const node of nodesOf(tree)) {
    if (node.kind !== 'scalar' || node.style !== 'quoted' || saysError(tree)) continue;
    const source = text.slice(node.place.start, node.place.end);
    expect(source, name).toMatch(/^(["'])[^]*\1$/);
  }
  return tree;
}

function saysError(tree: ConfigTree): boolean {
  return tree.problems.some(({ severity }) => severity === 'error');
}

function isSame(left: Plain | undefined, right: Plain | undefined): boolean {
  try {
    expect(left).toEqual(right);
    return true;
  } catch {
    return false;
  }
}

/** The names of the cases that are not as the suite has them. */
function names(cases: readonly SuiteCase[], isRight: (each: never) => boolean): readonly string[] {
  return cases.filter((each) => !isRight(each as never)).map(({ name }) => name);
}

describe('JSONTestSuite', () => {
  interface JsonCase extends SuiteCase {
    readonly verdict: 'valid' | 'invalid' | 'either';
  }
  const cases = suite('json-test-suite') as readonly JsonCase[];
  const of = (verdict: string) => cases.filter((each) => each.verdict === verdict);

  it('reads every valid text to its value', () => {
    const wrong = names(of('valid'), (each: JsonCase) => {
      const tree = read('a.json', each);
      const value = JSON.parse(each.text) as Plain;
      return !saysError(tree) && isSame(plain(tree.documents[0]), value);
    });
    expect(of('valid')).toHaveLength(95);
    expect(wrong).toEqual([]);
  });

  it('says a problem of every invalid text', () => {
    const wrong = names(of('invalid'), (each: JsonCase) => saysError(read('a.json', each)));
    expect(of('invalid')).toHaveLength(174);
    // Comments and a comma at the end, which configs have.
    expect(wrong).toEqual([
      'n_array_extra_comma',
      'n_array_number_and_comma',
      'n_object_trailing_comma',
      'n_object_trailing_comment',
      'n_object_trailing_comment_slash_open',
      'n_structure_object_with_comment',
    ]);
  });

  it('has true places in the texts that a parser may take or leave', () => {
    for (const each of of('either')) read('a.json', each);
  });
});

describe('toml-test', () => {
  type Tagged =
    | { readonly type: string; readonly value: string }
    | readonly Tagged[]
    | { readonly [key: string]: Tagged };
  interface TomlCase extends SuiteCase {
    readonly value?: Tagged;
  }

  const isTagged = (node: Tagged): node is { readonly type: string; readonly value: string } =>
    'type' in node && 'value' in node && typeof node.type === 'string';

  /** Dates and times stay as written here; the suite has them in one of the ways to write them. */
  function dated(value: Plain): Plain {
    if (Array.isArray(value)) return (value as readonly Plain[]).map(dated);
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, dated(each)]));
    }
    const isDate = typeof value === 'string' && /^(?:\d{4}-\d\d-|\d\d:\d\d:)\d\d/.test(value);
    if (!isDate) return value;
    return value
      .toUpperCase()
      .replace(' ', 'T')
      .replace(/(\.[1-9]+)0+/, '$1');
  }

  /** The suite's tagged values as they are read here. */
  function untagged(node: Tagged): Plain {
    if (Array.isArray(node)) return (node as readonly Tagged[]).map(untagged);
    if (!isTagged(node)) {
      return Object.fromEntries(Object.entries(node).map(([key, each]) => [key, untagged(each)]));
    }
    const { type, value } = node;
    if (type === 'bool') return value === 'true';
    if (type !== 'integer' && type !== 'float') return value;
    return value.endsWith('inf') ? (value.startsWith('-') ? -Infinity : Infinity) : Number(value);
  }

  const cases = suite('toml-test') as readonly TomlCase[];
  const valid = cases.filter(({ value }) => value !== undefined);
  const invalid = cases.filter(({ value }) => value === undefined);

  it('reads every valid text to its value', () => {
    const wrong = names(valid, (each: TomlCase) => {
      const tree = read('a.toml', each);
      // A file without a key holds nothing here.
      const value = tree.documents[0] ? plain(tree.documents[0]) : {};
      return (
        !saysError(tree) &&
        each.value !== undefined &&
        isSame(dated(value), dated(untagged(each.value)))
      );
    });
    expect(valid).toHaveLength(210);
    expect(wrong).toEqual([]);
  });

  it('says a problem of every invalid text', () => {
    const wrong = names(invalid, (each: TomlCase) => saysError(read('a.toml', each)));
    expect(invalid).toHaveLength(490);
    // A carriage return alone is a line break here; the others are legal in TOML 1.1.
    expect(wrong).toEqual([
      'invalid/control/bare-cr',
      'invalid/control/comment-cr',
      'invalid/datetime/no-secs',
      'invalid/inline-table/linebreak-01',
      'invalid/inline-table/linebreak-02',
      'invalid/inline-table/linebreak-03',
      'invalid/inline-table/linebreak-04',
      'invalid/inline-table/trailing-comma',
      'invalid/local-datetime/no-secs',
      'invalid/local-time/no-secs',
      'invalid/string/basic-byte-escapes',
    ]);
  });
});

describe('yaml-test-suite', () => {
  interface YamlCase extends SuiteCase {
    readonly fails: boolean;
    readonly values?: readonly Plain[];
  }
  const cases = suite('yaml-test-suite') as readonly YamlCase[];
  const valid = cases.filter(({ fails }) => !fails);
  const valued = valid.filter(({ values }) => values !== undefined);
  const invalid = cases.filter(({ fails }) => fails);

  it('takes every valid text, places true', () => {
    const wrong = names(valid, (each: YamlCase) => !saysError(read('a.yaml', each)));
    expect(valid).toHaveLength(308);
    // A list that is a key and has an anchor.
    expect(wrong).toEqual(['X38W']);
  });

  it('reads texts to their values', () => {
    const wrong = names(valued, (each: YamlCase) => {
      const documents = read('a.yaml', each).documents.map(plain);
      return isSame(documents, each.values ?? []);
    });
    expect(valued).toHaveLength(279);
    // The end of a document that is not there makes an empty one here.
    expect(wrong).toEqual(['HWV9', 'M7A3', 'QT73']);
  });

  it('says a problem of invalid texts', () => {
    const wrong = names(invalid, (each: YamlCase) => saysError(read('a.yaml', each)));
    expect(invalid).toHaveLength(94);
    // Comments close behind a value, directives of no document, a list's key on two lines.
    expect(wrong).toEqual(['9JBA', '9MMA', 'DK4H', 'SF5V', 'SU5Z', 'X4QW', 'ZXT5']);
  });
});
