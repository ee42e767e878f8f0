// A folder of real configs, each where its own repository has it: includes resolve only there.
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The answers of the corpus's truth.jsonl. */
export function corpusTruth(corpus) {
  return linesOf(join(corpus, 'truth.jsonl')).map((line) => JSON.parse(line));
}

/** The lines of the corpus's INDEX.tsv; without one, the files that have an answer. */
export function corpusRows(corpus) {
  const index = join(corpus, 'INDEX.tsv');
  if (!existsSync(index)) {
    const files = new Map(corpusTruth(corpus).map(({ file, framework }) => [file, framework]));
    return [...files].map(([file, framework]) => ({ framework, file }));
  }
  return linesOf(index)
    .slice(1)
    .map((line) => line.split('\t'))
    .map(([framework, file, repository, path]) => ({ framework, file, repository, path }));
}

function linesOf(file) {
  return readFileSync(file, 'utf8').trim().split('\n');
}

/**
 * Restores the corpus below `tree`; gives each file's path there by the corpus's own name for it.
 * Without an INDEX.tsv the files already lie where includes find each other.
 */
export function restoreCorpus(corpus, tree) {
  const places = new Map();
  if (!existsSync(join(corpus, 'INDEX.tsv'))) {
    cpSync(corpus, tree, { recursive: true });
    for (const { file } of corpusRows(corpus)) places.set(file, file);
    return places;
  }
  for (const { file, repository, path } of corpusRows(corpus)) {
    const place = `${repository.replace('/', '+')}/${path}`;
    mkdirSync(dirname(join(tree, place)), { recursive: true });
    cpSync(join(corpus, file), join(tree, place));
    places.set(file, place);
  }
  return places;
}

/** Fills `tree` with the corpus that FLOATCAST_CORPUS names, or with the fixtures of the tests. */
export function restoreConfigs(tree) {
  const corpus = process.env.FLOATCAST_CORPUS;
  if (corpus && existsSync(join(corpus, 'INDEX.tsv'))) restoreCorpus(corpus, tree);
  else
    cpSync('test/corpus', tree, {
      recursive: true,
      filter: (path) => !/\.(?:ts|mjs)$|expected\.json$/.test(path),
    });
}
