import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/syntax/edit.ts';
import { lineMap } from '../../../src/core/syntax/lines.ts';
import { floatcast, folderOf, llmFoundryConfig } from './harness.ts';

/** 134 T tokens: past D_crit, so a warning. */
const past = llmFoundryConfig(64_000_000);
const root = path.resolve(import.meta.dirname, '../../..');

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}
interface Location {
  readonly physicalLocation: {
    readonly artifactLocation: { uri: string };
    readonly region: Region;
  };
}
interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly Location[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly fixes?: readonly {
    readonly description: { readonly text: string };
    readonly artifactChanges: readonly {
      readonly artifactLocation: { readonly uri: string };
      readonly replacements: readonly {
        readonly deletedRegion: Region;
        readonly insertedContent?: { readonly text: string };
      }[];
    }[];
  }[];
}
interface Log {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly Result[];
  }[];
}

function validator(schema: object): (value: unknown) => unknown {
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv);
  const validate = ajv.compile(schema);
  return (value) => (validate(value) ? [] : validate.errors);
}

/** The schema is written in draft 4, whose only difference here is how its own id is called. */
const schemaWithoutId = Object.fromEntries(
  Object.entries(sarifSchema).filter(([key]) => key !== 'id'),
);
const sarifErrors = validator({
  ...schemaWithoutId,
  $schema: 'http://json-schema.org/draft-07/schema#',
});

async function sarif(folder: string, ...argv: readonly string[]): Promise<Log> {
  const { stdout, stderr } = await floatcast(['check', '--sarif', ...argv], folder);
  expect(stderr).toBe('');
  const log = JSON.parse(stdout) as Log;
  expect(sarifErrors(log)).toEqual([]);
  return log;
}

