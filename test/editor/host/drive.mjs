/**
 * A VS Code with the extension in it, driven as a person would: to look at the product, and to take
 * its pictures. Build first (`node esbuild.js`); then, for example:
 *
 *     import { openVSCode } from './test/editor/host/drive.mjs';
 *
 *     const vscode = await openVSCode({ theme: 'light' }); // opens examples/
 *     await vscode.openFile('torchtitan/llama3_70b.toml', { line: 12 });
 *     console.log(await vscode.hoverAt('float8'));
 *     await vscode.runCommand('Floatcast: Open Panel');
 *     const panel = await vscode.webview('table');
 *     console.log(await panel.locator('table').innerText());
 *     await vscode.screenshot('/tmp/panel.png');
 *     await vscode.close();
 *
 * `vscode.page` is Playwright's page, for all else. Always close it, also after a failure; a process
 * that just exits is cleaned up after too.
 */
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { launchChromium } from '../../support/chromium.mjs';
import { onEnd } from '../../support/processes.mjs';
import { root } from './paths.mjs';
import { quietSettings, Server, writeSettings } from './server.mjs';

/** The themes that VS Code comes with, by the name of their kind. */
const themes = {
  dark: 'Dark 2026',
  light: 'Light 2026',
  hc: 'Default High Contrast',
  'hc-light': 'Default High Contrast Light',
};

/**
 * @typedef {keyof typeof themes} Theme
 * @typedef {import('playwright-core').Page} PlaywrightPage
 * @typedef {import('playwright-core').Frame} Frame
 *
 * @typedef {object} OpenOptions
 * @property {string} [folder] the workspace, `examples/` by default; what is edited is edited there
 * @property {readonly string[]} [development] folders of extensions in development; ours by default
 * @property {Theme} [theme] dark by default
 * @property {Record<string, unknown>} [settings] user settings
 * @property {boolean} [trust] false opens the folder in Restricted Mode
 * @property {number} [width] of the window, in pixels; 1440 × 900 by default
 * @property {number} [height]
 */

/** An open VS Code. */
export class VSCode {
  #server;
  #browser;
  /** @type {Theme} */
  #theme;
  #settings;
  #forget;

  /**
   * @param {Server} server
   * @param {import('playwright-core').Browser} browser
   * @param {PlaywrightPage} page
   * @param {{ theme: Theme, settings: Record<string, unknown> }} options
   */
  constructor(server, browser, page, { theme, settings }) {
    this.#server = server;
    this.#browser = browser;
    this.#theme = theme;
    this.#settings = settings;
    /** Playwright's page, for all that has no method here. */
    this.page = page;
    this.#forget = onEnd(() => void this.close().then(() => process.exit(1)));
  }

  /** @param {Theme} theme */
  async setTheme(theme) {
    this.#theme = theme;
    await this.setSettings({});
    const kind = { dark: 'vs-dark', light: 'vs', hc: 'hc-black', 'hc-light': 'hc-light' }[theme];
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
  }

  /**
   * Changes user settings, which take effect while VS Code runs.
   *
   * @param {Record<string, unknown>} settings
   */
  async setSettings(settings) {
    this.#settings = { ...this.#settings, ...settings };
    await writeSettings(this.#server.userData, allSettings(this.#theme, this.#settings));
  }

  /**
   * Opens a file of the workspace, and waits until its text is there.
   *
   * @param {string} path the end of its path
   * @param {{ line?: number }} [options] the line to put the cursor in, from 1
   */
  async openFile(path, { line } = {}) {
    const at = line === undefined ? '' : `:${line}`;
    const name = path.slice(path.lastIndexOf('/') + 1);
    await this.#pick('ControlOrMeta+P', path + at, name);
    await this.page
      .locator(`.editor-group-container.active .tab.active[data-resource-name="${name}"]`)
      .waitFor();
    await this.page.locator('.editor-group-container.active .view-line').first().waitFor();
  }

  /**
   * Runs a command from the palette.
   *
   * @param {string} title as the palette shows it, with its category: `Floatcast: Open Panel`
   */
  async runCommand(title) {
    await this.#pick('F1', `>${title}`, title);
  }

  /**
   * Types into the quick input, and takes the row that has the label.
   *
   * @param {string} key
   * @param {string} text
   * @param {string} label
   */
  async #pick(key, text, label) {
    const input = this.page.locator('.quick-input-widget .quick-input-filter input');
    await this.page.keyboard.press(key);
    await input.waitFor();
    await input.fill(text);
    const rows = this.page.locator('.quick-input-widget .quick-input-list .monaco-list-row');
    const label_ = rows.locator('.quick-input-list-label .label-name');
    const exact = new RegExp(`^\\s*${escapeRegExp(label).replaceAll(' ', '\\s')}\\s*$`);
    await label_
      .filter({ hasText: exact })
      .first()
      .click({ timeout: 15_000 })
      .catch(async () => {
        const offered = await label_.allInnerTexts();
        await this.page.keyboard.press('Escape');
        throw new Error(
          `Nothing is called "${label}". On offer: ${offered.slice(0, 8).join(' · ')}`,
        );
      });
    await input.waitFor({ state: 'hidden' });
  }

