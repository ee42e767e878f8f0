/**
 * `npm run screenshots`: takes the pictures in `media/` anew, from the extension as it is.
 *
 *     node test/editor/screenshots.mjs [scene…]
 */
import { relative } from 'node:path';
import { run } from '../support/processes.mjs';
import { openVSCode } from './host/drive.mjs';
import { root } from './host/paths.mjs';

/**
 * What is to be seen in each picture; the name is the file's. Each begins in a new window, in the
 * theme that the name ends on.
 *
 * @type {Record<string, (vscode: import('./host/drive.mjs').VSCode) => Promise<void>>}
 */
const looks = {
  async config(vscode) {
    await openWarned(vscode);
  },
  async hover(vscode) {
    await openWarned(vscode);
    await vscode.hoverAt('mxfp4_cutlass');
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
    await openWarned(vscode);
    await vscode.runCommand('View: Close Primary Side Bar').catch(() => undefined);
    await vscode.runCommand('Floatcast: Open Trade-off Explorer');
    const panel = await vscode.webview('canvas');
    await panel.locator('canvas:visible').first().waitFor();
  },
};

/** Opens the example that a newcomer sees first, at its warning, and waits for the warning. */
async function openWarned(vscode) {
  await vscode.openFile('torchtitan/llama3-8b-mxfp4.toml', { line: 30 });
  await vscode.page.locator('.squiggly-warning').first().waitFor();
  await vscode.page.locator('.codelens-decoration a').first().waitFor({ state: 'attached' });
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
    await look(vscode);
    // Fonts, hovers and charts settle.
    await vscode.page.waitForTimeout(1500);
    console.log(relative(root, await vscode.screenshot(name)));
  } finally {
    await vscode.close();
  }
}
