import type { CheckRun } from '../../core/present/json.ts';
import { visible } from '../../core/present/plain.ts';
import { headingOf } from '../report.ts';

/**
 * Runs as JUnit XML: a suite a file, a case a run, which fails by its warnings and errors; what is
 * information stands in its output.
 */
export function junit(runs: readonly CheckRun[]): string {
  const files = [...new Set(runs.map(({ file }) => file))];
  const suites = files.flatMap((file) => {
    const own = runs.filter((run) => run.file === file);
    const failures = own.filter((run) => failuresOf(run).length > 0).length;
    const counts = { name: file, tests: own.length, failures };
    return [`  <testsuite${attributes(counts)}>`, ...own.flatMap(testCase), '  </testsuite>'];
  });
  const failures = runs.filter((run) => failuresOf(run).length > 0).length;
  const counts = { name: 'floatcast', tests: runs.length, failures };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes(counts)}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

type Found = CheckRun['findings'][number];

function failuresOf({ findings }: CheckRun): readonly Found[] {
  return findings.filter(({ severity }) => severity !== 'information');
}

function testCase(run: CheckRun): readonly string[] {
  const informing = run.findings.filter(({ severity }) => severity === 'information');
  const inside = [
    ...failuresOf(run).map((each) => {
      const { id, severity, message } = each;
      return `      <failure${attributes({ type: `${severity} ${id}`, message })}>${escaped(placed(each))}</failure>`;
    }),
    ...(informing.length === 0
      ? []
      : [`      <system-out>${escaped(informing.map(placed).join('\n'))}</system-out>`]),
  ];
  const named = attributes({ classname: run.file, name: headingOf(run) });
  return inside.length === 0
    ? [`    <testcase${named} />`]
    : [`    <testcase${named}>`, ...inside, '    </testcase>'];
}

function placed({ file, line, column, id, message }: Found): string {
  return `${visible(file)}:${line ?? 1}:${column ?? 1} ${visible(message)} (${id})`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(visible(String(value)))}"`)
    .join('');
}

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (each) => entities.get(each) ?? each);
}
