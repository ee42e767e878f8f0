import path from 'node:path';
import { serve } from './server.ts';

/** The server as a process of its own, which the editor starts in a workspace's folder. */
const { stdin, stdout, stderr, env: environment } = process;
const io = { stdin, stdout, stderr, cwd: process.cwd(), environment };
const documentation = path.join(path.dirname(process.argv[1] ?? '.'), '..', 'docs');
serve(io, documentation).catch((error: unknown) => {
  stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
