/** The names of the tools for language models, by the questions of `core/answers.ts`. */
export const toolNames = {
  forecast_config: 'floatcast_forecast_config',
  rank_formats: 'floatcast_rank_formats',
  estimate_memory: 'floatcast_estimate_memory',
  explain_finding: 'floatcast_explain_finding',
} as const;

/** A question that a tool answers. */
export type Question = keyof typeof toolNames;
