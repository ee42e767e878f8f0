// `npm run corpus`: compares the built CLI with hand-checked answers for real configs, which are
// not part of this repository. FLOATCAST_CORPUS names their folder: INDEX.tsv says where each file
// lay in its own repository, truth.jsonl holds the answers, decoys must stay silent.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { corpusRows, restoreCorpus } from '../support/corpusTree.mjs';

const corpus = process.env.FLOATCAST_CORPUS;
const cli = resolve(dirname(fileURLToPath(import.meta.url)), '../../dist/cli.js');
if (!corpus || !existsSync(join(corpus, 'INDEX.tsv'))) {
  console.error('Set FLOATCAST_CORPUS to the folder that holds INDEX.tsv and truth.jsonl.');
  process.exit(2);
}
if (!existsSync(cli)) {
  console.error('Build first: node esbuild.js.');
  process.exit(2);
}

const rows = corpusRows(corpus);
const truth = readFileSync(join(corpus, 'truth.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

const tree = mkdtempSync(join(tmpdir(), 'floatcast-corpus-'));
let flagged;
try {
  flagged = report(restoreCorpus(corpus, tree));
} finally {
  rmSync(tree, { recursive: true, force: true });
}
process.exit(flagged > 0 ? 1 : 0);

/** Asks the CLI about all files at once; runs by restored path. */
function check(places) {
  const args = [cli, 'check', ...places, '--json', '--fail-on', 'never'];
  let output;
  try {
    output = execFileSync(process.execPath, args, { cwd: tree, maxBuffer: 1 << 28 });
  } catch (error) {
    // Exit 2: some file could not be read; the others are still printed.
    output = error.stdout;
    console.error(String(error.stderr));
  }
  const runs = new Map();
  for (const run of JSON.parse(output.toString())) {
    runs.set(run.file, [...(runs.get(run.file) ?? []), run]);
  }
  return runs;
}

function report(places) {
  const runs = check([...places.values()]);
  const described = (file) =>
    (runs.get(places.get(file)) ?? []).filter((run) => run.framework !== null);
  const table = new Map();
  const misses = [];
  for (const answer of truth) {
    const found = described(answer.file);
    const run = found.find(({ framework }) => framework === idOf(answer.framework)) ?? found[0];
    const score = table.get(answer.framework) ?? {
      N: [0, 0],
      total: [0, 0],
      D: [0, 0],
      format: [0, 0],
    };
    table.set(answer.framework, score);
    if (answer.confidence === 'low') continue;
    for (const [what, wanted, got, right] of comparisons(answer, run)) {
      score[what][1] += 1;
      if (right) score[what][0] += 1;
      else
        misses.push(
          `${answer.file}: ${what} ${show(got)}, the answer is ${show(wanted)} (${answer.confidence})`,
        );
    }
  }
  printTable(table, described);
  console.log(`\n${misses.length} misses`);
  for (const miss of misses) console.log(`  ${miss}`);
  const loud = (folder) =>
    rows.filter(({ framework, file }) => framework === folder && described(file).length > 0);
  const plain = loud('decoys');
  const near = loud('decoys-near');
  console.log(`\ndecoys flagged: ${plain.length}, near-misses flagged: ${near.length}`);
  for (const { file } of [...plain, ...near]) {
    console.log(
      `  ${file}: ${described(file)
        .map((run) => run.framework)
        .join(', ')}`,
    );
  }
  return plain.length;
}

/** What an answer determines: [what, wanted, got, right]. */
function* comparisons(answer, run) {
  const { N_nonembedding, N_total, D_tokens, precision } = answer;
  const exact = (wanted, got, tolerance = 0) =>
    got !== undefined && got !== null && Math.abs(got - wanted) <= tolerance * wanted;
  if (typeof N_nonembedding === 'number') {
    const got = run?.parameters?.nonEmbedding;
    yield ['N', N_nonembedding, got, exact(N_nonembedding, got, answer.N_tolerance)];
  }
  if (typeof N_total === 'number') {
    const got = run?.parameters?.total;
    yield ['total', N_total, got, exact(N_total, got, answer.N_tolerance)];
  }
  const tokens = run?.tokens ?? null;
  const known = typeof D_tokens === 'number';
  const right = known ? exact(D_tokens, tokens, answer.D_tolerance) : tokens === null;
  yield ['D', D_tokens ?? null, tokens, run !== undefined && right];
  const wanted = formatOf(precision);
  const format = run?.format ?? null;
  const got = format && [
    format.exponentBits,
    format.mantissaBits,
    format.granularity,
    format.block,
  ];
  yield ['format', wanted, got, run !== undefined && show(wanted) === show(got)];
}

/** E, M, granularity and block of an answer; null where the file states no precision. */
function formatOf({ name, E, M, granularity, block }) {
  if (name === 'unstated') return null;
  const values = typeof block === 'number' ? block : /128/.test(block ?? '') ? 128 : null;
  return [E, M, granularity, values];
}

/** The corpus keeps two folders for NeMo. */
function idOf(folder) {
  return folder === 'nemo-launcher' ? 'nemo' : folder;
}

function show(value) {
  return JSON.stringify(value ?? null);
}

function printTable(table, described) {
  const share = ([hits, all]) => `${hits}/${all}`.padStart(8);
  console.log(
    `${'framework'.padEnd(20)}${['read', 'N', 'total', 'D', 'format'].map((head) => head.padStart(8)).join('')}`,
  );
  const folders = [...new Set(rows.map(({ framework }) => framework))].sort();
  for (const folder of folders.filter((name) => !name.startsWith('decoys'))) {
    const files = rows.filter(({ framework }) => framework === folder);
    const read = [files.filter(({ file }) => described(file).length > 0).length, files.length];
    const score = table.get(folder);
    const cells = score ? [score.N, score.total, score.D, score.format] : [];
    console.log(folder.padEnd(20) + [read, ...cells].map(share).join(''));
  }
}
