import {
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  Location,
  Uri,
  languages,
  workspace,
} from 'vscode';
import type { Finding, Severity } from '../core/checks/check.ts';
import { documentationPage } from '../core/present/findings.ts';
import { visible } from '../core/present/plain.ts';
import type { Analysed, Analyses } from './analyses.ts';
import { Disposables, type Ends } from './disposables.ts';
import { openDocument } from './documents.ts';
import { diagnosticSource } from './ids.ts';
import { pageUri } from './pages.ts';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
};

/** Marks findings in their files; each file shows those of every open document that touches it. */
export function registerDiagnostics(analyses: Analyses, extensionUri: Uri): Ends {
  const collection = languages.createDiagnosticCollection(diagnosticSource);
  /** What each open document says of each file, by URI. */
  const saidBy = new Map<string, ReadonlyMap<string, readonly Diagnostic[]>>();

  async function update(uri: Uri): Promise<void> {
    const owner = uri.toString();
    const document = openDocument(uri);
    const analysed = document && (await analyses.get(document));
    const before = saidBy.get(owner);
    const now = analysed
      ? diagnosticsOf(analysed, extensionUri)
      : new Map<string, readonly Diagnostic[]>();
    if (now.size > 0) saidBy.set(owner, now);
    else saidBy.delete(owner);
    for (const file of new Set([...(before?.keys() ?? []), ...now.keys()])) {
      const all = [...saidBy.values()].flatMap((said) => said.get(file) ?? []);
      collection.set(Uri.parse(file), unique(all));
    }
  }

  const changed = analyses.onDidChange((uri) => void update(uri));
  for (const document of workspace.textDocuments) void update(document.uri);
  return new Disposables().add(collection, changed);
}

/** Each diagnostic once: of a file that several documents use, all of them say the same. */
function unique(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Map(diagnostics.map((each) => [JSON.stringify(each), each]));
  return [...seen.values()];
}

/** The diagnostics of one document's analysis, by the URI of the file they stand in. */
function diagnosticsOf(
  analysed: Analysed,
  extensionUri: Uri,
): ReadonlyMap<string, readonly Diagnostic[]> {
  const { analysis, settings } = analysed;
  const byFile = new Map<string, Diagnostic[]>();
  if (!settings.surfaces.diagnostics) return byFile;
  const put = (file: string, diagnostic: Diagnostic) => {
    const key = analysed.uriOf(file).toString();
    byFile.set(key, [...(byFile.get(key) ?? []), diagnostic]);
  };
  for (const finding of analysis.runs.flatMap((run) => run.findings)) {
    put(finding.place.file, diagnosticOf(analysed, finding, extensionUri));
  }
  for (const { message, place } of analysis.notices) {
    if (!place) continue;
    const range = analysed.rangeOf(place);
    const diagnostic = new Diagnostic(range, visible(message), DiagnosticSeverity.Information);
    diagnostic.source = diagnosticSource;
    put(place.file, diagnostic);
  }
  return byFile;
}

function diagnosticOf(analysed: Analysed, finding: Finding, extensionUri: Uri): Diagnostic {
  const { id, page, place, related, severity, noFix, ofLaws } = finding;
  // What rests on laws offers to compare them: why no fix is on offer stands there.
  const isWhole = noFix === null || ofLaws === true;
  const message = isWhole ? finding.message : `${finding.message} ${noFix}`;
  const range = analysed.rangeOf(place);
  const diagnostic = new Diagnostic(range, visible(message), severities[severity]);
  diagnostic.source = diagnosticSource;
  diagnostic.code = { value: id, target: pageUri(extensionUri, documentationPage(id, page)) };
  diagnostic.relatedInformation = related.map(
    (each) =>
      new DiagnosticRelatedInformation(
        new Location(analysed.uriOf(each.place.file), analysed.rangeOf(each.place)),
        visible(each.message),
      ),
  );
  return diagnostic;
}
