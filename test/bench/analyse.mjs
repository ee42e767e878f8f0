// Analysing against bare parsing, over every config of a folder: the ratio says what Floatcast
// costs on top of the parser it needs anyway.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseTree } from 'jsonc-parser';
import { parseTOML } from 'toml-eslint-parser';
import { parseAllDocuments } from 'yaml';
import { loadCore } from '../support/core.mjs';

const rounds = 7;

export function configsBelow(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return configsBelow(path);
    return /\.(ya?ml|json|toml)$/.test(name)
      ? [{ file: path, text: readFileSync(path, 'utf8') }]
      : [];
  });
}

const bareParsers = {
  yaml: (text) => parseAllDocuments(text, { version: '1.1', uniqueKeys: false, merge: true }),
  yml: (text) => parseAllDocuments(text, { version: '1.1', uniqueKeys: false, merge: true }),
  json: (text) => parseTree(text, [], { allowTrailingComma: true }),
  toml: (text) => parseTOML(text),
};

function bareParse({ file, text }) {
  try {
    return bareParsers[file.slice(file.lastIndexOf('.') + 1)](text);
  } catch {
    return null; // The bare TOML parser throws on what it cannot read.
  }
}

function timed(configs, work) {
  const start = process.hrtime.bigint();
  for (const config of configs) work(config);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** Prints analyse ÷ bare parse: all files, and the training configs among them alone. */
export async function benchAnalyse(folder) {
  const { analyse, defaultSettings } = await loadCore(
    'bench',
    `export { analyse } from './src/core/analyse.ts';
    export { defaultSettings } from './src/core/run/settings.ts';`,
  );
  const all = configsBelow(folder);
  const ours = all.filter((config) => analyse(config, defaultSettings).runs.length > 0);
  for (const [label, configs] of [
    ['all files', all],
    ['training configs', ours],
  ]) {
    const samples = Array.from({ length: rounds + 1 }, () => ({
      parse: timed(configs, bareParse),
      analyse: timed(configs, (config) => analyse(config, defaultSettings)),
    })).slice(1); // The first round warms the compiler up.
    const parse = median(samples.map((sample) => sample.parse));
    const whole = median(samples.map((sample) => sample.analyse));
    const each = whole / configs.length;
    console.log(
      `analyse ÷ bare parse, ${label} (${configs.length}): ${(whole / parse).toFixed(2)}` +
        `   (${each.toFixed(2)} ms a file here, goal ≤ 1.25)`,
    );
  }
}
