import type { Forecast, RunPoint } from '../laws/law.ts';
import { capybaraConstants as c, log2Block } from '../laws/capybaraFormulas.ts';
import { lawById } from '../laws/registry.ts';
import { gapNats, plain } from './numbers.ts';
import { lawName } from './words.ts';

const short = (value: number): string => value.toExponential(2).replace('e+', 'e');
const fixed = (value: number): string => value.toFixed(Math.abs(value) < 0.01 ? 5 : 4);

/**
 * The law's formula with the run's numbers in it, lines of plain text for a code block.
 * The Capybara law is written out (arXiv 2501.02423, equation 18, the paper's letters); another
 * law as the difference of its two losses. Empty when the law cannot speak of the run.
 */
export function formulaLines(point: RunPoint, forecast: Forecast): readonly string[] {
  const { loss, bf16Loss, gap } = forecast;
  if (loss === null || bf16Loss === null || gap === null) return [];
  if (forecast.law === 'capybara') return capybaraLines(point, { loss, gap });
  return [
    `${lawName(forecast.law)}: gap = loss − loss of the BF16 twin`,
    `    = ${loss.toFixed(5)} − ${bf16Loss.toFixed(5)} = ${gapNats(gap)}`,
  ];
}

function capybaraLines(
  { parameters: N, tokens: D, exponentBits: E, mantissaBits: M, ...scaling }: RunPoint,
  { loss, gap }: { readonly loss: number; readonly gap: number },
): readonly string[] {
  const sizeTerm = c.n / N ** c.alpha;
  const dataTerm = c.d / D ** c.beta;
  const twin = [
    `L = n/N^α + d/D^β + ε${gap === 0 ? '' : ' + gap'}`,
    `  = ${c.n}/${short(N)}^${c.alpha} + ${c.d}/${short(D)}^${c.beta} + ${c.epsilon}${gap === 0 ? '' : ' + gap'}`,
    `  = ${fixed(sizeTerm)} + ${fixed(dataTerm)} + ${c.epsilon}${gap === 0 ? '' : ` + ${fixed(gap)}`} = ${loss.toFixed(4)}`,
  ];
  if (gap === 0 || E === null || M === null) return twin;
  const log2B = log2Block(scaling, N, D);
  return [
    ...twin,
    'gap = D^β/N^α · log2 B / (γ (E+0.5)^δ (M+0.5)^ν)',
    `    = ${short(D)}^${c.beta}/${short(N)}^${c.alpha} · ${plain(log2B)} / (${c.gamma} · ${E + 0.5}^${c.delta} · ${M + 0.5}^${c.nu}) = ${fixed(gap)}`,
  ];
}

/** How far N and D lie outside what a law was fitted on, whole sentences; empty inside. */
export function distances(point: RunPoint, law: string): readonly string[] {
  const fitted = lawById(law)?.fitted;
  if (!fitted) return [];
  return [
    ...distance('N', point.parameters, fitted.parameters, 'model'),
    ...distance('D', point.tokens, fitted.tokens, 'run'),
  ];
}

function distance(
  letter: string,
  value: number,
  [low, high]: readonly [number, number],
  what: string,
): readonly string[] {
  if (value > high) return [`${letter} is ${plain(value / high)}× the largest fitted ${what}’s.`];
  return value < low
    ? [`${letter} is ${plain(low / value)}× below the smallest fitted ${what}’s.`]
    : [];
}
