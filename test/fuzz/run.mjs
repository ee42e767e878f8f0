// `npm run fuzz -- [--minutes N | --inputs N] [--seed N] [--counts FILE]`: mutated configs must keep
// to test/fuzz/properties.ts. Seeds are the fixtures, the examples, and what FLOATCAST_CORPUS names.
// A minimal reproducer of each kind of failure is written to out/fuzz.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { corpusRows } from '../support/corpusTree.mjs';
import { loadCore, root } from '../support/core.mjs';

process.chdir(root);
const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    inputs: { type: 'string' },
    seed: { type: 'string', default: '1' },
    counts: { type: 'string' },
  },
});
const minutes = values.minutes === undefined ? null : Number(values.minutes);
const most =
  values.inputs === undefined ? (minutes === null ? 2000 : Infinity) : Number(values.inputs);
const seed = Number(values.seed);
const folder = join(root, 'out/fuzz');

/** An answer may take this long, and this much more for each 1000 characters. */
const bound = { base: 1000, perThousand: 100 };

const { broken, mutated, randomFrom } = await loadCore(
  'fuzzed',
  `export { broken } from './test/fuzz/properties.ts';
   export { mutated, randomFrom } from './test/fuzz/mutate.ts';`,
);
const seeds = [...fixtures(), ...otherSeeds()];
const random = randomFrom(seed);
const any = () => seeds[Math.floor(random() * seeds.length)];
/** The smallest of three: most faults need little text, and more inputs find more of them. */
function pick() {
  return [any(), any(), any()].reduce((least, each) =>
    each.text.length < least.text.length ? each : least,
  );
}
const started = performance.now();
/** @type {Map<string, { times: number, place: string }>} */
const failures = new Map();
let inputs = 0;
let slowest = 0;
while (inputs < most && (minutes === null || performance.now() - started < minutes * 60_000)) {
  const from = pick();
  const input = { ...from, text: mutated(from.text, pick().text, random) };
  inputs += 1;
  const before = performance.now();
  const why = broken(input) ?? tooSlow(input, performance.now() - before);
  slowest = Math.max(slowest, performance.now() - before);
  if (why === null) continue;
  const known = failures.get(why);
  if (known) known.times += 1;
  else failures.set(why, { times: 1, place: reproducer(input, why, failures.size + 1) });
}
const failed = [...failures.values()].reduce((sum, { times }) => sum + times, 0);
for (const [why, { times, place }] of failures) console.log(`✘ ${times} × ${why}  → ${place}`);
console.log(
  `${inputs} inputs from ${seeds.length} files, seed ${seed}: ${failed} failed; the slowest took ${slowest.toFixed(0)} ms`,
);
if (values.counts)
  writeFileSync(values.counts, JSON.stringify({ passed: inputs - failed, failed }));
process.exitCode = failed === 0 ? 0 : 1;

/** Every look at an input counts: it is read again for each edit that it is offered. */
function tooSlow({ text }, milliseconds) {
  const allowed = bound.base + (bound.perThousand * text.length) / 1000;
  if (milliseconds <= allowed) return null;
  return 'takes longer than its size allows';
}

/** The configs of the tests and examples; of a test also what lies beside it. */
function fixtures() {
  const configs = [...filesBelow('test/corpus'), ...filesBelow('examples')].filter((path) =>
    path.includes('examples')
      ? !/\.(?:md|csv)$/.test(path)
      : /^config\.(?!test\.)/.test(basename(path)),
  );
  return configs.map((path) => {
    const beside = path.includes('examples') ? [] : filesBelow(dirname(path));
    const others = beside.filter((other) => other !== path && !other.endsWith('expected.json'));
    const files = others.map((other) => [
      relative(dirname(path), other),
      readFileSync(other, 'utf8'),
    ]);
    const text = readFileSync(path, 'utf8');
    return { name: path, file: basename(path), text, files: new Map(files) };
  });
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'))
    .sort();
}

/** Real configs, each by itself: what they include is not there, as in a workspace that is cut off. */
function otherSeeds() {
  const corpus = process.env.FLOATCAST_CORPUS;
  if (!corpus) return [];
  return corpusRows(corpus).flatMap(({ file, path }) => {
    const text = readFileSync(join(corpus, file), 'utf8');
    return text.length > 20_000 ? [] : [{ name: file, file: path, text, files: new Map() }];
  });
}

/** Takes lines away while the same property breaks, and writes what is left. */
function reproducer(input, why, number) {
  let lines = input.text.split('\n');
  const until = performance.now() + 3000;
  for (let size = lines.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < lines.length && performance.now() < until;) {
      const fewer = [...lines.slice(0, at), ...lines.slice(at + size)];
      if (broken({ ...input, text: fewer.join('\n') }) === why) lines = fewer;
      else at += size;
    }
  }
  mkdirSync(folder, { recursive: true });
  const place = join(folder, `${number}${extname(input.file)}`);
  writeFileSync(place, lines.join('\n'));
  return `${place} (from ${input.name})`;
}
