import { workspace, type TextDocument } from 'vscode';
import { Disposables } from './disposables.ts';
import { mayConcernUs } from './documents.ts';
import type { Features } from './features.ts';
import type { Log } from './log.ts';

/**
 * The features, which are loaded and started when they are first asked for: most windows never hold
 * a file of ours, and parsers, readers and laws weigh more than all the rest.
 */
export class OnDemand extends Disposables {
  readonly #start: () => Promise<Features>;
  #features: Promise<Features> | null = null;

  constructor(start: () => Promise<Features>) {
    super();
    this.#start = start;
  }

  /** Resolves once the features that were asked for so far are there; at once if none were. */
  get started(): Promise<unknown> {
    return Promise.allSettled([this.#features]);
  }

  /** The features; what ends before they are there is ended as soon as they are. */
  get(): Promise<Features> {
    this.#features ??= this.#start().then((features) => {
      this.add(features);
      return features;
    });
    return this.#features;
  }
}

/** Starts the features at the first document that may be ours, and looks no further. */
export function wakeAtOurs(features: OnDemand, log: Log): Disposables {
  const looking = new Disposables();
  const look = (document: TextDocument): boolean => {
    if (!mayConcernUs(document)) return false;
    looking.dispose();
    features.get().catch((error: unknown) => log.error('Start', error));
    return true;
  };
  looking.add(
    workspace.onDidOpenTextDocument(look),
    workspace.onDidChangeTextDocument((event) => {
      if (event.contentChanges.length > 0) look(event.document);
    }),
  );
  workspace.textDocuments.some(look);
  return looking;
}
