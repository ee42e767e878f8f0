import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { policyFileName } from '../../core/run/assumptions.ts';
import { UsageError } from '../args.ts';
import { exitCodes, type Io } from '../io.ts';
import { printLines } from '../output.ts';
import { reasonOf } from '../readText.ts';

/** The policy that `init` writes: nothing is said, everything is shown. */
const policyTemplate = `# What this team has agreed on, for every training config in this folder and below.
# The editor, the command line and the tools for agents obey it.
# Every key: https://github.com/floatcast/floatcast/blob/main/docs/policy.md

# The accelerator that runs are meant for; floatcast hardware lists them.
# hardware: h100

# GPUs of a run, where its config does not say.
# world-size: 64

# The law whose numbers lead; floatcast laws lists them.
# law: capybara

# The gap to BF16, in nats per token, that a run should stay under.
# gap-target: 0.01

# What an hour of one accelerator costs, and how many hours a run may take.
# price-per-hour: 2.5
# max-hours: 720

# Number formats that runs may be in.
# allowed-formats: [bf16, fp8-e4m3, mxfp8-e4m3]

# The least severity that floatcast check fails for: information, warning, error or never.
fail-on: warning

# Findings that are off everywhere, or known in some configs until a day.
# disabled-checks: [near-critical-data-size]
# ignore:
#   - id: gap-above-target
#     files: ablations/*.yaml
#     reason: they are meant to show the gap
#     until: 2026-12-31

# Other values for some configs.
# files:
#   'research/*.yaml': { gap-target: 0.05 }
`;

/** `floatcast init`: writes a policy file with comments; one that is there stays as it is. */
export async function init(_: unknown, __: readonly string[], io: Io): Promise<number> {
  try {
    await writeFile(path.resolve(io.cwd, policyFileName), policyTemplate, { flag: 'wx' });
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw new UsageError(
      isThere
        ? `${policyFileName} is there already; it was not touched.`
        : `${policyFileName} cannot be written: ${reasonOf(error)}.`,
    );
  }
  printLines(io, [`${policyFileName} is written; what is behind # holds once you take it away.`]);
  return exitCodes.clean;
}
