import type { AnnotationOptions } from 'chartjs-plugin-annotation';
import type { Palette, Range } from '../plot.ts';

/** A mark at its place on the axes. */
export interface Mark {
  readonly x: number;
  readonly y: number;
}

/** A mark that is to be named. */
export interface NamedMark extends Mark {
  readonly name: string;
}

/** What the axes show: an even one across, a logarithmic one up. */
export interface Axes {
  readonly x: Range;
  readonly y: Range;
}

/** A small plot, in pixels, stands in for the one on the page, whose size is not known here. */
const nominal = { width: 420, height: 270 } as const;
/** Marks nearer to each other than this look like one. */
const sameSpot = 8;
const letterWidth = 0.56;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * The names of a front's marks, none over another: left of a mark and below it, where nothing lies
 * that is better than the front, or right of it and above it near the axis. Marks on one spot
 * share a name; all that is drawn, `others`, is kept clear where there is room. A name for which
 * there is none is left to the tooltip and the table.
 */
export function frontNames(
  marks: readonly NamedMark[],
  others: readonly Mark[],
  axes: Axes,
  palette: Palette,
): readonly AnnotationOptions[] {
  const taken: Box[] = [];
  const marked = others.map((mark) => boxOf(placeOf(mark, axes)));
  const sized = spotsOf(marks, axes).map((spot) => sizeOf(spot, palette.font.size));
  // A name is pushed away from the front: down on the left of it, up on the right.
  const inOrder = [
    ...sized.filter(({ onLeft }) => onLeft),
    ...sized.filter(({ onLeft }) => !onLeft).reverse(),
  ];
  return inOrder.flatMap(({ mark, content, onLeft, below, line, boxAt }): AnnotationOptions[] => {
    const shifts = [0, below ? line : -line];
    const clear = (boxes: readonly Box[]) =>
      shifts.find((shift) => !boxes.some((box) => overlap(box, boxAt(shift))));
    const free = clear([...taken, ...marked]) ?? clear(taken);
    if (free === undefined) return [];
    taken.push(boxAt(free));
    return [
      {
        id: `name-${mark.name}`,
        type: 'label',
        xValue: mark.x,
        yValue: mark.y,
        content,
        color: palette.foreground,
        font: { ...palette.font },
        padding: 0,
        position: { x: onLeft ? 'end' : 'start', y: below ? 'start' : 'end' },
        xAdjust: onLeft ? -beside : beside,
        yAdjust: free + (below ? 2 : -4),
      },
    ];
  });
}

/** Pixels between a mark and its name. */
const beside = 10;

/** A name with the side of its mark that it stands on, and where it lies when it is pushed. */
function sizeOf({ mark, at, more }: Spot, fontSize: number) {
  const line = fontSize * 1.3;
  const content = more === 0 ? mark.name : `${mark.name} and ${more} more`;
  const width = content.length * fontSize * letterWidth;
  const onLeft = at.x - beside - width > 0;
  // The foot of the axis has no room below it.
  const below = onLeft && at.y + line < nominal.height;
  const left = onLeft ? at.x - beside - width : at.x + beside;
  const boxAt = (shift: number): Box => {
    const top = at.y + shift + (below ? 2 : -4 - line);
    return { left, right: left + width, top, bottom: top + line };
  };
  return { mark, content, onLeft, below, line, boxAt };
}

interface Spot {
  readonly mark: NamedMark;
  readonly at: { readonly x: number; readonly y: number };
  /** How many other marks stand here. */
  readonly more: number;
}

/** Pixels of a mark in the small plot. */
function placeOf(mark: Mark, { x, y }: Axes): Spot['at'] {
  return {
    x: ((mark.x - x[0]) / (x[1] - x[0])) * nominal.width,
    y: (Math.log(y[1] / mark.y) / Math.log(y[1] / y[0])) * nominal.height,
  };
}

function boxOf({ x, y }: Spot['at']): Box {
  const reach = sameSpot - 1;
  return { left: x - reach, right: x + reach, top: y - reach, bottom: y + reach };
}

function spotsOf(marks: readonly NamedMark[], axes: Axes): readonly Spot[] {
  const spots: Spot[] = [];
  for (const mark of marks) {
    const at = placeOf(mark, axes);
    const same = spots.findIndex(
      (spot) => Math.abs(spot.at.x - at.x) < sameSpot && Math.abs(spot.at.y - at.y) < sameSpot,
    );
    const found = spots[same];
    if (found) spots[same] = { ...found, more: found.more + 1 };
    else spots.push({ mark, at, more: 0 });
  }
  return spots;
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
