const longestKept = 100;

/**
 * Work on names that all configs ask for again, such as keys and paths, done once for each of up to
 * `most` of them. A long name is a file's own and is not kept.
 */
export function remembered<Value extends object>(
  most: number,
  work: (name: string) => Value,
): (name: string) => Value {
  const known = new Map<string, Value>();
  return (name) => {
    const before = known.get(name);
    if (before) return before;
    const value = work(name);
    if (known.size === most) known.clear();
    if (name.length <= longestKept) known.set(name, value);
    return value;
  };
}
