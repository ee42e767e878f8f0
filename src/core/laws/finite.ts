import { silent, type CurvePoint, type Forecast, type FormulaLine, type Law } from './law.ts';

const reason = 'With the constants of the calibration file the law has no finite number here.';

/**
 * The law, silent wherever its constants leave no finite number: those that someone gives need not
 * make sense at every size and format, as the published ones do.
 */
export function inFiniteNumbers(law: Law): Law {
  const { optimum, postTraining } = law;
  const said = (forecast: Forecast): Forecast =>
    isFinite(forecast) ? forecast : silent(law.id, reason, law.criticalSize.exists);
  return {
    ...law,
    forecast: (point) => said(law.forecast(point)),
    curve: (point) => {
      const curve = law.curve(point);
      return (tokens) => {
        const at = curve(tokens);
        return isFinite(at) ? at : nothing;
      };
    },
    formula: (point) => {
      const lines = law.formula(point);
      return isFinite(lines) && isFinite(law.forecast(point)) ? lines : noLines;
    },
    ...(optimum && {
      optimum: (question) => {
        const found = optimum(question);
        return isFinite(found) ? found : { ...noOptimum, notes: [reason] };
      },
    }),
    ...(postTraining && {
      postTraining: (point, trained) => said(postTraining(point, trained)),
    }),
  };
}

const nothing: CurvePoint = { loss: null, bf16Loss: null, gap: null };
const noLines: readonly FormulaLine[] = [];
const noOptimum = { bits: null, parameters: null, tokens: null, compute: null, loss: null };

/** Whether every number in plain data is finite, those written out in sentences included. */
function isFinite(value: unknown): boolean {
  if (typeof value === 'string') return !/\b(?:NaN|Infinity)\b/.test(value);
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isFinite);
}
