/** How many folders up are looked through, so that a very deep file asks for a bounded number. */
const maximumFolders = 16;

/**
 * Where a file of one of these names may stand that says something of `file`: in its own folder and
 * each above, nearest first, up to the folder that paths are relative to. For a file outside of that
 * only beside it.
 */
export function pathsAbove(file: string, names: readonly string[]): readonly string[] {
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const before = lastAsked.get(names);
  if (before?.folder === folder) return before.paths;
  const paths = pathsFrom(folder, names);
  lastAsked.set(names, { folder, paths });
  return paths;
}

/** What was found for the folder asked about last: a scan goes through the files of each in turn. */
const lastAsked = new WeakMap<
  readonly string[],
  { readonly folder: string; readonly paths: readonly string[] }
>();

function pathsFrom(at: string, names: readonly string[]): readonly string[] {
  const folders = at.split('/').slice(0, -1);
  const isOutside = folders.includes('..') || /^(?:[a-z]:|\/)/i.test(at);
  const levels = isOutside ? 1 : Math.min(folders.length + 1, maximumFolders);
  return Array.from({ length: levels }, (_, level) =>
    [...folders.slice(0, folders.length - level), ''].join('/'),
  ).flatMap((folder) => names.map((name) => folder + name));
}
