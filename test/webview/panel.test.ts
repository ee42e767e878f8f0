import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type Axe from 'axe-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { analyse } from '../../src/core/analyse.ts';
import { defaultSettings } from '../../src/core/run/settings.ts';
import { capybara } from '../../src/core/laws/capybara/capybara.ts';
import { count, gapNats } from '../../src/core/present/numbers.ts';
import type { Snapshot } from '../../src/protocol/messages.ts';
import { plots } from '../../webview/plots/registry.ts';
import { startBench, type Bench, type OpenOptions, type Panel } from './panel.ts';
import {
  exampleLosses,
  fp8Point,
  pointOf,
  runAnalysis,
  snapshotOf,
  usualSnapshot,
} from './snapshots.ts';
import { dark, highContrast, light, themes } from './themes.ts';
import { need } from '../../src/core/run/need.ts';

let bench: Bench;
let axe: string;
const open: Panel[] = [];

beforeAll(async () => {
  bench = await startBench();
  const require = createRequire(import.meta.url);
  axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
});
afterAll(() => bench.close());
afterEach(async () => {
  const panels = open.splice(0);
  const complaints = panels.flatMap((panel) => panel.complaints);
  await Promise.all(panels.map((panel) => panel.close()));
  expect(complaints).toEqual([]);
});

async function opened(options?: OpenOptions): Promise<Panel> {
  const panel = await bench.open(options);
  open.push(panel);
  return panel;
}

async function shown(snapshot: Snapshot, options?: OpenOptions): Promise<Panel> {
  const panel = await opened(options);
  await panel.show(snapshot);
  return panel;
}

