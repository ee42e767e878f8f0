import type { Analysis, CandidateRow, ConfigDocument, RunAnalysis } from './analysis.ts';
import { candidates, layoutsOfWidth } from './advise/candidates.ts';
import { countReading } from './architecture/count.ts';
import type { ShapeReading } from './architecture/shape.ts';
import type { CheckContext } from './checks/check.ts';
import { readAssumptionsFile } from './assumptionsFile.ts';
import { checks } from './checks/registry.ts';
import { assemble } from './frameworks/assemble.ts';
import { Fields } from './frameworks/fields.ts';
import { Library, type Files } from './frameworks/library.ts';
import { mayBeOurs } from './frameworks/prefilter.ts';
import type { FrameworkReader, Reading } from './frameworks/reader.ts';
import { readers } from './frameworks/registry.ts';
import { acceleratorById } from './hardware/registry.ts';
import type { RunPoint } from './laws/law.ts';
import { pointFor } from './laws/point.ts';
import { defaultLaw, lawById, laws } from './laws/registry.ts';
import { isAssumptionsFile } from './run/assumptions.ts';
import { placeOf, placesOf } from './run/known.ts';
import type { Assumptions, FormatTarget, TrainingRun, WriteResult } from './run/run.ts';
import type { AnalysisSettings } from './run/settings.ts';
import { countTokens, cutTokens } from './run/tokens.ts';
import { commentAfter, readDirectives, type Directives } from './syntax/directives.ts';
import { maximumCharacters, parse, syntaxOf } from './syntax/parse.ts';
import type { ConfigTree, Place } from './syntax/tree.ts';
import { settingsInForce } from './settingsInForce.ts';

/** A run together with what its reader said of it, before any law is asked. */
interface ReadRun {
  readonly reader: FrameworkReader;
  readonly recognised: string;
  readonly fields: Fields;
  readonly reading: Reading;
}

interface ReadDocument {
  readonly tree: ConfigTree | null;
  readonly directives: Directives | null;
  readonly runs: readonly ReadRun[];
  readonly explanation: readonly string[];
  readonly notices: Analysis['notices'];
  readonly wants: readonly string[];
}

const nothingFound =
  'No framework’s keys were found at the places where a training config has them.';

const assumptionsHere =
  'The file holds assumptions for the training configs beside and below it; it describes no run itself.';

const nothingRead: ReadDocument = {
  tree: null,
  directives: null,
  runs: [],
  explanation: [],
  notices: [],
  wants: [],
};

/**
 * Works out everything Floatcast knows of one file. A function of its arguments; never throws.
 * `files` holds the texts of other files it may use; what it would like to see is in `wants`.
 */
export function analyse(
  document: ConfigDocument,
  settings: AnalysisSettings,
  files: Files = new Map(),
): Analysis {
  const read = readDocument(document, settings, files);
  const inForce = settingsInForce(document.file, settings, read.directives, files);
  const runs = read.runs.map((run) => analyseRun(run, inForce.settings, read.directives));
  return {
    file: document.file,
    syntax: read.tree?.syntax ?? null,
    runs,
    problems: runs.length > 0 ? (read.tree?.problems ?? []) : [],
    notices: runs.length > 0 ? [...read.notices, ...inForce.notices] : read.notices,
    explanation: read.explanation,
    wants: runs.length > 0 ? [...read.wants, ...inForce.wants] : read.wants,
  };
}

/** The edits that write `target` into the file, or why that cannot be done. */
export function writeFormat(
  document: ConfigDocument,
  settings: AnalysisSettings,
  runIndex: number,
  target: FormatTarget,
  files: Files = new Map(),
): WriteResult {
  const run = readDocument(document, settings, files).runs[runIndex];
  if (!run) return { ok: false, reason: 'The file no longer describes this run.' };
  return write(run, target);
}

/** The candidates of a run, ranked by predicted gap, each with the edits that write it. */
export function optimise(
  document: ConfigDocument,
  settings: AnalysisSettings,
  runIndex: number,
  files: Files = new Map(),
): readonly CandidateRow[] {
  const read = readDocument(document, settings, files);
  const readRun = read.runs[runIndex];
  if (!readRun) return [];
  const inForce = settingsInForce(document.file, settings, read.directives, files).settings;
  const { point } = analyseRun(readRun, inForce, read.directives);
  if (!point) return [];
  const accelerator = inForce.hardware ? acceleratorById(inForce.hardware) : undefined;
  const law = lawById(inForce.law) ?? defaultLaw;
  const rows = [
    ...candidates(law, point, accelerator ?? null),
    ...layoutsOfWidth(law, point, accelerator ?? null),
  ];
  return rows.map((candidate) => ({
    format: candidate.format,
    granularity: candidate.granularity,
    block: candidate.block,
    gap: candidate.forecast.gap,
    criticalTokens: candidate.forecast.criticalTokens,
    ratio: candidate.forecast.ratio,
    throughput: candidate.throughput,
    native: candidate.native,
    current: candidate.current,
    notes: candidate.notes,
    write: write(readRun, candidate),
  }));
}

