import type { Analysis, RunAnalysis } from '../analysis.ts';
import type { Finding, Severity } from '../checks/check.ts';
import { formatById } from '../formats/registry.ts';
import { gradeOf, type Forecast, type Grade, type RunPoint } from '../laws/law.ts';
import { stated, type Origin } from '../run/known.ts';
import type { Granularity, Operand, Role } from '../run/run.ts';
import { lineMap, type LinePosition } from '../syntax/lines.ts';
import { needWords } from './needs.ts';
import { verdictJson, type VerdictJson } from './verdictJson.ts';
import { resourcesJson, type ResourcesJson } from './resourcesJson.ts';
import { rounded } from './numbers.ts';

/** One run as `check --json` prints it (a contract: fields are added, never renamed). */
export interface CheckRun {
  readonly file: string;
  /** The run's own name, of its function, variable or key; null where the file is the run. */
  readonly name: string | null;
  /** Where a run of a file with several is defined, from 1. */
  readonly line: number | null;
  readonly framework: string | null;
  readonly role: Role | null;
  readonly parameters: {
    readonly total: number | null;
    readonly nonEmbedding: number;
    readonly linear: number;
    readonly active: number | null;
  } | null;
  readonly tokens: number | null;
  readonly tokensPerDataParallelRank: number | null;
  readonly format: FormatJson | null;
  readonly forecast: ForecastJson | null;
  readonly laws: readonly ForecastJson[];
  readonly verdict: VerdictJson | null;
  /** What quantising the trained model costs, where the file is about that or plans it. */
  readonly postTraining: {
    readonly format: FormatJson;
    readonly laws: readonly ForecastJson[];
  } | null;
  /** What the run takes; null where nothing of it can be said. */
  readonly resources: ResourcesJson | null;
  readonly findings: readonly FindingJson[];
  readonly origins: Readonly<Record<string, OriginJson>>;
  readonly needs: readonly string[];
  /** Keys that nothing was read from and that could matter. */
  readonly unread: readonly string[];
  /** Whole sentences on the file rather than the run: too large, not recognised and why. */
  readonly notes: readonly string[];
}

export interface FormatJson {
  readonly id: string;
  readonly exponentBits: number | null;
  readonly mantissaBits: number | null;
  readonly granularity: Granularity;
  readonly block: number | null;
  readonly operands: readonly Operand[];
  readonly gradientFormat: string | null;
}

/** A law's forecast; losses and gap in nats per token, sizes in tokens, null = not known. */
export type ForecastJson = Forecast & { readonly grade: Grade | null };

interface FindingJson {
  readonly id: string;
  readonly severity: Severity;
  readonly file: string;
  /** From 1; columns in UTF-16 units. Null when the text of another file is not at hand. */
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  /** Titles of the fixes on offer. */
  readonly fixes: readonly string[];
  /** Why there is no fix, or null. */
  readonly noFix: string | null;
}

/** Where a value came from; `from` of a derived one names its parts. */
type OriginJson =
  | {
      readonly kind: 'stated';
      readonly file: string;
      readonly line: number | null;
      readonly column: number | null;
    }
  | { readonly kind: 'derived'; readonly formula: string; readonly from: readonly string[] }
  | Exclude<Origin, { kind: 'stated' } | { kind: 'derived' }>;

/** Lines and columns of places in several files. */
type Locate = (file: string, offset: number) => LinePosition | null;

/** The runs of a file as `check --json` prints them; empty when it describes none. */
export function checkJson(analysis: Analysis): readonly CheckRun[] {
  const texts = new Map(analysis.sources.map(({ file, text }) => [file, text]));
  const maps = new Map<string, (offset: number) => LinePosition>();
  const locate: Locate = (file, offset) => {
    const source = texts.get(file);
    if (source === undefined) return null;
    const map = maps.get(file) ?? lineMap(source);
    maps.set(file, map);
    return map(offset);
  };
  const notes = analysis.notices.map((notice) => notice.message);
  return analysis.runs.map((run) => runJson(analysis.file, run, notes, locate));
}

/** What stands for a file that was named itself and describes no run: every value null. */
export function noRunJson(analysis: Pick<Analysis, 'file' | 'notices' | 'explanation'>): CheckRun {
  return {
    file: analysis.file,
    name: null,
    line: null,
    framework: null,
    role: null,
    parameters: null,
    tokens: null,
    tokensPerDataParallelRank: null,
    format: null,
    forecast: null,
    laws: [],
    verdict: null,
    postTraining: null,
    resources: null,
    findings: [],
    origins: {},
    needs: [],
    unread: [],
    notes: [
      ...new Set([...analysis.notices.map((notice) => notice.message), ...analysis.explanation]),
    ],
  };
}

