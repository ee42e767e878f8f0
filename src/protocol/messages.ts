import type { Analysis } from '../core/analysis.ts';
import type { FormatTarget } from '../core/run/run.ts';
import type { AnalysisSettings } from '../core/run/settings.ts';
import type { Place } from '../core/syntax/tree.ts';

/** The settings that the panel shows and evaluates with. */
export type PanelSettings = Pick<
  AnalysisSettings,
  'law' | 'hardware' | 'gapTarget' | 'nearCriticalRatio'
>;

/** What a plot can be saved as. */
export type SavedMime = 'image/png' | 'text/csv';

/** What the panel says to its host. A message with a `requestId` is always answered. */
export type ToHost =
  /** The panel has loaded and listens; `state` is what it kept from last time, to be checked. */
  | { readonly type: 'ready'; readonly state?: unknown }
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
  /** Offer to save a file; `name` has no folder, `base64` is its content. */
  | {
      readonly type: 'save';
      readonly requestId: number;
      readonly name: string;
      readonly mime: SavedMime;
      readonly base64: string;
    };

/** Everything the panel needs to know of one version of one document. */
export interface Snapshot {
  readonly type: 'snapshot';
  readonly uri: string;
  /** The text version of the document; a lower one than already shown is stale. */
  readonly version: number;
  /** The file's name as a person knows it. */
  readonly name: string;
  readonly analysis: Analysis;
  /** Which of the runs the panel was opened for. */
  readonly runIndex: number;
  readonly settings: PanelSettings;
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
