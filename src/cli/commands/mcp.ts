import { realpathSync } from 'node:fs';
import path from 'node:path';
import { exitCodes, type Io } from '../io.ts';

/** `floatcast mcp`: a server of the Model Context Protocol, in a bundle of its own. */
export async function mcp(_: unknown, __: readonly string[], io: Io): Promise<number> {
  const { serve } = await import('../mcp/server.ts');
  await serve(io, path.join(path.dirname(realpathSync(process.argv[1] ?? '.')), '..', 'docs'));
  return exitCodes.clean;
}
