import type { EarlyGap, GapComparison, Place } from '../advise/measuredGap.ts';
import type { Neighbour } from '../advise/nearestMeasurements.ts';
import type { RunPoint } from '../laws/law.ts';
import type { Measurement, MeasurementStatus } from '../laws/measurements/measurement.ts';
import { quantises } from '../laws/width.ts';
import type { MeasuredLosses } from '../run/measured.ts';
import { formatName } from './formats.ts';
import { count, gapNats, percent, plain } from './numbers.ts';
import { lawPhrase } from './words.ts';

/**
 * Whether a measured gap is normal: where it lies in the band of the laws, against the leading
 * law, and against the pooled law's interval. Whole sentences, the answer first.
 */
export function gapVerdict(comparison: GapComparison): readonly string[] {
  const { end, predicted, band, place, early, overLead, againstPooled } = comparison;
  const [lead] = predicted;
  const measured = `The measured gap at ${count(end.tokens)} tokens is ${gapWithScatter(comparison)}`;
  if (!band || !place) return [`${measured}; no law has a number to compare it with.`];
  const laws = predicted.length === 1 ? 'the one law that speaks' : `${predicted.length} laws`;
  const range = `${gapNats(band[0])} to ${gapNats(band[1])}`;
  const against =
    againstPooled === null
      ? []
      : [
          `Against the pooled public runs (our own fit, 90 % interval ` +
            `${gapNats(againstPooled.interval[0])} to ${gapNats(againstPooled.interval[1])}) it lies ` +
            `${placeWords(againstPooled.place)}.`,
        ];
  const over =
    overLead === null || !lead
      ? []
      : [
          `It is ${plain(Number(overLead.toPrecision(2)))}× what ${lawPhrase(lead)} predicts (${gapNats(lead.gap ?? 0)}).`,
        ];
  const outside = outsideSentence(predicted);
  if (early) return [earlySentence(early, measured), ...outside];
  return [
    `${answers[place.kind]}: ${lowerFirst(measured)}, ${placeWords(place)} the band of ${laws} ` +
      `(${range}).${place.kind === 'inside' && isWide(band) ? ` ${wideBand}` : ''}`,
    ...over,
    ...against,
    ...outside,
  ];
}

/** How a gap of a run that is not over compares with those of public runs at the same share. */
function earlySentence({ share, stage, normal, place }: EarlyGap, measured: string): string {
  const [low, high] = stage.midRun.map((each) => `${each < 0 ? '−' : ''}${plain(Math.abs(each))}`);
  return (
    `${earlyAnswers[place.kind]}: ${lowerFirst(measured)}, at ${percent(share)} of the run. There ` +
    `${stage.runs} public FP4 runs of 8 B had ${low ?? ''} to ${high ?? ''} times the gap they ended ` +
    `with, which by the laws’ band for the end is ${gapNats(normal[0])} to ${gapNats(normal[1])}.`
  );
}

const earlyAnswers = {
  inside: 'Nothing unusual so early',
  above: 'Large even so early',
  below: 'Small even so early',
} as const;

/** Whether N or D lies outside of what the laws that speak were fitted on. */
function outsideSentence(predicted: GapComparison['predicted']): readonly string[] {
  const outside = (size: 'parameters' | 'tokens') =>
    predicted.filter(({ extrapolated }) => extrapolated.includes(size)).length;
  const said = (
    [
      ['N', outside('parameters')],
      ['D', outside('tokens')],
    ] as const
  )
    .filter(([, laws]) => laws > 0)
    .map(
      ([name, laws]) =>
        `${name} lies outside of what ${laws} of the ${predicted.length} were fitted on`,
    );
  return said.length === 0 ? [] : [`Of the laws that speak: ${said.join(', ')}.`];
}

/** The gap at the end of a log, with the scatter of its median where that is known. */
function gapWithScatter({ end }: GapComparison): string {
  const { value, uncertainty } = end;
  const scatter =
    uncertainty === null || uncertainty === 0 ? '' : ` ± ${gapNats(uncertainty).replace('+', '')}`;
  return `${gapNats(value)}${scatter}`;
}

