import { outsideSizes, sizeNotes } from './fittedSizes.ts';
import {
  silent,
  speaking,
  type CurvePoint,
  type Extrapolation,
  type FittedRange,
  type Forecast,
  type FormulaLine,
  type FormulaPiece,
  type RunPoint,
  type Variant,
} from './law.ts';
import {
  quartetGap,
  quartetLoss,
  type Effective,
  type QuartetConstants,
} from './quartet/formulas.ts';

/** The same point with other efficiencies, and what they are of. */
export interface OtherReading {
  readonly reading: string;
  readonly effective: Effective;
}

/** The efficiencies that a law of effective sizes has for a point, or why it has none. */
export type Reading =
  | {
      readonly kind: 'effective';
      readonly effective: Effective;
      /** In which respects, beside N and D, the point lies outside of the fit. */
      readonly extrapolated: readonly Extrapolation[];
      readonly others: readonly OtherReading[];
      readonly notes: readonly string[];
    }
  | { readonly kind: 'unknown'; readonly reason: string };

/** An unquantised run: its sizes are all effective. */
export const unquantised: Reading = {
  kind: 'effective',
  effective: { effN: 1, effD: 1 },
  extrapolated: [],
  others: [],
  notes: [],
};

const absurd: Reading = {
  kind: 'unknown',
  reason: 'With these constants the law leaves the run no parameters or no tokens.',
};

/** The reading, without efficiencies that someone's constants make absurd. */
function sound(reading: Reading): Reading {
  if (reading.kind === 'unknown') return reading;
  if (!isSound(reading.effective)) return absurd;
  return { ...reading, others: reading.others.filter(({ effective }) => isSound(effective)) };
}

function isSound({ effN, effD }: Effective): boolean {
  return effN > 0 && effD > 0;
}

/** The forecast of a law of effective sizes on Quartet's BF16 law; none has a critical size. */
export function effectiveForecast(
  law: { readonly id: string; readonly fitted: FittedRange; readonly calibration: string | null },
  point: RunPoint,
  given: Reading,
  c: QuartetConstants,
): Forecast {
  const reading = sound(given);
  if (reading.kind === 'unknown') return silent(law.id, reading.reason, false);
  const { parameters: N, tokens: D } = point;
  const variants = reading.others.map(({ reading, effective }): Variant => {
    return { reading, gap: quartetGap(N, D, effective, c), criticalTokens: null };
  });
  const said = {
    law: law.id,
    bf16Loss: quartetLoss(N, D, c),
    gap: quartetGap(N, D, reading.effective, c),
    extrapolated: [...outsideSizes(N, D, law.fitted), ...reading.extrapolated],
    variants,
    calibration: law.calibration,
    notes: [...reading.notes, ...sizeNotes(N, D, law.fitted)],
  };
  return speaking(said, D);
}

/** The loss curve of a law of effective sizes. */
export function effectiveCurve(
  { parameters: N }: RunPoint,
  given: Reading,
  c: QuartetConstants,
): (tokens: number) => CurvePoint {
  const reading = sound(given);
  return (tokens) => {
    if (reading.kind === 'unknown') return { loss: null, bf16Loss: null, gap: null };
    const bf16Loss = quartetLoss(N, tokens, c);
    const gap = quartetGap(N, tokens, reading.effective, c);
    return { loss: bf16Loss + gap, bf16Loss, gap };
  };
}

/** A size times its efficiency, bare where that is 1. */
function share(size: FormulaPiece, eff: number): FormulaLine {
  return eff === 1 ? [size] : ['(', size, ` · ${eff})`];
}

/** Quartet's equation with the run's numbers in it. */
export function effectiveFormula(
  { parameters: N, tokens: D }: RunPoint,
  given: Reading,
  c: QuartetConstants,
): readonly FormulaLine[] {
  const reading = sound(given);
  if (reading.kind === 'unknown') return [];
  const { effN, effD } = reading.effective;
  const quantised = effN !== 1 || effD !== 1;
  const loss = quartetLoss(N * effN, D * effD, c);
  const lines: FormulaLine[] = [
    [`L = (A/${effN === 1 ? 'N' : '(N·effN)'}^α + B/${effD === 1 ? 'D' : '(D·effD)'}^β)^γ + E`],
    [
      ...[`  = (${c.A}/`, ...share({ size: N }, effN), `^${c.alpha} + ${c.B}/`],
      ...[...share({ size: D }, effD), `^${c.beta})^${c.gamma} + ${c.E} = `, { term: loss }],
    ],
  ];
  if (!quantised) return lines;
  const gap = quartetGap(N, D, reading.effective, c);
  const twin = { term: quartetLoss(N, D, c) };
  return [...lines, ['gap = L − L(N, D) = ', { term: loss }, ' − ', twin, ' = ', { term: gap }]];
}
