import type { Analysis, ConfigDocument } from './analysis.ts';
import { readAssumptionsFile } from './settings/assumptionsFile.ts';
import { isCalibrationFile, readCalibrationFile } from './settings/calibrationFile.ts';
import { deepspeedConfig } from './dialects/deepspeed/file.ts';
import { assemble } from './config/assemble.ts';
import { definitionOf, type Definition } from './config/definition.ts';
import { Fields } from './config/fields.ts';
import { configsIn } from './config/manifest.ts';
import { Library } from './config/library.ts';
import { Trees } from './config/trees.ts';
import { mostFiles, mostRunsOfFile } from './config/budget.ts';
import { leftOverKeys, type Doubt } from './config/unread.ts';
import { withMisread } from './config/misread.ts';
import { lineMap } from './syntax/lines.ts';
import type { Files } from './run/files.ts';
import { mayBeOurs } from './config/prefilter.ts';
import type { Composition, FrameworkReader, Reading } from './config/reader.ts';
import { carefulWriter } from './config/writing.ts';
import { readersOf } from './frameworks/registry.ts';
import { isAssumptionsFile } from './run/assumptions.ts';
import type { AnalysisSettings } from './run/settings.ts';
import { maximumCharacters } from './syntax/parse.ts';
import { syntaxOf } from './syntax/syntaxOf.ts';
import type { ConfigTree, Place } from './syntax/tree.ts';
import { need } from './run/need.ts';
import type { Known } from './run/known.ts';
import { statedHardware } from './statedHardware.ts';

/** A run together with what its reader said of it, before any law is asked. */
export interface ReadRun {
  readonly reader: FrameworkReader;
  readonly recognised: string;
  readonly fields: Fields;
  /** Where it is defined; null where the file is the run. */
  readonly definition: Definition | null;
  /** Whether keys may be set that are not seen: a file is missing, arguments are handed on. */
  readonly isOpen: boolean;
  /** Whether a file that may say anything of the run was named and is not there. */
  readonly isFileMissing: boolean;
  /** The accelerator that the document itself says it runs on, by its id. */
  readonly hardware: Known<string> | null;
  /** The DeepSpeed config that it names, `missing` where that is not there. */
  readonly deepspeed: Fields | 'missing' | null;
  readonly reading: Reading;
  /** The places of the values that the reading looked at. */
  readonly looked: ReadonlySet<Place>;
  /** Keys that nothing was read from and that a person should know of. */
  readonly unread: readonly string[];
}

/** What a text was found to hold: the runs its readers recognised, or why there is none. */
export interface ReadDocument {
  readonly tree: ConfigTree | null;
  readonly runs: readonly ReadRun[];
  readonly explanation: readonly string[];
  readonly notices: Analysis['notices'];
  readonly wants: readonly string[];
  /** The texts that the runs may come from: the file's own, and those of files it is put together from. */
  readonly sources: Analysis['sources'];
}

const nothingFound =
  'No framework’s keys were found at the places where a training config has them.';

const assumptionsHere =
  'The file holds assumptions for the training configs beside and below it; it describes no run itself.';

const calibrationHere =
  'The file holds constants of a law for the training configs beside and below it; it describes no run itself.';

/** The sentence for a file too large to be read at all. */
export const tooLarge = 'The file is larger than 1 MB, so it was not analysed.';

const tooManyRuns = `The file holds more than ${mostRunsOfFile} documents, commands or runs, so it was not analysed.`;

const tooMuch =
  'The config is put together from more than Floatcast reads for one file, so it was not analysed.';

const nothingRead: ReadDocument = {
  tree: null,
  runs: [],
  explanation: [],
  notices: [],
  wants: [],
  sources: [],
};

/** What a text gives of which one sentence is said and no number. */
export function notAnalysed(message: string, tree: ConfigTree | null = null): ReadDocument {
  return { ...nothingRead, tree, notices: [{ message, place: null }], explanation: [message] };
}

