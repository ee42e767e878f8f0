import {
  CodeAction,
  CodeActionKind,
  WorkspaceEdit,
  languages,
  type CodeActionContext,
  type Diagnostic,
  type TextDocument,
  l10n,
} from 'vscode';
import { visible } from '../core/present/plain.ts';
import type { Analyses } from './analyses.ts';
import { selector } from './documents.ts';
import { commentAbove, commentAtTop, commentMarker, type Insertion } from './comments.ts';
import { workspaceEdit } from './convert.ts';
import { commands, diagnosticSource, internalCommands } from './ids.ts';
import type { Log } from './log.ts';
import type { Ends } from './disposables.ts';

/** The fixes of each finding, and the ways to say that it is meant so. */
export function registerCodeActions(analyses: Analyses, log: Log): Ends {
  return languages.registerCodeActionsProvider(
    selector,
    {
      provideCodeActions: (document, _range, context) =>
        log.guard('Quick fixes', document, [], () => provide(document, context)),
    },
    { providedCodeActionKinds: [CodeActionKind.QuickFix] },
  );

  async function provide(
    document: TextDocument,
    context: CodeActionContext,
  ): Promise<CodeAction[]> {
    const ours = context.diagnostics.filter((each) => each.source === diagnosticSource);
    const analysed = ours.length > 0 ? await analyses.get(document) : null;
    if (!analysed) return [];
    const findings = analysed.analysis.runs.flatMap((run) => run.findings);
    return ours.flatMap((diagnostic) => {
      const id = idOf(diagnostic);
      if (id === null) return [];
      const finding = findings.find(
        (each) => each.id === id && analysed.rangeOf(each.place).isEqual(diagnostic.range),
      );
      const fixes = (finding?.fixes ?? []).map(({ title, edits, preferred }) => {
        const action = new CodeAction(visible(title), CodeActionKind.QuickFix);
        action.edit = workspaceEdit(analysed, edits);
        action.diagnostics = [diagnostic];
        action.isPreferred = preferred ?? false;
        return action;
      });
      const compared = finding?.ofLaws === true ? [compareLaws(document, diagnostic)] : [];
      return [...fixes, ...compared, ...suppressions(document, diagnostic, id)];
    });
  }
}

/** Opens what each law says of the run: what to do where no change is good by all of them. */
function compareLaws(document: TextDocument, diagnostic: Diagnostic): CodeAction {
  const action = new CodeAction(
    l10n.t('Compare what the laws say of this run'),
    CodeActionKind.QuickFix,
  );
  action.diagnostics = [diagnostic];
  action.command = {
    title: action.title,
    command: commands.showForecast,
    arguments: [document.uri.toString()],
  };
  return action;
}

/** The finding's id, which the diagnostic carries as its code; notices have none. */
function idOf({ code }: Diagnostic): string | null {
  return typeof code === 'object' ? String(code.value) : null;
}

function suppressions(document: TextDocument, diagnostic: Diagnostic, id: string): CodeAction[] {
  const action = (title: string) => {
    const result = new CodeAction(title, CodeActionKind.QuickFix);
    result.diagnostics = [diagnostic];
    return result;
  };
  const inserting = (title: string, { position, text }: Insertion) => {
    const result = action(title);
    result.edit = new WorkspaceEdit();
    result.edit.insert(document.uri, position, text);
    return result;
  };
  const marker = commentMarker(document);
  const { line } = diagnostic.range.start;
  const inFile =
    marker === null
      ? []
      : [
          inserting(
            l10n.t('Disable {0} for this line', id),
            commentAbove(document, line, `${marker} floatcast-disable-next-line ${id}`),
          ),
          inserting(
            l10n.t('Disable {0} for this file', id),
            commentAtTop(document, `${marker} floatcast-disable ${id}`),
          ),
        ];
  const everywhere = action(l10n.t('Disable {0} in this workspace', id));
  everywhere.command = {
    title: everywhere.title,
    command: internalCommands.disableCheck,
    arguments: [id, document.uri.toString()],
  };
  return [...inFile, everywhere];
}
