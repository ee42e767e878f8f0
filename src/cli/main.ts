import { setFlagsFromString } from 'node:v8';
import { run } from './commandLine.ts';
import { exitCodes } from './io.ts';
import { complain, endAtFailedWrite } from './output.ts';

const { stdin, stdout, stderr, env: environment, versions } = process;

// V8 compiles what seems hot on threads of its own; a command of a second ends before that pays.
// Asked to wait eight times as long it needs a third less CPU, over a thousand files too. Other
// versions of V8 may not know the flag, of which they would complain.
if (/^2[02]\./.test(versions.node)) setFlagsFromString('--interrupt-budget=540672');

endAtFailedWrite(stdout, stderr, (code) => process.exit(code));
run(process.argv.slice(2), { stdin, stdout, stderr, cwd: process.cwd(), environment }).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    complain({ stderr }, error instanceof Error ? error.message : String(error));
    process.exitCode = exitCodes.failed;
  },
);
