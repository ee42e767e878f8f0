import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
  vsCodePanels,
  vsCodePanelTab,
  vsCodePanelView,
  vsCodeTextField,
  type Button,
  type Dropdown,
  type Panels,
  type TextField,
} from '@vscode/webview-ui-toolkit';
import { element, setText, uniqueId } from './dom.ts';
import type { Mark } from './explored.ts';

declare global {
  interface HTMLElementTagNameMap {
    'vscode-button': Button;
    'vscode-dropdown': Dropdown;
    'vscode-text-field': TextField;
    'vscode-panels': Panels;
  }
}

/**
 * The only file that knows `@vscode/webview-ui-toolkit`, which is archived upstream: what takes
 * its place one day (`@vscode-elements/elements`) is put in here. Call once, after the controls are
 * in the page and hold their first values: it costs more than the first picture, which the person
 * is waiting for, and until then the styles keep their places.
 */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeOption(),
    vsCodeDropdown(),
    vsCodePanels(),
    vsCodePanelTab(),
    vsCodePanelView(),
    vsCodeTextField(),
  );
}

/** A button, and the words beside it that say why it cannot be pressed. */
export interface ButtonControl {
  readonly element: HTMLElement;
  /** Disables the button for a reason, or enables it again with null. */
  disable(reason: string | null): void;
}

export function button(
  label: string,
  appearance: 'primary' | 'secondary',
  pressed: () => void,
): ButtonControl {
  const made = element('vscode-button', { appearance }, label);
  made.addEventListener('click', () => {
    if (!made.disabled) pressed();
  });
  const reasonId = uniqueId('reason');
  const why = element('span', { class: 'reason', id: reasonId });
  made.setAttribute('aria-describedby', reasonId);
  return {
    element: element('span', { class: 'action' }, made, why),
    disable(reason) {
      made.disabled = reason !== null;
      setText(why, reason ?? '');
    },
  };
}

export interface Choice {
  readonly id: string;
  readonly name: string;
}

export interface DropdownControl {
  readonly element: HTMLElement;
  set(choices: readonly Choice[], chosen: string): void;
}

export function dropdown(label: string, chosen: (id: string) => void): DropdownControl {
  // The toolkit's dropdown takes no name from a <label for>: axe-core, rule aria-input-field-name.
  const made = element('vscode-dropdown', { 'aria-label': label });
  let shown = '';
  let value = '';
  made.addEventListener('change', () => {
    if (made.value === value || made.value === '') return;
    value = made.value;
    chosen(value);
  });
  return {
    element: element('div', { class: 'field' }, caption(label), made),
    set(choices, id) {
      const key = choices.map((choice) => `${choice.id}=${choice.name}`).join('\n');
      if (key !== shown) {
        // The dropdown reads its options a moment later and would forget a value set now.
        made.replaceChildren(
          ...choices.map((choice) => {
            const option = document.createElement('vscode-option');
            option.setAttribute('value', choice.id);
            option.toggleAttribute('selected', choice.id === id);
            setText(option, choice.name);
            return option;
          }),
        );
        shown = key;
      } else if (id !== value) {
        made.value = id;
      }
      value = id;
    },
  };
}

export interface FieldControl {
  readonly element: HTMLElement;
  /** Shows a value, unless the person is typing another one. */
  set(text: string): void;
  enable(on: boolean): void;
}

/** A one-line field; `changed` gives null when it took the text, else says what is wrong with it. */
export function textField(label: string, changed: (text: string) => string | null): FieldControl {
  const made = element('vscode-text-field');
  const problem = element('span', { class: 'problem', role: 'alert' });
  let shown = '';
  const name = () => made.setAttribute('aria-label', label);
  void customElements.whenDefined('vscode-text-field').then(name);
  made.addEventListener('change', () => {
    if (made.value === shown) return;
    const wrong = changed(made.value);
    setText(problem, wrong ?? '');
    if (wrong === null) made.removeAttribute('aria-invalid');
    else made.setAttribute('aria-invalid', 'true');
  });
  return {
    element: element('span', { class: 'text-field' }, made, problem),
    set(text) {
      // The toolkit calls every field "Text field" when it enters the page: the name comes after.
      name();
      const typing = document.activeElement === made && made.value !== shown;
      shown = text;
      if (typing || made.value === text) return;
      made.value = text;
      setText(problem, '');
      made.removeAttribute('aria-invalid');
    },
    enable(on) {
      made.disabled = !on;
    },
  };
}