/** Parses a text and lets the readers recognise and read the runs it describes. */
export function readDocument(
  document: ConfigDocument,
  settings: AnalysisSettings,
  files: Files,
  trees = new Trees(),
): ReadDocument {
  const syntax = syntaxOf(document.file, document.language);
  if (!syntax) {
    return {
      ...nothingRead,
      explanation: ['Floatcast reads YAML, JSON, TOML, shell and Python configs.'],
    };
  }
  if (document.text.length > maximumCharacters) {
    return notAnalysed(tooLarge);
  }
  if (isAssumptionsFile(document.file)) {
    const { notices } = readAssumptionsFile(document.file, document.text, document.file, trees);
    return { ...nothingRead, notices, explanation: [assumptionsHere] };
  }
  if (isCalibrationFile(document.file)) {
    const { notices } = readCalibrationFile(document.file, document.text);
    return { ...nothingRead, notices, explanation: [calibrationHere] };
  }
  if (settings.framework === null && !mayBeOurs(document.text, syntax)) {
    return { ...nothingRead, explanation: [nothingFound] };
  }
  const variables = new Map(Object.entries(settings.variables ?? {}));
  const tree = trees.parse(document.file, document.text, syntax, variables);
  if (tree.template) {
    const message = 'The file is a template ({{ … }}), so its numbers are not final.';
    return { ...nothingRead, tree, explanation: [message] };
  }
  if (tree.documents.length > mostRunsOfFile) return notAnalysed(tooManyRuns, tree);
  const library = new Library(files, trees, variables);
  const runs: ReadRun[] = [];
  const explanation: string[] = [];
  const held = tree.documents.flatMap((each) => {
    const configs = configsIn(tree, each, document.text, variables);
    const hardware = configs.length > 0 ? statedHardware(tree, each, document.text) : null;
    return configs.map((config) => ({ ...config, hardware }));
  });
  if (held.length > mostRunsOfFile) return notAnalysed(tooManyRuns, tree);
  for (const { tree: own, root, hardware } of held) {
    if (root.kind !== 'map') continue;
    const plain = new Fields(own, root, document.text, library);
    const { fields, needs: unfound } = assemble(plain);
    for (const reader of readersOf(own.syntax)) {
      if (settings.framework !== null && reader.id !== settings.framework) continue;
      const recognised =
        reader.recognise(fields) ??
        (settings.framework === reader.id ? 'The framework was given by hand.' : null);
      if (recognised === null) continue;
      const composed: Composition = reader.compose?.(fields) ?? { fields, needs: [] };
      const described = reader.runs?.(composed.fields) ?? [composed.fields];
      if (runs.length + described.length > mostRunsOfFile) return notAnalysed(tooManyRuns, tree);
      for (const each of described) {
        // What recognising looked at is not yet understood.
        library.consumed.clear();
        library.misread.clear();
        const asRead = reader.read(each);
        const looked = library.takeConsumed();
        const { doubts, worthSaying } = leftOverKeys(each, looked, reader.harmless);
        const told = withMisread(asRead, library.misread);
        const reading = withPossibleSize(withDoubts(each, told, doubts));
        if (reading.role === 'other') {
          explanation.push(recognised, ...reading.needs.map(({ why }) => why));
        } else {
          const needs = [...unfound, ...composed.needs, ...reading.needs];
          const isOpen =
            unfound.length > 0 ||
            (composed.mayHoldMore ?? composed.needs.length > 0) ||
            handsOn(each);
          const ofOwn = composed.mayHoldMore === false ? [] : composed.needs;
          const isFileMissing = [...unfound, ...ofOwn, ...reading.needs].some(
            ({ settles }) => settles === 'run',
          );
          const writeFormat = carefulWriter(each, reading.writeFormat);
          const careful = { ...reading, needs, writeFormat };
          runs.push({
            ...{ reader, recognised, fields: each, isOpen, isFileMissing, reading: careful },
            ...{ deepspeed: deepspeedConfig(each), hardware },
            definition: null,
            looked,
            unread: worthSaying,
          });
        }
      }
      break;
    }
  }
  if (library.budget.isSpent || library.found.length > mostFiles) return notAnalysed(tooMuch, tree);
  if (runs.length === 0 && explanation.length === 0) explanation.push(nothingFound);
  const sources = [{ file: document.file, text: document.text }, ...library.found];
  const defined = runs.map((run) => ({
    ...run,
    definition: definitionOf(run.fields, runs.length === 1),
  }));
  return { tree, runs: defined, explanation, notices: [], wants: library.wanted, sources };
}

/** A reading without a number of devices that no machine has: none, a part of one, or 10^300. */
function withPossibleSize(reading: Reading): Reading {
  if (reading.role === 'other') return reading;
  const { worldSize } = reading.tokens;
  const isPossible = !worldSize || (Number.isSafeInteger(worldSize.value) && worldSize.value > 0);
  return isPossible ? reading : { ...reading, tokens: { ...reading.tokens, worldSize: null } };
}

/** A reading without the numbers that keys could change which were not understood. */
function withDoubts(fields: Fields, reading: Reading, found: readonly Doubt[]): Reading {
  if (reading.role === 'other') return reading;
  // A batch that grows changes D only where the run is as long as its steps.
  const isBySteps = reading.tokens.duration?.unit === 'steps';
  const open = found.filter(({ unsettles }) => unsettles !== 'tokens' || isBySteps);
  if (open.length === 0) return reading;
  const unsettled = new Set(open.map(({ unsettles }) => unsettles));
  const needs = open.map(({ path, keyPlace, unsettles }) => {
    const { line } = lineMap(fields.textOf(keyPlace.file))(keyPlace.start);
    const where = keyPlace.file === fields.tree.file ? `line ${line}` : `${keyPlace.file}:${line}`;
    return need(unsettles, `“${path}” (${where}) is not understood here`);
  });
  return {
    ...reading,
    ...(unsettled.has('parameters') && { shape: {} }),
    ...(unsettled.has('tokens') && { tokens: { ...reading.tokens, duration: null, stop: null } }),
    ...(unsettled.has('format') && { precision: null }),
    needs: [...reading.needs, ...needs],
  };
}

/** Whether a launch script hands on words that it does not tell: `"$@"`, `$EXTRA`. */
function handsOn(fields: Fields): boolean {
  const words = fields.node('$positional');
  return (
    words?.kind === 'list' &&
    words.items.some((word) => word.kind === 'scalar' && word.unresolved !== undefined)
  );
}
