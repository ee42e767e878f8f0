import { EventEmitter, Uri, workspace, type TextDocument } from 'vscode';
import { analyse, keysByRun } from '../core/analyse.ts';
import type { Analysis } from '../core/analysis.ts';
import { explainMarkdown } from '../core/present/explain.ts';
import { forecastMarkdown } from '../core/present/forecast.ts';
import type { Analyses } from './analyses.ts';
import { Disposables, type Ends } from './disposables.ts';
import { comparisonMarkdown } from './comparison.ts';
import { openDocument } from './documents.ts';
import { virtualSchemes } from './ids.ts';
import { withPageAddresses } from './pages.ts';
import { readSettings } from './settings.ts';
import type { WorkspaceScan } from './workspaceScan.ts';

/** What reports there are of a config: its forecast, how it was read, itself against the last commit. */
const reports = ['forecast', 'explanation', 'comparison'] as const;
export type Report = (typeof reports)[number];

/** The address of a report: the config's name to be read, its whole address to be found. */
export function reportUri(report: Report, source: Uri): Uri {
  const name = source.path.split('/').pop() ?? '';
  return Uri.from({
    scheme: virtualSchemes.report,
    path: `/${name} (${report}).md`,
    query: new URLSearchParams({ report, source: source.toString() }).toString(),
  });
}

/** Serves reports as read-only Markdown documents that follow their config. */
export function registerReports(analyses: Analyses, scan: WorkspaceScan, extensionUri: Uri): Ends {
  const changed = new EventEmitter<Uri>();
  const provider = workspace.registerTextDocumentContentProvider(virtualSchemes.report, {
    onDidChange: changed.event,
    async provideTextDocumentContent(uri) {
      const query = new URLSearchParams(uri.query);
      const source = Uri.parse(query.get('source') ?? '');
      if (query.get('report') === 'comparison') return comparisonMarkdown(source, scan);
      const document = await workspace.openTextDocument(source);
      const analysed = await analyses.get(document);
      // A document that cannot be ours has an explanation too.
      const analysis = analysed?.analysis ?? analyseAlone(document);
      if (query.get('report') === 'forecast') {
        return withPageAddresses(forecastMarkdown(analysis), extensionUri);
      }
      const keys =
        analysed && analysis.runs.length > 0
          ? keysByRun(analysed.document, analysed.settings.analysis, analysed.files)
          : [];
      return explainMarkdown(analysis, keys);
    },
  });
  const follow = analyses.onDidChange((source) => {
    for (const report of reports) {
      const uri = reportUri(report, source);
      if (openDocument(uri)) changed.fire(uri);
    }
  });
  return new Disposables().add(changed, provider, follow);
}

function analyseAlone(document: TextDocument): Analysis {
  const { fileName: file, languageId: language } = document;
  return analyse({ file, text: document.getText(), language }, readSettings(document).analysis);
}

/** Holds texts that no file has: configs as they would read after an edit, and accounts of fits. */
export class Previews extends Disposables {
  readonly #texts = new Map<string, string>();
  /** Told once, and kept as long as the editor runs: a Markdown preview reads them again. */
  readonly #kept = new Map<string, string>();
  #count = 0;

  constructor() {
    super();
    this.add(
      workspace.registerTextDocumentContentProvider(virtualSchemes.preview, {
        provideTextDocumentContent: (uri) =>
          this.#texts.get(uri.toString()) ?? this.#kept.get(uri.toString()) ?? '',
      }),
      workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
    );
  }

  /** A Markdown document of this name and text that stays. */
  keep(name: string, text: string): Uri {
    this.#count += 1;
    const query = String(this.#count);
    const uri = Uri.from({ scheme: virtualSchemes.preview, path: `/${name}.md`, query });
    this.#kept.set(uri.toString(), text);
    return uri;
  }

  /** A document of this text, named like `source` so that it is coloured like it. */
  show(source: Uri, text: string): Uri {
    this.#count += 1;
    const { path } = source;
    const uri = Uri.from({ scheme: virtualSchemes.preview, path, query: String(this.#count) });
    this.#texts.set(uri.toString(), text);
    return uri;
  }
}