/** The colours of the picture in view, over the page, that cover more than a few pixels. */
function colours(panel: Panel): Promise<readonly string[]> {
  return panel.page.evaluate(() => {
    const canvas = Array.from(document.querySelectorAll<HTMLCanvasElement>('.canvas canvas')).find(
      (each) => each.offsetParent !== null,
    );
    // A copy: reading back the page's own canvas makes Chromium complain in the console.
    const copy = document.createElement('canvas');
    const context = copy.getContext('2d', { willReadFrequently: true });
    if (!canvas || !context || canvas.width === 0) return [];
    copy.width = canvas.width;
    copy.height = canvas.height;
    context.fillStyle = getComputedStyle(document.body).backgroundColor;
    context.fillRect(0, 0, copy.width, copy.height);
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    const counts = new Map<string, number>();
    for (let at = 0; at < data.length; at += 4) {
      const colour = data.slice(at, at + 3).join(',');
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    return [...counts].filter(([, number]) => number > 60).map(([colour]) => colour);
  });
}

const picture = (panel: Panel) => panel.page.locator('.canvas canvas:visible');
const text = (panel: Panel, selector: string) => panel.page.locator(selector).innerText();
const field = (panel: Panel, name: string) =>
  panel.page.locator(`vscode-text-field[aria-label="${name}"] input`);
const tab = (panel: Panel, name: string) =>
  panel.page.locator('vscode-panel-tab', { hasText: name });

/** Chooses in the toolkit's dropdown as a person does. */
async function choose(panel: Panel, label: string, option: string): Promise<void> {
  await panel.page.locator(`vscode-dropdown[aria-label="${label}"]:visible`).click();
  await panel.page
    .locator(`vscode-dropdown[aria-label="${label}"]:visible vscode-option`, { hasText: option })
    .first()
    .click();
}

/** What every plot has something to draw of. */
const everything = {
  measured: exampleLosses,
  compared: [
    {
      uri: 'file:///workspace/configs/13b.yaml',
      runIndex: 0,
      name: 'configs/13b.yaml',
      point: pointOf({ parameters: 1.3e10, tokens: 3e11, format: 'mxfp8-e4m3' }),
      why: '',
      taken: '≈ 61 GB a GPU',
    },
  ],
};

describe('the panel', () => {
  it('is at most 560 KB', () => {
    expect(Buffer.byteLength(bench.script)).toBeGreaterThan(100_000);
    expect(Buffer.byteLength(bench.script)).toBeLessThan(560_000);
  });

  it('stands whole in its page: no tag of its own opens or ends there', () => {
    expect(bench.script).not.toMatch(/<\/?script/i);
    expect(bench.styles).not.toMatch(/<\/?style/i);
  });

  it('draws what its page brings along, and takes nothing in it for a tag', async () => {
    const name = '</script><img src=x onerror=alert(1)>';
    const panel = await bench.open({ first: snapshotOf([runAnalysis(fp8Point)], { name }) });
    await panel.page.waitForSelector('canvas:visible');
    expect(await text(panel, 'h1')).toBe(name);
    expect(await panel.page.locator('img').count()).toBe(0);
    expect(await panel.posted()).toMatchObject([{ type: 'ready', version: 3 }]);
    // Shown again, it may bring along an old one.
    await panel.page.reload();
    await panel.page.waitForFunction(() => window.posted.length > 0);
    expect(await panel.posted()).toMatchObject([{ type: 'ready' }]);
    expect((await panel.posted())[0]).not.toHaveProperty('version');
    expect(await text(panel, '.notice')).toContain('Waiting');
    await panel.close();
  });

  it('says ready, waits, and draws what it is sent', async () => {
    const panel = await opened();
    expect(await panel.posted()).toMatchObject([
      { type: 'ready', state: { version: 1, uri: null } },
    ]);
    expect(await text(panel, '.notice')).toContain('Waiting');
    await panel.show(usualSnapshot);
    expect(await text(panel, 'h1')).toBe('configs/7b.yaml');
    const forecast = capybara.forecast(fp8Point);
    const verdict = await text(panel, 'header .verdict');
    expect(verdict).toContain(`gap ${gapNats(forecast.gap ?? NaN)}`);
    expect(verdict).toContain(`D_crit ${count(forecast.criticalTokens ?? NaN)} tokens`);
    expect(await picture(panel).getAttribute('aria-label')).toContain('134 B tokens');
  });

  it('draws the verdict and the first plot before the controls, which then move nothing', async () => {
    const panel = await opened();
    const places = await panel.page.evaluate(async (snapshot) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const place = () => ({
        canvas: document
          .querySelector('.canvas canvas')
          ?.getBoundingClientRect()
          .toJSON() as DOMRect,
        verdict: document.querySelector('.verdict')?.textContent,
        controls: customElements.get('vscode-button') !== undefined,
        figures: document.querySelectorAll('figure').length,
      });
      const first = await new Promise<ReturnType<typeof place>>((resolve) => {
        new MutationObserver((_, observer) => {
          if (!document.querySelector('canvas')) return;
          observer.disconnect();
          resolve(place());
        }).observe(document.body, { childList: true, subtree: true });
        window.postMessage(snapshot, '*');
      });
      await customElements.whenDefined('vscode-text-field');
      await frame();
      await frame();
      return [first, place()] as const;
    }, usualSnapshot);
    const [first, later] = places;
    expect(first).toMatchObject({ controls: false, figures: 1 });
    expect(first.verdict).toContain('D_crit');
    expect(later).toMatchObject({ controls: true, figures: 1, verdict: first.verdict });
    expect(later.canvas.height).toBe(first.canvas.height);
    expect(Math.abs(later.canvas.top - first.canvas.top)).toBeLessThanOrEqual(4);
  });

  it('runs in a plain browser, and keeps its view for the tab', async () => {
    const panel = await shown(usualSnapshot, { inVsCode: false });
    await tab(panel, 'Layouts').click();
    await panel.page.waitForSelector('text=The gap of each layout');
    await panel.page.reload();
    await panel.show(usualSnapshot);
    expect(await text(panel, 'figcaption:visible')).toContain('The gap of each layout');
  });
});

describe('the content policy', () => {
  it('is in force: a style or handler by attribute is stopped and complained of', async () => {
    const panel = await bench.open();
    await panel.page.evaluate(() => {
      document.body.setAttribute('style', 'color: red');
      document.body.setAttribute('onclick', 'window.posted.length = 0');
      document.body.click();
    });
    await expect.poll(() => panel.complaints.join('\n')).toMatch(/CSP: script-src-attr inline/);
    expect(panel.complaints.join('\n')).toContain('CSP: style-src-attr inline');
    expect(await panel.posted()).toHaveLength(1);
    await panel.close();
  });
});

