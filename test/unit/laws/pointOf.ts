import type { FormulaLine, FormulaPiece, RunPoint } from '../../../src/core/laws/law.ts';
import { pointFor, type PointRequest } from '../../../src/core/laws/point.ts';

/** The point of a request that must make one. */
export function pointOf(request: PointRequest): RunPoint {
  const point = pointFor(request);
  if (!point) throw new Error(`no point for ${request.format}`);
  return point;
}

/** The last piece of a formula's line, its result. */
export function resultOf(line: FormulaLine | undefined): FormulaPiece | undefined {
  return line?.at(-1);
}
