import type { Objective, Ranked } from './advise/objectives.ts';
import type { Verdict } from './advise/verdict.ts';
import type { Finding } from './checks/check.ts';
import type { Definition } from './config/definition.ts';
import type { Calibration } from './laws/calibration.ts';
import type { Forecast, RunPoint } from './laws/law.ts';
import type { Source } from './run/files.ts';
import type { Notice } from './run/notice.ts';
import type { TrainingRun, WriteResult } from './run/run.ts';
import type { AnalysisSettings } from './run/settings.ts';
import type { Resources } from './resources/resources.ts';
import type { Place, SyntaxKind, SyntaxProblem } from './syntax/tree.ts';
import type { Need } from './run/need.ts';

/** The text to analyse. `file` is a path relative to the workspace, with `/`. */
export interface ConfigDocument {
  readonly file: string;
  readonly text: string;
  /** The editor's language id, where it knows better than the file's name. */
  readonly language?: string;
}

/** A planned quantisation after training: what to, and what each law that knows says of it. */
export interface PostTraining {
  readonly point: RunPoint;
  readonly forecasts: readonly Forecast[];
}

/** One run that a file describes, with everything worked out of it. */
export interface RunAnalysis {
  readonly framework: string;
  readonly frameworkName: string;
  /** Why the file was taken for one of this framework: a whole sentence. */
  readonly recognised: string;
  /** Where the run is defined; null where the file is the run. */
  readonly definition: Definition | null;
  readonly run: TrainingRun;
  /** What the laws were evaluated on; null when something is missing. */
  readonly point: RunPoint | null;
  /** The constants that stand in for a law's published ones, or null. */
  readonly calibration: Calibration | null;
  /** What quantising the trained model afterwards costs, where the file plans it; else null. */
  readonly postTraining: PostTraining | null;
  /** The chosen law's forecast, null when it is out of scope or something is missing. */
  readonly forecast: Forecast | null;
  /** Every law's forecast. */
  readonly forecasts: readonly Forecast[];
  /** What they and the public measurements say together; null where none has a number. */
  readonly verdict: Verdict | null;
  /** What the run takes: operations, memory, time. */
  readonly resources: Resources;
  readonly findings: readonly Finding[];
  /** What is missing, each a sentence that begins with what it would settle. */
  readonly needs: readonly Need[];
  /** Keys that nothing was read from and that could matter. */
  readonly unread: readonly string[];
  /** The accelerator in force (setting, assumptions, modeline, or the config's own word), or null. */
  readonly hardware: string | null;
  /** Where the config itself names it; null where something else does. */
  readonly hardwarePlace: Place | null;
  /** Whether an edit can write another format, and why not. */
  readonly canWrite: boolean;
}

/**
 * All that is known of one file: plain data, computed by `analyse`, shown by every surface.
 * No runs and no notice means that the file is none of ours: show nothing.
 */
export interface Analysis {
  readonly file: string;
  readonly syntax: SyntaxKind | null;
  readonly runs: readonly RunAnalysis[];
  /** Syntax problems; shown only where there is a run. */
  readonly problems: readonly SyntaxProblem[];
  /** One sentence instead of numbers: too large, a template, a directive that cannot be read. */
  readonly notices: readonly Notice[];
  /** Why no run was found, for "Explain This File". */
  readonly explanation: readonly string[];
  /** Paths of other files that would tell more. */
  readonly wants: readonly string[];
  /** The settings in force for the file: its modeline and the files above it over those given. */
  readonly settings: AnalysisSettings;
  /** The file's own text and those of the files that places may lie in; empty without a run. */
  readonly sources: readonly Source[];
}

/** One row of "Optimize Precision…": a format, what it brings, and how it is written. */
export interface PlanRow extends Ranked {
  readonly format: string;
  readonly granularity: RunPoint['granularity'];
  readonly block: number | null;
  readonly criticalTokens: number | null;
  readonly ratio: number | null;
  /** Peak rate relative to BF16 on the chosen accelerator; null without one or when not native. */
  readonly throughput: number | null;
  readonly native: boolean | null;
  /** Least and greatest gap of the laws that speak, with how many they are; null without any. */
  readonly range: { readonly low: number; readonly high: number; readonly laws: number } | null;
  /** How many times faster than in BF16 the whole run can be at most; null where not known. */
  readonly speedupBound: number | null;
  /** Bytes on the most loaded device; null where not known. */
  readonly memoryPerDevice: number | null;
  readonly recommended: boolean;
  /** Ids of the rules that the config would break once it is written, and does not now. */
  readonly findings: readonly string[];
  readonly notes: readonly string[];
  /** The edits that write it, or why the framework cannot say it. */
  readonly write: WriteResult;
}

/** The formats of a run in the order of an objective, the ones that can be had as it stands first. */
export interface Plan {
  readonly objective: Objective;
  /** Which law's numbers lead. */
  readonly law: Speaker;
  readonly hardware: string | null;
  /** The gap that a format is to stay within, nats. */
  readonly gapTarget: number;
  readonly rows: readonly PlanRow[];
  /** What the objective could not look at: whole sentences. */
  readonly notes: readonly string[];
}

/** Which law speaks, and with whose constants. */
type Speaker = Pick<Forecast, 'law' | 'calibration'>;
