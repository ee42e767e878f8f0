import type { StoredParameters } from '../src/core/advise/memory.ts';
import type { RunAnalysis } from '../src/core/analysis.ts';
import { formatById } from '../src/core/formats/registry.ts';
import { costFactor, type RunPoint } from '../src/core/laws/law.ts';
import { defaultScaling, needsNoScaling, pointFor } from '../src/core/laws/point.ts';
import type { FormatTarget } from '../src/core/run/run.ts';
import type { Overrides } from '../src/protocol/state.ts';

/** What the sliders move. */
export type Quantity = 'parameters' | 'tokens' | 'format';

/** The run as the file has it and as the sliders have it. */
export interface Explored {
  /** What the laws are asked about. */
  readonly point: RunPoint;
  /** The file's own point; what the file does not say is a stand-in, named in `missing`. */
  readonly file: RunPoint;
  /** What the file does not say: such a number is the explorer's own and never the file's. */
  readonly missing: readonly Quantity[];
  /** What the sliders say otherwise than the file. */
  readonly changed: readonly Quantity[];
  /** C, the chosen budget in floating-point operations; the point's own cost unless chosen. */
  readonly compute: number;
  /** The point's own cost, C = k·P·N·D with k = 6/16. */
  readonly ownCompute: number;
  /** What the file's model stores, or null when the file does not count it or N is another. */
  readonly stored: StoredParameters | null;
}

/** What stands in for a number that the file does not say. */
const standIn = { parameters: 1e9, tokensPerParameter: 20, format: 'bf16' };

/** Roles that no curve of pre-training from scratch would describe. */
const undrawable = new Set<RunAnalysis['run']['role']>(['finetune', 'quantize', 'serve', 'other']);

/** Whose a number is that the file does not say: a person's, or a placeholder that nobody chose. */
export type Mark = 'yours' | 'placeholder';

/** The mark of a quantity; null for one that the file says. */
export function markOf({ missing, changed }: Explored, what: Quantity): Mark | null {
  if (changed.includes(what)) return 'yours';
  return missing.includes(what) ? 'placeholder' : null;
}

/** Puts the overrides over what the file says; null for a run that pre-training laws do not cover. */
export function explore(run: RunAnalysis, overrides: Overrides): Explored | null {
  if (undrawable.has(run.run.role)) return null;
  const { file, missing } = filePoint(run);
  const point = overridden(file, overrides);
  const ownCompute = costFactor * point.bits * point.parameters * point.tokens;
  const changed: Quantity[] = [];
  if (point.parameters !== file.parameters) changed.push('parameters');
  if (point.tokens !== file.tokens) changed.push('tokens');
  if (!sameFormat(point, file)) changed.push('format');
  const stored = changed.includes('parameters') ? null : storedOf(run);
  const compute = overrides.compute ?? ownCompute;
  return { point, file, missing, changed, compute, ownCompute, stored };
}

function storedOf({ run: { parameters } }: RunAnalysis): StoredParameters | null {
  return (
    parameters && {
      total: parameters.total ?? parameters.nonEmbedding,
      linear: parameters.linear,
    }
  );
}

/** The format and scaling of a point, as a writer is asked for it. */
export function targetOf({ format, granularity, block }: RunPoint): FormatTarget {
  return { format, granularity, block };
}

/** Why the explored format cannot be written into the config now, or null when it can. */
export function whyNotApply(run: RunAnalysis, explored: Explored): string | null {
  if (!run.canWrite) return `${run.frameworkName} has no key for the number format in this file.`;
  if (explored.changed.includes('format')) return null;
  return explored.changed.length > 0
    ? 'Only the number format can be written; parameters and tokens stay as the file has them.'
    : 'Nothing differs from the file.';
}

/** The overrides without those that say what the file says. */
export function pruneOverrides(run: RunAnalysis, overrides: Overrides): Overrides {
  const { parameters, tokens, format, granularity, block, compute } = overrides;
  const { file, missing } = filePoint(run);
  const formatDiffers =
    missing.includes('format') || !sameFormat(overridden(file, overrides), file);
  const differs = (quantity: 'parameters' | 'tokens', value: number | undefined) =>
    value !== undefined && (missing.includes(quantity) || value !== file[quantity]);
  return {
    ...(differs('parameters', parameters) && { parameters }),
    ...(differs('tokens', tokens) && { tokens }),
    ...(formatDiffers && format !== undefined && { format }),
    ...(formatDiffers && granularity !== undefined && { granularity }),
    ...(formatDiffers && block !== undefined && { block }),
    ...(compute !== undefined && { compute }),
  };
}

function sameFormat(a: RunPoint, b: RunPoint): boolean {
  return a.format === b.format && a.granularity === b.granularity && a.block === b.block;
}

function filePoint({ point, run }: RunAnalysis): Pick<Explored, 'file' | 'missing'> {
  if (point) return { file: point, missing: [] };
  // Tokens of a continued run are those of its own leg, where the laws count from scratch.
  const total = run.role === 'continued' ? undefined : run.tokens.total?.value;
  const counted = run.parameters?.activeLinear ?? run.parameters?.linear;
  const parameters = counted ?? standIn.parameters;
  const tokens = total ?? standIn.tokensPerParameter * parameters;
  const stated = run.precision && {
    ...run.precision,
    format: run.precision.format.value,
    parameters,
    tokens,
  };
  const read = stated && pointFor(stated);
  const missing: Quantity[] = [];
  if (counted === undefined) missing.push('parameters');
  if (total === undefined) missing.push('tokens');
  if (!read) missing.push('format');
  return { file: read ?? unscaledPoint(parameters, tokens), missing };
}

function unscaledPoint(parameters: number, tokens: number): RunPoint {
  return {
    parameters,
    tokens,
    format: standIn.format,
    bits: 16,
    exponentBits: 8,
    mantissaBits: 7,
    gradientFormat: null,
    granularity: 'none',
    block: null,
    scale: null,
    operands: [],
  };
}

function overridden(file: RunPoint, overrides: Overrides): RunPoint {
  const parameters = overrides.parameters ?? file.parameters;
  const tokens = overrides.tokens ?? file.tokens;
  const unmoved: RunPoint = { ...file, parameters, tokens };
  const { format = file.format, granularity, block } = overrides;
  if (overrides.format === undefined && granularity === undefined && block === undefined) {
    return unmoved;
  }
  const another = format !== file.format;
  const scaling = scalingOf(format, file);
  const request = {
    parameters,
    tokens,
    format,
    granularity: granularity ?? scaling.granularity,
    block: block ?? scaling.block,
    scale: another ? undefined : file.scale,
    // A run in 16 bits quantises nothing, so it does not say what another recipe would quantise.
    operands: needsNoScaling(file) ? undefined : file.operands,
    gradientFormat: another ? null : file.gradientFormat,
  };
  // A format of a newer version of the panel's state is unknown here: the file's stays.
  return pointFor(request) ?? unmoved;
}

/** The scaling a format is shown with: its own, or the file's where both leave the choice. */
function scalingOf(id: string, file: RunPoint): Pick<RunPoint, 'granularity' | 'block'> {
  const format = formatById(id);
  const fileChooses = formatById(file.format)?.scaling === null && file.granularity !== 'none';
  if (id === file.format || !format) return file;
  const chosen = format.scaling === null && !needsNoScaling(format) && fileChooses;
  return chosen ? file : defaultScaling(format);
}
