import type { PostTraining, RunAnalysis } from '../core/analysis.ts';
import type { Definition } from '../core/config/definition.ts';
import type { Notice } from '../core/run/notice.ts';
import type { Finding, Fix, Related } from '../core/checks/check.ts';
import type { CalibratedConstant, Calibration } from '../core/laws/calibration.ts';
import type { ComparableMeasurements, SeenPast } from '../core/advise/comparableMeasurements.ts';
import type { Chance, Verdict } from '../core/advise/verdict.ts';
import type { Measurement } from '../core/laws/measurements/measurement.ts';
import type { Forecast, RunPoint, Variant } from '../core/laws/law.ts';
import type { SyntaxProblem } from '../core/syntax/tree.ts';
import type { ShownAnalysis } from './messages.ts';
import { isResources } from './checkResources.ts';
import {
  isEdit,
  isFormatId,
  isGranularity,
  isNeed,
  isOperand,
  isPlace,
  isRun,
} from './checkRun.ts';
import {
  fields,
  isBoolean,
  isCount,
  isIndex,
  isName,
  isNumber,
  isPair,
  isString,
  listOf,
  oneOf,
  orNull,
  recordOf,
} from './is.ts';

const isSeverity = oneOf('error', 'warning', 'information');
/** What the laws are asked about. */
export const isPoint = fields<RunPoint>({
  parameters: isCount,
  tokens: isCount,
  format: isFormatId,
  bits: isCount,
  exponentBits: orNull(isIndex),
  mantissaBits: orNull(isIndex),
  gradientFormat: orNull(isFormatId),
  granularity: isGranularity,
  block: orNull(isCount),
  scale: orNull(isString),
  operands: listOf(isOperand),
});
const isForecast = fields<Forecast>({
  law: isName,
  loss: orNull(isNumber),
  bf16Loss: orNull(isNumber),
  gap: orNull(isNumber),
  interval: orNull(isPair),
  criticalTokens: orNull(isCount),
  hasCriticalSize: isBoolean,
  ratio: orNull(isNumber),
  extrapolated: listOf(oneOf('parameters', 'tokens', 'format', 'granularity', 'operands', 'scale')),
  variants: listOf(
    fields<Variant>({ reading: isString, gap: isNumber, criticalTokens: orNull(isCount) }),
  ),
  calibration: orNull(isString),
  notes: listOf(isString),
});
const isFinding = fields<Finding>(
  {
    id: isName,
    severity: isSeverity,
    place: isPlace,
    message: isString,
    related: listOf(fields<Related>({ place: isPlace, message: isString })),
    fixes: listOf(
      fields<Fix>({ title: isString, edits: listOf(isEdit) }, { preferred: isBoolean }),
    ),
    noFix: orNull(isString),
  },
  { page: isName, ofLaws: isBoolean },
);
const isConstant = fields<CalibratedConstant>({
  value: isNumber,
  low: orNull(isNumber),
  high: orNull(isNumber),
});
const isCalibration = fields<Calibration>(
  {
    file: isString,
    law: isName,
    constants: recordOf(isConstant),
  },
  { draws: recordOf(listOf(isNumber)) },
);
const isMeasurement = fields<Measurement>({
  dataset: isString,
  recipe: isString,
  point: isPoint,
  gap: isNumber,
  kind: oneOf('measured', 'bound'),
  status: oneOf('runs', 'printed', 'percent', 'figure', 'words', 'abstract', 'second-hand'),
  source: isString,
  caveat: isString,
});
const isDigits = (value: unknown): value is Verdict['digits'] =>
  isPair(value) && value.every((each) => each === 2 || each === 3);
const isVerdict = fields<Verdict>({
  laws: listOf(isName),
  lead: isName,
  low: isNumber,
  high: isNumber,
  digits: isDigits,
  agreement: oneOf('agreed', 'disputed'),
  outlier: orNull(isName),
  pastCritical: listOf(isName),
  confirmed: isBoolean,
  past: orNull(fields<SeenPast>({ measurement: isMeasurement, raises: isBoolean })),
  measured: orNull(
    fields<ComparableMeasurements>({
      count: isCount,
      low: isNumber,
      high: isNumber,
      nearest: isMeasurement,
    }),
  ),
  chance: orNull(fields<Chance>({ target: isNumber, value: isNumber })),
});
const isRunAnalysis = fields<RunAnalysis>({
  framework: isName,
  frameworkName: isString,
  recognised: isString,
  definition: orNull(fields<Definition>({ name: orNull(isString), place: isPlace, body: isPlace })),
  run: isRun,
  point: orNull(isPoint),
  calibration: orNull(isCalibration),
  postTraining: orNull(fields<PostTraining>({ point: isPoint, forecasts: listOf(isForecast) })),
  forecast: orNull(isForecast),
  forecasts: listOf(isForecast),
  verdict: orNull(isVerdict),
  resources: isResources,
  findings: listOf(isFinding),
  needs: listOf(isNeed),
  unread: listOf(isString),
  hardware: orNull(isString),
  hardwarePlace: orNull(isPlace),
  canWrite: isBoolean,
});
/** Everything that is known of one file, plain data. */
export const isAnalysis = fields<ShownAnalysis>({
  file: isString,
  syntax: orNull(oneOf('yaml', 'json', 'toml', 'shell', 'python')),
  runs: listOf(isRunAnalysis),
  problems: listOf(
    fields<SyntaxProblem>({
      place: isPlace,
      severity: oneOf('error', 'warning'),
      message: isString,
    }),
  ),
  notices: listOf(fields<Notice>({ message: isString, place: orNull(isPlace) })),
  explanation: listOf(isString),
  wants: listOf(isString),
});
