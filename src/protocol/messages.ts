import type { Analysis } from '../core/analysis.ts';
import type { RunPoint } from '../core/laws/law.ts';
import type { MeasuredLosses } from '../core/run/measured.ts';
import type { FormatTarget } from '../core/run/run.ts';
import type { AnalysisSettings } from '../core/run/settings.ts';
import type { Place } from '../core/syntax/tree.ts';

/** The settings that the panel shows and evaluates with. */
export type PanelSettings = Pick<
  AnalysisSettings,
  'law' | 'hardware' | 'gapTarget' | 'nearCriticalRatio' | 'pricePerHour'
>;

/** The most points of a loss curve that are sent to the panel: more than it has pixels. */
export const mostLosses = 2000;

/** What a plot can be saved as. */
export type SavedMime = 'image/png' | 'text/csv';

/** What a person can be asked for from the panel: tokens stand for what would settle them. */
export type Settable = 'tokens' | 'hardware' | 'law';

/** What the panel says to its host. A message with a `requestId` is always answered. */
export type ToHost =
  /**
   * The panel has loaded and listens; `state` is what it kept from last time, to be checked, and
   * `version` the text version of the snapshot that its page brought along, where there is one.
   */
  | { readonly type: 'ready'; readonly state?: unknown; readonly version?: number }
  /** Write `target` into the run of this document, if it still has this version. */
  | {
      readonly type: 'apply';
      readonly requestId: number;
      readonly uri: string;
      readonly version: number;
      readonly runIndex: number;
      readonly target: FormatTarget;
    }
  /** Show this place in an editor. */
  | { readonly type: 'reveal'; readonly place: Place }
  /** Stay with this document, or follow the editor again. */
  | { readonly type: 'pin'; readonly pinned: boolean }
  /** Ask the person for something that the run rests on. */
  | { readonly type: 'set'; readonly what: Settable; readonly runIndex: number }
  /** Offer to save a file; `name` has no folder, `base64` is its content. */
  | {
      readonly type: 'save';
      readonly requestId: number;
      readonly name: string;
      readonly mime: SavedMime;
      readonly base64: string;
    }
  /** Let a person pick the run's own loss log, and its BF16 twin's; a snapshot brings the losses. */
  | { readonly type: 'measure'; readonly requestId: number; readonly runIndex: number };

/** What the panel is told of a file: all that is known of it but the texts and settings. */
export type ShownAnalysis = Omit<Analysis, 'settings' | 'sources'>;

/** The most runs that are compared: more curves than the picture can tell apart help nobody. */
export const mostCompared = 8;

/** A run that is laid beside the one in view. */
export interface ComparedRun {
  readonly uri: string;
  readonly runIndex: number;
  readonly name: string;
  /** What the laws are asked about; null where the run does not settle it: it is then not drawn. */
  readonly point: RunPoint | null;
  /** What is missing, or another reason why nothing is drawn; empty where there is a point. */
  readonly why: string;
  /** Memory and time in a few words, as far as they are known. */
  readonly taken: string;
}

/** Everything the panel needs to know of one version of one document. */
export interface Snapshot {
  readonly type: 'snapshot';
  readonly uri: string;
  /** The text version of the document; a lower one than already shown is stale. */
  readonly version: number;
  /** The file's name as a person knows it. */
  readonly name: string;
  readonly analysis: ShownAnalysis;
  /** Which of the runs the panel was opened for. */
  readonly runIndex: number;
  /** Whether the panel stays with this document. */
  readonly pinned: boolean;
  readonly settings: PanelSettings;
  /** The run's own loss log, when one was picked; at most `mostLosses` points a curve. */
  readonly measured: MeasuredLosses | null;
  /** The runs beside this one, at most `mostCompared`; empty unless a person asked to compare. */
  readonly compared: readonly ComparedRun[];
  /** The files that `measured` was read from, for the panel to remember over a reload. */
  readonly measuredFrom: readonly string[];
}

/** What the host says to the panel. */
export type ToPanel =
  | Snapshot
  /** The document was closed or deleted. */
  | { readonly type: 'gone'; readonly uri: string }
  /** How a request ended; `message` is a whole sentence, and is there when it failed. */
  | {
      readonly type: 'answer';
      readonly requestId: number;
      readonly ok: boolean;
      readonly message?: string;
    };
