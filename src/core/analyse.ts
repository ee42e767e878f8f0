import type { Analysis, ConfigDocument, RunAnalysis } from './analysis.ts';
import { verdictOf } from './advise/verdict.ts';
import { sortedKeys } from './config/unread.ts';
import { keepsWhole } from './config/writing.ts';
import type { CheckContext, Finding } from './checks/check.ts';
import { checks, findingIds, idsOf, suppressionChecks } from './checks/registry.ts';
import { commentsOf, describe, numbersOf, pointOf, postTrainingPoint } from './describe.ts';
import type { Files } from './run/files.ts';
import type { SortedKeys } from './run/keys.ts';
import type { Accelerator } from './hardware/accelerator.ts';
import { acceleratorById } from './hardware/registry.ts';
import { lawInForce, lawsInForce } from './laws/calibration.ts';
import type { Forecast, Law, RunPoint } from './laws/law.ts';
import { defaultLaw } from './laws/registry.ts';
import { look, type Look } from './look.ts';
import { resourcesOf } from './resources/resources.ts';
import type { ReadRun } from './readDocument.ts';
import { newRules, recipeOf } from './recipe.ts';
import type { AnalysisSettings } from './run/settings.ts';
import { cutTokens, ranksOf } from './run/tokens.ts';
import { isIgnored } from './settings/ignored.ts';
import type { SettingsInForce } from './settings/settingsInForce.ts';
import { isSuppressed, suppresses, type Directives } from './syntax/directives.ts';
import { placeOf } from './run/known.ts';
import { distinctNeeds } from './run/need.ts';

/**
 * Works out everything Floatcast knows of one file. A function of its arguments; never throws.
 * `files` holds the texts of other files it may use; what it would like to see is in `wants`.
 */
export function analyse(
  document: ConfigDocument,
  settings: AnalysisSettings,
  files: Files = new Map(),
): Analysis {
  return conclude(look(document, settings, files));
}

/** What the laws and checks say of what was read. */
export function conclude(seen: Look): Analysis {
  const { document, read, directives, inForce, wants } = seen;
  const hearing = { file: document.file, directives, settings: inForce.settings };
  const done = read.runs.map((run, index) => analyseRun(run, seen, index));
  const [first, ...others] = done;
  const runs = first
    ? [withSuppressions(first, done, hearing), ...others.map(({ analysis }) => analysis)]
    : [];
  const isOurs = runs.length > 0;
  return {
    file: document.file,
    syntax: read.tree?.syntax ?? null,
    runs,
    problems: isOurs ? (read.tree?.problems ?? []) : [],
    notices: isOurs ? [...read.notices, ...inForce.notices] : read.notices,
    explanation: read.explanation,
    wants,
    settings: inForce.settings,
    sources: isOurs ? [...read.sources, ...inForce.sources] : [],
  };
}

/** The first run with what there is to say of the file's comments that switch findings off. */
function withSuppressions(
  { analysis, context }: RunAnalysed,
  all: readonly RunAnalysed[],
  hearing: Hearing,
): RunAnalysis {
  const written = hearing.directives?.suppressions ?? [];
  if (written.length === 0) return analysis;
  const found = all.flatMap((each) => each.found);
  const comments = written.map((comment) => ({
    ...comment,
    isUsed: found.some(({ id, place }) => suppresses(comment, idsOf(id), place)),
  }));
  const more = suppressionChecks.flatMap((check) =>
    check.run({ ...context, suppressions: { comments, known: findingIds } }),
  );
  const findings = [...analysis.findings, ...more.filter((each) => isHeard(each, hearing))];
  return { ...analysis, findings };
}

/** Whether neither a comment nor the policy switches a finding off. */
function isHeard({ id, place }: Finding, { directives, settings, file }: Hearing): boolean {
  const ids = idsOf(id);
  return !isSuppressed(directives, ids, place) && !isIgnored(ids, [place.file, file], settings);
}

/** What decides whether the findings of a file's runs are heard. */
interface Hearing {
  readonly file: string;
  readonly directives: Directives | null;
  readonly settings: AnalysisSettings;
}

/** What reading a file made of the keys of each of its runs, for a person who asks. */
export function keysByRun(
  document: ConfigDocument,
  settings: AnalysisSettings,
  files: Files = new Map(),
): readonly SortedKeys[] {
  return look(document, settings, files).read.runs.map(({ fields, looked, reader }) =>
    sortedKeys(fields, looked, reader.harmless),
  );
}

