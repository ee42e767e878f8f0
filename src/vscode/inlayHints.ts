import { EventEmitter, InlayHint, languages, type Range, type TextDocument } from 'vscode';
import { hints } from '../core/present/hints.ts';
import { visible } from '../core/present/plain.ts';
import type { Analyses } from './analyses.ts';
import { selector } from './documents.ts';
import { Disposables, type Ends } from './disposables.ts';
import type { Log } from './log.ts';

/** A few characters behind the fields that say the format, fix D and shape N. */
export function registerInlayHints(analyses: Analyses, log: Log): Ends {
  const changed = new EventEmitter<void>();
  const provider = languages.registerInlayHintsProvider(selector, {
    onDidChangeInlayHints: changed.event,
    provideInlayHints: (document, range) =>
      log.guard('Inlay hints', document, [], () => provide(document, range)),
  });
  return new Disposables().add(
    changed,
    provider,
    analyses.onDidChange(() => changed.fire()),
  );

  // VS Code shows the hints that it has until these are there, moved along with the text.
  async function provide(document: TextDocument, shown: Range): Promise<InlayHint[]> {
    const analysed = await analyses.get(document);
    if (!analysed?.settings.surfaces.inlayHints) return [];
    return analysed.analysis.runs
      .flatMap((run) => hints(run))
      .filter(({ place }) => place.file === analysed.document.file)
      .map(({ place, text }) => {
        const hint = new InlayHint(analysed.rangeOf(place).end, visible(text));
        hint.paddingLeft = true;
        return hint;
      })
      .filter((hint) => shown.contains(hint.position));
  }
}