describe.each(themes)('in the theme $name', (theme) => {
  it('draws every plot, with no serious finding of axe', async () => {
    const runs = [runAnalysis(fp8Point), runAnalysis(fp8Point)];
    const panel = await shown(snapshotOf(runs, everything), { theme });
    await panel.page.evaluate(axe);
    for (const { title } of plots) {
      await tab(panel, title).click();
      await expect.poll(() => colours(panel).then((found) => found.length)).toBeGreaterThan(4);
      await panel.page.locator('details:visible summary').last().click();
      const serious = await panel.page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: typeof Axe }).axe.run();
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
      });
      expect(serious).toEqual([]);
    }
  });
});

describe('a theme', () => {
  it('is followed when it changes', async () => {
    const panel = await shown(usualSnapshot, { theme: dark });
    const before = await colours(panel);
    expect(before).toContain('55,148,255');
    await panel.applyTheme(light);
    await expect.poll(() => colours(panel)).toContain('26,133,255');
    await panel.applyTheme(highContrast);
    await expect.poll(() => colours(panel)).toContain('255,255,255');
  });
});

describe('sliders', () => {
  it('redraw everything in the next frame', async () => {
    const panel = await shown(usualSnapshot);
    const frames = await panel.page.evaluate(async () => {
      const slider = document.querySelector<HTMLInputElement>('input[aria-label="Tokens D"]');
      if (!slider) return null;
      slider.value = '13';
      slider.dispatchEvent(new Event('input'));
      await new Promise((resolve) => requestAnimationFrame(resolve));
      return document.querySelector('.chips')?.textContent;
    });
    expect(frames).toContain('10.0 T tokens (yours)');
    expect(await picture(panel).getAttribute('aria-label')).toContain('at 10.0 T tokens');
  });

  it('take exact numbers, refuse what is none, and go back to the file', async () => {
    const panel = await shown(usualSnapshot);
    await field(panel, 'Tokens D, exact').fill('15T');
    await field(panel, 'Tokens D, exact').press('Enter');
    await panel.page.waitForSelector('.chip:has-text("15.0 T tokens")');
    await field(panel, 'Parameters N, exact').fill('many');
    await field(panel, 'Parameters N, exact').press('Enter');
    expect(await text(panel, '.problem:visible')).toBe('Not a number that fits here.');
    await panel.page.locator('vscode-button', { hasText: 'Reset to the file' }).click();
    await panel.page.waitForSelector('.chip:has-text("134 B tokens")');
  });

  it('change the layout by exponent and mantissa bits', async () => {
    const panel = await shown(usualSnapshot);
    await field(panel, 'Mantissa bits M, exact').fill('2');
    await field(panel, 'Mantissa bits M, exact').press('Enter');
    await panel.page.waitForSelector('.chip:has-text("E4M2 per tensor")');
    await field(panel, 'Exponent bits E, exact').fill('5');
    await field(panel, 'Exponent bits E, exact').press('Enter');
    await panel.page.waitForSelector('.chip:has-text("FP8 E5M2 per tensor")');
  });
});

describe('apply', () => {
  it('is refused with a reason while nothing differs, then asks for the format in view', async () => {
    const panel = await shown(usualSnapshot);
    const apply = panel.page.locator('vscode-button', { hasText: 'Apply to config' });
    expect(await text(panel, '.actions')).toContain('Nothing differs from the file.');
    expect(await apply.getAttribute('disabled')).not.toBeNull();
    await choose(panel, 'Format', 'MXFP8 E4M3');
    await panel.page.waitForSelector('.chip:has-text("MXFP8 E4M3 (block 32)")');
    const asked = await panel.afterwards('apply', () => apply.click());
    expect(asked).toMatchObject({
      uri: usualSnapshot.uri,
      version: 3,
      runIndex: 0,
      target: { format: 'mxfp8-e4m3', granularity: 'block', block: 32 },
    });
    const { requestId } = asked;
    await panel.send({ type: 'answer', requestId: requestId + 1, ok: false, message: 'Foreign.' });
    await panel.send({ type: 'answer', requestId, ok: false, message: 'The file has changed.' });
    await expect.poll(() => text(panel, '.said')).toBe('The file has changed.');
  });

  it('is refused where the framework has no key for it', async () => {
    const panel = await shown(snapshotOf([{ ...runAnalysis(fp8Point), canWrite: false }]));
    await choose(panel, 'Format', 'MXFP4');
    await panel.page.waitForSelector('.chip:has-text("MXFP4")');
    expect(await text(panel, '.actions')).toContain('LLM Foundry has no key');
  });
});

