import { verdictOf } from '../../../src/core/advise/verdict.ts';
import type { Analysis, RunAnalysis } from '../../../src/core/analysis.ts';
import { formatById } from '../../../src/core/formats/registry.ts';
import { lawInForce, lawsInForce, type Calibration } from '../../../src/core/laws/calibration.ts';
import type { RunPoint } from '../../../src/core/laws/law.ts';
import { derived, stated } from '../../../src/core/run/known.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';
import type { Precision, TrainingRun } from '../../../src/core/run/run.ts';
import { noResources } from '../resources/none.ts';
import { need } from '../../../src/core/run/need.ts';

/** The text that the example's places lie in. */
export const text = [
  'model: mpt-7b',
  'precision: amp_fp8',
  'max_duration: 64000ba',
  'global_train_batch_size: 1024',
  'max_seq_len: 2048',
  '',
].join('\n');

export const file = 'configs/7b.yaml';

/** Where a word stands in the text. */
export function placeOfWord(word: string) {
  const start = text.indexOf(word);
  return { file, start, end: start + word.length };
}

/** The precision of CLI.md's example run: Transformer Engine's delayed scaling. */
export const delayedScaling: Precision = {
  format: stated('fp8-e4m3', placeOfWord('amp_fp8')),
  gradientFormat: 'fp8-e5m2',
  granularity: 'tensor',
  block: null,
  scale: 'fp32',
  operands: ['weights', 'activations', 'gradients'],
  base: 'bf16',
  recipe: 'TE delayed scaling',
  notes: [],
};

const steps = { name: 'steps', known: stated(64000, placeOfWord('64000ba')) };
const sequences = { name: 'sequences', known: stated(1024, placeOfWord('1024')) };
const tokensEach = { name: 'tokens', known: stated(2048, placeOfWord('2048')) };

/** The run of CLI.md's `check --json` example: 6.66 B parameters, 134 B tokens, FP8 per tensor. */
export const exampleRun: TrainingRun = {
  role: 'pretrain',
  model: stated('mpt-7b', placeOfWord('mpt-7b')),
  parameters: {
    total: 6_658_859_008,
    nonEmbedding: 6_444_163_072,
    linear: 6_442_450_944,
    active: null,
    activeLinear: null,
    parts: [
      { name: 'attention', count: 2_147_483_648 },
      { name: 'feed-forward', count: 4_294_967_296 },
    ],
    origin: { kind: 'published', model: 'mpt-7b', source: 'its config.json' },
  },
  tokens: {
    total: derived(134_217_728_000, '64,000 steps × 1,024 sequences × 2,048 tokens', [
      steps,
      sequences,
      tokensEach,
    ]),
    perRank: null,
    needs: [],
    settledBy: [],
  },
  precision: delayedScaling,
  anchors: {
    parameters: placeOfWord('mpt-7b'),
    tokens: placeOfWord('64000ba'),
    precision: placeOfWord('amp_fp8'),
  },
  fields: {
    parameters: [placeOfWord('mpt-7b')],
    tokens: [placeOfWord('64000ba'), placeOfWord('1024'), placeOfWord('2048')],
    precision: [placeOfWord('amp_fp8')],
  },
};

/** The point of a run, or null when a part of it is unknown. */
export function pointOf(run: TrainingRun): RunPoint | null {
  const format = run.precision && formatById(run.precision.format.value);
  if (!run.precision || !format || !run.parameters || !run.tokens.total) return null;
  const { gradientFormat, granularity, block, scale, operands } = run.precision;
  return {
    parameters: run.parameters.linear,
    tokens: run.tokens.total.value,
    format: format.id,
    bits: format.bits,
    exponentBits: format.exponentBits,
    mantissaBits: format.mantissaBits,
    gradientFormat,
    granularity,
    block,
    scale,
    operands,
  };
}

/** The analysis of the example with some of its run changed, led by the Capybara law or another. */
export function analysisOf(
  change: Partial<TrainingRun> = {},
  law = 'capybara',
  calibration: Calibration | null = null,
): RunAnalysis {
  const run = { ...exampleRun, ...change };
  const point = run.role === 'pretrain' ? pointOf(run) : null;
  const forecasts = point ? lawsInForce(calibration).map((each) => each.forecast(point)) : [];
  const lead = lawInForce(law, calibration);
  return {
    framework: 'llm-foundry',
    frameworkName: 'LLM Foundry',
    recognised: 'It has max_duration.',
    definition: null,
    run,
    point,
    calibration,
    postTraining: null,
    forecast: forecasts.find((each) => each.law === law) ?? null,
    forecasts,
    verdict: point && lead ? verdictOf(point, forecasts, lead, defaultSettings.gapTarget) : null,
    resources: noResources,
    findings: [],
    needs: run.tokens.needs,
    unread: [],
    hardware: null,
    hardwarePlace: null,
    canWrite: true,
  };
}

/** The example's precision in another format and scaling. */
export function precisionIn(format: string, scaling: Partial<Precision> = {}): Precision {
  return {
    ...delayedScaling,
    format: stated(format, placeOfWord('amp_fp8')),
    gradientFormat: null,
    recipe: null,
    ...scaling,
  };
}

/** MXFP4 in all products, the block and scale of the format. */
export const mxfp4 = precisionIn('mxfp4', { granularity: 'block', block: 32, scale: 'e8m0' });

/** A calibration of the Capybara law whose precision term is half the paper's. */
export const halved: Calibration = {
  file: 'floatcast.calibration.json',
  law: 'capybara',
  constants: { gamma: { value: 2 * 11334.5197, low: null, high: null } },
};

/** A file's analysis with these runs. */
export function fileOf(...runs: readonly RunAnalysis[]): Analysis {
  return {
    file,
    syntax: 'yaml',
    runs,
    problems: [],
    notices: [],
    explanation: [],
    wants: [],
    settings: defaultSettings,
    sources: [{ file, text }],
  };
}

/** A precision that quantises nothing. */
export const bf16: Precision = {
  ...delayedScaling,
  format: stated('bf16', placeOfWord('amp_fp8')),
  gradientFormat: null,
  granularity: 'none',
  scale: null,
  base: null,
  recipe: null,
};

/** D unknown for want of the number of GPUs. */
export const ranksUnknown: TrainingRun['tokens'] = {
  total: null,
  perRank: derived(524_288_000, '1,000 steps × 256 sequences per rank × 2,048 tokens', []),
  needs: [need('tokens', 'the global batch needs the number of data-parallel ranks')],
  settledBy: ['world-size'],
};
