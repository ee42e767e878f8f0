import { run } from './commandLine.ts';
import { exitCodes } from './io.ts';
import { complain, endAtFailedWrite } from './output.ts';

const { stdout, stderr, env: environment } = process;

endAtFailedWrite(stdout, stderr, (code) => process.exit(code));
run(process.argv.slice(2), { stdout, stderr, cwd: process.cwd(), environment }).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    complain({ stderr }, error instanceof Error ? error.message : String(error));
    process.exitCode = exitCodes.failed;
  },
);
