// `npm run bench:laws`: how well every law does on public measured gaps. FLOATCAST_DATA names the
// folder of gaps.csv, which is no part of this repository. `--write` puts the tables into
// docs/laws/README.md and the skill by region into src/core/laws/skillTable.ts.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { loadCore } from '../support/core.mjs';
import { table, withTables } from '../support/docs.mjs';

const folder = process.env.FLOATCAST_DATA;
if (!folder || !existsSync(join(folder, 'gaps.csv'))) {
  console.error('Set FLOATCAST_DATA to the folder that holds gaps.csv.');
  process.exit(2);
}
const core = await loadCore(
  'laws',
  `export { laws } from './src/core/laws/registry.ts';
  export { formatById } from './src/core/formats/registry.ts';
  export { readTable } from './src/core/calibrate/table.ts';
  export { fitPooled, leastGap } from './src/core/calibrate/pooled.ts';
  export { interval } from './src/core/laws/pooled/domain.ts';
  export { regionOf, regionWords } from './src/core/laws/skill.ts';
  export { runsOf2026 } from './src/core/laws/measurements/runsOf2026.ts';
  export { measurements } from './src/core/laws/measurements/measurements.ts';
  export { pointErrors } from './src/core/laws/pooled/recipes.ts';
  export { pooledEffective } from './src/core/laws/pooled/formulas.ts';
  export { capacity } from './src/core/laws/unified/formulas.ts';
  export { quartetGap } from './src/core/laws/quartet/formulas.ts';`,
);

const trained = ['QuEST', 'Quartet', 'Quartet-II'];

/**
 * Runs that appeared after the pooled law was fitted, and MXFP8 runs that its table leaves out: each
 * at its end, without the first steps of a run (fewer tokens than parameters).
 */
const laterRows = core.measurements
  .filter(
    ({ dataset }) => dataset === 'marin' || core.runsOf2026.some((set) => set.dataset === dataset),
  )
  .filter(({ kind, point }) => kind === 'measured' && point.tokens > point.parameters)
  .filter(
    (each, at, all) =>
      !all
        .slice(at + 1)
        .some(
          ({ recipe, point }) =>
            recipe === each.recipe && point.parameters === each.point.parameters,
        ),
  )
  .map(({ dataset, point, gap }) => ({
    ...{ dataset, point, gap, N: point.parameters, forward: true, later: true },
    activations: point.operands.includes('activations'),
  }));
const rows = [...readRows(), ...laterRows];
/** The test sets of the table: which rows, and which laws were fitted on those very runs. */
const sets = [
  [
    'QuEST weight-only',
    ({ dataset, activations }) => dataset === 'QuEST' && !activations,
    ['quest'],
  ],
  ['QuEST W=A', ({ dataset, activations }) => dataset === 'QuEST' && activations, ['quest']],
  ['Quartet W+A and full', ({ dataset, forward }) => dataset === 'Quartet' && forward, ['quartet']],
  ['Quartet-II W+A and full', ({ dataset, forward }) => dataset === 'Quartet-II' && forward, []],
  [
    'Quartet gradients only',
    ({ dataset, forward }) => dataset === 'Quartet' && !forward,
    ['quartet'],
  ],
  ['Quartet-II gradients only', ({ dataset, forward }) => dataset === 'Quartet-II' && !forward, []],
  ['nanochat', ({ dataset }) => dataset === 'nanochat', []],
  ['NVIDIA 8B/1T, 12B/10T', ({ dataset }) => dataset === 'NVIDIA', []],
  ['Wang FP4', ({ dataset }) => dataset === 'Wang', []],
  ['new 4-bit runs, up to 3 B', ({ later, N, point }) => later && point.bits === 4 && N <= 3e9, []],
  [
    'new 4-bit runs, 7 B and more',
    ({ later, N, point }) => later && point.bits === 4 && N > 3e9,
    [],
  ],
].map(([name, holds, inSample]) => ({
  name,
  inSample,
  rows: rows.filter((row) => row.gap > core.leastGap && holds(row)),
}));

const columns = core.laws.filter(
  ({ stage, operands }) => stage === 'training' && operands.length > 0,
);
const refits = new Map(
  [...trained, 'other'].map((held) => [held, core.fitPooled(rowsToFit(held))]),
);