export interface TabsControl {
  readonly element: HTMLElement;
  /** Puts the content of a tab into its view. */
  fill(id: string, content: HTMLElement): void;
  show(id: string): void;
}

export function tabs(
  label: string,
  items: readonly Choice[],
  opened: (id: string) => void,
): TabsControl {
  // The moving indicator knows one row of tabs only: the styles mark the open tab itself.
  const made = element('vscode-panels', { 'aria-label': label, activeindicator: 'false' });
  const views = new Map<string, HTMLElement>();
  for (const { id, name } of items) {
    const heading = document.createElement('vscode-panel-tab');
    heading.id = `tab-${id}`;
    heading.textContent = name;
    const view = document.createElement('vscode-panel-view');
    view.id = `view-${id}`;
    views.set(id, view);
    made.append(heading, view);
  }
  let open = '';
  made.addEventListener('change', (event) => {
    // Dropdowns and fields inside a view bubble their own `change` up to here.
    if (event.target !== made) return;
    const id = made.activeid.replace(/^tab-/, '');
    if (id === open) return;
    open = id;
    opened(id);
  });
  return {
    element: made,
    fill: (id, content) => views.get(id)?.append(content),
    show(id) {
      if (id === open) return;
      open = id;
      // The toolkit does the same, once it is there.
      for (const [other, view] of views) view.hidden = other !== id;
      made.activeid = `tab-${id}`;
    },
  };
}

function caption(text: string): HTMLElement {
  // The control carries the same words as its name, so these are for the eye alone.
  return element('span', { class: 'label', 'aria-hidden': 'true' }, text);
}

/** How a slider's place and its number belong together. */
export interface Scale {
  readonly minimum: number;
  readonly maximum: number;
  readonly step: number;
  toPlace(value: number): number;
  toValue(place: number): number;
}

/** A slider over powers of ten; values are rounded to three digits. */
export function powersOfTen(minimum: number, maximum: number): Scale {
  return {
    minimum,
    maximum,
    step: 0.01,
    toPlace: (value) => Math.log10(value),
    toValue: (place) => Number((10 ** place).toPrecision(3)),
  };
}

export interface SliderControl {
  readonly element: HTMLElement;
  set(value: number | null, mark: Mark | null): void;
}

/** A native slider with a field for the exact number; `moved` is called while it is dragged. */
export function slider(options: {
  readonly label: string;
  readonly scale: Scale;
  readonly write: (value: number) => string;
  readonly read: (text: string) => number | null;
  readonly moved: (value: number) => void;
}): SliderControl {
  const { label, scale, write, read, moved } = options;
  const range = element('input', {
    type: 'range',
    'aria-label': label,
    min: String(scale.minimum),
    max: String(scale.maximum),
    step: String(scale.step),
  });
  range.addEventListener('input', () => moved(scale.toValue(range.valueAsNumber)));
  const field = textField(`${label}, exact`, (text) => {
    const value = read(text);
    if (value === null) return 'Not a number that fits here.';
    moved(value);
    return null;
  });
  const mark = element('span', { class: 'yours' });
  const name = element('span', { class: 'label' }, label, ' ', mark);
  return {
    element: element('div', { class: 'slider' }, name, range, field.element),
    set(value, marked) {
      range.disabled = value === null;
      field.enable(value !== null);
      const text = value === null ? '' : write(value);
      field.set(text);
      setText(mark, marked === null ? '' : `(${marked})`);
      if (value === null) {
        range.value = String(scale.minimum);
        return;
      }
      // A dragged slider stands where the pointer is; only a value from elsewhere moves it.
      const place = scale.toPlace(value);
      if (Math.abs(range.valueAsNumber - place) > scale.step) range.value = String(place);
      range.setAttribute('aria-valuetext', text);
    },
  };
}