describe('messages', () => {
  it('that are stale, foreign or malformed change nothing', async () => {
    const panel = await shown(usualSnapshot);
    await panel.send({ ...usualSnapshot, version: 2, name: 'stale.yaml' });
    await panel.send({ ...usualSnapshot, version: 9, name: 7 });
    await panel.send({ type: 'gone', uri: 'file:///other.yaml' });
    await panel.send({ type: 'eval', code: '1' });
    await panel.send(null);
    await panel.send({ ...usualSnapshot, version: 4, name: 'fresh.yaml' });
    await expect.poll(() => text(panel, 'h1')).toBe('fresh.yaml');
    expect(await panel.page.locator('.notice').isVisible()).toBe(false);
  });

  it('cannot bring markup in', async () => {
    const panel = await shown({ ...usualSnapshot, name: '<img src=x onerror=alert(1)>' });
    expect(await text(panel, 'h1')).toBe('<img src=x onerror=alert(1)>');
    expect(await panel.page.locator('h1 img').count()).toBe(0);
  });

  it('shows hostile names and values as text, wherever they stand', async () => {
    const evil = '<img src=x onerror=alert(1)> [x](command:y) $(alert) `c` a|b \u202e\u001b[31m\n.';
    const base = runAnalysis(fp8Point, {
      run: { model: { value: evil, origin: { kind: 'default' as const, of: evil } } },
    });
    const forecasts = base.forecasts.map((each) => ({
      ...each,
      calibration: evil,
      notes: [evil],
      variants: each.variants.map((variant) => ({ ...variant, reading: evil })),
    }));
    const [finding] = base.findings;
    const run = {
      ...base,
      recognised: evil,
      frameworkName: evil,
      needs: [need('run', evil)],
      hardware: evil,
      forecast: forecasts[0] ?? null,
      forecasts,
      findings: finding ? [{ ...finding, message: evil, noFix: evil, fixes: [] }] : [],
    };
    const measured = { ...exampleLosses, name: evil, notes: [evil] };
    const panel = await shown(snapshotOf([run], { name: evil, measured }));
    for (const { title } of plots) {
      await tab(panel, title).click();
      const all = await panel.page.locator('body').innerText();
      expect(all).toContain('<img src=x onerror=alert(1)> [x](command:y)');
      expect(all).not.toMatch(/[\u001b\u202e]/);
    }
    expect(await panel.page.locator('img, iframe, script:not([nonce])').count()).toBe(0);
    expect(await panel.page.locator('a[href]').count()).toBe(0);
  });
});

