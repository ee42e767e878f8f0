import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isWithin, type Objective } from '../../core/advise/objectives.ts';
import type { Plan, PlanRow } from '../../core/analysis.ts';
import { gather } from '../../core/gather.ts';
import { optimise } from '../../core/optimise.ts';
import { candidateText, planTitle } from '../../core/present/candidates.ts';
import { needWords } from '../../core/present/needs.ts';
import { planJson } from '../../core/present/planJson.ts';
import { titled } from '../../core/present/words.ts';
import { applyEdits } from '../../core/syntax/edit.ts';
import { analysisSettings, type AnalysisValues } from '../analysisOptions.ts';
import { UsageError } from '../args.ts';
import { readText, reasonOf } from '../readText.ts';
import { exitCodes, type Io } from '../io.ts';
import { OtherFiles } from '../otherFiles.ts';
import { bold, dim, printJson, printLines, type Line } from '../output.ts';

interface Values extends AnalysisValues {
  readonly objective?: Objective;
  readonly run?: string;
  readonly json?: boolean;
  readonly write?: boolean;
}

/**
 * `floatcast optimize`: the formats of a config's run in the order of an objective. Exits 1 where
 * the format it has misses the target, unless another was written.
 */
export async function optimize(
  values: Values,
  positionals: readonly string[],
  io: Io,
): Promise<number> {
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('optimize needs one file.');
  const settings = await analysisSettings(values, io);
  const read = await readText(io.cwd, file);
  if (read === 'too large') throw new UsageError(`${file} is larger than 1 MB.`);
  if ('problem' in read) throw new UsageError(read.problem);
  const name = path.relative(io.cwd, path.resolve(io.cwd, file)).split(path.sep).join('/');
  const document = { file: name, text: read.text };
  const others = new OtherFiles(io.cwd);
  const near = (each: string) =>
    each === settings.calibrationFile ? others.named(each) : others.near(each, name);
  const readAll = async (paths: readonly string[]) =>
    new Map(await Promise.all(paths.map(async (each) => [each, await near(each)] as const)));
  const { analysis, files } = await gather(document, settings, readAll, others.trees);
  const index = runOption(values.run, analysis.runs);
  const run = analysis.runs[index];
  const plan = run ? optimise(document, settings, index, files, values.objective) : null;
  if (!run || !plan) {
    const [need] = run?.needs ?? [];
    const why = need ? needWords(need) : 'no run with a forecast is described there';
    throw new UsageError(`${name} has no formats to rank: ${why}.`);
  }
  const textOf = (each: string) => (each === name ? read.text : (files.get(each) ?? ''));
  if (values.json === true) printJson(io, planJson(name, plan, textOf));
  else printLines(io, planLines(titled(run, name), plan));
  const current = plan.rows.find((row) => row.current);
  const misses = current !== undefined && !isWithin(current, plan.gapTarget);
  const best = plan.rows.find((row) => row.recommended);
  if (values.write === true && best && !best.current) {
    await writeRow(io, best, textOf);
    return exitCodes.clean;
  }
  return misses ? exitCodes.findings : exitCodes.clean;
}

/** Which run of a file is meant: by its number from 1 or its own name; the first with a forecast. */
function runOption(
  text: string | undefined,
  runs: readonly { readonly point: unknown; readonly definition: { name: string | null } | null }[],
): number {
  if (text === undefined)
    return Math.max(
      0,
      runs.findIndex(({ point }) => point !== null),
    );
  const named = runs.findIndex(({ definition }) => definition?.name === text);
  const index = named >= 0 ? named : Number(text) - 1;
  if (!runs[index]) throw new UsageError(`--run ${text} is none of the ${runs.length} runs.`);
  return index;
}

function planLines(name: string, plan: Plan): readonly Line[] {
  const worded = plan.rows.map((row) => ({ row, ...candidateText(row) }));
  const line = ({ row, label, description }: (typeof worded)[number]): Line => [
    row.recommended ? '★ ' : row.current ? '• ' : '  ',
    row.recommended ? bold(label) : label,
    ` — ${description}`,
  ];
  const details = ({ detail }: (typeof worded)[number]): readonly Line[] =>
    detail === '' ? [] : [['    ', dim(detail)]];
  const ready = worded.filter(({ section }) => section === 'ready');
  const counted = (section: string, words: string): readonly Line[] => {
    const names = worded.filter((each) => each.section === section).map(({ label }) => label);
    return names.length === 0 ? [] : [dim(`${words}: ${names.join(', ')}`)];
  };
  return [
    [bold(name), '  ', dim(planTitle(plan))],
    ...ready.flatMap((each) => [line(each), ...details(each)]),
    ...counted('unwritable', 'Not to be written in this file'),
    ...counted('other', 'Of other hardware'),
    ...plan.notes.map((note) => dim(note)),
  ];
}

/** Writes a row into the files that its edits go to. */
async function writeRow(io: Io, row: PlanRow, textOf: (file: string) => string): Promise<void> {
  const edits = row.write.ok ? row.write.edits : [];
  for (const file of new Set(edits.map(({ place }) => place.file))) {
    try {
      await writeFile(path.resolve(io.cwd, file), applyEdits(textOf(file), file, edits));
    } catch (error) {
      throw new UsageError(`${file} cannot be written: ${reasonOf(error)}.`);
    }
  }
}
