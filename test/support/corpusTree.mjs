// A folder of real configs, each where its own repository has it: includes resolve only there.
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The lines of the corpus's INDEX.tsv. */
export function corpusRows(corpus) {
  return readFileSync(join(corpus, 'INDEX.tsv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .map(([framework, file, repository, path]) => ({ framework, file, repository, path }));
}

/** Restores the corpus below `tree`; gives each file's path there by the corpus's own name for it. */
export function restoreCorpus(corpus, tree) {
  const places = new Map();
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
