import { bytes } from './cost.ts';
import type { CheckRun } from './json.ts';
import { escapeMarkdown } from './markdown.ts';
import { count, gapNats, percent, plural } from './numbers.ts';
import { gapOf, hoursOf, isMove, memoryOf, ratioOf, type RunChange } from './runChange.ts';

/** What is told of a run that changed. */
export const changeHeads = ['run', 'gap', 'D / D_crit', 'hours', 'memory a GPU', 'findings'];

/** What moved by more than `nats` as a table for a comment; nothing where nothing did. */
export function changesMarkdown(changes: readonly RunChange[], base: string, nats: number): string {
  const moved = changes.filter((each) => isMove(each, nats));
  if (moved.length === 0) return '';
  const row = (each: readonly string[]) => `| ${each.join(' | ')} |`;
  const found = moved.flatMap(({ change }) => change.findings.new);
  return [
    `### Floatcast: ${plural(moved.length, 'run')} moved since ${escapeMarkdown(base)}`,
    '',
    row(changeHeads),
    row(changeHeads.map(() => '---')),
    ...moved.map((each) => row(changeCells(each).map(escapeMarkdown))),
    ...(found.length === 0
      ? []
      : [
          '',
          ...found.map(
            (each) =>
              `- **${each.severity}** ${escapeMarkdown(`${each.file}:${each.line ?? 1}`)} ${escapeMarkdown(each.message)} (${each.id})`,
          ),
        ]),
    '',
  ].join('\n');
}

/** One run’s row under those heads: before → after, once where it stayed. */
export function changeCells({
  file,
  name,
  status,
  before,
  after,
  change,
}: RunChange): readonly string[] {
  const both = (of: (run: CheckRun) => number | null, words: (value: number) => string) => {
    const [was, is] = [before, after].map((run) => {
      const value = run && of(run);
      return value === null ? '–' : words(value);
    });
    return was === is ? (is ?? '') : `${was ?? ''} → ${is ?? ''}`;
  };
  const ids = (sign: string, findings: CheckRun['findings']) =>
    findings.map(({ id }) => `${sign}${id}`);
  return [
    [file, ...(name === null ? [] : [name]), ...(status === 'changed' ? [] : [`(${status})`])].join(
      ' ',
    ),
    both(gapOf, gapNats),
    both(ratioOf, percent),
    both(hoursOf, count),
    both(memoryOf, bytes),
    [...ids('+', change.findings.new), ...ids('−', change.findings.gone)].join(' ') || '–',
  ];
}
