import type { ConfigDocument } from './analysis.ts';
import { checks } from './checks/registry.ts';
import type { Gathered } from './gather.ts';
import { optimise } from './optimise.ts';
import { documentationUrl } from './present/findings.ts';
import { checkJson } from './present/json.ts';
import { planJson } from './present/planJson.ts';
import { ruleById } from './rules/registry.ts';
import type { AnalysisSettings } from './run/settings.ts';

/** A config with all that an answer about it is made from. */
export interface Subject extends Gathered {
  readonly document: ConfigDocument;
  readonly settings: AnalysisSettings;
}

/** A question about a config that tools for agents answer, in the editor as over the protocol. */
export interface ConfigTool {
  readonly name: string;
  readonly title: string;
  /** What a model is told of it. */
  readonly description: string;
  readonly answer: (subject: Subject) => unknown;
}

/** The questions about a config; answers are those of the command line's JSON. */
export const configTools: readonly ConfigTool[] = [
  {
    name: 'forecast_config',
    title: 'Forecast a training config',
    description:
      'Predicted loss, gap to BF16, critical data size, verdict and findings of a config, as floatcast check --json prints them.',
    answer: ({ analysis }) => checkJson(analysis),
  },
  {
    name: 'rank_formats',
    title: 'Rank number formats',
    description:
      'Number formats for the runs of a config, as floatcast optimize --json prints them: gap, speed, memory, and the edits that write each.',
    answer: ranks,
  },
  {
    name: 'estimate_memory',
    title: 'Estimate memory, time and operations',
    description:
      'Memory by part and device, FLOP, hours and money of the runs of a config, and what is missing for them.',
    answer: ({ analysis }) => checkJson(analysis).map(costs),
  },
];

/** The question about a finding by its id, which no config is read for. */
export const findingTool = {
  name: 'explain_finding',
  title: 'Explain a finding',
  description: 'What a finding id means, why it matters, what to do, and its sources.',
};

function ranks({ analysis, document, files, settings }: Subject): unknown {
  return analysis.runs.flatMap((_, index) => {
    const plan = optimise(document, settings, index, files);
    const textOf = (file: string) =>
      file === document.file ? document.text : (files.get(file) ?? '');
    return plan ? [planJson(document.file, plan, textOf)] : [];
  });
}

function costs({ file, name, role, resources }: ReturnType<typeof checkJson>[number]) {
  return { file, name, role, resources };
}

/**
 * What a finding means: of a rule what it says itself, of a check its page, read by its path below
 * `docs/`. Null where there is no such finding.
 */
export async function explainFinding(
  id: string,
  readPage: (page: string) => Promise<string | null>,
): Promise<unknown> {
  const rule = ruleById(id);
  if (rule) {
    const { title, severity, message, remedy, sources, frameworks } = rule;
    const url = documentationUrl(id, 'recipe-rules');
    return { id, title, severity, frameworks, message, remedy, sources, url };
  }
  const check = checks.find((each) => each.id === id);
  if (!check) return null;
  const page = await readPage(`checks/${id}.md`);
  return { id, severity: check.severity, summary: check.summary, page, url: documentationUrl(id) };
}
