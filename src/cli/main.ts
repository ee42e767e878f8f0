import { run } from './commandLine.ts';
import { exitCodes } from './io.ts';

// A reader that closes the pipe early (`| head`) has seen enough: no stack trace for that.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const { stdout, stderr, env: environment } = process;
run(process.argv.slice(2), { stdout, stderr, cwd: process.cwd(), environment }).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    stderr.write(`floatcast: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = exitCodes.failed;
  },
);