describe('SARIF', () => {
  it('is valid against the schema, with a rule a finding id', async () => {
    const folder = await folderOf({
      'a b.yaml': past,
      'c.yaml': past,
      'ds_config.json':
        '{"train_batch_size": 64, "fp16": {"enabled": true}, "bf16": {"enabled": true}}\n',
    });
    const [run] = (await sarif(folder)).runs;
    const ids = run?.tool.driver.rules.map(({ id }) => id) ?? [];
    expect(ids).toContain('critical-data-size');
    expect(ids).toContain('deepspeed-fp16-and-bf16');
    expect(new Set(ids).size).toBe(ids.length);
    for (const { ruleId, ruleIndex } of run?.results ?? []) expect(ids[ruleIndex]).toBe(ruleId);
    const critical = run?.results.filter(({ ruleId }) => ruleId === 'critical-data-size') ?? [];
    const places = critical.map(({ locations }) => locations[0]?.physicalLocation);
    expect(places.map((place) => place?.artifactLocation.uri)).toEqual(['a%20b.yaml', 'c.yaml']);
    expect(places[0]?.region).toEqual({
      startLine: 10,
      startColumn: 15,
      endLine: 10,
      endColumn: 25,
    });
  });

  it('is valid without findings and without files', async () => {
    const folder = await folderOf({ 'fine.yaml': llmFoundryConfig() });
    expect((await sarif(folder)).runs[0]?.results).toEqual([]);
    expect((await sarif(await folderOf({}))).runs[0]?.results).toEqual([]);
  });

  it('gives a finding the same fingerprint when lines move, another when its line changes', async () => {
    const folder = await folderOf({ 'a.yaml': past });
    const prints = async () =>
      (await sarif(folder)).runs[0]?.results.map(
        (each) => each.partialFingerprints['floatcast/v1'],
      );
    const before = await prints();
    expect(new Set(before).size).toBe(before?.length);
    await writeFile(path.join(folder, 'a.yaml'), `# one more\n\n${past}`);
    expect(await prints()).toEqual(before);
    await writeFile(path.join(folder, 'a.yaml'), llmFoundryConfig(65_000_000));
    expect(await prints()).not.toContain(before?.[0]);
  });

  it('has fixes that do what the editor’s do', async () => {
    const folder = await folderOf({ 'a.yaml': past });
    const [result] = (await sarif(folder)).runs[0]?.results ?? [];
    const fix = result?.fixes?.find(({ description }) =>
      description.text.startsWith('Train in BF16'),
    );
    const [change] = fix?.artifactChanges ?? [];
    const offset = ({ line, column }: { line: number; column: number }) => {
      const at = lineMap(past);
      return Array.from({ length: past.length + 1 }, (_, index) => index).find((index) => {
        const place = at(index);
        return place.line === line && place.column === column;
      });
    };
    const edits = (change?.replacements ?? []).map(
      ({ deletedRegion: region, insertedContent }) => ({
        place: {
          file: 'a.yaml',
          start: offset({ line: region.startLine, column: region.startColumn }) ?? -1,
          end: offset({ line: region.endLine, column: region.endColumn }) ?? -1,
        },
        newText: insertedContent?.text ?? '',
      }),
    );
    expect(change?.artifactLocation.uri).toBe('a.yaml');
    expect(applyEdits(past, 'a.yaml', edits)).toBe(past.replace('amp_fp8', 'amp_bf16'));
  });

  it('makes no link of a name', async () => {
    const folder = await folderOf({ '[x](command:y).yaml': past });
    const [result] = (await sarif(folder)).runs[0]?.results ?? [];
    expect(result?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(
      '%5Bx%5D(command%3Ay).yaml',
    );
    expect(result?.message.text).not.toContain('](');
  });
});

describe('annotations of GitHub', () => {
  it('are one line a finding, with what would end a property escaped', async () => {
    const folder = await folderOf({ 'a,b:c%.yaml': past });
    const { code, stdout } = await floatcast(['check', '--output', 'github'], folder);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^::warning file=a%2Cb%3Ac%25\.yaml,line=10,col=15,title=floatcast critical-data-size::[^\n]*\n/,
    );
    expect(stdout).toMatch(/73(?!\d)|7\.3|D_crit|critical data size/);
    expect(stdout.split('\n').every((line) => line === '' || line.startsWith('::'))).toBe(true);
  });

  it('end at their line whatever a file is called', async () => {
    const folder = await folderOf({ 'a\n::error::b\u001b[2J.yaml': past });
    const { stdout } = await floatcast(['check', '--output', 'github'], folder);
    expect(stdout).toMatch(/^::warning file=a\\n%3A%3Aerror%3A%3Ab\\u001b\[2J\.yaml,line=/);
    expect(stdout).not.toMatch(/^::error/m);
  });
});

it('the report of GitLab has a fingerprint of its own for each finding', async () => {
  const folder = await folderOf({ 'a.yaml': past, 'b.yaml': past });
  const { stdout } = await floatcast(['check', '--output', 'gitlab'], folder);
  const report = JSON.parse(stdout) as readonly Record<string, unknown>[];
  expect(report[0]).toMatchObject({
    check_name: 'critical-data-size',
    severity: 'major',
    location: { path: 'a.yaml', lines: { begin: 10 } },
  });
  const prints = report.map(({ fingerprint }) => fingerprint);
  expect(new Set(prints).size).toBe(report.length);
});

it('JUnit has a suite a file and a case a run, which fails by its warnings', async () => {
  const folder = await folderOf({ 'a&b.yaml': past, 'fine.yaml': llmFoundryConfig() });
  const { stdout } = await floatcast(['check', '--output', 'junit'], folder);
  expect(stdout).toContain('<testsuites name="floatcast" tests="2" failures="1">');
  expect(stdout).toContain('<testsuite name="a&amp;b.yaml" tests="1" failures="1">');
  expect(stdout).toContain('<failure type="warning critical-data-size" message="134 T tokens is');
  expect(stdout).toContain('<testcase classname="fine.yaml" name="fine.yaml" />');
});

it('--output json wraps the runs of --json, with a version, as the shipped schema says', async () => {
  const folder = await folderOf({ 'a.yaml': past, 'none.yaml': 'x: 1\n' });
  const argv = ['check', 'a.yaml', 'none.yaml'];
  const wrapped = JSON.parse(
    (await floatcast([...argv, '--output', 'json'], folder)).stdout,
  ) as Record<string, unknown>;
  const bare = JSON.parse((await floatcast([...argv, '--json'], folder)).stdout) as unknown;
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  expect(wrapped).toEqual({ version: 1, tool: `floatcast ${version}`, runs: bare });
  const schema = JSON.parse(
    readFileSync(path.join(root, 'media/check.schema.json'), 'utf8'),
  ) as object;
  const errors = validator(schema);
  expect(errors(wrapped)).toEqual([]);
  expect(errors({ ...wrapped, runs: [{ file: 'a.yaml' }] })).not.toEqual([]);
});

describe('what is read', () => {
  it('is standard input under the name that it is given', async () => {
    const argv = ['check', '-', '--stdin-filename', 'configs/x.yaml', '--json'];
    const { code, stdout } = await floatcast(argv, await folderOf({}), { stdin: past });
    expect([code, (JSON.parse(stdout) as readonly { file: string }[])[0]]).toMatchObject([
      1,
      { file: 'configs/x.yaml', tokens: 134_217_728_000_000 },
    ]);
  });

  const config = llmFoundryConfig();
  const files = async (folder: string, ...argv: readonly string[]) => {
    const { stdout } = await floatcast(['check', '--json', ...argv], folder);
    return (JSON.parse(stdout) as readonly { file: string }[]).map(({ file }) => file);
  };

  it('is the working folder where nothing is named', async () => {
    expect(await files(await folderOf({ 'a/x.yaml': config }))).toEqual(['a/x.yaml']);
  });

  it('leaves out what git ignores, in folders and globs, but not what is named', async () => {
    const folder = await folderOf({
      '.gitignore': 'out/\n*.local.yaml\n!keep.local.yaml\n',
      'a.yaml': config,
      'b.local.yaml': config,
      'keep.local.yaml': config,
      'out/c.yaml': config,
      'sub/.gitignore': 'd.yaml\n',
      'sub/d.yaml': config,
      'sub/e.yaml': config,
    });
    await mkdir(path.join(folder, '.git'));
    expect(await files(folder)).toEqual(['a.yaml', 'keep.local.yaml', 'sub/e.yaml']);
    expect(await files(folder, 'sub')).toEqual(['sub/e.yaml']);
    expect(await files(`${folder}/sub`)).toEqual(['e.yaml']);
    expect(await files(folder, '**/*.yaml')).toEqual(['a.yaml', 'keep.local.yaml', 'sub/e.yaml']);
    expect(await files(folder, 'out/c.yaml')).toEqual(['out/c.yaml']);
    expect(await files(folder, '--no-ignore')).toHaveLength(6);
  });

  it('leaves out what --exclude names, a folder with all in it', async () => {
    const folder = await folderOf({
      'a.yaml': config,
      'old/b.yaml': config,
      'x/old/c.yaml': config,
      'x/d.yaml': config,
    });
    expect(await files(folder, '--exclude', 'old')).toEqual(['a.yaml', 'x/d.yaml']);
    expect(await files(folder, '--exclude', 'x/**', '--exclude', './a.yaml')).toEqual([
      'old/b.yaml',
    ]);
  });
});