describe('what is missing', () => {
  it('is said, its placeholder marked and to be set; what the sliders say is marked as yours', async () => {
    const panel = await shown(snapshotOf([runAnalysis(fp8Point, { tokens: null })]));
    expect(await text(panel, '.notice')).toContain('the number of data-parallel ranks');
    expect(await text(panel, '.chips')).toContain('129 B tokens (placeholder) Set it…');
    expect(await text(panel, 'header .verdict')).toContain('at 129 B tokens (placeholder)');
    expect(await picture(panel).getAttribute('aria-label')).toContain(
      'not the file’s (placeholder)',
    );
    const asked = await panel.afterwards('set', () => panel.page.getByText('Set it…').click());
    expect(asked).toEqual({ type: 'set', what: 'tokens', runIndex: 0 });
    await field(panel, 'Tokens D, exact').fill('1T');
    await field(panel, 'Tokens D, exact').press('Enter');
    await expect.poll(() => text(panel, 'header .verdict')).toContain('at 1.00 T tokens (yours)');
  });

  it('a silent law: why, never that the run is inside what it was fitted on', async () => {
    const int4 = pointOf({ parameters: 1e9, tokens: 2e10, format: 'int4', block: 128 });
    const panel = await opened();
    await panel.send(snapshotOf([runAnalysis(int4)]));
    await expect.poll(() => text(panel, 'header .verdict')).toContain('no Capybara forecast');
    expect(await text(panel, '.aside summary')).toBe('Why there is no number');
    expect(await text(panel, '.empty:visible')).toMatch(/Kumar.* do: see the tab Laws\.$/);
    await tab(panel, 'Laws').click();
    await expect.poll(() => text(panel, '.headline:visible')).toContain('laws of training speak');
    expect(await panel.page.locator('.asides:visible li').allInnerTexts()).toContain(
      'The Chinchilla law knows no number format.',
    );
  });

  it('no run: says why', async () => {
    const panel = await opened();
    await panel.send(snapshotOf([]));
    await expect
      .poll(() => text(panel, '.notice'))
      .toContain('configs/7b.yaml describes no training run.');
    expect(await panel.page.locator('vscode-panels').isVisible()).toBe(false);
  });

  it('fine-tuning: no picture, and the reason', async () => {
    const run = runAnalysis(fp8Point);
    const needs = [need('forecast', 'fine-tuning is outside every law’s scope')];
    const panel = await opened();
    await panel.send(
      snapshotOf([
        { ...run, point: null, forecast: null, needs, run: { ...run.run, role: 'finetune' } },
      ]),
    );
    await expect.poll(() => text(panel, '.notice')).toContain('outside every law’s scope');
    expect(await panel.page.locator('vscode-panels').isVisible()).toBe(false);
  });

  it.each(themes)('a fine-tune opens on memory and time, in $name', async (theme) => {
    const text = [
      'base_model: meta-llama/Llama-3.1-8B',
      'datasets:',
      '  - path: tatsu-lab/alpaca',
      'sequence_len: 8192',
      'sample_packing: true',
      'micro_batch_size: 2',
      'gradient_checkpointing: true',
      'optimizer: adamw_torch_fused',
      'bf16: true',
    ].join('\n');
    const { runs } = analyse({ file: 'a.yaml', text }, { ...defaultSettings, hardware: 'h100' });
    const panel = await opened({ theme });
    await panel.send(snapshotOf(runs));
    await panel.page.waitForSelector('.memory[open]');
    expect(await panel.page.locator('.memory .verdict').innerText()).toBe(
      '≈ 92 GB a GPU · does not fit H100',
    );
    expect(await panel.page.locator('.memory-bar').getAttribute('aria-label')).toMatch(
      /^92\.3 GB, of 80 GB that NVIDIA H100 SXM has: weights 16\.1 GB, gradients 16\.1 GB, optimizer state 32\.1 GB, /,
    );
    expect(await panel.page.locator('.memory tbody tr').allInnerTexts()).toContain(
      'optimizer state\t32.1 GB\t35 %',
    );
    const widths = await panel.page
      .locator('.segment')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().width));
    expect((widths[2] ?? 0) / (widths[0] ?? 1)).toBeCloseTo(2, 1);
    await panel.page.evaluate(axe);
    const serious = await panel.page.evaluate(async () => {
      const { violations } = await (globalThis as unknown as { axe: typeof Axe }).axe.run();
      return violations.filter(({ impact }) => /serious|critical/.test(impact ?? ''));
    });
    expect(serious).toEqual([]);
  });

  it('a closed file keeps its last picture and is not written to', async () => {
    const panel = await shown(usualSnapshot);
    await panel.send({ type: 'gone', uri: usualSnapshot.uri });
    await expect.poll(() => text(panel, '.notice')).toContain('is closed');
    expect(await text(panel, '.actions')).toContain('The file is closed.');
    await panel.send({ ...usualSnapshot, version: 1 });
    await expect.poll(() => panel.page.locator('.notice').isVisible()).toBe(false);
  });
});

describe('several runs', () => {
  it('are chosen from a list', async () => {
    const other = pointOf({ parameters: 1e9, tokens: 2e10, format: 'bf16' });
    const panel = await shown(snapshotOf([runAnalysis(fp8Point), runAnalysis(other)]));
    await choose(panel, 'Run', '2: mpt-7b');
    await panel.page.waitForSelector('.chip:has-text("1.00 B linear")');
    expect(await text(panel, 'header .verdict')).not.toContain('D_crit');
  });
});

