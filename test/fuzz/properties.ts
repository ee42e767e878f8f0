import { analyse } from '../../src/core/analyse.ts';
import { writeFormat } from '../../src/core/optimise.ts';
import type { Analysis, RunAnalysis } from '../../src/core/analysis.ts';
import { palettes, drawing } from '../../src/core/present/drawing.ts';
import { explainMarkdown } from '../../src/core/present/explain.ts';
import { forecastMarkdown } from '../../src/core/present/forecast.ts';
import { hints } from '../../src/core/present/hints.ts';
import { hover } from '../../src/core/present/hover.ts';
import { checkJson } from '../../src/core/present/json.ts';
import { lens } from '../../src/core/present/lens.ts';
import { runRow } from '../../src/core/present/runRow.ts';
import { status } from '../../src/core/present/status.ts';
import type { FormatTarget } from '../../src/core/run/run.ts';
import { defaultSettings } from '../../src/core/run/settings.ts';
import { applyEdits, type Edit } from '../../src/core/syntax/edit.ts';
import { isAnalysis } from '../../src/protocol/checkAnalysis.ts';

/** A config's text, with the texts of other files beside it. */
export interface Input {
  readonly file: string;
  readonly text: string;
  readonly files: ReadonlyMap<string, string>;
}

const [palette] = Object.values(palettes);
const targets: readonly FormatTarget[] = [
  { format: 'bf16', granularity: 'none', block: null },
  { format: 'fp8-e4m3', granularity: 'tensor', block: null },
  { format: 'nvfp4', granularity: 'block', block: 16 },
];

const read = ({ file, text, files }: Input): Analysis =>
  analyse({ file, text }, defaultSettings, files);

/** What is wrong with how Floatcast takes an input: the first property that it breaks, or null. */
export function broken(input: Input): string | null {
  try {
    const analysis = read(input);
    return (
      wrongPlace(analysis, input) ??
      wrongNumber(analysis) ??
      wrongMessage(analysis) ??
      wrongWords(analysis, input) ??
      wrongFix(analysis, input) ??
      wrongWrite(analysis, input)
    );
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `throws ${stack.split('\n').slice(0, 2).join(' ').replace(/\s+/g, ' ').slice(0, 160)}`;
  }
}

/** Visits every object in plain data. */
function visit(
  value: unknown,
  seen: (each: Record<string, unknown>) => string | null,
): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const own = seen(value as Record<string, unknown>);
  if (own !== null) return own;
  for (const each of Object.values(value)) {
    const inner = visit(each, seen);
    if (inner !== null) return inner;
  }
  return null;
}

function wrongPlace({ runs, problems, notices }: Analysis, input: Input): string | null {
  return visit({ runs, problems, notices }, (each) => {
    // A stated origin keeps its span apart from its file.
    const { file } = each;
    const { start, end } = (each.kind === 'stated' ? each.span : each) as Record<string, unknown>;
    if (typeof file !== 'string' || typeof start !== 'number' || typeof end !== 'number')
      return null;
    const text = file === input.file ? input.text : input.files.get(file);
    const holds = start >= 0 && start <= end && (text === undefined || end <= text.length);
    return holds ? null : 'a place outside its text';
  });
}

function wrongNumber({ runs }: Analysis): string | null {
  for (const { run, point } of runs) {
    const counted = [
      ...[run.parameters?.linear, run.parameters?.total, run.parameters?.nonEmbedding],
      ...[run.tokens.total?.value, run.tokens.perRank?.value, point?.parameters, point?.tokens],
    ];
    for (const value of counted) {
      if (value === undefined || value === null) continue;
      if (!(value >= 1 && value < Infinity)) return 'a count that counts nothing';
    }
  }
  return visit(runs, (each) =>
    Object.values(each).some((value) => typeof value === 'number' && !Number.isFinite(value))
      ? 'a number that is not finite'
      : null,
  );
}

