import type { RunAnalysis } from '../src/core/analysis.ts';
import { acceleratorById } from '../src/core/hardware/registry.ts';
import { bytes } from '../src/core/present/cost.ts';
import { needWords } from '../src/core/present/needs.ts';
import { percent } from '../src/core/present/numbers.ts';
import {
  measuredSpeedups,
  partsOf,
  resourceParts,
  speedupSentence,
} from '../src/core/present/resources.ts';
import { element } from './dom.ts';

export interface MemorySection {
  readonly element: HTMLElement;
  /** Shows what a run takes; open where there is nothing else to look at. */
  readonly show: (run: RunAnalysis, isMain: boolean) => void;
}

/** Memory and time of the run: a bar by part against what the accelerator has, and its table. */
export function memorySection(): MemorySection {
  const line = element('p', { class: 'verdict' });
  const bar = element('div', { class: 'memory-bar', role: 'img' });
  const table = element('table');
  const notes = element('ul', { class: 'memory-notes' });
  const section = element(
    'details',
    { class: 'memory' },
    element('summary', {}, 'Memory and time'),
    ...[line, bar, table, notes],
  );
  let shown: RunAnalysis | null = null;
  return {
    element: section,
    show(run, isMain) {
      if (run === shown) return;
      const { memory, needs, assumed } = run.resources;
      const words = resourceParts(run);
      section.hidden = words.length === 0 && needs.length === 0;
      // What a person opened or closed stays so while the file changes.
      if (shown === null) section.open = isMain;
      shown = run;
      line.hidden = words.length === 0;
      line.textContent = words.join(' · ');
      const parts = memory ? partsOf(memory.device ?? memory.whole) : [];
      bar.hidden = table.hidden = parts.length === 0;
      const has = run.hardware === null ? null : (acceleratorById(run.hardware) ?? null);
      fillBar(bar, parts, has && { name: has.name, bytes: has.memoryBytes });
      const where = memory?.device && memory.open === null ? 'A device' : 'Undivided';
      table.replaceChildren(...rowsOf(parts, where));
      notes.replaceChildren(
        ...[
          ...measuredSpeedups(run).map((each) => `Measured: ${speedupSentence(each)}.`),
          ...assumed.map((each) => `Assumed: ${each}.`),
          ...needs.map((each) => `Missing: ${needWords(each)}.`),
        ].map((sentence) => element('li', {}, sentence)),
      );
    },
  };
}

type Parts = ReturnType<typeof partsOf>;

/** The parts side by side, each as wide as its bytes, and what is left of the accelerator's memory. */
function fillBar(
  bar: HTMLElement,
  parts: Parts,
  has: { readonly name: string; readonly bytes: number } | null,
): void {
  const total = parts.reduce((sum, [, value]) => sum + value, 0);
  const free = has ? Math.max(0, has.bytes - total) : 0;
  const over = has !== null && total > has.bytes;
  const segments = parts.map(([name, value], at) => segment(name, value, `part-${at % 8}`));
  bar.replaceChildren(...segments, ...(free > 0 ? [segment('free', free, 'part-free')] : []));
  if (over) bar.append(limit(has.name, has.bytes / total));
  bar.classList.toggle('over', over);
  const against = has ? `, of ${bytes(has.bytes)} that ${has.name} has` : '';
  const list = parts.map(([name, value]) => `${name} ${bytes(value)}`).join(', ');
  bar.setAttribute('aria-label', `${bytes(total)}${against}: ${list}`);
}

function segment(name: string, value: number, kind: string): HTMLElement {
  const label = `${name} ${bytes(value)}`;
  const made = element('span', { class: `segment ${kind}`, title: label });
  made.style.flexGrow = String(value);
  return made;
}

/** Where the accelerator's memory ends, as a share of what is needed. */
function limit(name: string, share: number): HTMLElement {
  const made = element('span', { class: 'limit', title: `${name} ends here` });
  made.style.left = `${(100 * share).toFixed(2)}%`;
  return made;
}

function rowsOf(parts: Parts, where: string): readonly HTMLElement[] {
  const total = parts.reduce((sum, [, value]) => sum + value, 0);
  const head = element(
    'tr',
    {},
    ...['Part', where, 'Share'].map((title) => element('th', { scope: 'col' }, title)),
  );
  const rows = parts.map(([name, value], at) =>
    element(
      'tr',
      {},
      element(
        'th',
        { scope: 'row' },
        element('span', { class: `key part-${at % 8}`, 'aria-hidden': 'true' }),
        name,
      ),
      element('td', {}, bytes(value)),
      element('td', {}, percent(value / total)),
    ),
  );
  return [element('thead', {}, head), element('tbody', {}, ...rows)];
}
