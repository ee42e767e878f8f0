// One formatter for all: making one a call costs more than the rest of an analysis.
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 });

/** A number with its digits grouped, as formulas and tables show it: 1000000 → 1,000,000. */
export function digits(value: number): string {
  return grouped.format(value);
}
