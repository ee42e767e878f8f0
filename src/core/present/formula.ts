import { lawInForce, type Calibration } from '../laws/calibration.ts';
import type { FormulaPiece, RunPoint } from '../laws/law.ts';

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
