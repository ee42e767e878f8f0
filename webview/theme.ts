import { color } from 'chart.js/helpers';
import { palettes } from '../src/core/present/drawing.ts';
import type { Palette } from './plots/plot.ts';

type Kind = keyof typeof palettes;

/** Calls `changed` after the editor's theme did: it is told by the body's classes and the variables. */
export function watchTheme(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['style', 'class'],
  });
}

/** The colours of the theme in force, those it does not say from the palette of its kind. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.body);
  const kind = themeKind();
  const usual = palettes[kind];
  const highContrast = kind === 'highContrast' || kind === 'highContrastLight';
  const read = (...names: readonly string[]): string | null => {
    const found = names.map((name) => style.getPropertyValue(`--vscode-${name}`).trim());
    return found.find((value) => value !== '') ?? null;
  };
  const foreground = read('charts-foreground', 'foreground') ?? usual.foreground;
  const background = read('editor-background') ?? usual.background;
  const muted = read('descriptionForeground') ?? usual.muted;
  // In high contrast the chart colours of many themes are too dim: the kind's own palette stands.
  const chart = (contributed: string, name: string, own: string): string =>
    read(`floatcast-${contributed}`) ?? (highContrast ? own : (read(`charts-${name}`) ?? own));
  const run = chart('run', 'blue', usual.run);
  const critical = chart('critical', 'red', usual.critical);
  return {
    foreground,
    muted,
    background,
    grid: faded(foreground, highContrast ? 0.35 : 0.14),
    run,
    twin: chart('twin', 'foreground', usual.twin),
    critical,
    shades: [faded(run, 0.75), faded(run, 0.35), faded(critical, 0.35), faded(critical, 0.75)],
    candidates: highContrast
      ? [foreground]
      : [
          read('charts-purple') ?? usual.muted,
          read('charts-green') ?? usual.muted,
          read('charts-orange') ?? usual.muted,
        ],
    shade: faded(foreground, highContrast ? 0.12 : 0.07),
    band: faded(run, highContrast ? 0.25 : 0.15),
    hatch: hatched(run, background),
    font: {
      family: read('font-family') ?? 'system-ui, sans-serif',
      size: Math.max(11, Number.parseFloat(read('font-size') ?? '13') - 1),
    },
  };
}

function themeKind(): Kind {
  const { classList } = document.body;
  if (classList.contains('vscode-high-contrast-light')) return 'highContrastLight';
  if (classList.contains('vscode-high-contrast')) return 'highContrast';
  return classList.contains('vscode-light') ? 'light' : 'dark';
}

function faded(of: string, alpha: number): string {
  return color(of).alpha(alpha).rgbString();
}

/** Diagonal lines: what hardware has is told from the rest without its colour. */
function hatched(line: string, background: string): CanvasPattern | string {
  const tile = document.createElement('canvas');
  tile.width = tile.height = 8;
  const context = tile.getContext('2d');
  if (!context) return line;
  context.fillStyle = background;
  context.fillRect(0, 0, 8, 8);
  context.strokeStyle = line;
  context.lineWidth = 2.5;
  context.lineCap = 'square';
  context.beginPath();
  for (const shift of [-8, 0, 8]) {
    context.moveTo(shift, 8);
    context.lineTo(shift + 8, 0);
  }
  context.stroke();
  return context.createPattern(tile, 'repeat') ?? line;
}
