import { lawInForce, type Calibration } from '../laws/calibration.ts';
import type { FormulaPiece, RunPoint } from '../laws/law.ts';
import { lawById } from '../laws/registry.ts';
import { plain } from './numbers.ts';

const short = (value: number): string => value.toExponential(2).replace('e+', 'e');
const fixed = (value: number): string => value.toFixed(Math.abs(value) < 0.01 ? 5 : 4);

/**
 * A law's formula and the same with the run's numbers in it, lines of plain text for a code block.
 * Empty when the law cannot speak of the run.
 */
export function formulaLines(
  point: RunPoint,
  law: string,
  calibration: Calibration | null,
): readonly string[] {
  const lines = lawInForce(law, calibration)?.formula(point) ?? [];
  return lines.map((line) => line.map(pieceWords).join(''));
}

function pieceWords(piece: FormulaPiece): string {
  if (typeof piece === 'string') return piece;
  return 'size' in piece ? short(piece.size) : fixed(piece.term);
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
