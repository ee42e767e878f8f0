import { findingIds } from '../core/checks/registry.ts';
import { readers } from '../core/frameworks/registry.ts';
import { defaultSettings, type AnalysisSettings } from '../core/run/settings.ts';
import { overridesOf } from '../core/settings/overrides.ts';
import { nearestWord } from '../core/syntax/nearestWord.ts';
import { numberOption, unknownId, UsageError } from './args.ts';
import { calibrationOption } from './calibration.ts';
import type { Io } from './io.ts';

/** The options that say how files are analysed, as several commands have them. */
export interface AnalysisValues {
  readonly law?: string;
  readonly hardware?: string;
  readonly 'gap-target'?: string;
  readonly assume?: readonly string[];
  readonly framework?: string;
  readonly calibration?: string;
  readonly enable?: readonly string[];
}

/**
 * The settings that a command's options ask for; they beat what files say.
 * @throws UsageError for a value that is none.
 */
export async function analysisSettings(values: AnalysisValues, io: Io): Promise<AnalysisSettings> {
  // Read here too, so that a file that is not there is a usage error and no notice a config.
  const calibration = await calibrationOption(values.calibration, io);
  const overrides = overridesOf(values);
  if (typeof overrides === 'string') throw new UsageError(overrides);
  const gapTarget = numberOption('gap-target', values['gap-target']);
  return {
    ...defaultSettings,
    calibrationFile: calibration?.file ?? null,
    framework: frameworkOption(values.framework),
    today: new Date().toISOString().slice(0, 10),
    enabledChecks: findingIdsOption('enable', values.enable),
    overrides: { ...overrides, ...(gapTarget !== undefined && { gapTarget }) },
  };
}

/**
 * The ids of `--enable` or `--disable`, which may be those of a check or of a rule.
 * @throws UsageError for one that no finding has.
 */
export function findingIdsOption(option: string, ids: readonly string[] = []): readonly string[] {
  const wrong = ids.find((id) => !findingIds.includes(id));
  if (wrong === undefined) return ids;
  const meant = nearestWord(wrong, findingIds);
  const guess =
    meant === null ? 'floatcast rules lists those of rules' : `did you mean “${meant}”?`;
  throw new UsageError(`--${option} ${wrong}: there is no such finding; ${guess}`);
}

function frameworkOption(id: string | undefined): string | null {
  if (id !== undefined && !readers.some((reader) => reader.id === id)) {
    throw unknownId('framework', id, readers);
  }
  return id ?? null;
}
