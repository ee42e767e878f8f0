import { bytes } from '../../core/present/cost.ts';
import { formatName } from '../../core/present/formats.ts';
import type { CheckRun } from '../../core/present/json.ts';
import { count, gapNats, lossNats, percent } from '../../core/present/numbers.ts';
import { analysisSettings, type AnalysisValues } from '../analysisOptions.ts';
import { UsageError } from '../args.ts';
import { checkFile } from '../checkFiles.ts';
import { exitCodes, type Io } from '../io.ts';
import { OtherFiles } from '../otherFiles.ts';
import { columns, complain, printJson, printLines, widthOf } from '../output.ts';
import { readText } from '../readText.ts';
import { headingOf } from '../report.ts';
import { gapOf, hoursOf, memoryOf, ratioOf } from '../../core/present/runChange.ts';

interface Values extends AnalysisValues {
  readonly json?: boolean;
}

/** `floatcast compare`: runs of several configs side by side, each against the first. */
export async function compare(values: Values, named: readonly string[], io: Io): Promise<number> {
  if (named.length < 2) throw new UsageError('compare needs at least two files.');
  const settings = await analysisSettings(values, io);
  const others = new OtherFiles(io.cwd);
  const runs: CheckRun[] = [];
  let failed = false;
  for (const file of named) {
    const read = await readText(io.cwd, file);
    const checked = await checkFile({ file, named: false }, read, settings, others);
    const problem =
      'problem' in checked
        ? checked.problem
        : checked.runs.length === 0
          ? `${file} describes no training run.`
          : null;
    if (problem !== null) complain(io, problem);
    failed ||= problem !== null;
    if (!('problem' in checked)) runs.push(...checked.runs);
  }
  const [first, ...rest] = runs;
  if (values.json) printJson(io, first ? rest.map((run) => comparison(first, run)) : []);
  else if (first)
    printLines(io, columns(table(runs), [1, 2, 4, 5, 6, 7, 8, 9], widthOf(io.stdout)));
  return failed ? exitCodes.failed : exitCodes.clean;
}

function comparison(first: CheckRun, run: CheckRun): unknown {
  const [before, after] = [first.forecast, run.forecast];
  const difference = (key: 'gap' | 'loss' | 'ratio') => {
    const [was, is] = [before?.[key] ?? null, after?.[key] ?? null];
    return was === null || is === null ? null : Number((is - was).toPrecision(12));
  };
  const change = { gap: difference('gap'), loss: difference('loss'), ratio: difference('ratio') };
  return { file: run.file, name: run.name, before, after, change };
}

function table(runs: readonly CheckRun[]): readonly (readonly string[])[] {
  const shown = (value: number | null | undefined, words: (value: number) => string) =>
    value === null || value === undefined ? '–' : words(value);
  return [
    ['run', 'N', 'D', 'format', 'loss', 'gap', 'D / D_crit', 'FLOP', 'hours', 'memory a GPU'],
    ...runs.map((run) => [
      headingOf(run),
      shown(run.parameters?.total ?? run.parameters?.nonEmbedding, count),
      shown(run.tokens, count),
      run.format === null ? '–' : formatName({ ...run.format, format: run.format.id }),
      shown(run.forecast?.loss, lossNats),
      shown(gapOf(run), gapNats),
      shown(ratioOf(run), percent),
      shown(run.resources?.flop, (value) => value.toExponential(1).replace('e+', 'e')),
      shown(hoursOf(run), count),
      shown(memoryOf(run), bytes),
    ]),
  ];
}
