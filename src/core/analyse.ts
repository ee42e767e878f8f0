import type { Analysis, CandidateRow, ConfigDocument, RunAnalysis } from './analysis.ts';
import { candidates, layoutsOfWidth } from './advise/candidates.ts';
import { tokensToMatchTwin } from './advise/matchTokens.ts';
import { verdictOf } from './advise/verdict.ts';
import { sortedKeys } from './config/unread.ts';
import { keepsWhole, setKeys } from './config/writing.ts';
import type { CheckContext, Finding } from './checks/check.ts';
import { checks, findingIds, idsOf, suppressionChecks } from './checks/registry.ts';
import { commentsOf, describe, numbersOf, pointOf, postTrainingPoint } from './describe.ts';
import type { Reading } from './config/reader.ts';
import type { Files } from './run/files.ts';
import type { SortedKeys } from './run/keys.ts';
import type { Trees } from './config/trees.ts';
import type { Accelerator } from './hardware/accelerator.ts';
import { acceleratorById } from './hardware/registry.ts';
import { lawInForce, lawsInForce } from './laws/calibration.ts';
import type { Forecast, Law, RunPoint } from './laws/law.ts';
import { defaultLaw } from './laws/registry.ts';
import { resourcesOf } from './resources/resources.ts';
import { readDocument, type ReadDocument, type ReadRun } from './readDocument.ts';
import { spelledOut, type FileEdit } from './rules/edit.ts';
import { settingsOf } from './rules/settingOf.ts';
import { noFormatKey, type FormatTarget, type WriteResult } from './run/run.ts';
import type { AnalysisSettings } from './run/settings.ts';
import { cutTokens, ranksOf } from './run/tokens.ts';
import { settingsInForce, type SettingsInForce } from './settings/settingsInForce.ts';
import { applyEdits, type Edit } from './syntax/edit.ts';
import { isSuppressed, readDirectives, suppresses, type Directives } from './syntax/directives.ts';
import { syntaxOf } from './syntax/parse.ts';
import { placeOf } from './run/known.ts';
import { distinctNeeds } from './run/need.ts';

/** A text looked at with what is known of other files: what it holds, by which settings. */
export interface Look {
  readonly document: ConfigDocument;
  readonly read: ReadDocument;
  readonly directives: Directives | null;
  readonly inForce: SettingsInForce;
  /** Other files that would tell more; none for a text that describes no run. */
  readonly wants: readonly string[];
}

/**
 * Reads a text, asks no law, and says which other files would tell more. `before` is the look at
 * the same text with fewer files.
 */
export function look(
  document: ConfigDocument,
  settings: AnalysisSettings,
  files: Files,
  trees?: Trees,
  before?: Look,
): Look {
  const syntax = syntaxOf(document.file, document.language);
  const directives =
    before?.directives ?? (syntax ? readDirectives(document.file, document.text, syntax) : null);
  const inForce = settingsInForce(document.file, settings, directives, files, trees);
  // Most texts ask for nothing but files of settings, which seldom say anything of what is read.
  const isRead = before?.read.wants.length === 0 && isToldTheSame(before.inForce, inForce);
  const read = isRead ? before.read : readDocument(document, inForce.settings, files, trees);
  const isOurs = read.runs.length > 0;
  const wants = isOurs ? [...new Set([...read.wants, ...inForce.wants])] : read.wants;
  return { document, read, directives, inForce, wants };
}

/** Whether two settings give a script's and the environment's variables the same values. */
function isToldTheSame(a: SettingsInForce, b: SettingsInForce): boolean {
  return JSON.stringify(a.settings.variables) === JSON.stringify(b.settings.variables);
}

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
export function conclude({ document, read, directives, inForce, wants }: Look): Analysis {
  const done = read.runs.map((run) => analyseRun(run, inForce, directives));
  const [first, ...others] = done;
  const runs = first
    ? [withSuppressions(first, done, directives), ...others.map(({ analysis }) => analysis)]
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
  directives: Directives | null,
): RunAnalysis {
  const written = directives?.suppressions ?? [];
  if (written.length === 0) return analysis;
  const found = all.flatMap((each) => each.found);
  const comments = written.map((comment) => ({
    ...comment,
    isUsed: found.some(({ id, place }) => suppresses(comment, idsOf(id), place)),
  }));
  const more = suppressionChecks.flatMap((check) =>
    check.run({ ...context, suppressions: { comments, known: findingIds } }),
  );
  const findings = [...analysis.findings, ...more.filter((each) => isHeard(each, directives))];
  return { ...analysis, findings };
}