  /**
   * Points at a text in the active editor, and waits for the hover.
   *
   * @param {string} text found within one line that is in view
   * @returns {Promise<string>} what the hover says
   */
  async hoverAt(text) {
    const { x, y } = await this.locate(text);
    // A hover opens when the pointer moves over the text, not when it is put there.
    await this.page.mouse.move(x + 40, y + 60);
    await this.page.mouse.move(x - 1, y, { steps: 4 });
    await this.page.mouse.move(x, y);
    const hover = this.page.locator('.monaco-resizable-hover .monaco-hover:not(.hidden)');
    await hover.waitFor();
    // First comes a placeholder, for as long as a provider computes.
    await hover.getByText('Loading...').waitFor({ state: 'hidden' });
    return hover.innerText();
  }

  /**
   * Where a text is in the active editor.
   *
   * @param {string} text
   * @returns {Promise<{ x: number, y: number }>} the middle of it, in pixels
   */
  async locate(text) {
    const handle = await this.page.waitForFunction(
      (/** @type {string} */ wanted) => {
        for (const line of document.querySelectorAll('.editor-group-container.active .view-line')) {
          // The editor draws spaces as no-break ones.
          const start = line.textContent?.replaceAll('\u00a0', ' ').indexOf(wanted) ?? -1;
          if (start < 0) continue;
          const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
          const middle = start + Math.floor(wanted.length / 2);
          for (let passed = 0, node = walker.nextNode(); node; node = walker.nextNode()) {
            const length = node.textContent?.length ?? 0;
            if (middle < passed + length) {
              const range = document.createRange();
              range.setStart(node, middle - passed);
              range.setEnd(node, middle - passed + 1);
              const box = range.getBoundingClientRect();
              return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
            }
            passed += length;
          }
        }
        return undefined;
      },
      text,
      { timeout: 15_000 },
    );
    return /** @type {{ x: number, y: number }} */ (await handle.jsonValue());
  }

  /**
   * The page inside a webview panel: the first one in which something matches.
   *
   * @param {string} [selector]
   * @returns {Promise<Frame>}
   */
  async webview(selector = 'body *') {
    const limit = Date.now() + 30_000;
    while (Date.now() < limit) {
      for (const frame of this.page.frames()) {
        // A webview is a frame in a frame; the outer one has only VS Code's own script.
        if (!frame.parentFrame()?.url().includes('/webview/')) continue;
        if (
          (await frame
            .locator(selector)
            .count()
            .catch(() => 0)) > 0
        )
          return frame;
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error(`No webview shows ${selector}.`);
  }

  /**
   * Takes a picture of the window.
   *
   * @param {string} name a path, or the name of one in `media/`
   * @returns {Promise<string>} the path
   */
  async screenshot(name) {
    const path = /[/\\.]/.test(name) ? resolve(name) : join(root, 'media', `${name}.png`);
    await mkdir(dirname(path), { recursive: true });
    await this.page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    return path;
  }

  /** Ends VS Code and removes all it wrote. */
  async close() {
    this.#forget();
    await this.#browser.close();
    await this.#server.stop();
  }
}

/**
 * Opens the embedded VS Code in a headless Chromium.
 *
 * @param {OpenOptions} [options]
 * @returns {Promise<VSCode>}
 */
export async function openVSCode(options = {}) {
  const { folder = join(root, 'examples'), development = [root], theme = 'dark', trust } = options;
  const { settings = {}, width = 1440, height = 900 } = options;
  const server = await Server.start({
    ...(trust !== undefined && { trust }),
    settings: allSettings(theme, settings),
  });
  process.env.TMPDIR = server.temporary;
  let browser;
  try {
    browser = await launchChromium({ home: server.temporary });
    const page = await browser.newPage({ viewport: { width, height } });
    page.setDefaultTimeout(30_000);
    const vscode = new VSCode(server, browser, page, { theme, settings });
    await page.goto(server.address({ folder: resolve(folder), development }), { timeout: 60_000 });
    await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
    await vscode.setTheme(theme);
    return vscode;
  } catch (error) {
    await browser?.close();
    await server.stop();
    throw error;
  }
}

/**
 * @param {Theme} theme
 * @param {Record<string, unknown>} settings
 */
function allSettings(theme, settings) {
  const look = {
    'workbench.colorTheme': themes[theme],
    'window.autoDetectColorScheme': false,
    'window.autoDetectHighContrast': false,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'window.commandCenter': false,
    'workbench.layoutControl.enabled': false,
  };
  return { ...quietSettings, ...look, ...settings };
}

/** @param {string} text */
function escapeRegExp(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
