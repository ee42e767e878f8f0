import path from 'node:path';
import type { FailOn } from '../../core/run/policy.ts';
import type { AnalysisSettings } from '../../core/run/settings.ts';
import { wordsOfScript } from '../../core/syntax/shellWords.ts';
import { syntaxOf } from '../../core/syntax/syntaxOf.ts';
import { beyond } from '../baseline.ts';
import { checkFile, type Checked } from '../checkFiles.ts';
import type { Found } from '../files.ts';
import { exitCodes, type Io } from '../io.ts';
import { OtherFiles } from '../otherFiles.ts';
import { complain, printLines } from '../output.ts';
import { readText, type TextRead } from '../readText.ts';
import { summary } from '../report.ts';
import { isFailure, severities } from '../severities.ts';

/** How many files one script may lead to; scripts name scripts. */
const mostFiles = 100;

/** What a check before a start is to look at, and how. */
export interface Preflight {
  readonly texts: AsyncIterable<readonly [number, Found, TextRead]>;
  readonly settings: AnalysisSettings;
  readonly disabled: readonly string[];
  /** What a baseline knows of. */
  readonly known: ReadonlySet<string> | null;
  readonly failOn: FailOn | undefined;
}

/**
 * `floatcast check --preflight`: one line for each launch script, on it and on the configs and
 * scripts that it names, and an exit code by which its start can be held back.
 */
export async function preflight({ texts, ...asked }: Preflight, io: Io): Promise<number> {
  let code: number = exitCodes.clean;
  for await (const [, found, read] of texts) {
    const { checked, problems } = await checkWithNamed(found, read, asked, io.cwd);
    for (const problem of problems) complain(io, problem);
    printLines(io, [`${found.file}: ${sentence(checked)}`]);
    if (isFailure(checked, asked.failOn)) code = Math.max(code, exitCodes.findings);
    if (problems.length > 0) code = exitCodes.failed;
  }
  return code;
}

/** A script with what it names, less what its runs are put together from: that is checked in them. */
async function checkWithNamed(
  script: Found,
  read: TextRead,
  { settings, disabled, known }: Omit<Preflight, 'texts'>,
  cwd: string,
): Promise<{ readonly checked: readonly Checked[]; readonly problems: readonly string[] }> {
  const others = new OtherFiles(cwd);
  const waiting: { found: Found; read: TextRead }[] = [{ found: script, read }];
  const seen = new Set([script.file]);
  const parts = new Set<string>();
  const checked: Checked[] = [];
  const problems: string[] = [];
  for (let next = waiting.shift(); next && seen.size <= mostFiles; next = waiting.shift()) {
    const { file } = next.found;
    if (parts.has(file)) continue;
    const text = typeof next.read === 'object' && 'text' in next.read ? next.read.text : '';
    const isScript = syntaxOf(file) === 'shell' || (!syntaxOf(file) && shebang.test(text));
    const found = { ...next.found, ...(isScript && { language: 'shellscript' }) };
    const done = await checkFile(found, next.read, settings, others, disabled);
    if ('problem' in done) {
      problems.push(done.problem);
      continue;
    }
    checked.push(known ? beyond(known, done) : done);
    for (const source of done.analysis.sources) parts.add(source.file);
    if (!isScript) continue;
    for (const each of await namedBy(file, text, settings, others)) {
      if (seen.has(each)) continue;
      seen.add(each);
      waiting.push({ found: { file: each, named: false }, read: await readText(cwd, each) });
    }
  }
  return { checked, problems };
}

/** The first line of a script that has no name to tell it by, as Slurm keeps them. */
const shebang = /^#!.*\b(?:ba|da|k|z)?sh\b/;

/**
 * The configs and scripts that a script names and that are there: by a path from the working
 * directory, as they are found when it starts, or else from its own folder. Programs are left out.
 */
async function namedBy(
  script: string,
  text: string,
  { variables }: AnalysisSettings,
  others: OtherFiles,
): Promise<readonly string[]> {
  const words = wordsOfScript(text, new Map(Object.entries(variables ?? {})));
  const named = words
    .flatMap((word) => [word, word.slice(word.indexOf('=') + 1)])
    .filter((word) => ![undefined, 'python'].includes(syntaxOf(word)));
  const places = [...new Set(named)].map(async (word) => {
    for (const folder of ['', path.posix.dirname(script)]) {
      const file = path.posix.join(folder, word);
      if ((await others.near(file, script)) !== null) return file;
    }
    return null;
  });
  return (await Promise.all(places)).filter((each) => each !== null);
}

/** What was found, in one sentence that begins with how much, and names the worst. */
function sentence(checked: readonly Checked[]): string {
  const runs = checked.flatMap((each) => each.runs.filter(({ framework }) => framework !== null));
  if (runs.length === 0) return 'no training config in it or in what it names.';
  const findings = checked.flatMap((each) => each.findings.map(({ json }) => json));
  const [worst] = findings.toSorted(
    (a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity),
  );
  const told = summary(runs);
  if (!worst) return told;
  return `${told} ${worst.file}:${worst.line ?? 1} ${worst.id}: ${worst.message}`;
}
