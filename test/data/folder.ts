import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env.FLOATCAST_DATA;

/**
 * The text of a file of the data folder: public runs and reference values, which are no part of
 * this repository. Fails, and says why, where the folder is not named.
 */
export function dataFile(name: string): string {
  if (!folder || !existsSync(join(folder, name))) {
    throw new Error(`Set FLOATCAST_DATA to the folder that holds ${name}.`);
  }
  return readFileSync(join(folder, name), 'utf8');
}