function runJson(
  file: string,
  analysis: RunAnalysis,
  notes: readonly string[],
  locate: Locate,
): CheckRun {
  const { framework, definition, run, forecast, forecasts, verdict, postTraining } = analysis;
  const { hardware, hardwarePlace } = analysis;
  const { parameters, tokens, precision, model } = run;
  const known = tokens.total ?? tokens.perRank;
  const origins = Object.entries({
    model: model?.origin,
    parameters: parameters?.origin,
    tokens: known?.origin,
    format: precision?.format.origin,
    hardware: hardwarePlace ? stated(hardware, hardwarePlace).origin : null,
  }).flatMap(([name, origin]) => (origin ? [[name, originJson(origin, locate)] as const] : []));
  return {
    file,
    name: definition?.name ?? null,
    line: definition ? (locate(file, definition.place.start)?.line ?? null) : null,
    framework,
    role: run.role,
    parameters: parameters && {
      total: parameters.total,
      nonEmbedding: parameters.nonEmbedding,
      linear: parameters.linear,
      active: parameters.active,
    },
    tokens: tokens.total?.value ?? null,
    tokensPerDataParallelRank: tokens.total ? null : (tokens.perRank?.value ?? null),
    format: precision && formatJson({ ...precision, format: precision.format.value }),
    forecast: forecast && forecastJson(forecast),
    laws: forecasts.map(forecastJson),
    verdict: verdict && verdictJson(verdict),
    postTraining: postTraining && {
      format: formatJson(postTraining.point),
      laws: postTraining.forecasts.map(forecastJson),
    },
    resources: resourcesJson(analysis),
    findings: analysis.findings.map((finding) => findingJson(finding, locate)),
    origins: Object.fromEntries(origins),
    needs: analysis.needs.map(needWords),
    unread: analysis.unread,
    notes,
  };
}

/** A format and its scaling as every `--json` prints them. */
export function formatJson(
  of: Pick<RunPoint, 'format' | 'granularity' | 'block' | 'operands' | 'gradientFormat'>,
): FormatJson {
  const format = formatById(of.format);
  return {
    id: of.format,
    exponentBits: format?.exponentBits ?? null,
    mantissaBits: format?.mantissaBits ?? null,
    granularity: of.granularity,
    block: of.block,
    operands: of.operands,
    gradientFormat: of.gradientFormat,
  };
}

/** A forecast with its numbers rounded to twelve digits, which every platform agrees on. */
export function forecastJson(forecast: Forecast): ForecastJson {
  const { interval } = forecast;
  return {
    law: forecast.law,
    loss: rounded(forecast.loss),
    bf16Loss: rounded(forecast.bf16Loss),
    gap: rounded(forecast.gap),
    criticalTokens: rounded(forecast.criticalTokens),
    hasCriticalSize: forecast.hasCriticalSize,
    ratio: rounded(forecast.ratio),
    interval: interval && [
      rounded(interval[0]) ?? interval[0],
      rounded(interval[1]) ?? interval[1],
    ],
    grade: gradeOf(forecast),
    extrapolated: forecast.extrapolated,
    variants: forecast.variants.map((variant) => ({
      ...variant,
      gap: rounded(variant.gap) ?? variant.gap,
      criticalTokens: rounded(variant.criticalTokens),
    })),
    calibration: forecast.calibration,
    notes: forecast.notes,
  };
}

function findingJson(finding: Finding, locate: Locate): FindingJson {
  const { file, start } = finding.place;
  const at = locate(file, start);
  return {
    id: finding.id,
    severity: finding.severity,
    file,
    line: at?.line ?? null,
    column: at?.column ?? null,
    message: finding.message,
    fixes: finding.fixes.map((fix) => fix.title),
    noFix: finding.noFix,
  };
}

function originJson(origin: Origin, locate: Locate): OriginJson {
  switch (origin.kind) {
    case 'stated': {
      const at = locate(origin.file, origin.span.start);
      const [line, column] = [at?.line ?? null, at?.column ?? null];
      return { kind: 'stated', file: origin.file, line, column };
    }
    case 'derived':
      return { kind: 'derived', formula: origin.formula, from: origin.from };
    case 'default':
    case 'published':
    case 'assumed':
      return origin;
  }
}