function write(run: ReadRun, target: FormatTarget): WriteResult {
  return (
    run.reading.writeFormat?.(target) ?? {
      ok: false,
      reason: `${run.reader.name} has no key for the number format in this file.`,
    }
  );
}

function readDocument(
  document: ConfigDocument,
  settings: AnalysisSettings,
  files: Files,
): ReadDocument {
  const syntax = syntaxOf(document.file, document.language);
  if (!syntax) {
    return {
      ...nothingRead,
      explanation: ['Floatcast reads YAML, JSON, TOML, shell and Python configs.'],
    };
  }
  if (document.text.length > maximumCharacters) {
    const message = 'The file is larger than 1 MB, so it was not analysed.';
    return { ...nothingRead, notices: [{ message, place: null }], explanation: [message] };
  }
  if (isAssumptionsFile(document.file)) {
    const { notices } = readAssumptionsFile(document.file, document.text, document.file);
    return { ...nothingRead, notices, explanation: [assumptionsHere] };
  }
  if (settings.framework === null && !mayBeOurs(document.text, syntax)) {
    return { ...nothingRead, explanation: [nothingFound] };
  }
  const tree = parse(document.file, document.text, syntax);
  if (tree.template) {
    const message = 'The file is a template ({{ … }}), so its numbers are not final.';
    return { ...nothingRead, tree, explanation: [message] };
  }
  const library = new Library(files);
  const runs: ReadRun[] = [];
  const explanation: string[] = [];
  for (const root of tree.documents) {
    if (root.kind !== 'map') continue;
    const plain = new Fields(tree, root, document.text, library);
    const { fields, needs: unfound } = assemble(plain);
    for (const reader of readers) {
      if (!reader.syntaxes.includes(syntax)) continue;
      if (settings.framework !== null && reader.id !== settings.framework) continue;
      const recognised =
        reader.recognise(fields) ??
        (settings.framework === reader.id ? 'The framework was given by hand.' : null);
      if (recognised === null) continue;
      const composed = reader.compose?.(fields) ?? { fields, needs: [] };
      for (const each of reader.runs?.(composed.fields) ?? [composed.fields]) {
        const reading = reader.read(each);
        if (reading.role === 'other') {
          explanation.push(recognised, ...reading.needs);
        } else {
          const needs = [...unfound, ...composed.needs, ...reading.needs];
          runs.push({ reader, recognised, fields: each, reading: { ...reading, needs } });
        }
      }
      break;
    }
  }
  if (runs.length === 0 && explanation.length === 0) explanation.push(nothingFound);
  const directives = runs.length > 0 ? readDirectives(document.file, document.text, syntax) : null;
  return { tree, directives, runs, explanation, notices: [], wants: library.wanted };
}

function analyseRun(
  { reader, recognised, fields, reading }: ReadRun,
  settings: AnalysisSettings,
  directives: Directives | null,
): RunAnalysis {
  const { run, needs: missing } = describe(reading, settings.assumptions);
  const law = lawById(settings.law) ?? defaultLaw;
  const accelerator = settings.hardware ? (acceleratorById(settings.hardware) ?? null) : null;
  const { point, needs } = pointOf(run);
  const forecasts = point ? laws.map((each) => each.forecast(point)) : [];
  const forecast = forecasts.find((each) => each.law === law.id) ?? null;
  const findings = checks.flatMap((check) =>
    check.run({
      run,
      point,
      law,
      forecast,
      forecasts,
      accelerator,
      settings,
      writeFormat: reading.writeFormat,
      writeTokens: (tokens) => cutTokens(reading.tokens, run.tokens, tokens),
      numbers: numbersOf(run, fields),
      comments: commentsOf(run, fields),
      loadedByPyYaml: reader.loader === 'pyyaml' && fields.tree.syntax === 'yaml',
    }),
  );
  return {
    framework: reader.id,
    frameworkName: reader.name,
    recognised,
    run,
    point,
    forecast,
    laws: forecasts,
    findings: findings.filter((each) => !directives?.isDisabled(each.id, each.place.start)),
    needs: [...new Set([...missing, ...run.tokens.needs, ...reading.needs, ...needs])],
    hardware: accelerator?.id ?? null,
    canWrite: reading.writeFormat !== null,
  };
}

