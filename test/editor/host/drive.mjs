/**
 * A VS Code with the extension in it, driven as a person would: to look at the product, and to take
 * its pictures. Build first (`node esbuild.js`); then, for example:
 *
 *     import { openVSCode } from './test/editor/host/drive.mjs';
 *
 *     const vscode = await openVSCode({ theme: 'light' }); // opens examples/
 *     await vscode.openFile('torchtitan/llama3_70b.toml', { line: 12 });
 *     console.log(await vscode.hoverAt('float8'));
 *     console.log(await vscode.evaluate((api) => api.languages.getDiagnostics()));
 *     await vscode.runCommand('Floatcast: Open Panel');
 *     const panel = await vscode.webview('table');
 *     await vscode.screenshot('panel.png');
 *     await vscode.close();
 *
 * `vscode.page` is Playwright's page, for all else. Always close it, also after a failure; a process
 * that just exits is cleaned up after too.
 */
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { launchChromium } from '../../support/chromium.mjs';
import { onEnd } from '../../support/processes.mjs';
import { locateInPage } from './locate.mjs';
import { root } from './paths.mjs';
import { Remote, remoteExtension } from './remote.mjs';
import { quietSettings, Server } from './server.mjs';

/** The themes that VS Code comes with, by the name of their kind. */
const themes = {
  dark: { name: 'Dark 2026', css: 'vs-dark' },
  light: { name: 'Light 2026', css: 'vs' },
  hc: { name: 'Default High Contrast', css: 'hc-black' },
  'hc-light': { name: 'Default High Contrast Light', css: 'hc-light' },
};

/** What is left around a part of the window, in pixels. */
const margin = 8;

/** Settings that leave the window to what is looked at. */
const calm = {
  'window.autoDetectColorScheme': false,
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
};

