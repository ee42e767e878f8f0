import { verdictOf } from '../../../src/core/advise/verdict.ts';
import type { Check, CheckContext, Finding } from '../../../src/core/checks/check.ts';
import { capybara } from '../../../src/core/laws/capybara/capybara.ts';
import type { Law } from '../../../src/core/laws/law.ts';
import type { TrainingRun, WriteFormat } from '../../../src/core/run/run.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';
import { stated } from '../../../src/core/run/known.ts';
import { noResources } from '../resources/none.ts';
import { delayedScaling, exampleRun, placeOfWord, pointOf } from '../present/exampleRun.ts';

/** The example run in NVFP4 on `tokens` tokens: its D_crit is 1.04 T by the Capybara law. */
export function nvfp4Run(tokens: number): TrainingRun {
  return {
    ...exampleRun,
    tokens: {
      total: stated(tokens, placeOfWord('64000ba')),
      perRank: null,
      needs: [],
      settledBy: [],
    },
    precision: {
      ...delayedScaling,
      format: stated('nvfp4', placeOfWord('amp_fp8')),
      gradientFormat: null,
      granularity: 'block',
      block: 16,
      scale: 'e4m3',
    },
  };
}

/** A writer that puts `format:granularity:block` at the place of the format. */
export const writesAll: WriteFormat = ({ format, granularity, block }) => ({
  ok: true,
  edits: [{ place: placeOfWord('amp_fp8'), newText: `${format}:${granularity}:${block ?? ''}` }],
});

/** A law with the gap of another one and no critical size. */
export const monotone: Law = {
  ...capybara,
  id: 'monotone',
  forecast: (point) => ({
    ...capybara.forecast(point),
    law: 'monotone',
    criticalTokens: null,
    hasCriticalSize: false,
    ratio: null,
  }),
};

/** A context for a run, by the Capybara law, with some of it changed. */
export function contextOf(run: TrainingRun, change: Partial<CheckContext> = {}): CheckContext {
  const point = pointOf(run);
  const law = change.law ?? capybara;
  const forecasts =
    change.forecasts ?? (point ? [capybara, monotone].map((each) => each.forecast(point)) : []);
  return {
    run,
    point,
    law,
    forecast: point && law.forecast(point),
    forecasts,
    laws: [capybara, monotone],
    verdict: point && verdictOf(point, forecasts, law, defaultSettings.gapTarget),
    accelerator: null,
    resources: noResources,
    settings: defaultSettings,
    writeFormat: writesAll,
    writeTokens: (tokens) => ({
      ok: true,
      edits: [{ place: placeOfWord('64000ba'), newText: String(tokens) }],
    }),
    newRules: () => [],
    numbers: [],
    loadedByPyYaml: false,
    comments: [],
    suppressions: null,
    recipe: {
      framework: 'llm-foundry',
      syntax: 'yaml',
      inForce: { setting: () => ({ kind: 'absent' }), role: 'pretrain', accelerator: null },
      write: () => ({ ok: false, reason: 'Nothing is written here.' }),
      start: { file: 'a.yaml', start: 0, end: 0 },
    },
    ...change,
  };
}

/** The finding of a check on a context, or undefined. */
export function findingOf(check: Check, context: CheckContext): Finding | undefined {
  return check.run(context)[0];
}