/** Whether no comment switches a finding off. */
const isHeard = ({ id, place }: Finding, directives: Directives | null): boolean =>
  !isSuppressed(directives, idsOf(id), place);

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

/** The edits that write `target` into the file, or why that cannot be done. */
export function writeFormat(
  document: ConfigDocument,
  settings: AnalysisSettings,
  runIndex: number,
  target: FormatTarget,
  files: Files = new Map(),
): WriteResult {
  const run = look(document, settings, files).read.runs[runIndex];
  if (!run) return { ok: false, reason: 'The file no longer describes this run.' };
  const written = write(run, target);
  if (!written.ok) return written;
  // In a file that is not as its framework wants it, the keys may not mean what they should.
  const after = afterEdits({ document, settings, files }, written.edits).read.runs[runIndex];
  return after && isAsPromised(run.reading, after.reading, target) ? written : notAsPromised;
}

const notAsPromised: WriteResult = {
  ok: false,
  reason: 'As the file stands, writing this format would not be read back as it.',
};

/** The look at a config with edits made in it and in the files it draws on. */
function afterEdits(
  {
    document,
    settings,
    files,
  }: { document: ConfigDocument; settings: AnalysisSettings; files: Files },
  edits: readonly Edit[],
): Look {
  const edited = new Map(files);
  for (const [file, text] of files) {
    if (text !== null) edited.set(file, applyEdits(text, file, edits));
  }
  const text = applyEdits(document.text, document.file, edits);
  return look({ ...document, text }, settings, edited);
}

/** Whether what is read after a change is the format asked for, and else the same run. */
function isAsPromised(before: Reading, after: Reading, target: FormatTarget): boolean {
  return (
    after.precision?.format.value === target.format &&
    after.precision.granularity === target.granularity &&
    after.role === before.role &&
    sizeOf(after) === sizeOf(before)
  );
}

function sizeOf(reading: Reading): string {
  const { run } = describe(reading, {});
  return JSON.stringify([run.parameters?.linear ?? null, run.tokens.total?.value ?? null]);
}

/** The candidates of a run, ranked by predicted gap, each with the edits that write it. */
export function optimise(
  document: ConfigDocument,
  settings: AnalysisSettings,
  runIndex: number,
  files: Files = new Map(),
): readonly CandidateRow[] {
  const { read, directives, inForce } = look(document, settings, files);
  const readRun = read.runs[runIndex];
  if (!readRun) return [];
  const { point } = analyseRun(readRun, inForce, directives).analysis;
  if (!point) return [];
  const accelerator = acceleratorOf(inForce.settings, readRun);
  const law = leadingLaw(inForce);
  const rows = [...candidates(law, point, accelerator), ...layoutsOfWidth(law, point, accelerator)];
  return rows.map((candidate) => ({
    format: candidate.format,
    granularity: candidate.granularity,
    block: candidate.block,
    gap: candidate.forecast.gap,
    criticalTokens: candidate.forecast.criticalTokens,
    ratio: candidate.forecast.ratio,
    throughput: candidate.throughput,
    native: candidate.native,
    tokenRatioToMatch: ratioToMatch(law, candidate.point),
    current: candidate.current,
    notes: candidate.notes,
    write: write(readRun, candidate),
  }));
}

function ratioToMatch(law: Law, point: RunPoint): number | null {
  const tokens = tokensToMatchTwin(law, point);
  return tokens === null ? null : tokens / point.tokens;
}

