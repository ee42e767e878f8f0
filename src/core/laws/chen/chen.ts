import { formatById } from '../../formats/registry.ts';
import { evidence, fitted, forecastNotes, formatExtrapolations } from './domain.ts';
import {
  chenBaseLoss,
  chenConstants,
  chenCriticalTokens,
  chenGap,
  settingConstants,
  type ChenConstants,
  type ChenSetting,
} from './formulas.ts';
import { outsideSizes, sizeNotes } from '../fittedSizes.ts';
import {
  silent,
  speaking,
  type CurvePoint,
  type Forecast,
  type FormulaLine,
  type Law,
  type RunPoint,
  type Variant,
} from '../law.ts';
import { bitsOf, isInteger, quantises } from '../width.ts';

const id = 'chen';

/** log2 G of channel-wise scaling, which the paper fits and gives no G for: 1024 values. */
const channelLog2Group = 10;

/** The setting and log2 G that a point is read as, no quantisation, or why it cannot be read. */
export type Reading =
  | { readonly kind: 'setting'; readonly setting: ChenSetting; readonly log2G: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** The setting of the paper that a point is read as. */
export function read(point: RunPoint): Reading {
  const { granularity } = point;
  if (!quantises(point)) return { kind: 'none' };
  const isE2m1 = point.exponentBits === 2 && point.mantissaBits === 1;
  if (!isE2m1 && !(isInteger(point) && bitsOf(point) === 4)) {
    const name = formatById(point.format)?.name ?? point.format;
    return { kind: 'unknown', reason: `The Chen law is of INT4 and FP4 E2M1, not of ${name}.` };
  }
  if (granularity === 'tensor' || granularity === 'none') {
    return {
      kind: 'unknown',
      reason: 'The Chen law was fitted on blocks and channels that share a scale, on nothing else.',
    };
  }
  const setting = settingOf(point);
  if (!setting) {
    return {
      kind: 'unknown',
      reason: 'The Chen law is of quantised weights and activations, and here neither is.',
    };
  }
  const log2G = granularity === 'channel' ? channelLog2Group : Math.log2(point.block ?? 1);
  return log2G > 0 ? { kind: 'setting', setting, log2G } : { kind: 'none' };
}

function settingOf({ operands }: RunPoint): ChenSetting | null {
  if (!operands.includes('weights')) return operands.includes('activations') ? 'W16A4' : null;
  return operands.includes('activations') ? 'W4A4' : 'W4A16';
}

function forecast(point: RunPoint, c: ChenConstants, calibration: string | null): Forecast {
  const reading = read(point);
  // Not "none exists": the law has one for every setting that it can speak of.
  if (reading.kind === 'unknown') return silent(id, reading.reason, true);
  const { parameters: N, tokens: D } = point;
  const base = { law: id, bf16Loss: chenBaseLoss(N, D, c), calibration };
  const sizes = outsideSizes(N, D, fitted);
  const notes = sizeNotes(N, D, fitted);
  if (reading.kind === 'none') return speaking({ ...base, gap: 0, extrapolated: sizes, notes }, D);
  const { setting, log2G } = reading;
  const gap = chenGap(setting, N, D, log2G, c);
  if (!Number.isFinite(gap)) return silent(id, 'With these constants the gap is not finite.', true);
  const said = {
    ...base,
    gap,
    criticalTokens: chenCriticalTokens(setting, N, log2G, c),
    extrapolated: [...sizes, ...formatExtrapolations(point)],
    variants: wideInputVariant(point, reading, c),
    notes: [...forecastNotes(point, setting), ...notes],
  };
  return speaking(said, D);
}

/** The paper's remedy: the MLP's second matrix, the worst of all, gets its input in 8 bits. */
function wideInputVariant(
  { parameters: N, tokens: D }: RunPoint,
  { setting, log2G }: Extract<Reading, { kind: 'setting' }>,
  c: ChenConstants,
): readonly Variant[] {
  if (setting !== 'W4A4' && setting !== 'W16A4') return [];
  const remedy = `${setting}Fc2` as const;
  const gap = chenGap(remedy, N, D, log2G, c);
  const criticalTokens = chenCriticalTokens(remedy, N, log2G, c);
  const reading = 'with the input of the down projection (FC2) in 8 bits';
  return Number.isFinite(gap) ? [{ reading, gap, criticalTokens }] : [];
}

const nothing: CurvePoint = { loss: null, bf16Loss: null, gap: null };

function curve(point: RunPoint, c: ChenConstants): (tokens: number) => CurvePoint {
  const reading = read(point);
  const N = point.parameters;
  return (tokens) => {
    if (reading.kind === 'unknown') return nothing;
    const bf16Loss = chenBaseLoss(N, tokens, c);
    const gap = reading.kind === 'none' ? 0 : chenGap(reading.setting, N, tokens, reading.log2G, c);
    return Number.isFinite(gap) ? { loss: bf16Loss + gap, bf16Loss, gap } : nothing;
  };
}

function formula(point: RunPoint, c: ChenConstants): readonly FormulaLine[] {
  const reading = read(point);
  if (reading.kind === 'unknown') return [];
  const { parameters: N, tokens: D } = point;
  const size = { size: N };
  const tokens = { size: D };
  const quantised = reading.kind === 'setting';
  const rest = quantised ? ' + δ' : '';
  const gap = quantised ? chenGap(reading.setting, N, D, reading.log2G, c) : 0;
  const base: FormulaLine[] = [
    [`L = A/N^α + B/D^β + E${rest}`],
    [`  = ${c.A}/`, size, `^${c.alpha} + ${c.B}/`, tokens, `^${c.beta} + ${c.E}${rest}`],
    [
      ...['  = ', { term: c.A / N ** c.alpha }, ' + ', { term: c.B / D ** c.beta }, ` + ${c.E}`],
      ...(quantised ? [' + ', { term: gap }] : []),
      ...[' = ', { term: chenBaseLoss(N, D, c) + gap }],
    ],
  ];
  if (!quantised) return base;
  const { k, gammaN, gammaD, gammaG } = settingConstants(reading.setting, c);
  const log2G = { term: reading.log2G };
  return [
    ...base,
    [`δ = k · D^γD · (log2 G)^γG / N^γN, ${reading.setting}`],
    [
      ...[`  = ${k} · `, tokens, `^${gammaD} · `, log2G, `^${gammaG} / `, size, `^${gammaN} = `],
      { term: gap },
    ],
  ];
}

/** The law with these constants; `calibration` names the file that they come from, if any. */
function chenWith(c: ChenConstants, calibration: string | null): Law {
  return {
    id,
    name: 'Chen',
    source:
      'Scaling Law for Quantization-Aware Training, arXiv 2505.14302, table 1; the critical size ' +
      'is derived from it',
    fit: 'published',
    stage: 'training',
    needs: 'four bits (INT4 or FP4 E2M1) and how many values share a scale, at most a channel',
    operands: ['weights', 'activations'],
    criticalSize: { exists: true, source: '' },
    fitted,
    evidence,
    constants: { ...c },
    forecast: (point) => forecast(point, c, calibration),
    curve: (point) => curve(point, c),
    formula: (point) => formula(point, c),
    withConstants: (constants, file) => chenWith({ ...c, ...constants }, file),
  };
}

/** The Chen law of quantisation-aware training in four bits. */
export const chen: Law = chenWith(chenConstants, null);
