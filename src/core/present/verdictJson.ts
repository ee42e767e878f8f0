import type { Verdict } from '../advise/verdict.ts';
import type { Measurement } from '../laws/measurements/measurement.ts';
import { rounded } from './numbers.ts';

/** What all laws and measurements say of a run together; gaps in nats per token. */
export interface VerdictJson {
  /** How many laws of training speak of the run. */
  readonly laws: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly agreement: Verdict['agreement'];
  /** The one law without which the others agree, or null. */
  readonly outlier: string | null;
  readonly lead: string;
  /** How many of the laws put the run past their critical data size. */
  readonly pastCritical: number;
  /** Whether a second law, a calibrated one or a measurement agrees to that. */
  readonly confirmed: boolean;
  readonly measured: {
    readonly count: number;
    readonly low: number;
    readonly high: number;
    readonly nearest: MeasurementJson;
  } | null;
  /** By this project's own error model; null outside of its domain. */
  readonly chance: Verdict['chance'];
}

interface MeasurementJson extends Pick<
  Measurement,
  'dataset' | 'recipe' | 'gap' | 'kind' | 'status' | 'source'
> {
  readonly parameters: number;
  readonly tokens: number;
}

/** A verdict as `check --json` prints it. */
export function verdictJson(verdict: Verdict): VerdictJson {
  const { laws, pastCritical, measured, chance } = verdict;
  const { agreement, outlier, lead, confirmed } = verdict;
  return {
    laws: laws.length,
    low: rounded(verdict.low),
    high: rounded(verdict.high),
    agreement,
    outlier,
    lead,
    pastCritical: pastCritical.length,
    confirmed,
    measured: measured && {
      count: measured.count,
      low: measured.low,
      high: measured.high,
      nearest: measurementJson(measured.nearest),
    },
    // Found by a search over an integral: six decimals are what every platform agrees on.
    chance: chance && { target: chance.target, value: Number(chance.value.toFixed(6)) },
  };
}

function measurementJson({ point, dataset, recipe, gap, kind, status, source }: Measurement) {
  const { parameters, tokens } = point;
  return {
    dataset,
    recipe,
    parameters,
    tokens,
    gap,
    kind,
    status,
    source,
  } satisfies MeasurementJson;
}
