import type { GapAnswer } from '../advise/gapAnswer.ts';
import { gradeOf } from '../laws/law.ts';
import { formatName } from './formats.ts';
import { gradeWords } from './lawsTable.ts';
import { escapeMarkdown, table } from './markdown.ts';
import {
  gapVerdict,
  measurementGap,
  measurementName,
  measurementStatus,
  measuringCaveats,
  neighbourDistance,
  noGapReason,
} from './measuredGap.ts';
import { count, gapNats, plain } from './numbers.ts';
import { lawLabel } from './words.ts';

/** What is said of a measured gap: the answer, then the laws and the nearest measurements as tables. */
export interface GapReport {
  readonly title: string;
  /** Whole sentences, the answer first. */
  readonly answer: readonly string[];
  /** A head and its rows; empty where no law speaks. */
  readonly laws: readonly (readonly string[])[];
  readonly nearest: readonly (readonly string[])[];
  readonly caveats: readonly string[];
}

/** Puts an answer into words and tables that every surface shows alike. */
export function gapReport(found: GapAnswer): GapReport {
  const { losses, point, comparison, predicted, neighbours, endTokens } = found;
  const why = noGapReason(losses, point, comparison);
  const end = why === null ? (comparison?.end.value ?? null) : null;
  const laws = predicted.map((forecast) => {
    const grade = gradeOf(forecast);
    const { gap, interval } = forecast;
    return [
      lawLabel(forecast),
      gap === null ? '–' : gapNats(gap),
      interval === null ? '–' : `${gapNats(interval[0])} to ${gapNats(interval[1])}`,
      end === null || gap === null || gap <= 0
        ? '–'
        : `${plain(Number((end / gap).toPrecision(2)))}×`,
      grade === null ? '' : gradeWords(grade),
    ];
  });
  const nearest = neighbours.map((neighbour) => [
    measurementName(neighbour.measurement),
    measurementGap(neighbour.measurement),
    neighbour.measurement.recipe,
    measurementStatus(neighbour.measurement),
    neighbourDistance(neighbour),
  ]);
  const lawsHead = ['Law', 'predicted', '90 %', 'measured / predicted', 'how far to lean on it'];
  const nearestHead = ['Measured in public', 'gap', 'recipe', 'known', 'from this run'];
  return {
    title:
      `${losses.name} · ${formatName(point)} · N ${count(point.parameters)} linear · ` +
      `D ${count(point.tokens)} tokens`,
    answer: why === null && comparison ? gapVerdict(comparison) : [why ?? ''],
    laws: laws.length > 0 ? [lawsHead, ...laws] : [],
    nearest: nearest.length > 0 ? [nearestHead, ...nearest] : [],
    caveats: [...measuringCaveats(losses, point, endTokens), 'Gaps in nats per token.'],
  };
}

/** The report as a page of the editor. */
export function gapMarkdown(found: GapAnswer): string {
  const { title, answer, laws, nearest, caveats } = gapReport(found);
  const tableOf = ([head, ...rows]: readonly (readonly string[])[]) =>
    head
      ? [
          table(
            head,
            rows.map((row) => row.map(escapeMarkdown)),
          ).join('\n'),
        ]
      : [];
  return [
    '# Is my gap normal?',
    escapeMarkdown(title),
    ...answer.map((sentence, at) =>
      at === 0 ? `**${escapeMarkdown(sentence)}**` : escapeMarkdown(sentence),
    ),
    ...tableOf(laws),
    ...tableOf(nearest),
    caveats.map((sentence) => `- ${escapeMarkdown(sentence)}`).join('\n'),
    '',
  ].join('\n\n');
}
