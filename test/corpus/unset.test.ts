import { expect, it } from 'vitest';
import { analyse } from '../../src/core/analyse.ts';
import { defaultSettings } from '../../src/core/run/settings.ts';
import { corpusCases, exampleCases, type Case } from './cases.ts';

const scripts = [...corpusCases(), ...exampleCases()].filter(
  ({ file, name }) => file.endsWith('.sh') && !name.startsWith('silent/'),
);

/** What is said of each run; null for what is not known. A fragment says nothing of its role. */
function said({ file, files }: Case, text: string): readonly (readonly unknown[])[] {
  return analyse({ file, text }, defaultSettings, files).runs.map(({ run }) => [
    run.role === 'fragment' ? null : run.role,
    run.parameters?.linear ?? null,
    run.parameters?.total ?? null,
    run.tokens.total?.value ?? null,
    run.tokens.perRank?.value ?? null,
    run.precision?.format.value ?? null,
  ]);
}

/** The bodies of here-documents, which hold no words. */
const hereDocument = /<<-?\s*['"]?(\w+)['"]?[^\n]*\n[\s\S]*?^\1$/gm;

/**
 * Where a word can be added: the beginnings of lines and behind words, but not behind a `\\`, nor
 * before an assignment, which would be none then.
 */
function gaps(text: string): readonly number[] {
  const words = text.replace(hereDocument, (body) => body.replace(/\S/g, ' '));
  return [...words.matchAll(/(?<=[^\s\\])(?=\s)|^(?=\S)(?!\w+=)/gm)].map(({ index }) => index);
}

it.each(scripts)('$name: a word that nobody can tell changes no value to another one', (each) => {
  const before = said(each, each.text);
  expect(before.length).toBeGreaterThan(0);
  const changed = gaps(each.text).flatMap((at) => {
    const isFirst = at === 0 || each.text[at - 1] === '\n';
    const word = isFirst ? '$UNSET ' : ' $UNSET';
    const text = each.text.slice(0, at) + word + each.text.slice(at);
    const after = said(each, text);
    const isKept = after.every((run, index) =>
      run.every((value, field) => {
        const stated = before[index]?.[field] ?? null;
        return value === null || stated === null || value === stated;
      }),
    );
    return isKept ? [] : [{ around: text.slice(at - 40, at + 40), before, after }];
  });
  expect(changed).toEqual([]);
});