/** The law whose numbers lead: the chosen one, the default one where that is not known. */
export function leadingLaw(inForce: Pick<SettingsInForce, 'settings' | 'calibration'>): Law {
  const { settings, calibration } = inForce;
  return (
    lawInForce(settings.law, calibration) ?? lawInForce(defaultLaw.id, calibration) ?? defaultLaw
  );
}

/** The accelerator that settings, files of assumptions or a modeline name, else the config itself. */
export function acceleratorOf(
  settings: AnalysisSettings,
  { hardware }: ReadRun,
): Accelerator | null {
  return acceleratorById(settings.hardware ?? hardware?.value ?? '') ?? null;
}

/** What the laws of quantisation after training say of `point`, of a run `trained` as it is. */
function afterTraining(
  laws: readonly Law[],
  point: RunPoint,
  trained: RunPoint | null,
): readonly Forecast[] {
  return laws.flatMap((law) => law.postTraining?.(point, trained ?? undefined) ?? []);
}

/** A run's analysis, with every finding of it and what its checks were given. */
interface RunAnalysed {
  readonly analysis: RunAnalysis;
  readonly found: readonly Finding[];
  readonly context: CheckContext;
}

function analyseRun(readRun: ReadRun, seen: Look, runIndex: number): RunAnalysed {
  const { reader, recognised, fields, definition, reading, unread } = readRun;
  const { document, directives, inForce } = seen;
  const { settings, calibration } = inForce;
  const hearing = { file: document.file, directives, settings };
  const { run, shape, needs: missing } = describe(reading, settings.assumptions);
  const laws = lawsInForce(calibration);
  const law = leadingLaw({ settings, calibration });
  const accelerator = acceleratorOf(settings, readRun);
  const { point, needs } = pointOf(run, [...reading.needs, ...missing]);
  const quantised = postTrainingPoint(reading, run, settings.assumptions);
  const forecasts = point ? laws.map((each) => each.forecast(point)) : [];
  const forecast = forecasts.find((each) => each.law === law.id) ?? null;
  const verdict = point && verdictOf(point, forecasts, law, settings.gapTarget);
  const resources = resourcesOf({
    ...{ run, shape, accelerator, setup: reading.setup ?? null },
    hidden: readRun.isFileMissing ? 'files' : readRun.isOpen ? 'arguments' : null,
    sequenceLength: reading.tokens.sequenceLength,
    dataRanks: ranksOf(reading.tokens, settings.assumptions),
    worldSize: reading.tokens.worldSize ?? settings.assumptions['world-size'] ?? null,
    pricePerHour: settings.pricePerHour,
  });
  const context: CheckContext = {
    run,
    point,
    law,
    forecast,
    forecasts,
    laws,
    verdict,
    accelerator,
    resources,
    settings,
    writeFormat: reading.writeFormat,
    writeTokens: (tokens) => cutTokens(reading.tokens, run.tokens, tokens),
    numbers: numbersOf(run, fields, reader.loader === 'pyyaml'),
    comments: commentsOf(run, fields),
    recipe: recipeOf(readRun, accelerator),
    newRules: (edits) => newRules(seen, runIndex, edits, accelerator),
    loadedByPyYaml: reader.loader.startsWith('pyyaml') && fields.tree.syntax === 'yaml',
    suppressions: null,
  };
  const found = checks.flatMap((check) => check.run(context));
  const analysis = {
    framework: reader.id,
    frameworkName: reader.name,
    recognised,
    definition,
    run,
    point,
    calibration,
    postTraining: quantised.point && {
      point: quantised.point,
      forecasts: afterTraining(laws, quantised.point, point),
    },
    forecast,
    forecasts,
    verdict,
    resources,
    findings: found
      .filter((each) => isHeard(each, hearing))
      .map((each) => ({
        ...each,
        fixes: each.fixes.filter(({ edits }) => keepsWhole(fields, edits)),
      })),
    needs: distinctNeeds([
      ...missing,
      ...run.tokens.needs,
      ...reading.needs,
      ...needs,
      ...quantised.needs,
    ]),
    unread,
    hardware: accelerator?.id ?? null,
    hardwarePlace: settings.hardware === null ? (placeOf(readRun.hardware) ?? null) : null,
    canWrite: reading.writeFormat !== null,
  };
  return { analysis, found, context };
}
