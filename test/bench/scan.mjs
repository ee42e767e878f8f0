// The Runs view's scan in plain Node: 10,000 YAML files, one in a hundred a training config. The
// longest stall is what the extension host would feel; the scan's time over that of parsing the
// configs alone says what the foreign files cost.
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseAllDocuments } from 'yaml';
import { loadCore } from '../support/core.mjs';

const total = 10_000;
const everyConfig = 100;

/** A manifest of somebody else: a few kilobytes, as most YAML in a repository. */
export function foreign(index) {
  const container = (each) =>
    `        - name: service-${index}-${each}\n          image: registry.example/service:${each}\n` +
    `          env:\n            - name: PORT\n              value: "${8000 + each}"\n` +
    `          resources:\n            limits:\n              memory: 512Mi\n              cpu: 500m\n`;
  const containers = Array.from({ length: 10 }, (_, each) => container(each)).join('');
  return (
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-${index}\nspec:\n` +
    `  replicas: 2\n  template:\n    spec:\n      containers:\n${containers}`
  );
}

/** Writes the files; every folder holds a hundred, the first of them a config. */
async function makeFiles(folder, config) {
  const files = Array.from({ length: total }, (_, index) =>
    join(folder, `part-${Math.floor(index / 100)}`, `file-${index}.yaml`),
  );
  for (const [index, file] of files.entries()) {
    if (index % 100 === 0) await mkdir(resolve(file, '..'));
    await writeFile(file, index % everyConfig === 0 ? config : foreign(index));
  }
  return files;
}

/** Prints the longest stall of a scan, and scan ÷ bare parse of the recognised configs. */
export async function benchScan() {
  const { inSlices, mayBeOurs, gather, defaultSettings } = await loadCore(
    'bench-scan',
    `export { inSlices } from './src/vscode/slices.ts';
    export { mayBeOurs } from './src/core/config/prefilter.ts';
    export { gather } from './src/core/gather.ts';
    export { defaultSettings } from './src/core/run/settings.ts';`,
  );
  /** What the extension does with a file that may be ours; no other file is there. */
  const gathered = (file, text, pause) =>
    gather({ file, text }, defaultSettings, async () => {
      await pause();
      return new Map();
    });
  const config = readFileSync('examples/llm-foundry/mpt-7b-1t.yaml', 'utf8');
  // The editor has read a config, which wakes the extension, before it scans.
  for (let round = 0; round < 20; round++) {
    await gathered('warm.yaml', config, () => undefined);
  }
  const folder = await mkdtemp(join(tmpdir(), 'floatcast-scan-'));
  try {
    const files = await makeFiles(folder, config);
    let found = 0;
    const steps = {
      read: async (file) =>
        (await stat(file)).size > 64 * 1024 ? null : readFile(file).then((b) => b.toString()),
      work: async (file, text, pause) => {
        if (text === null || !mayBeOurs(text, 'yaml')) return;
        found += (await gathered(file, text, pause)).analysis.runs.length;
      },
      progress: () => undefined,
      isCancelled: () => false,
    };
    const pace = {
      now: () => performance.now(),
      rest: () => new Promise((done) => setTimeout(done, 0)),
    };
    const idle = await stalls(() => new Promise((done) => setTimeout(done, 1000)));
    const scan = await stalls(() => inSlices(files, steps, pace));
    const parse = await stalls(() => {
      for (let each = 0; each < found; each++) parseAllDocuments(config);
    });
    console.log(
      `scan of ${total} YAML files (${found} configs): longest stall ${scan.longest.toFixed(1)} ms, ` +
        `99.9 % under ${scan.most.toFixed(1)} ms (goal ≤ 8; this machine idle: ${idle.longest.toFixed(1)})\n` +
        `scan ÷ bare parse of the configs: ${(scan.time / parse.time).toFixed(1)}` +
        `   (${scan.time.toFixed(0)} ms here)`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** How long the work took, and how long the event loop was not asked meanwhile; milliseconds. */
async function stalls(work) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  await work();
  const time = performance.now() - start;
  delay.disable();
  return { time, longest: delay.max / 1e6, most: delay.percentile(99.9) / 1e6 };
}