function wrongMessage(shown: Analysis): string | null {
  return isAnalysis(shown) ? null : 'the panel refuses the analysis';
}

/** Words that no sentence may have unless the file itself has them. */
const accidents = ['NaN', 'Infinity', '[object ', 'undefined', '[native code]'];

function wrongWords(analysis: Analysis, input: Input): string | null {
  const said = surfaces(analysis).join('\n');
  const all = [input.text, ...input.files.values()].join('\n');
  const found = accidents.find((word) => said.includes(word) && !all.includes(word.trim()));
  if (found !== undefined) return `“${found.trim()}” is shown`;
  for (const run of analysis.runs) {
    if (run.run.role === 'pretrain' && run.point === null && silent(run)) {
      return 'what is missing is not said';
    }
  }
  return null;
}

const silent = ({ needs, run }: RunAnalysis): boolean =>
  needs.length === 0 && run.tokens.needs.length === 0;

function surfaces(analysis: Analysis): readonly string[] {
  const options = {
    palette: palette ?? palettes.dark,
    link: () => null,
    command: () => 'command:x',
  };
  const places = analysis.runs.flatMap(({ run }) => Object.values(run.fields).flat());
  return [
    JSON.stringify(checkJson(analysis)),
    explainMarkdown(analysis),
    forecastMarkdown(analysis),
    ...analysis.runs.flatMap((run) => [
      JSON.stringify([lens(run), hints(run), status(run), runRow(run)]),
      drawing(run, options.palette),
    ]),
    ...places
      .filter(({ file }) => file === analysis.file)
      .slice(0, 6)
      .map(({ start }) => hover(analysis, start, options)?.markdown ?? ''),
  ];
}

function edited(input: Input, edits: readonly Edit[]): Input {
  const files = [...input.files].map(
    ([path, text]) => [path, applyEdits(text, path, edits)] as const,
  );
  return { ...input, text: applyEdits(input.text, input.file, edits), files: new Map(files) };
}

/** What must be alike before and after a change of the format. */
const sizes = ({ run }: RunAnalysis) =>
  JSON.stringify([run.role, run.parameters?.linear ?? null, run.tokens.total?.value ?? null]);

function wrongFix(analysis: Analysis, input: Input): string | null {
  const errors = ({ problems }: Analysis) =>
    problems.filter(({ severity }) => severity === 'error').length;
  for (const [index, run] of analysis.runs.entries()) {
    for (const { id, fixes } of run.findings) {
      for (const fix of fixes) {
        const after = read(edited(input, fix.edits));
        if (after.runs.length !== analysis.runs.length) return `a fix of ${id} loses a run`;
        if (errors(after) > errors(analysis)) return `a fix of ${id} breaks the file`;
        const now = after.runs[index];
        const count = (each: RunAnalysis | undefined) =>
          each?.findings.filter((finding) => finding.id === id).length ?? 0;
        // Around a broken line a key may be read that a loader would not: no more is promised there.
        if (errors(analysis) === 0 && count(now) >= count(run))
          return `a fix of ${id} leaves the finding`;
      }
    }
  }
  return null;
}

function wrongWrite(analysis: Analysis, input: Input): string | null {
  const { file, text, files } = input;
  for (const [index, run] of analysis.runs.slice(0, 2).entries()) {
    // One target an input, by its length: the many inputs of a run take turns.
    const target = targets[text.length % targets.length];
    if (!run.canWrite || !target) continue;
    const written = writeFormat({ file, text }, defaultSettings, index, target, files);
    if (!written.ok) continue;
    const after = read(edited(input, written.edits)).runs[index];
    const now = after?.run.precision;
    const about = `${run.framework}, ${target.format}`;
    if (now?.format.value !== target.format) return `a written format is not read back: ${about}`;
    if (now.granularity !== target.granularity)
      return `a written scaling is not read back: ${about}`;
    if (!after || sizes(after) !== sizes(run)) return `a written format changes a size: ${about}`;
  }
  return null;
}
