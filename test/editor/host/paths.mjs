import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository: the folder of the extension in development. */
export const root = resolve(fileURLToPath(new URL('../../..', import.meta.url)));
