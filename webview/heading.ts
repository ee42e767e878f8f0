import type { Palette } from './plots/plot.ts';

/** Between the lines of a heading, in pixels. */
const row = 20;

/** What stands above an exported picture: text that has been broken into lines. */
export interface Heading {
  readonly lines: readonly string[];
  readonly height: number;
}

/** Breaks sentences into lines that are no wider than `width` pixels, between their words. */
export function headingOf(
  context: CanvasRenderingContext2D,
  sentences: readonly string[],
  width: number,
): Heading {
  const lines = sentences.flatMap((sentence) => {
    const broken: string[] = [];
    let line = '';
    for (const word of sentence.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && context.measureText(longer).width > width) {
        broken.push(line);
        line = word;
      } else line = longer;
    }
    return [...broken, line];
  });
  return { lines, height: lines.length * row };
}

/** Draws a heading from the context's origin on, its first line bold. */
export function drawHeading(
  context: CanvasRenderingContext2D,
  { lines }: Heading,
  { foreground, font }: Palette,
): void {
  context.fillStyle = foreground;
  context.textBaseline = 'middle';
  lines.forEach((line, at) => {
    context.font = `${at === 0 ? 'bold ' : ''}${font.size}px ${font.family}`;
    context.fillText(line, 0, row * (at + 0.5));
  });
}
