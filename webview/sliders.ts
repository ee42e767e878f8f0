import { formatById, formats } from '../src/core/formats/registry.ts';
import { scalingWords } from '../src/core/present/formats.ts';
import { count, plain } from '../src/core/present/numbers.ts';
import type { Granularity } from '../src/core/run/run.ts';
import { parseCount } from '../src/core/run/units.ts';
import type { Overrides } from '../src/protocol/state.ts';
import { button, dropdown, powersOfTen, slider, type Scale } from './controls.ts';
import { element } from './dom.ts';
import { markOf, type Explored } from './explored.ts';

export interface Sliders {
  readonly element: HTMLElement;
  show(explored: Explored, whyNotApply: string | null, moved: boolean): void;
}

export interface SliderEvents {
  move(overrides: { readonly [K in keyof Overrides]: Overrides[K] | undefined }): void;
  reset(): void;
  apply(): void;
}

const whole = (minimum: number, maximum: number): Scale => ({
  minimum,
  maximum,
  step: 1,
  toPlace: (value) => value,
  toValue: (place) => place,
});
const powersOfTwo: Scale = {
  minimum: 0,
  maximum: 12,
  step: 1,
  toPlace: (value) => Math.log2(value),
  toValue: (place) => 2 ** place,
};

/** Numbers within which a slider's field takes any. */
function reading(minimum: number, maximum: number): (text: string) => number | null {
  return (text) => {
    const value = parseCount(text);
    return value !== null && value >= minimum && value <= maximum ? value : null;
  };
}

function bitsReading(text: string): number | null {
  return /^\d{1,2}$/.test(text.trim()) ? Number(text) : null;
}

/** The sliders and fields that stand for the run's numbers, and what can be done with them. */
export function sliders(events: SliderEvents): Sliders {
  let shown: Explored | null = null;
  const parameters = slider({
    label: 'Parameters N',
    scale: powersOfTen(6, 13),
    write: count,
    read: reading(1, 1e16),
    moved: (value) => events.move({ parameters: value }),
  });
  const tokens = slider({
    label: 'Tokens D',
    scale: powersOfTen(8, 16),
    write: count,
    read: reading(1, 1e20),
    moved: (value) => events.move({ tokens: value }),
  });
  const compute = slider({
    label: 'Budget C (FLOP)',
    scale: powersOfTen(16, 32),
    write: plain,
    read: reading(1, 1e40),
    moved: (value) => events.move({ compute: value }),
  });
  const layout = (exponentBits: number | null, mantissaBits: number | null): void => {
    const id = layoutId(exponentBits ?? 0, mantissaBits ?? 0);
    if (formatById(id)) events.move({ format: id, granularity: undefined, block: undefined });
  };
  const exponent = slider({
    label: 'Exponent bits E',
    scale: whole(0, 10),
    write: String,
    read: bitsReading,
    moved: (value) => layout(value, shown?.point.mantissaBits ?? null),
  });
  const mantissa = slider({
    label: 'Mantissa bits M',
    scale: whole(0, 12),
    write: String,
    read: bitsReading,
    moved: (value) => layout(shown?.point.exponentBits ?? null, value),
  });
  const block = slider({
    label: 'Block B',
    scale: powersOfTwo,
    write: String,
    read: (text) => {
      const value = reading(1, 65_536)(text);
      return value !== null && Number.isInteger(value) ? value : null;
    },
    moved: (value) => events.move({ granularity: 'block', block: value }),
  });
  const format = dropdown('Format', (id) =>
    events.move({ format: id, granularity: undefined, block: undefined }),
  );
  const scaling = dropdown('Scaling', (id) =>
    events.move({ granularity: id as Granularity, block: undefined }),
  );
  const reset = button('Reset to the file', 'secondary', () => events.reset());
  const apply = button('Apply to config', 'primary', () => events.apply());
  const row = (...parts: readonly { readonly element: HTMLElement }[]) =>
    parts.map((part) => part.element);
  return {
    element: element(
      'section',
      { class: 'sliders', 'aria-label': 'Try other numbers' },
      element('div', { class: 'group' }, ...row(parameters, tokens, compute)),
      element(
        'div',
        { class: 'group' },
        element('div', { class: 'pair' }, ...row(format, scaling)),
        ...row(exponent, mantissa, block),
      ),
      element('div', { class: 'actions' }, ...row(reset, apply)),
    ),
    show(explored, whyNotApply, moved) {
      shown = explored;
      const { point } = explored;
      parameters.set(point.parameters, markOf(explored, 'parameters'));
      tokens.set(point.tokens, markOf(explored, 'tokens'));
      compute.set(explored.compute, explored.compute === explored.ownCompute ? null : 'yours');
      format.set(formatChoices(point.format), point.format);
      scaling.set(granularities, point.granularity);
      exponent.set(point.exponentBits, null);
      mantissa.set(point.mantissaBits, null);
      block.set(point.granularity === 'block' ? (point.block ?? 1) : null, null);
      reset.disable(moved ? null : '');
      apply.disable(whyNotApply);
    },
  };
}

const granularities = (['none', 'tensor', 'channel', 'block'] as const).map((id) => ({
  id,
  name: scalingWords({ granularity: id, block: null }) || 'none',
}));

/** Every format of the shelf, and the present one where it is a bare layout. */
function formatChoices(current: string) {
  const known = formats.map(({ id, name }) => ({ id, name }));
  if (known.some(({ id }) => id === current)) return known;
  return [...known, { id: current, name: `${formatById(current)?.name ?? current} (layout)` }];
}

/** The plain format with this layout, by its own id where it has one. */
function layoutId(exponentBits: number, mantissaBits: number): string {
  const named = formats.find(
    (format) =>
      format.scaling === null &&
      format.exponentBits === exponentBits &&
      format.mantissaBits === mantissaBits,
  );
  return named?.id ?? `e${exponentBits}m${mantissaBits}`;
}
