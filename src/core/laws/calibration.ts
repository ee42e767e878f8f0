import { inFiniteNumbers } from './finite.ts';
import type { Law } from './law.ts';
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
}

/** Every law, the default first, with the calibration's constants in the law that it is for. */
export function lawsInForce(calibration: Calibration | null): readonly Law[] {
  if (!calibration) return laws;
  const values = Object.fromEntries(
    Object.entries(calibration.constants).map(([name, { value }]) => [name, value]),
  );
  return laws.map((law) =>
    law.id === calibration.law ? inFiniteNumbers(law.withConstants(values, calibration.file)) : law,
  );
}

/** The law of an id of CLI.md under a calibration, or undefined. */
export function lawInForce(id: string, calibration: Calibration | null): Law | undefined {
  return lawsInForce(calibration).find((law) => law.id === id);
}
