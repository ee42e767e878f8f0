import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/core/analyse.ts';
import { optimise, writeFormat } from '../../src/core/optimise.ts';
import type { Analysis, RunAnalysis } from '../../src/core/analysis.ts';
import { palettes } from '../../src/core/present/drawing.ts';
import { hover, type HoverOptions } from '../../src/core/present/hover.ts';
import { checkJson, type ForecastJson } from '../../src/core/present/json.ts';
import type { FormatTarget } from '../../src/core/run/run.ts';
import { defaultSettings } from '../../src/core/run/settings.ts';
import { applyEdits, type Edit } from '../../src/core/syntax/edit.ts';
import { corpusCases, exampleCases, type Case } from './cases.ts';

const cases = corpusCases();
const everything = [...cases, ...exampleCases()];
const update = process.env.FLOATCAST_UPDATE === '1';

function analysed({ file, files }: Case, text: string): Analysis {
  return analyse({ file, text }, defaultSettings, files);
}

/** A golden's text: the digits that every machine agrees on. */
function printed(value: unknown): string {
  const rounded = (_: string, each: unknown) =>
    typeof each === 'number' && !Number.isInteger(each) ? Number(each.toPrecision(10)) : each;
  return `${JSON.stringify(value, rounded, 2)}\n`;
}

/** What `check --json` prints, of the laws the leading one alone: the others, and what they say together, have a golden of their own. */
function golden(each: Case, text = each.text): string {
  const runs = checkJson(analysed(each, text)).map(({ postTraining, name, line, ...run }) => ({
    // A file that is its only run names none.
    ...(line !== null && { name, line }),
    ...run,
    laws: undefined,
    verdict: undefined,
    postTraining: postTraining && { format: postTraining.format },
  }));
  return printed(runs);
}

/** What a law says, in numbers: its words are the unit tests' matter. */
const briefly = ({ law, gap, criticalTokens, hasCriticalSize, grade }: ForecastJson) => ({
  ...{ law, gap, criticalTokens, hasCriticalSize, grade },
});

/** Compares with a golden; FLOATCAST_UPDATE=1 writes it, and then a person reads it. */
function expectGolden(path: string, actual: string): void {
  if (update) writeFileSync(path, actual);
  const expected = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (actual === expected) rmSync(`${path}.actual`, { force: true });
  else writeFileSync(`${path}.actual`, actual);
  expect(expected, 'FLOATCAST_UPDATE=1 writes it; then read it').not.toBe('');
  expect(JSON.parse(actual)).toEqual(JSON.parse(expected));
}

/** One config for each kind of answer that laws give: see the golden. */
const everyLaw = [
  'axolotl/pretraining-then-int4',
  'gpt-neox/fp8-attention',
  'llm-compressor/w4a16-of-a-named-model',
  'megatron-lm/blockwise-mixture',
  'nemo-automodel/rowwise-pretraining',
  'primus/extended-preset',
];

it('has what every law says of a few configs (laws.expected.json)', () => {
  const found = cases.filter(({ name }) => everyLaw.includes(name));
  expect(found.map(({ name }) => name)).toEqual(everyLaw);
  const said = found.map((each) => {
    const [run] = checkJson(analysed(each, each.text));
    return {
      config: each.name,
      laws: run?.laws.map(briefly),
      verdict: run?.verdict,
      postTraining: run?.postTraining?.laws.map(briefly) ?? null,
    };
  });
  expectGolden(join(import.meta.dirname, 'laws.expected.json'), printed(said));
});

describe.each(cases)('$name', (each) => {
  it('is read as a person did (expected.json)', () => {
    expectGolden(join(each.folder, 'expected.json'), golden(each));
  });
});