describe('after a reload', () => {
  it('run, plot, variant, range and sliders are as they were', async () => {
    const panel = await shown(usualSnapshot);
    await choose(panel, 'Show', 'Gap to BF16');
    await field(panel, 'Start of the horizontal axis').first().fill('1B');
    await field(panel, 'Start of the horizontal axis').first().press('Enter');
    await field(panel, 'Tokens D, exact').fill('15T');
    await field(panel, 'Tokens D, exact').press('Enter');
    await panel.page.waitForSelector('.chip:has-text("15.0 T tokens")');
    const label = await picture(panel).getAttribute('aria-label');
    expect(label).toMatch(/^Gap to BF16 against training tokens from 1\.00 B/);
    await panel.page.reload();
    const [ready] = await panel.posted();
    expect(ready).toMatchObject({ type: 'ready', state: { uri: usualSnapshot.uri } });
    await panel.show(usualSnapshot);
    expect(await picture(panel).getAttribute('aria-label')).toBe(label);
  });

  it('a state that cannot be read is forgotten', async () => {
    const panel = await opened();
    await panel.page.evaluate(() => sessionStorage.setItem('vscode', '{"version":99,"plot":3}'));
    await panel.page.reload();
    await panel.show(usualSnapshot);
    expect(await text(panel, 'h1')).toBe('configs/7b.yaml');
  });
});

describe('the first plot', () => {
  const title = (panel: Panel) =>
    panel.page.locator('vscode-panel-tab[aria-selected="true"]').first().textContent();

  it('answers the run’s question: its gap, ways out of it, or the runs beside it', async () => {
    const panel = await shown(usualSnapshot);
    await expect.poll(() => title(panel)).toBe('Loss against tokens');
    expect(await picture(panel).getAttribute('aria-label')).toMatch(/^Gap to BF16 against/);
    const past = runAnalysis(pointOf({ parameters: 8e9, tokens: 1.5e13, format: 'mxfp4' }));
    await panel.show(snapshotOf([past], { uri: 'file:///past.toml' }));
    await expect.poll(() => title(panel)).toBe('Trade-off');
    await panel.show(snapshotOf([past], { ...everything, uri: 'file:///past.toml', version: 4 }));
    await expect.poll(() => title(panel)).toBe('Compare');
    await tab(panel, 'Laws').click();
    await panel.show(snapshotOf([past], { uri: 'file:///other.toml' }));
    await expect.poll(() => title(panel)).toBe('Laws');
  });
});

describe('by keyboard', () => {
  it('the arrow keys move a point whose values are spoken', async () => {
    const panel = await shown(usualSnapshot);
    await picture(panel).focus();
    await panel.page.keyboard.press('ArrowRight');
    expect(await panel.page.locator('.spoken').first().textContent()).toContain(
      'This run: FP8 E4M3 per tensor at 134 B tokens',
    );
    await panel.page.keyboard.press('ArrowDown');
    expect(await panel.page.locator('.spoken').first().textContent()).toContain(
      'FP8 E4M3 per tensor at 134 B tokens: gap +0.0024, loss 2.36',
    );
    await panel.page.keyboard.press('Home');
    expect(await panel.page.locator('.spoken').first().textContent()).toContain('at 10.5 B tokens');
    await panel.page.keyboard.press('Escape');
    expect(await panel.page.locator('.spoken').first().textContent()).toBe('');
  });

  it('tabs, chips and table are reached', async () => {
    const panel = await shown(usualSnapshot);
    await tab(panel, 'Loss against tokens').focus();
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.waitForSelector('text=The gap of each layout');
    const place = await panel.afterwards('reveal', async () => {
      await panel.page.locator('button.chip', { hasText: 'Format' }).focus();
      await panel.page.keyboard.press('Enter');
    });
    expect(place.place).toEqual({ file: 'configs/7b.yaml', start: 60, end: 68 });
    await panel.page.locator('figure:visible details summary').focus();
    await panel.page.keyboard.press('Enter');
    const row = panel.page.locator('table:visible tbody tr', { hasText: 'E4M3' });
    expect(await row.innerText()).toContain('best of its width');
  });
});

