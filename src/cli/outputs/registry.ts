import packageJson from '../../../package.json' with { type: 'json' };
import type { Checked, Reported } from '../checkFiles.ts';
import type { Io } from '../io.ts';
import { printJson, printLines } from '../output.ts';
import { reportLines } from '../report.ts';
import { annotations } from './github.ts';
import { codeQuality } from './gitlab.ts';
import { junit } from './junit.ts';
import { sarif } from './sarif.ts';

/** How `check` can print; `runs` is the bare array of `--json`. */
export type OutputKind = 'text' | 'json' | 'sarif' | 'github' | 'gitlab' | 'junit';

/** Prints what was checked; `verbose` is for a person alone. */
export function print(
  kind: OutputKind | 'runs',
  io: Io,
  checked: readonly Checked[],
  verbose: boolean,
): void {
  const { version } = packageJson;
  const runs = checked.flatMap((each) => each.runs);
  const findings = distinct(checked.flatMap((each) => each.findings));
  switch (kind) {
    case 'text':
      printLines(io, reportLines(checked, verbose));
      break;
    case 'runs':
      printJson(io, runs);
      break;
    case 'json':
      printJson(io, { version: 1, tool: `floatcast ${version}`, runs });
      break;
    case 'sarif':
      printJson(io, sarif(findings, checked, version));
      break;
    case 'github':
      io.stdout.write(annotations(findings));
      break;
    case 'gitlab':
      printJson(io, codeQuality(findings));
      break;
    case 'junit':
      io.stdout.write(junit(runs));
      break;
  }
}

/** Findings without those that several runs have at one place, of a file that they share. */
function distinct(findings: readonly Reported[]): readonly Reported[] {
  const seen = new Set<string>();
  return findings.filter(({ json: { id, file, line, column, message } }) => {
    const key = JSON.stringify([id, file, line, column, message]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