const scores = sets.map((set) => ({
  ...set,
  scores: columns.map((law) => ({
    law,
    inSample: set.inSample.includes(law.id),
    score: scoreOf(set.rows, (row) => predicted(law, row), law.id === 'pooled' ? law : undefined),
  })),
}));
const text = table(
  [
    'test set (runs)',
    ...columns.map(({ name, id }) => (id === 'pooled' ? `${name}, held out` : name)),
  ],
  scores.map(({ name, rows: { length }, scores: cells }) => [
    `${name} (${length})`,
    ...cells.map(({ score, inSample }) => cellOf(score, inSample, length)),
  ]),
);
console.log(`Median |ln(predicted / measured)| of the gap (bias in brackets), 90 % quantile.\n`);
console.log(text);
console.log(
  '\n* the law was fitted on these very runs. n: how many runs the law speaks of, if not all.',
);
console.log('cov: share of the measured gaps inside the law’s own 90 % interval.');

const skills = skillByRegion();
const skillText = table(
  ['runs of this kind', ...columns.map(({ name }) => name)],
  skills.map(({ region, runs, laws }) => [
    `${core.regionWords(region)} (${runs})`,
    ...columns.map(({ id }) => {
      const found = laws.find(({ law }) => law === id);
      return found
        ? `${found.median.toFixed(2)}${found.runs === runs ? '' : `, n ${found.runs}`}`
        : '–';
    }),
  ]),
);
console.log(
  `\nMedian |ln(predicted / measured)| by the kind of run, each law on what it was not fitted to:\n`,
);
console.log(skillText);
if (process.argv.includes('--write')) {
  const root = resolve(import.meta.dirname, '../..');
  const page = join(root, 'docs/laws/README.md');
  writeFileSync(
    page,
    withTables(readFileSync(page, 'utf8'), { scoreboard: text, skill: skillText }),
  );
  const file = join(root, 'src/core/laws/skillTable.ts');
  const source =
    `import type { RegionSkill } from './region.ts';\n\n` +
    `/** How far the laws missed public runs by kind: written by \`npm run bench:laws -- --write\`. */\n` +
    `export const skillTable: readonly RegionSkill[] = ${JSON.stringify(skills)};\n`;
  const options = await resolveConfig(file);
  writeFileSync(file, await format(source, { ...options, filepath: file }));
}

/** What each law missed the runs of each region by, without the runs that it was fitted to. */
function skillByRegion() {
  const regions = new Map();
  for (const row of rows.filter(({ gap }) => gap > core.leastGap)) {
    const region = core.regionOf(row.point ?? pointOf(row, { id: 'pooled' }));
    if (!region) continue;
    const key = JSON.stringify(region);
    if (!regions.has(key)) regions.set(key, { region, rows: [] });
    regions.get(key).rows.push(row);
  }
  const fittedOn = { quest: 'QuEST', quartet: 'Quartet' };
  return [...regions.values()]
    .sort((a, b) => JSON.stringify(a.region).localeCompare(JSON.stringify(b.region)))
    .map(({ region, rows: of }) => ({
      region,
      runs: of.length,
      laws: columns.flatMap((law) => {
        const unseen = of.filter(({ dataset }) => dataset !== fittedOn[law.id]);
        const score = scoreOf(unseen, (row) => predicted(law, row));
        if (!score) return [];
        const { runs, median, bias } = score;
        return [{ law: law.id, runs, median: two(median), bias: two(bias) }];
      }),
    }));
}

function two(value) {
  return Number(value.toFixed(2));
}

function readRows() {
  const number = (cell) => (cell === '' || cell === undefined ? 0 : Number(cell));
  const { rows: read } = core.readTable('gaps.csv', readFileSync(join(folder, 'gaps.csv'), 'utf8'));
  return read
    .map(({ cells }) => Object.fromEntries(cells))
    .filter((row) => row.use === '1')
    .map((row) => ({
      dataset:
        row.dataset !== 'literature'
          ? row.dataset
          : row.recipe.startsWith('FP4 W4A4')
            ? 'Wang'
            : 'NVIDIA',
      N: number(row.N),
      D: number(row.D),
      gap: number(row.gap),
      phi: number(row.phi),
      forward: row.w === '1' || row.a === '1',
      activations: row.a === '1',
      gradients: row.g === '1',
      exponentBits: number(row.E),
      mantissaBits: number(row.M),
      block: row.block,
      scale: row.scale,
      q: {
        ...{ qw: number(row.qw), qx: number(row.qx), qe1: number(row.qe1) },
        ...{ qwb: number(row.qwb), qe2: number(row.qe2), qxb: number(row.qxb) },
      },
    }));
}

