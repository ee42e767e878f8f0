import {
  l10n,
  LanguageModelTextPart,
  LanguageModelToolResult,
  lm,
  MarkdownString,
  type LanguageModelTool,
  type PreparedToolInvocation,
} from 'vscode';
import { Disposables, type Ends } from './disposables.ts';
import type { Log } from './log.ts';
import type { OnDemand } from './onDemand.ts';
import { toolNames, type Question } from './toolIds.ts';

/**
 * Registers the tools that language models may call. They are known from the start; the features
 * that answer are loaded at the first call. Editors without such tools go without.
 */
export function registerLanguageModelTools(features: OnDemand, log: Log): Ends {
  if (typeof (lm as { registerTool?: unknown } | undefined)?.registerTool !== 'function') {
    return new Disposables();
  }
  const tool = (question: Question): LanguageModelTool<Readonly<Record<string, unknown>>> => ({
    prepareInvocation: ({ input }) => preparation(question, input),
    async invoke({ input }) {
      try {
        const answer = await (await features.get()).answer(question, input);
        return new LanguageModelToolResult([new LanguageModelTextPart(answer)]);
      } catch (error) {
        log.error(toolNames[question], error);
        throw error;
      }
    },
  });
  const questions = Object.keys(toolNames) as Question[];
  return new Disposables().add(
    ...questions.map((each) => lm.registerTool(toolNames[each], tool(each))),
  );
}

/** What a person is told, and asked, before a tool does its work. */
function preparation(
  question: Question,
  { path, id }: Readonly<Record<string, unknown>>,
): PreparedToolInvocation {
  const of = typeof path === 'string' ? path : typeof id === 'string' ? id : '';
  const sentences: Record<Question, readonly [doing: string, title: string]> = {
    forecast_config: [l10n.t('Forecasting {0}', of), l10n.t('Forecast a training config?')],
    rank_formats: [l10n.t('Ranking formats for {0}', of), l10n.t('Rank number formats?')],
    estimate_memory: [l10n.t('Estimating the memory of {0}', of), l10n.t('Estimate memory?')],
    explain_finding: [l10n.t('Explaining {0}', of), l10n.t('Explain a finding?')],
  };
  const [doing, title] = sentences[question];
  const asked =
    question === 'explain_finding'
      ? l10n.t('Floatcast looks {0} up in its own pages.', of)
      : l10n.t(
          'Floatcast reads {0} and the files of the workspace that it names. Nothing is written, run or sent anywhere.',
          of,
        );
  // Names come from a model: as text, never as Markdown.
  const plain = (text: string) => new MarkdownString().appendText(text);
  return {
    invocationMessage: plain(doing),
    confirmationMessages: { title, message: plain(asked) },
  };
}
