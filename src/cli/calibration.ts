import { readCalibrationFile } from '../core/settings/calibrationFile.ts';
import { lawInForce, type Calibration } from '../core/laws/calibration.ts';
import type { Law } from '../core/laws/law.ts';
import { lawOption, UsageError } from './args.ts';
import { readText } from './readText.ts';
import type { Io } from './io.ts';
import { complain } from './output.ts';

/**
 * Reads the file of `--calibration`, null without the option. What it says wrongly is said on
 * stderr.
 * @throws UsageError when it cannot be read, or holds no constants that a law can be asked with.
 */
export async function calibrationOption(
  path: string | undefined,
  io: Io,
): Promise<Calibration | null> {
  if (path === undefined) return null;
  const read = await readText(io.cwd, path);
  if (read === 'too large') throw new UsageError(`${path} is larger than 1 MB.`);
  if ('problem' in read) throw new UsageError(read.problem);
  const { calibration, notices } = readCalibrationFile(path, read.text);
  if (!calibration) {
    throw new UsageError(notices[0]?.message ?? `${path} holds no constants.`);
  }
  for (const { message } of notices) complain(io, message);
  return calibration;
}

/** The law of `--law`, the default one when absent, with the calibration's constants in it. */
export function calibratedLaw(id: string | undefined, calibration: Calibration | null): Law {
  const law = lawOption(id);
  return lawInForce(law.id, calibration) ?? law;
}

/** The file whose constants stand in a law, null for the published ones. */
export function calibrationOf(law: Law, calibration: Calibration | null): string | null {
  return calibration?.law === law.id ? calibration.file : null;
}
