import type { Severity } from '../../core/checks/check.ts';
import { checks } from '../../core/checks/registry.ts';
import { documentationBase, documentationUrl } from '../../core/present/findings.ts';
import { inert } from '../../core/present/plain.ts';
import { ruleById } from '../../core/rules/registry.ts';
import type { Edit } from '../../core/syntax/edit.ts';
import { lineMap } from '../../core/syntax/lines.ts';
import type { Checked, Reported } from '../checkFiles.ts';

const levels: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
};

/** A region of an artifact: lines and columns from 1, the end behind the last character. */
interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

type RegionOf = (place: Edit['place']) => Region | null;

/**
 * Findings as a SARIF 2.1.0 log (OASIS standard, March 2020): a rule a finding id, fingerprints that
 * stay when lines move, fixes as changes of artifacts.
 */
export function sarif(
  findings: readonly Reported[],
  checked: readonly Checked[],
  version: string,
): unknown {
  const ids = [...new Set(findings.map(({ json }) => json.id))].sort();
  const regionOf = regions(checked);
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Floatcast',
            version,
            informationUri: documentationBase.replace(/\/blob\/.*/, ''),
            rules: ids.map((id) =>
              descriptor(
                id,
                findings.find(({ json }) => json.id === id),
              ),
            ),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { SRCROOT: { description: { text: 'The working directory.' } } },
        results: findings.map((each) => resultOf(each, ids, regionOf)),
      },
    ],
  };
}

/** A rule of the log: what an id stands for, where its page is. */
function descriptor(id: string, example: Reported | undefined): unknown {
  const rule = ruleById(id);
  const check = checks.find((each) => each.id === id);
  const summary = rule ? `${rule.title}.` : (check?.summary ?? id);
  const url = documentationUrl(id, example?.finding.page);
  const severity = rule?.severity ?? check?.severity ?? 'warning';
  const text = rule ? `${rule.message} ${rule.remedy}` : summary;
  return {
    id,
    shortDescription: { text: summary },
    fullDescription: { text },
    help: { text: `${text} ${url}`, markdown: `${text}\n\n[${id}](${url})` },
    helpUri: url,
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: [rule ? 'recipe' : 'precision'] },
  };
}

function resultOf({ json, finding, fingerprint }: Reported, ids: readonly string[], at: RegionOf) {
  const region = at(finding.place);
  const related = finding.related.map(({ place, message }, index) => ({
    id: index + 1,
    ...locationOf(place.file, at(place)),
    message: { text: inert(message) },
  }));
  const fixes = finding.fixes.flatMap(({ title, edits }) => {
    const changes = changesOf(edits, at);
    return changes === null
      ? []
      : [{ description: { text: inert(title) }, artifactChanges: changes }];
  });
  return {
    ruleId: json.id,
    ruleIndex: ids.indexOf(json.id),
    level: levels[json.severity],
    message: { text: inert(json.message) },
    locations: [locationOf(json.file, region)],
    ...(related.length > 0 && { relatedLocations: related }),
    partialFingerprints: { 'floatcast/v1': fingerprint },
    ...(fixes.length > 0 && { fixes }),
  };
}

function locationOf(file: string, region: Region | null) {
  return {
    physicalLocation: {
      artifactLocation: artifact(file),
      region: region ?? { startLine: 1, startColumn: 1 },
    },
  };
}

/** Paths are relative and percent-encoded: a name may hold what means something in a URI. */
function artifact(file: string) {
  const uri = file.split('/').map(encodeURIComponent).join('/');
  return { uri, uriBaseId: 'SRCROOT' };
}

/** The edits by file, or null where the place of one is not known. */
function changesOf(edits: readonly Edit[], at: RegionOf): readonly unknown[] | null {
  const files = [...new Set(edits.map(({ place }) => place.file))];
  const placed = edits.map(({ place, newText }) => ({ place, newText, region: at(place) }));
  if (files.length === 0 || placed.some(({ region }) => region === null)) return null;
  return files.map((file) => ({
    artifactLocation: artifact(file),
    replacements: placed
      .filter(({ place }) => place.file === file)
      .map(({ newText, region }) => ({
        deletedRegion: region,
        ...(newText !== '' && { insertedContent: { text: newText } }),
      })),
  }));
}

/** Makes regions of places, out of the texts that were read. */
function regions(checked: readonly Checked[]): RegionOf {
  const texts = new Map(
    checked.flatMap(({ analysis }) => analysis.sources.map(({ file, text }) => [file, text])),
  );
  const maps = new Map<string, ReturnType<typeof lineMap>>();
  return ({ file, start, end }) => {
    const text = texts.get(file);
    if (text === undefined) return null;
    const map = maps.get(file) ?? lineMap(text);
    maps.set(file, map);
    const [from, to] = [map(start), map(end)];
    return {
      startLine: from.line,
      startColumn: from.column,
      endLine: to.line,
      endColumn: to.column,
    };
  };
}