/** Turns a reading into the run it describes: N counted, D multiplied out, anchors chosen. */
function describe(
  reading: Reading,
  assumptions: Assumptions,
): { run: TrainingRun; needs: readonly string[] } {
  const counted = countReading(reading.shape);
  const tokens = countTokens(reading.tokens, assumptions);
  const shapePlaces = Object.values(reading.shape).flatMap((known) => placesOf(known));
  const modelPlaces = reading.model ? placesOf(reading.model) : [];
  const tokenPlaces = placesOf(tokens.total ?? tokens.perRank ?? reading.tokens.duration?.count);
  const parameterPlaces = unique([...modelPlaces, ...shapePlaces]);
  const run: TrainingRun = {
    role: reading.role,
    model: reading.model,
    parameters: 'counts' in counted ? counted.counts : null,
    tokens,
    precision: reading.precision,
    anchors: {
      parameters: parameterAnchor(reading) ?? parameterPlaces[0] ?? null,
      tokens: placeOf(reading.tokens.duration?.count) ?? tokenPlaces[0] ?? null,
      precision: reading.precisionPlaces[0] ?? null,
    },
    fields: {
      parameters: parameterPlaces,
      tokens: unique(tokenPlaces),
      precision: unique(reading.precisionPlaces),
    },
  };
  // A file that says nothing of a shape has no field to complain of; its reader says what it lacks.
  const missing = 'missing' in counted && !isEmpty(reading.shape) ? counted.missing : [];
  const needs =
    missing.length > 0 ? [`parameters: the file does not say ${missing.join(', ')}`] : [];
  return { run, needs };
}

/** The point the laws are asked about, or what stands in the way. */
function pointOf(run: TrainingRun): { point: RunPoint | null; needs: readonly string[] } {
  const scope = outOfScope[run.role];
  if (scope !== undefined) return { point: null, needs: scope === '' ? [] : [scope] };
  const needs = run.precision ? [] : ['format: the file states no precision'];
  const parameters = run.parameters?.activeLinear ?? run.parameters?.linear;
  const tokens = run.tokens.total?.value;
  if (!run.precision || parameters === undefined || tokens === undefined) {
    return { point: null, needs };
  }
  const { format, gradientFormat, granularity, block, scale, operands } = run.precision;
  const point = pointFor({
    parameters,
    tokens,
    format: format.value,
    gradientFormat,
    granularity,
    block,
    scale,
    operands,
  });
  return { point, needs };
}

/** Roles that no pre-training law covers, and the sentence that says why; '' = nothing to say. */
const outOfScope: Partial<Record<TrainingRun['role'], string>> = {
  continued:
    'forecast: the run continues from a checkpoint, so the tokens before it are needed and not in the file',
  finetune: 'forecast: fine-tuning is outside every law’s scope',
  model: '',
  quantize: 'forecast: post-training quantisation is not a training format',
  serve: 'forecast: a serving config describes no training run',
  fragment: 'forecast: this is a fragment; the file that includes it describes the run',
};

/** The numbers of this file that N and D rest on, as they are written. */
function numbersOf(run: TrainingRun, fields: Fields): CheckContext['numbers'] {
  const here = (what: 'parameters' | 'tokens') =>
    run.fields[what]
      .filter((place) => place.file === fields.tree.file)
      .map((place) => ({ what, place, source: fields.text.slice(place.start, place.end) }));
  return [...here('parameters'), ...here('tokens')];
}

/** What this file's comments say behind the fields that N and D rest on. */
function commentsOf(run: TrainingRun, { tree, text }: Fields): CheckContext['comments'] {
  const after = (what: 'parameters' | 'tokens') =>
    run.fields[what]
      .filter((place) => place.file === tree.file)
      .flatMap(({ start, end }) => {
        const comment = commentAfter(text, end, tree.syntax);
        if (comment === null) return [];
        const from = text.indexOf(comment, end);
        const place = { file: tree.file, start: from, end: from + comment.length };
        const last = what === 'tokens' && start === run.anchors.tokens?.start;
        return [{ what: last ? ('duration' as const) : what, place, text: comment }];
      });
  return [...after('tokens'), ...after('parameters')];
}

/** The field a person would look at for N: the model's name, else its width or depth. */
function parameterAnchor({ model, shape }: Reading): Place | undefined {
  return placeOf(model) ?? placeOf(shape.hidden) ?? placeOf(shape.layers);
}

const isEmpty = (shape: ShapeReading): boolean => Object.keys(shape).length === 0;

/** Each place once, in the order of the text. */
function unique(places: readonly Place[]): readonly Place[] {
  const seen = new Map(places.map((place) => [`${place.file}:${place.start}`, place]));
  return [...seen.values()].sort((a, b) => a.start - b.start);
}
