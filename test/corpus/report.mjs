// `npm run corpus`: compares the built CLI with hand-checked answers for real configs, which are
// not part of this repository. FLOATCAST_CORPUS names their folder: truth.jsonl holds the answers,
// INDEX.tsv, where there is one, says where each file lay in its own repository; decoys must stay
// silent. Of each field it counts what is right, what is unknown and what is wrong.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { corpusRows, corpusTruth, restoreCorpus } from '../support/corpusTree.mjs';

const corpus = process.env.FLOATCAST_CORPUS;
const cli = resolve(dirname(fileURLToPath(import.meta.url)), '../../dist/cli.js');
if (!corpus || !existsSync(join(corpus, 'truth.jsonl'))) {
  console.error('Set FLOATCAST_CORPUS to a folder with a truth.jsonl.');
  process.exit(2);
}
if (!existsSync(cli)) {
  console.error('Build first: node esbuild.js.');
  process.exit(2);
}

const rows = corpusRows(corpus);
const truth = corpusTruth(corpus);
const fields = ['role', 'N', 'total', 'D', 'format'];

/** Roles as the answers have them and as the CLI says them. */
const roles = {
  'model-config': 'model',
  preset: 'model',
  defaults: 'model',
  launcher: 'fragment',
  partial: 'fragment',
};

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
  const misses = { wrong: [], unknown: [] };
  for (const answer of truth) {
    const found = described(answer.file);
    const run = found.find(({ framework }) => framework === idOf(answer.framework)) ?? found[0];
    const score = table.get(answer.framework) ?? emptyScore();
    table.set(answer.framework, score);
    if (answer.confidence === 'low') continue;
    for (const [what, wanted, got, verdict] of comparisons(answer, run)) {
      score[what][verdict] += 1;
      if (verdict === 'right') continue;
      misses[verdict].push(
        `${answer.file}: ${what} ${show(got)}, the answer is ${show(wanted)} (${answer.confidence})`,
      );
    }
  }
  printTable(table, described);
  for (const [verdict, lines] of Object.entries(misses)) {
    console.log(`\n${lines.length} ${verdict}`);
    for (const line of lines) console.log(`  ${line}`);
  }
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

/** What an answer determines: [what, wanted, got, verdict]. */
function* comparisons(answer, run) {
  const { N_nonembedding, N_total, D_tokens, precision } = answer;
  const near = (wanted, got, tolerance = 0) =>
    wanted === null ? got === null : Math.abs(got - wanted) <= tolerance * wanted;
  const row = (what, wanted, got, isRight) => [what, wanted, got, verdictOf(run, got, isRight)];
  if (typeof answer.role === 'string') {
    const wanted = roles[answer.role] ?? answer.role;
    const got = run?.role ?? null;
    yield row('role', wanted, got, got === wanted);
  }
  if (typeof N_nonembedding === 'number') {
    const got = run?.parameters?.nonEmbedding ?? null;
    yield row('N', N_nonembedding, got, near(N_nonembedding, got, answer.N_tolerance));
  }
  if (typeof N_total === 'number') {
    const got = run?.parameters?.total ?? null;
    yield row('total', N_total, got, near(N_total, got, answer.N_tolerance));
  }
  const wantedTokens = typeof D_tokens === 'number' ? D_tokens : null;
  const tokens = run?.tokens ?? null;
  yield row('D', wantedTokens, tokens, near(wantedTokens, tokens, answer.D_tolerance));
  const wanted = formatOf(precision);
  const format = run?.format ?? null;
  const got = format && [
    format.exponentBits,
    format.mantissaBits,
    format.granularity,
    format.block,
  ];
  yield row('format', wanted, got, show(wanted) === show(got));
}

/** Right; or unknown, which is forgiven; or wrong, which is not. */
function verdictOf(run, got, isRight) {
  if (run !== undefined && isRight) return 'right';
  return got === null ? 'unknown' : 'wrong';
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

function emptyScore() {
  return Object.fromEntries(fields.map((what) => [what, { right: 0, unknown: 0, wrong: 0 }]));
}

function printTable(table, described) {
  const line = (name, cells) =>
    console.log(name.padEnd(20) + cells.map((cell) => cell.padStart(10)).join(''));
  const counts = (score) =>
    fields.map((what) =>
      Object.values(score[what])
        .join('/')
        .replace(/^0\/0\/0$/, ''),
    );
  console.log('Right/unknown/wrong of each field that an answer determines:\n');
  line('framework', ['read', ...fields]);
  const folders = [...new Set(rows.map(({ framework }) => framework))].sort();
  const sum = emptyScore();
  for (const folder of folders.filter((name) => !name.startsWith('decoys'))) {
    const files = rows.filter(({ framework }) => framework === folder);
    const read = files.filter(({ file }) => described(file).length > 0).length;
    const score = table.get(folder) ?? emptyScore();
    for (const what of fields) {
      for (const verdict of Object.keys(sum[what])) sum[what][verdict] += score[what][verdict];
    }
    line(folder, [`${read}/${files.length}`, ...counts(score)]);
  }
  line('all', ['', ...counts(sum)]);
  for (const verdict of ['right', 'wrong']) {
    const shares = fields.map((what) => {
      const all = Object.values(sum[what]).reduce((total, count) => total + count, 0);
      return all === 0 ? '' : `${((100 * sum[what][verdict]) / all).toFixed(1)} %`;
    });
    line(`all, ${verdict}`, ['', ...shares]);
  }
}
