import { FileType, Uri, workspace } from 'vscode';
import type { Analysis, ConfigDocument } from '../core/analysis.ts';
import { pathFrom } from '../core/config/library.ts';
import { Trees } from '../core/config/trees.ts';
import { gather } from '../core/gather.ts';
import type { Files } from '../core/run/files.ts';
import { isCalibrationFile } from '../core/settings/calibrationFile.ts';
import { isAssumptionsFile, type Said } from '../core/run/assumptions.ts';
import type { AnalysisSettings } from '../core/run/settings.ts';
import { maximumCharacters } from '../core/syntax/parse.ts';
import { openDocument } from './documents.ts';
import { isWithin } from './realPaths.ts';
import { readSettings, section, type Settings } from './settings.ts';

/** What is parsed once, for open documents and the scan alike. */
const trees = new Trees();

/** A config's analysis, with all that it was made from. */
export interface AnalysedConfig {
  readonly uri: Uri;
  readonly analysis: Analysis;
  readonly settings: Settings;
  /** What `analyse` was given: the same is given again to write a format. */
  readonly document: ConfigDocument;
  readonly files: Files;
  /** The address of a file by the path that the analysis knows it by. */
  readonly uriOf: (file: string) => Uri;
}

/** How an analysis differs from that of an open document. */
interface HowAnalysed {
  /** Waited for before each piece of work that blocks: a scan rests there. */
  readonly pause?: () => Promise<void>;
  /** Reads the other files, where they are not to be read as they are now. */
  readonly readOther?: (uri: Uri) => Promise<string | null>;
  /** What is said by hand for this very analysis. */
  readonly overrides?: Said;
}

/**
 * Analyses a text together with the files that it asks for, by the settings of its place.
 */
export async function analyseConfig(
  uri: Uri,
  text: string,
  language: string | undefined,
  { pause, readOther, overrides }: HowAnalysed = {},
): Promise<AnalysedConfig> {
  const own = readSettings(uri);
  const settings = overrides ? { ...own, analysis: { ...own.analysis, overrides } } : own;
  const { base, file } = home(uri);
  const document = { file, text, ...(language !== undefined && { language }) };
  const readOne = async (path: string): Promise<readonly [string, string | null]> => [
    path,
    base && (await readWithin(base, path, readOther)),
  ];
  const read = async (paths: readonly string[]): Promise<Files> => {
    const texts = new Map(await Promise.all(paths.map(readOne)));
    await pause?.();
    return texts;
  };
  const { analysis, files } = settings.enable
    ? await gather(document, settings.analysis, read, trees)
    : { analysis: switchedOff(file, settings.analysis), files: new Map() };
  return {
    uri,
    analysis,
    settings,
    document,
    files,
    uriOf: (path) => (path === file || !base ? uri : Uri.joinPath(base, path)),
  };
}

/**
 * The files, as URIs, that an analysis took values from: not those it would have liked, and not the
 * assumptions and constants, which stand for no part of a config.
 */
export function filesUsed({ files, uriOf, settings }: AnalysedConfig): ReadonlySet<string> {
  const { calibrationFile } = settings.analysis;
  const isPart = (path: string) =>
    !isAssumptionsFile(path) && !isCalibrationFile(path) && path !== calibrationFile;
  const used = [...files].filter(([path, text]) => text !== null && isPart(path));
  return new Set(used.map(([path]) => uriOf(path).toString()));
}

/** The folder that paths are relative to, and the document's own path from there. */
function home(uri: Uri): { base: Uri | null; file: string } {
  const name = uri.path.split('/').pop() ?? uri.path;
  if (uri.scheme === 'untitled') return { base: null, file: name };
  const base = workspace.getWorkspaceFolder(uri)?.uri;
  if (!base) return { base: Uri.joinPath(uri, '..'), file: name };
  return { base, file: uri.path.slice(base.path.length).replace(/^\//, '') };
}

/** The text of a file by its path from a folder; null where the path, or a link on it, leads out. */
async function readWithin(
  base: Uri,
  path: string,
  readOther?: (uri: Uri) => Promise<string | null>,
): Promise<string | null> {
  if (pathFrom('', path) === null) return null;
  // What git keeps of a link is its text, so that none is followed.
  if (readOther) return readOther(Uri.joinPath(base, path));
  const text = await readText(Uri.joinPath(base, path), maximumCharacters);
  return text !== null && (await isWithin(base, path)) ? text : null;
}

/**
 * A file's text: an open document's first, else as stored; null when it cannot be read or has more
 * than `maximumBytes`.
 */
export async function readText(uri: Uri, maximumBytes: number): Promise<string | null> {
  const open = openDocument(uri);
  if (open) return open.getText();
  try {
    const { type, size } = await workspace.fs.stat(uri);
    if ((type & FileType.File) === 0 || size > maximumBytes) return null;
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch {
    // Most wanted files are only perhaps there; the analysis then says what is missing.
    return null;
  }
}

function switchedOff(file: string, settings: AnalysisSettings): Analysis {
  const explanation = [`Floatcast is switched off here (the setting ${section}.enable).`];
  const nothing = { syntax: null, runs: [], problems: [], notices: [], wants: [], sources: [] };
  return { file, ...nothing, explanation, settings };
}
