import { csvParse, type DSVRowString } from 'd3-dsv';
import { fitLaw, type FitResult, type MeasuredRun } from '../../src/core/calibrate/fit.ts';
import type { RunPoint } from '../../src/core/laws/law.ts';
import { pointFor, type PointRequest } from '../../src/core/laws/point.ts';
import { dataFile } from './folder.ts';

/** The rows of a CSV file of the data folder. */
export function csvRows(name: string): readonly DSVRowString[] {
  return csvParse(dataFile(name));
}

/** A run of a row: its point, and its loss as the file has it. */
export function runOf(request: PointRequest, loss: string | undefined): MeasuredRun {
  return { point: pointOf(request), loss: Number(loss), bf16Loss: null };
}

function pointOf(request: PointRequest): RunPoint {
  const point = pointFor(request);
  if (!point) throw new Error(`No point: ${JSON.stringify(request)}`);
  return point;
}

/** The fit of runs, all of it at once. */
export function fitted(
  law: string,
  runs: readonly MeasuredRun[],
  pinned: Readonly<Record<string, number>> = {},
): FitResult {
  const steps = fitLaw(runs, { law, pinned, bootstrap: 0, holdOut: null });
  for (;;) {
    const { done, value } = steps.next();
    if (!done) continue;
    if ('error' in value) throw new Error(value.error);
    return value;
  }
}