/** Where a gap lies against a range: `inside`, `above, by a factor of 1.4,`. */
function placeWords({ kind, factor }: Place): string {
  return factor === null ? kind : `a factor of ${plain(factor)} ${kind}`;
}

/** Why no gap can be measured from a log; null where one can. */
export function noGapReason(
  measured: MeasuredLosses,
  point: RunPoint,
  comparison: GapComparison | null,
): string | null {
  if (!quantises(point)) {
    return 'The run trains in 16 bits or more, so it has no gap to compare.';
  }
  if (!measured.baseline) {
    return 'Without the losses of a BF16 twin no gap can be measured.';
  }
  return comparison ? null : 'The two logs have no tokens in common, so no gap can be measured.';
}

/** What to know before a measured loss is laid over a law: whole sentences. */
export function measuringCaveats(
  measured: MeasuredLosses,
  point: RunPoint,
  endTokens: number,
): readonly string[] {
  const share = endTokens / point.tokens;
  return [
    ...(share < 0.9
      ? [
          `The log ends at ${percent(share)} of the run’s ${count(point.tokens)} tokens. Laws speak ` +
            'of finished runs with a decayed learning rate: in mid-run the losses lie above the ' +
            'curve, and a gap can be smaller than it ends up.',
        ]
      : [
          'Laws speak of finished runs with a decayed learning rate: before the end, measured ' +
            'losses lie above the curve.',
        ]),
    ...measured.notes,
  ];
}

/** A public measurement by name: `NVIDIA, 8.00 B parameters, 1.00 T tokens`. */
export function measurementName({ dataset, point }: Measurement): string {
  return `${dataset}, ${count(point.parameters)} parameters, ${count(point.tokens)} tokens`;
}

/** A measured gap, or the bound that a source's words put on it: `+0.0263`, `at most +0.0080`. */
export function measurementGap({ gap, kind }: Measurement): string {
  return kind === 'bound' ? `at most ${gapNats(gap)}` : gapNats(gap);
}

const statuses: Readonly<Record<MeasurementStatus, string>> = {
  runs: 'from published runs',
  printed: 'as printed',
  percent: 'printed as a percentage, the loss assumed',
  figure: 'read off a figure',
  words: 'a bound out of words',
  abstract: 'abstract alone',
  'second-hand': 'second-hand',
};

/** How a public measurement became known, in a few words. */
export function measurementStatus({ status }: Measurement): string {
  return statuses[status];
}

/** What was measured nearest to a run, as a sentence; none for a run without a gap. */
export function neighbourSentence(neighbours: readonly Neighbour[]): readonly string[] {
  const named = neighbours.map(({ measurement }) => {
    const recipe = formatName(measurement.point);
    return `${measurementGap(measurement)} (${measurementName(measurement)}, ${recipe}, ${measurementStatus(measurement)})`;
  });
  return named.length === 0 ? [] : [`Measured nearest to it in public: ${named.join('; ')}.`];
}

/** How far a public measurement is from a run: `N ×0.12, D ÷4.5, same format and operands`. */
export function neighbourDistance({ parametersRatio, tokensRatio, sameRecipe }: Neighbour): string {
  const recipe = sameRecipe ? 'same format and operands' : 'another format or other operands';
  return `N ${ratioWords(parametersRatio)}, D ${ratioWords(tokensRatio)}, ${recipe}`;
}

const answers = {
  inside: 'Within what the laws say',
  above: 'Larger than every law says',
  below: 'Smaller than every law says',
} as const;

/** A band whose ends differ more than this says little by itself. */
const wideFactor = 4;
const wideBand = 'The laws disagree so much that this alone says little.';

function isWide([low, high]: readonly [number, number]): boolean {
  return low <= 0 || high / low > wideFactor;
}

function ratioWords(ratio: number): string {
  if (Math.abs(Math.log(ratio)) < 0.05) return 'the same';
  return ratio > 1 ? `×${plain(ratio)}` : `÷${plain(1 / ratio)}`;
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
