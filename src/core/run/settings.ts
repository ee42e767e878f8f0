import type { Said } from './assumptions.ts';
import type { FailOn, IgnoredFinding } from './policy.ts';
import type { Assumptions } from './run.ts';

/** What a person sets for the analysis; plain data, the same for editor and command line. */
export interface AnalysisSettings {
  /** Id of the law whose numbers lead. */
  readonly law: string;
  /** Id of the accelerator the run is meant for, or null. */
  readonly hardware: string | null;
  /** The gap to BF16, in nats, a run should stay under. */
  readonly gapTarget: number;
  /** Path of the calibration file, relative as `file` is, or null to look above the config. */
  readonly calibrationFile: string | null;
  /** What an hour of one accelerator costs, in the person's own currency, or null. */
  readonly pricePerHour: number | null;
  /** From which share of D_crit on a run is called near it, e.g. 0.5. */
  readonly nearCriticalRatio: number;
  readonly assumptions: Assumptions;
  /** Values of variables that scripts and the environment do not tell, by name. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Id of the framework to read the file as, or null to recognise it. */
  readonly framework: string | null;
  /** Ids of findings to report that are off by default. */
  readonly enabledChecks?: readonly string[];
  /** Ids of findings that are off. */
  readonly disabledChecks?: readonly string[];
  /** Ids of the formats that runs may be in; absent = any. */
  readonly allowedFormats?: readonly string[];
  /** Hours that a run may take; absent = any number. */
  readonly maxHours?: number;
  /** The least severity that a check fails at, where a file says so. */
  readonly failOn?: FailOn;
  /** Findings that files tell to ignore. */
  readonly ignored?: readonly IgnoredFinding[];
  /** The file that says a key of the policy, by the key as it is written there. */
  readonly saidBy?: Readonly<Record<string, string>>;
  /** The day by the shell's clock, as `2026-11-28`, by which what is ignored until a day ends. */
  readonly today?: string;
  /** What was said by hand for this very call (`--assume`, `--law`): it beats every file's word. */
  readonly overrides?: Said;
}

export const defaultSettings: AnalysisSettings = {
  law: 'capybara',
  hardware: null,
  gapTarget: 0.01,
  calibrationFile: null,
  pricePerHour: null,
  nearCriticalRatio: 0.5,
  assumptions: {},
  framework: null,
};
