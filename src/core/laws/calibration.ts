import { inFiniteNumbers } from './finite.ts';
import type { Law, RunPoint } from './law.ts';
import { laws } from './registry.ts';

/** One constant of a calibration: its value and, where it was fitted, its 90 % interval. */
export interface CalibratedConstant {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Constants of one law that stand in for the published ones: fitted to a team's runs, or given. */
export interface Calibration {
  /** The file it was read from, as a person would name it. */
  readonly file: string;
  readonly law: string;
  readonly constants: Readonly<Record<string, CalibratedConstant>>;
  /** Constants of resampled fits by name, all lists as long; absent where the file keeps none. */
  readonly draws?: Readonly<Record<string, readonly number[]>>;
}

/** Every law, the default first, with the calibration's constants in the law that it is for. */
export function lawsInForce(calibration: Calibration | null): readonly Law[] {
  if (!calibration) return laws;
  const values = Object.fromEntries(
    Object.entries(calibration.constants).map(([name, { value }]) => [name, value]),
  );
  return laws.map((law) =>
    law.id === calibration.law ? calibrated(law, values, calibration) : law,
  );
}

/** A law with a calibration's constants, its forecasts with the interval that its resamples give. */
function calibrated(
  law: Law,
  values: Readonly<Record<string, number>>,
  { file, draws }: Calibration,
): Law {
  const own = inFiniteNumbers(law.withConstants(values, file));
  if (!draws) return own;
  let resampled: readonly Law[] | null = null;
  return {
    ...own,
    forecast: (point) => {
      const said = own.forecast(point);
      if (said.gap === null || said.gap === 0) return said;
      // Made when first asked: most that want the law in force want its name or its curve.
      resampled ??= drawnLaws(law, values, draws, file);
      return { ...said, interval: intervalOf(resampled, point) ?? said.interval };
    },
  };
}

/** The law with the constants of each resample. */
function drawnLaws(
  law: Law,
  values: Readonly<Record<string, number>>,
  draws: Readonly<Record<string, readonly number[]>>,
  file: string,
): readonly Law[] {
  const count = Math.min(...Object.values(draws).map((each) => each.length));
  return Array.from({ length: count }, (_, at) => {
    const drawn = Object.entries(draws).map(([name, each]) => [name, each[at] ?? 0] as const);
    return law.withConstants({ ...values, ...Object.fromEntries(drawn) }, file);
  });
}

/** Fewer resamples than this tell no 5 % quantile. */
const fewestDraws = 20;

/** The 5 and 95 % quantiles of what resampled laws say of a run; null of too few. */
function intervalOf(resampled: readonly Law[], point: RunPoint): readonly [number, number] | null {
  const gaps = resampled
    .flatMap((law) => law.curve(point)(point.tokens).gap ?? [])
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  if (gaps.length < fewestDraws) return null;
  const at = (share: number) => gaps[Math.round(share * (gaps.length - 1))] ?? 0;
  return [at(0.05), at(0.95)];
}

/** The law of an id of CLI.md under a calibration, or undefined. */
export function lawInForce(id: string, calibration: Calibration | null): Law | undefined {
  return lawsInForce(calibration).find((law) => law.id === id);
}
