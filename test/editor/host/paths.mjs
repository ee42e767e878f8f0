import { fileURLToPath } from 'node:url';

/** The repository: the folder of the extension in development. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));
