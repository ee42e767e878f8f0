import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from './args.ts';
import { keeping, type Checked } from './checkFiles.ts';
import type { Io } from './io.ts';
import { readText, reasonOf } from './readText.ts';

/** A finding of a baseline: its id and file are for people, the fingerprint tells it. */
interface Known {
  readonly id: string;
  readonly file: string;
  readonly fingerprint: string;
}

/**
 * The fingerprints of findings that a baseline file knows of.
 * @throws UsageError when it cannot be read, or is no baseline.
 */
export async function readBaseline({ cwd }: Io, file: string): Promise<ReadonlySet<string>> {
  const read = await readText(cwd, file);
  if (read === 'too large') throw new UsageError(`${file} is larger than 1 MB.`);
  if ('problem' in read) throw new UsageError(read.problem);
  const found = fingerprintsIn(read.text);
  if (!found) throw new UsageError(`${file} is no baseline; --write-baseline writes one.`);
  return new Set(found);
}

function fingerprintsIn(text: string): readonly string[] | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // What is no JSON is no baseline either, which is said by the caller.
    return null;
  }
  const findings: unknown =
    typeof parsed === 'object' && parsed !== null && 'findings' in parsed ? parsed.findings : null;
  if (!Array.isArray(findings)) return null;
  return findings.flatMap((each: unknown) =>
    typeof each === 'object' &&
    each !== null &&
    'fingerprint' in each &&
    typeof each.fingerprint === 'string'
      ? [each.fingerprint]
      : [],
  );
}

/** What was checked without the findings that a baseline knows of. */
export function beyond(baseline: ReadonlySet<string>, checked: Checked): Checked {
  return keeping(checked, ({ fingerprint }) => !baseline.has(fingerprint));
}

/**
 * Writes the findings as a baseline, in an order that changes as little as they do.
 * @throws UsageError when the file cannot be written.
 */
export async function writeBaseline(
  { cwd }: Io,
  file: string,
  checked: readonly Checked[],
): Promise<number> {
  const findings = checked
    .flatMap((each) => each.findings)
    .map(({ json: { id, file: at }, fingerprint }): Known => ({ id, file: at, fingerprint }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const text = `${JSON.stringify({ version: 1, findings }, null, 2)}\n`;
  try {
    await writeFile(path.resolve(cwd, file), text);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${reasonOf(error)}.`);
  }
  return findings.length;
}

function keyOf({ file, id, fingerprint }: Known): string {
  return `${file}\n${id}\n${fingerprint}`;
}