/**
 * @typedef {keyof typeof themes} Theme
 * @typedef {import('playwright-core').Page} PlaywrightPage
 * @typedef {import('playwright-core').Frame} Frame
 *
 * @typedef {object} OpenOptions
 * @property {string} [folder] the workspace, `examples/` by default; what is edited is edited there
 * @property {string} [development] the folder of the extension in development; ours by default
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
  #remote;
  #forget;

  /**
   * @param {Server} server
   * @param {import('playwright-core').Browser} browser
   * @param {PlaywrightPage} page
   * @param {Remote} remote
   */
  constructor(server, browser, page, remote) {
    this.#server = server;
    this.#browser = browser;
    this.#remote = remote;
    /** Playwright's page, for all that has no method here. */
    this.page = page;
    this.#forget = onEnd(() => void this.close().then(() => process.exit(1)));
  }

  /** @param {Theme} theme */
  async setTheme(theme) {
    await this.setSettings({ 'workbench.colorTheme': themes[theme].name });
    await this.page.locator(`.monaco-workbench.${themes[theme].css}`).waitFor();
  }

  /**
   * Changes user settings; undefined takes one back to its default.
   *
   * @param {Record<string, unknown>} settings
   */
  async setSettings(settings) {
    const keys = Object.keys(settings);
    await this.evaluate(
      async (api, changes) => {
        const target = api.ConfigurationTarget.Global;
        for (const key of changes.keys) {
          // JSON leaves out what is undefined.
          await api.workspace.getConfiguration().update(key, changes.settings[key], target);
        }
      },
      { keys, settings },
    );
  }

  /**
   * Calls a function in the extension host, with VS Code's API. It sees nothing from outside itself
   * but its argument; that and its result pass as JSON.
   *
   * @template A, R
   * @param {(api: typeof import('vscode'), argument: A) => R | PromiseLike<R>} action
   * @param {A} [argument]
   * @returns {Promise<R>}
   */
  async evaluate(action, argument) {
    return /** @type {R} */ (await this.#remote.call(action.toString(), argument));
  }

  /**
   * Opens a file of the workspace, and waits until its text is there.
   *
   * @param {string} path in the workspace
   * @param {{ line?: number, beside?: boolean }} [options] the line to put the cursor in, from 1;
   *   and whether to open it in another group of editors
   */
  async openFile(path, { line = 1, beside = false } = {}) {
    await this.evaluate(
      async (api, target) => {
        const folder = api.workspace.workspaceFolders?.[0];
        if (folder === undefined) throw new Error('No folder is open.');
        const place = new api.Position(target.line - 1, 0);
        await api.window.showTextDocument(api.Uri.joinPath(folder.uri, target.path), {
          preview: false,
          selection: new api.Range(place, place),
          viewColumn: target.beside ? api.ViewColumn.Beside : api.ViewColumn.Active,
        });
      },
      { path, line, beside },
    );
    const name = path.slice(path.lastIndexOf('/') + 1);
    const group = this.page.locator('.editor-group-container.active');
    await group.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await group.locator('.view-line').first().waitFor();
  }

  /**
   * Runs a command from the palette.
   *
   * @param {string} title as the palette shows it, with its category: `Floatcast: Open Panel`
   */
  async runCommand(title) {
    const widget = this.page.locator('.quick-input-widget');
    const input = widget.locator('.quick-input-filter input');
    await this.page.keyboard.press('F1');
    await input.waitFor();
    await input.fill(`>${title}`);
    const labels = widget.locator('.quick-input-list .monaco-list-row .label-name');
    const wanted = labels.getByText(title, { exact: true }).first();
    try {
      await wanted.click({ timeout: 10_000 });
    } catch {
      const offered = (await labels.allInnerTexts()).slice(0, 8).join(' · ');
      await this.page.keyboard.press('Escape');
      throw new Error(`The palette has no "${title}". On offer: ${offered}`);
    }
    await input.waitFor({ state: 'hidden' });
    await this.page.mouse.move(0, 0); // Where no tooltip opens.
  }

  /**
   * Points at a text in the active editor, and waits for the hover.
   *
   * @param {string} text found within one line that is in view
   * @returns {Promise<string>} what the hover says
   */
  async hoverAt(text) {
    const hover = this.page.locator('.monaco-resizable-hover .monaco-hover:not(.hidden)');
    const limit = Date.now() + 30_000;
    for (;;) {
      const { x, y } = await this.locate(text);
      // A hover opens when the pointer moves over the text, not when it is put there.
      await this.page.mouse.move(x + 40, y + 60);
      await this.page.mouse.move(x - 1, y, { steps: 4 });
      await this.page.mouse.move(x, y);
      try {
        await hover.waitFor({ timeout: 3000 });
        break;
      } catch (error) {
        // An extension that is only being activated has not been asked.
        if (Date.now() > limit) throw error;
      }
    }
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
    const handle = await this.page.waitForFunction(locateInPage, text, { timeout: 15_000 });
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
   * Takes a picture of the window, or of a part of it that is in view, with a margin.
   *
   * @param {string} name a path, or the name of one in `media/`
   * @param {import('playwright-core').Locator | void} [part]
   * @returns {Promise<string>} the path
   */
  async screenshot(name, part) {
    const path = /[/\\.]/.test(name) ? resolve(name) : join(root, 'media', `${name}.png`);
    await mkdir(dirname(path), { recursive: true });
    const box = part && (await part.boundingBox());
    const clip = box && {
      x: box.x - margin,
      y: box.y - margin,
      width: box.width + 2 * margin,
      height: box.height + 2 * margin,
    };
    await this.page.screenshot({
      path,
      animations: 'disabled',
      caret: 'hide',
      ...(clip && { clip }),
    });
    return path;
  }

  /** Ends VS Code and removes all it wrote. */
  async close() {
    this.#forget();
    await this.#remote.close();
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
  const { folder = join(root, 'examples'), development = root, theme = 'dark', trust } = options;
  const { settings = {}, width = 1440, height = 900 } = options;
  const remote = await Remote.listen();
  /** @type {Server | undefined} */
  let server;
  /** @type {import('playwright-core').Browser | undefined} */
  let browser;
  try {
    server = await Server.start({
      ...(trust !== undefined && { trust }),
      settings: {
        ...quietSettings,
        ...calm,
        'workbench.colorTheme': themes[theme].name,
        ...settings,
      },
      environment: remote.environment,
      helper: remoteExtension,
    });
    browser = await launchChromium({ home: server.temporary });
    const page = await browser.newPage({ viewport: { width, height } });
    page.setDefaultTimeout(30_000);
    const vscode = new VSCode(server, browser, page, remote);
    const extension = await server.fromElsewhere(development);
    const address = server.address({ folder: resolve(folder), development: extension });
    await page.goto(address, { timeout: 60_000 });
    await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
    await vscode.evaluate(() => undefined);
    return vscode;
  } catch (error) {
    await remote.close();
    await browser?.close();
    await server?.stop();
    throw error;
  }
}