describe('measured losses', () => {
  it('are asked of the host, drawn over the forecast, and remembered over a reload', async () => {
    const panel = await shown(usualSnapshot);
    await tab(panel, 'Measured').click();
    await panel.page.waitForSelector('text=Load the run’s own losses');
    const asked = await panel.afterwards('measure', () =>
      panel.page.locator('vscode-button:visible', { hasText: 'Load losses…' }).click(),
    );
    expect(asked.runIndex).toBe(0);
    const measuredFrom = ['file:///workspace/run.csv', 'file:///workspace/bf16.csv'];
    await panel.show({ ...usualSnapshot, measured: exampleLosses, measuredFrom });
    await panel.send({ type: 'answer', requestId: asked.requestId, ok: true });
    await expect.poll(() => text(panel, '.said')).toBe('Read the losses.');
    expect(await text(panel, '.headline:visible')).toContain('the measured gap at 131 B tokens');
    await panel.page.reload();
    const [ready] = await panel.posted();
    expect(ready).toMatchObject({ type: 'ready', state: { measuredFrom } });
  });
});

describe('saving', () => {
  it('sends the table as CSV', async () => {
    const panel = await shown(usualSnapshot);
    const asked = await panel.afterwards('save', () =>
      panel.page.locator('vscode-button:visible', { hasText: 'Save CSV' }).click(),
    );
    expect(asked).toMatchObject({
      name: 'configs-7b.yaml-loss-against-tokens.csv',
      mime: 'text/csv',
    });
    const lines = Buffer.from(asked.base64, 'base64').toString('utf8').split('\r\n');
    const [, own] = lines;
    expect(lines[0]).toMatch(/^Format,Loss at 134 B,Gap to BF16,/);
    expect(Number(own?.split(',')[1])).toBe(capybara.forecast(fp8Point).loss);
  });

  it('sends the picture with its legend as PNG, and says how it ended', async () => {
    const panel = await shown(usualSnapshot);
    const asked = await panel.afterwards('save', () =>
      panel.page.locator('vscode-button:visible', { hasText: 'Save PNG' }).click(),
    );
    const png = Buffer.from(asked.base64, 'base64');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const box = await picture(panel).boundingBox();
    expect(png.readUInt32BE(16)).toBe(Math.round(box?.width ?? 0));
    expect(png.readUInt32BE(20)).toBeGreaterThan(Math.round(box?.height ?? 0));
    await panel.send({ type: 'answer', requestId: asked.requestId, ok: true });
    await expect.poll(() => text(panel, '.said')).toBe(`Saved ${asked.name}.`);
  });
});

describe('a narrow panel', () => {
  it.each([320, 480, 700])('of %i px shows every tab and plot whole', async (width) => {
    const panel = await shown(snapshotOf([runAnalysis(fp8Point)], everything), { width });
    for (const { title } of plots) {
      await tab(panel, title).click();
      await picture(panel).waitFor();
      // The page hides what stands out of the panels, so its own width alone tells nothing.
      const outside = await panel.page.evaluate(() =>
        Array.from(
          document.querySelectorAll('vscode-panel-tab, figure, figure > *, .canvas canvas'),
        )
          .map((each) => ({ name: each.tagName, box: each.getBoundingClientRect() }))
          .filter(({ box }) => box.width > 0 && (box.right > innerWidth || box.left < 0))
          .map(({ name, box }) => `${name} ends at ${box.right}`),
      );
      expect(outside).toEqual([]);
      const { scrollWidth, clientWidth } = await panel.page.evaluate(() => ({
        scrollWidth: document.documentElement.scrollWidth,
        clientWidth: document.documentElement.clientWidth,
      }));
      expect(scrollWidth).toBe(clientWidth);
    }
  });

  it('marks the open tab by a line under it', async () => {
    const panel = await shown(usualSnapshot, { width: 480 });
    await tab(panel, 'Laws').click();
    const lines = await panel.page
      .locator('vscode-panel-tab')
      .evaluateAll((all) => all.map((each) => getComputedStyle(each).borderBottomColor));
    const clear = 'rgba(0, 0, 0, 0)';
    expect(lines.map((line) => line !== clear)).toEqual(plots.map(({ title }) => title === 'Laws'));
  });
});

describe('a hidden panel', () => {
  it('does no work until it is seen again', async () => {
    const panel = await shown(usualSnapshot);
    const set = (hidden: boolean) =>
      panel.page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    await set(true);
    await panel.send({ ...usualSnapshot, version: 4, name: 'later.yaml' });
    await panel.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    expect(await text(panel, 'h1')).toBe('configs/7b.yaml');
    await set(false);
    await expect.poll(() => text(panel, 'h1')).toBe('later.yaml');
  });
});
