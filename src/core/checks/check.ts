import type { Verdict } from '../advise/verdict.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import type { Forecast, Law, RunPoint } from '../laws/law.ts';
import type { Resources } from '../resources/resources.ts';
import type { InForce } from '../rules/inForce.ts';
import type { RuleEdit } from '../rules/rule.ts';
import type { TrainingRun, WriteFormat, WriteResult, WriteTokens } from '../run/run.ts';
import type { AnalysisSettings } from '../run/settings.ts';
import type { Suppression } from '../syntax/directives.ts';
import type { Edit } from '../syntax/edit.ts';
import type { Place, SyntaxKind } from '../syntax/tree.ts';

export type Severity = 'error' | 'warning' | 'information';

/** A change on offer: byte-exact edits under a title that says what will stand there. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** The one a person would take without reading the others; at most one a finding. */
  readonly preferred?: boolean;
}

/** A place that belongs to a finding, with the words that say how. */
export interface Related {
  readonly place: Place;
  readonly message: string;
}

/** One judgement on a run, as every surface shows it. */
export interface Finding {
  readonly id: string;
  readonly severity: Severity;
  /** The page of documentation that has a section of this id; absent = a page of its own. */
  readonly page?: string;
  readonly place: Place;
  readonly message: string;
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
  /** Why there is no fix, when there is none. */
  readonly noFix: string | null;
  /** Whether it rests on laws: the editor offers to compare what they say. */
  readonly ofLaws?: boolean;
}

/** All a check may look at. */
export interface CheckContext {
  readonly run: TrainingRun;
  /** The point the laws were evaluated on; null when N, D or the format is unknown. */
  readonly point: RunPoint | null;
  readonly law: Law;
  /** The chosen law's forecast, and every law's. */
  readonly forecast: Forecast | null;
  readonly forecasts: readonly Forecast[];
  /** Every law with the constants in force. */
  readonly laws: readonly Law[];
  /** What all of them and the public measurements say together; null where none has a number. */
  readonly verdict: Verdict | null;
  readonly accelerator: Accelerator | null;
  /** What the run takes. */
  readonly resources: Resources;
  readonly settings: AnalysisSettings;
  readonly writeFormat: WriteFormat | null;
  readonly writeTokens: WriteTokens;
  /** Ids of rules that edits would have the run break anew; null where it could not be read. */
  readonly newRules: (edits: readonly Edit[]) => readonly string[] | null;
  /** The numbers of this file, as written, by what rests on them, and who loads the file. */
  readonly numbers: readonly {
    readonly what: 'parameters' | 'tokens' | 'setting';
    readonly place: Place;
    readonly source: string;
  }[];
  readonly loadedByPyYaml: boolean;
  /** The comments behind this file's fields of N, of D, and of the run's duration. */
  readonly comments: readonly {
    readonly what: 'parameters' | 'tokens' | 'duration';
    readonly place: Place;
    readonly text: string;
  }[];
  /**
   * The file's comments that switch findings off, whether they did, and the ids that there are; null
   * while the other findings are looked for.
   */
  readonly suppressions: {
    readonly comments: readonly (Suppression & { readonly isUsed: boolean })[];
    readonly known: readonly string[];
  } | null;
  /** What recipe rules look at: the framework's own keys in force, and how to write them. */
  readonly recipe: {
    readonly framework: string;
    readonly syntax: SyntaxKind;
    readonly inForce: InForce;
    readonly write: (edit: RuleEdit) => WriteResult;
    /** Where a finding stands that no key of the file brings about. */
    readonly start: Place;
  };
}

/** One check: pure, quick, one file. Wording that other surfaces share lives in `present`. */
export interface Check {
  readonly id: string;
  readonly severity: Severity;
  /** One line for the table of checks. */
  readonly summary: string;
  run(context: CheckContext): readonly Finding[];
}
