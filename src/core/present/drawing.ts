import type { RunAnalysis } from '../analysis.ts';
import { lawInForce } from '../laws/calibration.ts';
import { count } from './numbers.ts';

/** Colours of a drawing, as CSS: drawings do not see the editor's theme. */
export interface Palette {
  readonly foreground: string;
  readonly muted: string;
  readonly background: string;
  readonly run: string;
  readonly twin: string;
  readonly critical: string;
}

/** A palette for each kind of editor theme. */
export const palettes = {
  dark: {
    foreground: '#cccccc',
    muted: '#8b8b8b',
    background: '#252526',
    run: '#4fc1ff',
    twin: '#a0a0a0',
    critical: '#f48771',
  },
  light: {
    foreground: '#3b3b3b',
    muted: '#6e6e6e',
    background: '#f3f3f3',
    run: '#005fb8',
    twin: '#767676',
    critical: '#c42b1c',
  },
  highContrast: {
    foreground: '#ffffff',
    muted: '#d4d4d4',
    background: '#000000',
    run: '#3794ff',
    twin: '#ffffff',
    critical: '#f38518',
  },
  highContrastLight: {
    foreground: '#292929',
    muted: '#292929',
    background: '#ffffff',
    run: '#0f4a85',
    twin: '#292929',
    critical: '#b5200d',
  },
} as const satisfies Record<string, Palette>;

const width = 360;
const height = 150;
const plot = { left: 40, right: 348, top: 14, bottom: 118 } as const;
const steps = 80;
const captions = {
  both: 'loss, nats: line = this run, dashes = BF16 twin',
  one: 'loss, nats per token',
} as const;

/**
 * Loss against tokens as a small SVG: the run's curve, its BF16 twin dashed, D_crit marked, a dot
 * for the run. Tensor-wise scaling is held as it is at the run, as everywhere else.
 * An empty text when the chosen law draws no curve for the run.
 */
export function drawing(run: RunAnalysis, palette: Palette): string {
  const { point, forecast } = run;
  const law = forecast && lawInForce(forecast.law, run.calibration);
  if (!point || !law || forecast.loss === null) return '';
  const curve = law.curve(point);
  const mark = forecast.criticalTokens;
  const quantised = forecast.gap !== 0;
  const from = Math.log10(Math.min(point.tokens, mark ?? point.tokens)) - 1;
  const to = Math.log10(Math.max(point.tokens, mark ?? point.tokens)) + 0.7;
  const samples = Array.from({ length: steps + 1 }, (_, step) => {
    const tokens = 10 ** (from + ((to - from) * step) / steps);
    const { loss, bf16Loss } = curve(tokens);
    return { tokens, loss, bf16Loss };
  });
  const losses = samples.flatMap(({ loss, bf16Loss }) => [loss, bf16Loss]).filter(isNumber);
  const low = Math.min(...losses);
  const high = Math.max(...losses);
  const x = (tokens: number) =>
    round(plot.left + ((Math.log10(tokens) - from) / (to - from)) * (plot.right - plot.left));
  const y = (loss: number) =>
    round(plot.bottom - ((loss - low) / (high - low || 1)) * (plot.bottom - plot.top));
  const path = (of: 'loss' | 'bf16Loss') =>
    samples
      .flatMap((each) => {
        const value = each[of];
        return isNumber(value) ? [`${x(each.tokens)} ${y(value)}`] : [];
      })
      .join('L');
  const text = (at: string, words: string, more = '') =>
    `<text ${at} fill="${palette.foreground}"${more}>${words}</text>`;
  const decades = ticks(from, to).map((tokens) => {
    const at = x(tokens);
    return (
      `<path d="M${at} ${plot.bottom}v4" stroke="${palette.muted}"/>` +
      text(`x="${at}" y="${plot.bottom + 15}" text-anchor="middle"`, count(tokens))
    );
  });
  const edges = [high, low].map((loss) =>
    text(`x="${plot.left - 5}" y="${round(y(loss) + 4)}" text-anchor="end"`, loss.toFixed(2)),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="10" role="img">`,
    '<title>Loss against tokens</title>',
    `<rect width="${width}" height="${height}" rx="3" fill="${palette.background}"/>`,
    `<path d="M${plot.left} ${plot.top}V${plot.bottom}H${plot.right}" fill="none" stroke="${palette.muted}"/>`,
    ...decades,
    ...edges,
    text(`x="${plot.right}" y="${height - 4}" text-anchor="end"`, 'tokens D'),
    text(`x="${plot.left}" y="${height - 4}"`, quantised ? captions.both : captions.one),
    ...(mark === null ? [] : criticalMark(x(mark), palette)),
    ...(quantised
      ? [
          `<path d="M${path('bf16Loss')}" fill="none" stroke="${palette.twin}" stroke-dasharray="5 3" stroke-width="1.5"/>`,
        ]
      : []),
    `<path d="M${path('loss')}" fill="none" stroke="${palette.run}" stroke-width="2"/>`,
    `<circle cx="${x(point.tokens)}" cy="${y(forecast.loss)}" r="4" fill="${palette.run}" stroke="${palette.background}"/>`,
    '</svg>',
  ].join('');
}

function criticalMark(at: number, palette: Palette): readonly string[] {
  const near = at > plot.right - 40;
  const words = `x="${near ? at - 4 : at + 4}" y="${plot.top + 8}"${near ? ' text-anchor="end"' : ''}`;
  return [
    `<path d="M${at} ${plot.top}V${plot.bottom}" stroke="${palette.critical}" stroke-dasharray="2 3"/>`,
    `<text ${words} fill="${palette.critical}">D_crit</text>`,
  ];
}

/** Powers of ten inside the range, every second one where there are many. */
function ticks(from: number, to: number): readonly number[] {
  const first = Math.ceil(from);
  const all = Array.from({ length: Math.floor(to) - first + 1 }, (_, index) => first + index);
  const every = Math.ceil(all.length / 5);
  return all.filter((exponent) => exponent % every === 0).map((exponent) => 10 ** exponent);
}

function isNumber(value: number | null): value is number {
  return value !== null && Number.isFinite(value);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
