import { verdictOf } from '../../src/core/advise/verdict.ts';
import type { RunAnalysis } from '../../src/core/analysis.ts';
import { defaultLaw, laws } from '../../src/core/laws/registry.ts';
import { pointFor, type PointRequest } from '../../src/core/laws/point.ts';
import type { RunPoint } from '../../src/core/laws/law.ts';
import { byDefault, derived, stated } from '../../src/core/run/known.ts';
import type { MeasuredLosses } from '../../src/core/run/measured.ts';
import type { Precision, TrainingRun } from '../../src/core/run/run.ts';
import type { ShownAnalysis, Snapshot } from '../../src/protocol/messages.ts';
import { noResources } from '../unit/resources/none.ts';
import { need } from '../../src/core/run/need.ts';

const file = 'configs/7b.yaml';
const place = (start: number, end: number) => ({ file, start, end });

/** Floating-point formats need a point; a request that makes none is a mistake of the test. */
export function pointOf(request: PointRequest): RunPoint {
  const point = pointFor(request);
  if (!point) throw new Error(`No point for ${request.format}.`);
  return point;
}

/** 6.44 B linear parameters and 134 B tokens in FP8 E4M3 per tensor. */
export const fp8Point = pointOf({
  parameters: 6_442_450_944,
  tokens: 134_217_728_000,
  format: 'fp8-e4m3',
  granularity: 'tensor',
  gradientFormat: 'fp8-e5m2',
  scale: 'fp32',
});

/** What analysing a file with the run of `point` gives; `tokens: null` leaves D unknown. */
export function runAnalysis(
  point: RunPoint,
  changes: { readonly tokens?: null; readonly run?: Partial<TrainingRun> } = {},
): RunAnalysis {
  const unknown = changes.tokens === null;
  const precision: Precision = {
    format: stated(point.format, place(60, 68)),
    gradientFormat: point.gradientFormat,
    granularity: point.granularity,
    block: point.block,
    scale: point.scale,
    operands: point.operands,
    base: 'bf16',
    recipe: null,
    notes: [],
  };
  const run: TrainingRun = {
    role: 'pretrain',
    model: stated('mpt-7b', place(10, 16)),
    parameters: {
      total: Math.round(point.parameters * 1.03),
      nonEmbedding: point.parameters,
      linear: point.parameters,
      active: null,
      activeLinear: null,
      parts: [{ name: 'blocks', count: point.parameters }],
      origin: byDefault(0, 'MPTConfig').origin,
    },
    tokens: {
      total: unknown
        ? null
        : derived(point.tokens, '64,000 steps × 1,024 sequences × 2,048 tokens', [
            { name: 'steps', known: stated(64_000, place(30, 35)) },
          ]),
      perRank: null,
      needs: unknown
        ? [need('tokens', 'the global batch needs the number of data-parallel ranks')]
        : [],
      settledBy: unknown ? ['world-size'] : [],
    },
    precision,
    anchors: { parameters: place(10, 16), tokens: place(30, 35), precision: place(60, 68) },
    fields: { parameters: [place(10, 16)], tokens: [place(30, 35)], precision: [place(60, 68)] },
    ...changes.run,
  };
  const forecasts = unknown ? [] : laws.map((law) => law.forecast(point));
  return {
    framework: 'llm-foundry',
    frameworkName: 'LLM Foundry',
    recognised: 'It has max_duration and a model with a name.',
    definition: null,
    run,
    point: unknown ? null : point,
    calibration: null,
    postTraining: null,
    forecast: forecasts.find((each) => each.law === defaultLaw.id) ?? null,
    forecasts,
    verdict: unknown ? null : verdictOf(point, forecasts, defaultLaw, 0.01),
    resources: noResources,
    findings: [
      {
        id: 'near-critical-data-size',
        severity: 'information',
        place: place(30, 35),
        message: 'Near.',
        related: [{ place: place(60, 68), message: 'The format.' }],
        fixes: [
          {
            title: 'Use BF16',
            edits: [{ place: place(60, 68), newText: 'amp_bf16' }],
            preferred: true,
          },
        ],
        noFix: null,
      },
    ],
    needs: run.tokens.needs,
    unread: [],
    hardware: null,
    hardwarePlace: null,
    canWrite: true,
  };
}

export function snapshotOf(
  runs: readonly RunAnalysis[],
  changes: Partial<Omit<Snapshot, 'type'>> = {},
): Snapshot {
  const analysis: ShownAnalysis = {
    file,
    syntax: 'yaml',
    runs,
    problems: [{ place: place(0, 1), severity: 'warning', message: 'A tab.' }],
    notices: [],
    explanation: runs.length > 0 ? [] : ['No framework’s keys were found.'],
    wants: [],
  };
  return {
    type: 'snapshot',
    uri: 'file:///workspace/configs/7b.yaml',
    version: 3,
    name: file,
    analysis,
    runIndex: 0,
    pinned: false,
    settings: {
      law: 'capybara',
      hardware: null,
      gapTarget: 0.01,
      nearCriticalRatio: 0.5,
      pricePerHour: null,
    },
    measured: null,
    compared: [],
    measuredFrom: [],
    ...changes,
  };
}

/** A loss log to 134 B tokens that ends 0.004 nats above its BF16 twin. */
export const exampleLosses: MeasuredLosses = {
  name: 'run.csv and bf16.csv',
  points: lossesAbove(0.004),
  baseline: lossesAbove(0),
  notes: [],
};

function lossesAbove(gap: number): MeasuredLosses['points'] {
  return Array.from({ length: 500 }, (_, at) => {
    const tokens = (at + 1) * 268_435_456;
    return { tokens, loss: 2 + 400 / tokens ** 0.3 + gap };
  });
}

/** The usual snapshot: one run in FP8 with everything known. */
export const usualSnapshot = snapshotOf([runAnalysis(fp8Point)]);
