/**
 * `npm run screenshots`: takes the pictures in `media/` anew, from the extension as it is.
 *
 *     node test/editor/screenshots.mjs [scene…]
 *
 * @typedef {import('./host/drive.mjs').VSCode} VSCode
 */
import { relative } from 'node:path';
import { run } from '../support/processes.mjs';
import { openVSCode } from './host/drive.mjs';
import { root } from './host/paths.mjs';

/**
 * What is to be seen in each picture; the name is the file's. Each begins in a new window, in the
 * theme that the name ends on. A look that gives a part of the window back is a picture of that part.
 *
 * @type {Record<
 *   string,
 *   (vscode: VSCode) => Promise<void | import('playwright-core').Locator>
 * >}
 */
const looks = {
  async config(vscode) {
    await openWarned(vscode);
  },
  async hover(vscode) {
    await openWarned(vscode);
    await vscode.hoverAt('mxfp4_cutlass');
    await heighten(vscode);
  },
  async quickfix(vscode) {
    await openWarned(vscode);
    await vscode.page.keyboard.press('ControlOrMeta+.');
    await vscode.page.getByText('Train in MXFP8').first().waitFor();
  },
  async optimize(vscode) {
    await openWarned(vscode);
    // Not by the palette: its own list would have to close before this one opens.
    await vscode.evaluate((api) => void api.commands.executeCommand('floatcast.optimizePrecision'));
    await vscode.page.locator('.quick-input-widget .monaco-list-row').nth(5).waitFor();
  },
  async explorer(vscode) {
    await openExplorer(vscode);
  },
  async finetune(vscode) {
    await vscode.openFile('axolotl/qwen2.5-32b-full.yaml', { line: 3 });
    await vscode.page.locator('.squiggly-warning').first().waitFor();
    await vscode.page.locator('.codelens-decoration a').first().waitFor({ state: 'attached' });
    await vscode.runCommand('View: Close Primary Side Bar').catch(() => undefined);
    await vscode.runCommand('Floatcast: Open Trade-off Explorer');
    const panel = await vscode.webview('.memory-bar');
    await panel.locator('.memory-bar:visible').waitFor();
  },
  async runs(vscode) {
    await openWarned(vscode);
    await vscode.evaluate((api) => void api.commands.executeCommand('floatcast.runs.focus'));
    await vscode.page.getByRole('treeitem', { name: /Fine-tunes/ }).waitFor();
  },
  async compare(vscode) {
    await vscode.runCommand('View: Close Primary Side Bar').catch(() => undefined);
    await vscode.evaluate((api) => {
      const folder = api.workspace.workspaceFolders?.[0];
      if (!folder) throw new Error('No folder is open.');
      const uris = [
        ...['torchtitan/llama3-8b-mxfp4.toml', 'torchtitan/llama3-8b-fp8-rowwise.toml'],
        'nanotron/smol-3b-11t.yaml',
      ].map((path) => api.Uri.joinPath(folder.uri, path));
      void api.commands.executeCommand('floatcast.compareRuns', uris[0], uris);
    });
    const panel = await vscode.webview('canvas');
    await panel.locator('canvas:visible').first().waitFor();
  },
  laws: (vscode) => plotOf(vscode, 'Laws'),
  tradeoff: (vscode) => plotOf(vscode, 'Trade-off'),
};

/** Opens the example that a newcomer sees first, at its warning, and waits for the warning. */
async function openWarned(vscode) {
  await vscode.openFile('torchtitan/llama3-8b-mxfp4.toml', { line: 30 });
  await vscode.page.locator('.squiggly-warning').first().waitFor();
  await vscode.page.locator('.codelens-decoration a').first().waitFor({ state: 'attached' });
}

/**
 * Pulls the upper edge of the hover up, so that the table of laws is in the picture.
 *
 * @param {VSCode} vscode
 */
async function heighten({ page }) {
  const box = await page.locator('.monaco-resizable-hover').boundingBox();
  if (box === null) throw new Error('No hover is open.');
  const x = box.x + box.width / 2;
  // From inside: a pointer that comes from elsewhere closes it.
  await page.mouse.move(x, box.y + box.height - 20, { steps: 5 });
  await page.mouse.move(x, box.y, { steps: 15 });
  await page.mouse.down();
  await page.mouse.move(x, 70, { steps: 10 });
  await page.mouse.up();
  await page.mouse.move(x, box.y, { steps: 5 });
}

/**
 * Opens the Trade-off Explorer of that example.
 *
 * @param {VSCode} vscode
 */
async function openExplorer(vscode) {
  await openWarned(vscode);
  await vscode.runCommand('View: Close Primary Side Bar').catch(() => undefined);
  await vscode.runCommand('Floatcast: Open Trade-off Explorer');
  const panel = await vscode.webview('canvas');
  await panel.locator('canvas:visible').first().waitFor();
  return panel;
}

/**
 * One plot of the Explorer, without what is around it.
 *
 * @param {VSCode} vscode
 * @param {string} title of its tab
 */
async function plotOf(vscode, title) {
  const panel = await openExplorer(vscode);
  await panel.locator('vscode-panel-tab', { hasText: title }).click();
  // So high that nothing of it has to be scrolled to.
  await vscode.page.setViewportSize({ width: 1440, height: 1600 });
  return panel.locator('figure:visible');
}

const scenes = Object.fromEntries(
  Object.entries(looks).flatMap(([name, look]) => [
    [`${name}-dark`, { theme: 'dark', look }],
    [`${name}-light`, { theme: 'light', look }],
  ]),
);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in scenes));
if (unknown.length > 0) {
  console.error(`There is no scene ${unknown.join(', ')}: ${Object.keys(scenes).join(', ')}.`);
  process.exit(1);
}
const build = await run(process.execPath, ['esbuild.js'], { cwd: root });
if (build.code !== 0) process.exit(build.code);

for (const [name, { theme, look }] of Object.entries(scenes)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const vscode = await openVSCode({
    theme,
    height: 1080,
    settings: { 'floatcast.hardware': 'b200' },
  });
  try {
    const part = await look(vscode);
    // Fonts, hovers and charts settle.
    await vscode.page.waitForTimeout(1500);
    console.log(relative(root, await vscode.screenshot(name, part)));
  } finally {
    await vscode.close();
  }
}
