import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import type { Finding } from '../../../src/core/checks/check.ts';
import { rules } from '../../../src/core/rules/registry.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';
import { applyEdits } from '../../../src/core/syntax/edit.ts';
import { parse } from '../../../src/core/syntax/parse.ts';
import type { ConfigNode } from '../../../src/core/syntax/tree.ts';
import type { Fragment } from './fragments/fragment.ts';
import { fragmentsOf } from './fragments/index.ts';
import { otherForms } from './fragments/megatronForms.ts';

/** The findings of a text by a rule, which must be read as a run. */
function found(
  id: string,
  text: string,
  { file, others }: Pick<Fragment, 'file' | 'others'>,
  hardware: string | undefined,
): readonly Finding[] {
  const settings = { ...defaultSettings, hardware: hardware ?? null, enabledChecks: [id] };
  const files = new Map(Object.entries(others ?? {}));
  const { runs } = analyse({ file, text }, settings, files);
  expect(runs.length, `${file} is read as a run:\n${text}`).toBeGreaterThan(0);
  return runs.flatMap(({ findings }) => findings.filter((each) => each.id === id));
}

it('says one cause once', () => {
  const text =
    'torchrun pretrain_gpt.py --num-layers 24 --hidden-size 2048 --num-attention-heads 16 ' +
    '--seq-length 4096 --train-iters 1000 --bf16 --fp8-format e4m3 --fp8-recipe mxfp8\n';
  const on = (hardware: string) =>
    analyse({ file: 'run.sh', text }, { ...defaultSettings, hardware }).runs.flatMap(
      ({ findings }) => findings.map(({ id }) => id),
    );
  expect(on('b200')).toEqual(['megatron-mxfp8-extra-weight-copies']);
  expect(on('h100')).toEqual(['te-mxfp8-needs-sm100']);
});

const lastPart = (key: string) => key.slice(key.lastIndexOf('.') + 1).replaceAll('-', '_');

/** The values of a file by path. */
function valuesOf(file: string, text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const visit = (node: ConfigNode, path: string): void => {
    if (node.kind === 'map') {
      for (const { key, value } of node.entries) visit(value, `${path}.${key}`);
    } else if (node.kind === 'list') {
      values.set(path, node.items.map((item) => textOf(text, item)).join());
    } else values.set(path, textOf(text, node));
  };
  for (const root of parse(file, text).documents) visit(root, '');
  return values;
}

const textOf = (text: string, { place }: ConfigNode) => text.slice(place.start, place.end);

/** The paths whose values two texts of a file do not share. */
function changedKeys(file: string, before: string, after: string): readonly string[] {
  const [old, now] = [valuesOf(file, before), valuesOf(file, after)];
  return [...new Set([...old.keys(), ...now.keys()])].filter(
    (key) => old.get(key) !== now.get(key),
  );
}

it.each(rules.map(({ id }) => id))('%s has fragments', (id) => {
  expect(fragmentsOf(id)).not.toEqual([]);
});

const all = rules.flatMap((rule) =>
  [...fragmentsOf(rule.id), ...otherForms(rule)].map(
    (each, index) => [`${rule.id}, ${each.file} (${index})`, rule.id, each] as const,
  ),
);

describe.each(all)('%s', (_, id, each) => {
  it('trips on the one', () => {
    expect(found(id, each.trips, each, each.tripsOn)).toHaveLength(1);
  });

  it('just does not trip on the other', () => {
    expect(found(id, each.passes, each, each.passesOn)).toEqual([]);
  });

  it('is gone by each of its fixes, which change nothing else', () => {
    for (const { title, edits } of found(id, each.trips, each, each.tripsOn)[0]?.fixes ?? []) {
      const mended = (file: string, text: string) => applyEdits(text, file, edits);
      const others = Object.entries(each.others ?? {}).map(([file, text]) => [
        file,
        mended(file, text),
      ]);
      const after = {
        file: each.file,
        others: Object.fromEntries(others) as Fragment['others'] & object,
      };
      const text = mended(each.file, each.trips);
      expect(found(id, text, after, each.tripsOn), `${title}:\n${text}`).toEqual([]);
      const changed = [
        ...changedKeys(each.file, each.trips, text),
        ...Object.entries(each.others ?? {}).flatMap(([file, before]) =>
          changedKeys(file, before, mended(file, before)),
        ),
      ];
      const { fixes = [] } = rules.find((rule) => rule.id === id) ?? {};
      const meant = fixes.find((fix) => fix.title === title)?.set.flatMap(([keys]) => keys) ?? [];
      const names = new Set(meant.map(lastPart));
      expect(changed.filter((key) => !names.has(lastPart(key)))).toEqual([]);
    }
  });
});
