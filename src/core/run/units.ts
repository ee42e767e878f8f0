/** What one letter behind a number multiplies by: SI steps, as model sizes and token counts use them. */
const letters: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, b: 1e9, g: 1e9, t: 1e12 };

/**
 * Reads a count as people write it: `8e9`, `8B`, `15T`, `1.5 T`, `2**40`, `1_000_000`, `1,000`.
 * Gives null for anything else, for zero and below, and for what no count can be (NaN, ∞).
 */
export function parseCount(text: string): number | null {
  const compact = text.trim().replace(/[_\s]|,(?=\d{3}\b)/g, '');
  const power = /^(\d+)\*\*(\d+)$/.exec(compact);
  const plain = /^(\d+(?:\.\d*)?|\.\d+)(?:e([+-]?\d+))?([kmbgt])?$/i.exec(compact);
  const value = power
    ? Number(power[1]) ** Number(power[2])
    : plain
      ? multiplied(`${plain[1] ?? ''}e${plain[2] ?? '0'}`, plain[3])
      : NaN;
  return Number.isFinite(value) && value > 0 ? value : null;
}

/** Rounds away the binary dust of decimals: 1.1 × 1e12 is 1100000000000. */
function multiplied(mantissa: string, letter: string | undefined): number {
  const value = Number(mantissa) * (letter ? (letters[letter.toLowerCase()] ?? NaN) : 1);
  const rounded = Math.round(value);
  return Math.abs(value - rounded) <= 1e-9 * rounded ? rounded : value;
}
