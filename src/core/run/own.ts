/**
 * What a table holds under a key that comes from a file. A plain object also answers to the names
 * of its prototype (`constructor`, `toString`), which no table here means.
 */
export function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