describe.each(everything)('$name', (each) => {
  it('reads the same with CRLF line ends', () => {
    expect(golden(each, each.text.replaceAll('\n', '\r\n'))).toBe(golden(each));
  });

  it('reads the same whatever its comments say', () => {
    const numbers = (text: string) =>
      analysed(each, text).runs.map(({ framework, run }) => [
        framework,
        run.role,
        run.parameters?.linear,
        run.tokens.total?.value,
        run.precision?.format.value,
      ]);
    const masked = each.text.replace(
      /^(\s*)#(?! floatcast)(.*)$/gm,
      (_, indent: string, rest: string) => `${indent}#${'x'.repeat(rest.length)}`,
    );
    expect(numbers(masked)).toEqual(numbers(each.text));
  });

  it('states every value where its span says', () => {
    for (const { value, text } of statedValues(analysed(each, each.text), each)) {
      // Scripts state numbers as expressions too: `5 * 8`, `int(4e12)`, `$((500 * 100))`.
      const isExpression = /\.(?:sh|py)$/.test(each.file) && /^[$a-z]|\*/i.test(text);
      if (typeof value === 'number' && !isExpression) expect(numberIn(text)).toBe(value);
      else expect(text.trim()).not.toBe('');
    }
  });

  it('analyses every prefix', () => {
    const { length } = each.text;
    const step = Math.max(1, Math.floor(length / 100));
    for (let end = 0; end < length; end += step) {
      const { runs } = analysed(each, each.text.slice(0, end));
      for (const { run } of runs) {
        expect(Number.isNaN(run.tokens.total?.value ?? 0)).toBe(false);
        expect(run.parameters?.linear ?? 1).toBeGreaterThan(0);
      }
    }
  });

  it('says what laws find in at most 200 characters, the hover in 25 lines', () => {
    for (const law of ['capybara', 'pooled', 'ouyang']) {
      const settings = { ...defaultSettings, law };
      const analysis = analyse({ file: each.file, text: each.text }, settings, each.files);
      for (const { message, ofLaws } of analysis.runs.flatMap(({ findings }) => findings)) {
        if (ofLaws === true) expect(message.length, message).toBeLessThanOrEqual(200);
      }
      for (const { anchors } of analysis.runs.map(({ run }) => run)) {
        for (const place of [anchors.parameters, anchors.tokens, anchors.precision]) {
          const shown = place && hover(analysis, place.start, hoverOptions);
          const [first = ''] = (shown?.markdown ?? '').split('\n---\n');
          expect(first.split('\n').length, first).toBeLessThanOrEqual(25);
        }
      }
    }
  });

  it('offers fixes that remove their finding and leave the model alone', () => {
    const before = analysed(each, each.text);
    before.runs.forEach((run, index) => {
      for (const finding of run.findings) {
        for (const fix of finding.fixes) {
          const after = analysed(each, applyEdits(each.text, each.file, fix.edits)).runs[index];
          const still = after?.findings.map(({ id }) => id);
          expect(still, fix.title).not.toContain(finding.id);
          expect(after?.run.parameters, fix.title).toMatchObject(countsOf(run));
        }
      }
    });
  });

  it('plans formats that are read back as promised, and break no rule but those named', () => {
    const rulesOf = (run: RunAnalysis | undefined) =>
      run?.findings.flatMap(({ id, page }) => (page === 'recipe-rules' ? [id] : [])) ?? [];
    const settings = { ...defaultSettings, hardware: 'b200' };
    const read = ({ file, text, files }: Case) => analyse({ file, text }, settings, files);
    read(each).runs.forEach((run, index) => {
      const plan = optimise({ file: each.file, text: each.text }, settings, index, each.files);
      expect(plan === null).toBe(run.point === null);
      for (const row of plan?.rows ?? []) {
        if (!row.write.ok) continue;
        const after = read(edited(each, row.write.edits)).runs[index];
        const { format, granularity } = row;
        expect(after && targetOf(after)).toMatchObject({ format, granularity });
        expect(after?.forecast?.gap, format).toBe(row.gap);
        expect(after?.resources.hours, format).toBe(row.hours);
        const known = rulesOf(run);
        const broken = rulesOf(after).filter((id) => !known.includes(id));
        if (row.isReady) expect(broken, `${format} ${granularity}`).toEqual([]);
        expect(new Set(row.findings)).toEqual(new Set(broken));
      }
    });
  });

  it('writes formats that it reads back, and can undo', () => {
    const before = analysed(each, each.text);
    before.runs.forEach((run, index) => {
      const original = targetOf(run);
      for (const target of targets) {
        const written = write(each, index, target);
        if (written === null) continue;
        const after = analysed(written, written.text).runs[index];
        expect(after && targetOf(after), JSON.stringify(target)).toEqual(target);
        expect(after?.run.tokens.total?.value).toBe(run.run.tokens.total?.value);
        expect(after?.run.parameters?.linear).toBe(run.run.parameters?.linear);
        const undone = original ? write(written, index, original) : null;
        if (undone === null) continue;
        const back = analysed(undone, undone.text).runs[index];
        expect(back && targetOf(back), `back from ${target.format}`).toEqual(original);
      }
    });
  });
});

const targets: readonly FormatTarget[] = [
  { format: 'bf16', granularity: 'none', block: null },
  { format: 'fp16', granularity: 'none', block: null },
  { format: 'fp32', granularity: 'none', block: null },
  { format: 'fp8-e4m3', granularity: 'tensor', block: null },
  { format: 'fp8-e4m3', granularity: 'channel', block: null },
  { format: 'fp8-e4m3', granularity: 'block', block: 128 },
  { format: 'mxfp8-e4m3', granularity: 'block', block: 32 },
  { format: 'mxfp4', granularity: 'block', block: 32 },
  { format: 'nvfp4', granularity: 'block', block: 16 },
];

const hoverOptions: HoverOptions = {
  palette: palettes.light,
  link: () => null,
  command: (id) => `command:${id}`,
};

function targetOf({ run }: RunAnalysis): FormatTarget | null {
  if (!run.precision) return null;
  const { format, granularity, block } = run.precision;
  return { format: format.value, granularity, block };
}

function countsOf({ run }: RunAnalysis): object {
  return run.parameters ? { linear: run.parameters.linear, total: run.parameters.total } : {};
}

/** The case with a format written in, in whichever files; null where the framework cannot say it. */
function write(each: Case, run: number, target: FormatTarget): Case | null {
  const { file, text } = each;
  const result = writeFormat({ file, text }, defaultSettings, run, target, each.files);
  return result.ok ? edited(each, result.edits) : null;
}

/** The case with edits made, in whichever files. */
function edited(each: Case, edits: readonly Edit[]): Case {
  const after = (path: string, before: string) => applyEdits(before, path, edits);
  const files = [...each.files].map(([path, before]) => [path, after(path, before)] as const);
  return { ...each, text: after(each.file, each.text), files: new Map(files) };
}

interface StatedValue {
  readonly value: unknown;
  readonly text: string;
}

/** Every value of an analysis that says it is stated in the file itself, with the text there. */
function statedValues(analysis: Analysis, each: Case): readonly StatedValue[] {
  const found: StatedValue[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { value, origin } = node as { value?: unknown; origin?: Record<string, unknown> };
    if (origin?.kind === 'stated' && origin.file === each.file) {
      const { start, end } = origin.span as { start: number; end: number };
      found.push({ value, text: each.text.slice(start, end) });
    }
    for (const child of Object.values(node)) visit(child);
  };
  visit(analysis.runs.map(({ run }) => run));
  return found;
}

/** The number at the beginning of a value: `4e12T`, `"24800ba"`, `739_328`. */
function numberIn(text: string): number {
  return parseFloat(text.replace(/^["']/, '').replaceAll('_', ''));
}