/** The law whose numbers lead: the chosen one, the default one where that is not known. */
function leadingLaw(inForce: Pick<SettingsInForce, 'settings' | 'calibration'>): Law {
  const { settings, calibration } = inForce;
  return (
    lawInForce(settings.law, calibration) ?? lawInForce(defaultLaw.id, calibration) ?? defaultLaw
  );
}

/** The accelerator that settings, files of assumptions or a modeline name, else the config itself. */
function acceleratorOf(settings: AnalysisSettings, { hardware }: ReadRun): Accelerator | null {
  return acceleratorById(settings.hardware ?? hardware?.value ?? '') ?? null;
}

function write(run: ReadRun, target: FormatTarget): WriteResult {
  return run.reading.writeFormat?.(target) ?? noFormatKey;
}

/** What the laws of quantisation after training say of `point`, of a run `trained` as it is. */
function afterTraining(
  laws: readonly Law[],
  point: RunPoint,
  trained: RunPoint | null,
): readonly Forecast[] {
  return laws.flatMap((law) => law.postTraining?.(point, trained ?? undefined) ?? []);
}

/** The edits of a rule in all files, or why one of them cannot be made. */
function writeRule(files: readonly FileEdit[] | null): WriteResult {
  if (!files) return { ok: false, reason: 'A file that would be changed is not there.' };
  const written = files.map(({ fields, values }) => setKeys(fields, values));
  const refused = written.find(({ ok }) => !ok);
  return refused ?? { ok: true, edits: written.flatMap((each) => (each.ok ? each.edits : [])) };
}

/** A run's analysis, with every finding of it and what its checks were given. */
interface RunAnalysed {
  readonly analysis: RunAnalysis;
  readonly found: readonly Finding[];
  readonly context: CheckContext;
}

function analyseRun(
  read: ReadRun,
  { settings, calibration }: SettingsInForce,
  directives: Directives | null,
): RunAnalysed {
  const { reader, recognised, fields, definition, isOpen, deepspeed, reading, unread } = read;
  const { run, shape, needs: missing } = describe(reading, settings.assumptions);
  const laws = lawsInForce(calibration);
  const law = leadingLaw({ settings, calibration });
  const accelerator = acceleratorOf(settings, read);
  const { point, needs } = pointOf(run, [...reading.needs, ...missing]);
  const quantised = postTrainingPoint(reading, run, settings.assumptions);
  const forecasts = point ? laws.map((each) => each.forecast(point)) : [];
  const forecast = forecasts.find((each) => each.law === law.id) ?? null;
  const verdict = point && verdictOf(point, forecasts, law, settings.gapTarget);
  const resources = resourcesOf({
    ...{ run, shape, accelerator, setup: reading.setup ?? null },
    hidden: reading.needs.some(({ settles }) => settles === 'run')
      ? 'files'
      : isOpen
        ? 'arguments'
        : null,
    sequenceLength: reading.tokens.sequenceLength,
    dataRanks: ranksOf(reading.tokens, settings.assumptions),
    worldSize: reading.tokens.worldSize ?? settings.assumptions['world-size'] ?? null,
    pricePerHour: settings.pricePerHour,
  });
  const keys = { fields, isOpen, deepspeed, pathOf: reader.keyPaths?.(fields) };
  const context: CheckContext = {
    run,
    point,
    law,
    forecast,
    forecasts,
    verdict,
    accelerator,
    resources,
    settings,
    writeFormat: reading.writeFormat,
    writeTokens: (tokens) => cutTokens(reading.tokens, run.tokens, tokens),
    numbers: numbersOf(run, fields, reader.loader === 'pyyaml'),
    comments: commentsOf(run, fields),
    recipe: {
      framework: reader.id,
      syntax: fields.tree.syntax,
      inForce: { setting: settingsOf(keys), role: run.role, accelerator },
      write: (edit) => writeRule(spelledOut(keys, edit, reader.bareFlags === true)),
      start: { ...fields.root.place, end: fields.root.place.start },
    },
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
      .filter((each) => isHeard(each, directives))
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
    hardwarePlace: settings.hardware === null ? (placeOf(read.hardware) ?? null) : null,
    canWrite: reading.writeFormat !== null,
  };
  return { analysis, found, context };
}