/** What the pooled law is refitted on when a data set is held out. */
function rowsToFit(held) {
  return rows.filter(({ dataset }) => trained.includes(dataset) && dataset !== held);
}

/** The gap that a law predicts for a row, or null where it cannot speak. */
function predicted(law, row) {
  if (row.later) return law.forecast(row.point).gap;
  if (law.id === 'pooled') {
    const constants = refits.get(trained.includes(row.dataset) ? row.dataset : 'other');
    return core.quartetGap(
      row.N,
      row.D,
      core.pooledEffective(row.q, row.phi, constants),
      constants,
    );
  }
  // It takes a format as it is given, whatever is quantised; of gradients alone it knows nothing.
  if (law.id === 'capybara' && !row.forward) return null;
  // Its capacity, as the pooled law's costs, follows from errors that the table gives for each run.
  if (law.id === 'unified' && row.forward) {
    const effN = core.capacity(row.q.qw) * core.capacity(row.q.qx);
    return core.quartetGap(row.N, row.D, { effN, effD: 1 });
  }
  return law.forecast(pointOf(row, law)).gap;
}

/** The row as a law is asked about it. An integer is a layout of mantissa bits to Capybara alone. */
function pointOf(row, law) {
  const isInteger = row.exponentBits === 0;
  const bits = 1 + row.exponentBits + row.mantissaBits;
  const blocked = /^\d+$/.test(row.block);
  const id = blocked
    ? row.scale === 'UE8M0'
      ? 'mxfp4'
      : 'nvfp4'
    : isInteger
      ? `int${bits}`
      : 'fp4-e2m1';
  const asInteger = isInteger && law.id !== 'capybara';
  return {
    parameters: row.N,
    tokens: row.D,
    format: asInteger || !isInteger ? id : `e0m${row.mantissaBits}`,
    bits,
    exponentBits: asInteger ? null : row.exponentBits,
    mantissaBits: asInteger ? null : row.mantissaBits,
    gradientFormat: null,
    granularity: blocked ? 'block' : 'channel',
    block: blocked ? Number(row.block) : null,
    scale: core.formatById(id)?.scaling?.scale ?? null,
    operands: [
      ...(row.forward ? ['weights'] : []),
      ...(row.activations ? ['activations'] : []),
      ...(row.gradients ? ['gradients'] : []),
    ],
  };
}

/** Median and 90 % quantile of |ln ratio|, the median ratio's logarithm, and interval coverage. */
function scoreOf(of, predict, law) {
  const pairs = of.flatMap((row) => {
    const gap = predict(row);
    return gap === null || !(gap > 0) ? [] : [{ row, gap, error: Math.log(gap / row.gap) }];
  });
  if (pairs.length === 0) return null;
  const errors = pairs.map(({ error }) => error);
  const sizes = errors.map(Math.abs);
  return {
    runs: pairs.length,
    median: quantile(sizes, 0.5),
    bias: quantile(errors, 0.5),
    p90: quantile(sizes, 0.9),
    coverage: law === undefined ? null : coverageOf(pairs, law),
  };
}

/** The share of gaps inside the interval that the law would show around its held-out prediction. */
function coverageOf(pairs, law) {
  const inside = pairs.flatMap(({ row, gap }) => {
    const point = row.point ?? pointOf(row, law);
    const errors = core.pointErrors(point);
    const found = errors && core.interval(point, errors, gap);
    return found === null ? [] : [row.gap >= found[0] && row.gap <= found[1]];
  });
  return inside.length === 0 ? null : inside.filter(Boolean).length / inside.length;
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const [below = NaN, above = below] = sorted.slice(low, low + 2);
  return below + (at - low) * (above - below);
}

function cellOf(score, inSample, length) {
  if (!score) return '–';
  const signed = (value) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
  return [
    `${score.median.toFixed(2)}${inSample ? '*' : ''} (${signed(score.bias)}) ${score.p90.toFixed(2)}`,
    ...(score.runs === length ? [] : [`n ${score.runs}`]),
    ...(score.coverage === null ? [] : [`cov ${score.coverage.toFixed(2)}`]),
  ].join(', ');
}
