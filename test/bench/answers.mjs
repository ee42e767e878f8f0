// How soon a real VS Code answers a person: from the command to the Explorer's first plot, and from
// an edit to the lens that speaks of it.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openVSCode } from '../editor/host/drive.mjs';
import { root } from '../editor/host/paths.mjs';

const rounds = 7;
const config = 'torchtitan/llama3-8b-mxfp4.toml';

/**
 * How long VS Code itself waits after an edit: 250 ms before it asks for lenses (`CodeLensProvide`)
 * and as long before it shows what it got (`CodeLensResolve`), half as long again each in a window
 * that develops an extension, as this one does.
 */
const editorWaits = 2 * 1.5 * 250;

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];

/** Prints both times, medians of a few rounds. */
export async function benchAnswers() {
  // What is edited is edited on disk.
  const folder = await mkdtemp(join(tmpdir(), 'floatcast-answers-'));
  await cp(join(root, 'examples'), folder, { recursive: true });
  const vscode = await openVSCode({ folder });
  try {
    await vscode.page.addInitScript(watchPlot);
    await vscode.openFile(config);
    await vscode.page.locator('.codelens-decoration a').first().waitFor({ state: 'attached' });
    const plots = [];
    const bare = [];
    const lenses = [];
    for (let round = 0; round < rounds; round++) plots.push(await commandToPlot(vscode));
    for (let round = 0; round < rounds; round++) bare.push(await bareWebview(vscode));
    await vscode.openFile(config);
    for (let round = 0; round < rounds; round++) lenses.push(await editToLens(vscode));
    const [whole, own] = [0, 1].map((part) => median(plots.map((times) => times[part])));
    const lens = median(lenses);
    console.log(
      `Explorer: command → first plot ${whole} ms (goal ≤ 500), of it ${own} ms since its page was there; ` +
        `an empty webview takes ${median(bare)} ms\n` +
        `CodeLens: edit → lens ${lens} ms, ${lens - editorWaits} ms beyond VS Code’s own wait (goal ≤ 150)`,
    );
  } finally {
    await vscode.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs in every frame: notes when the first plot is drawn. */
function watchPlot() {
  const look = setInterval(() => {
    const [canvas] = Array.from(document.querySelectorAll('figure canvas'));
    if (!canvas || canvas.width === 0) return;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    if (!data.some((value) => value > 0)) return;
    clearInterval(look);
    globalThis.firstPlot = Date.now();
  }, 5);
}

async function commandToPlot(vscode) {
  const start = await vscode.evaluate(async (api) => {
    const now = Date.now();
    await api.commands.executeCommand('floatcast.openExplorer');
    return now;
  });
  const frame = await vscode.webview('figure canvas');
  let seen;
  do {
    await vscode.page.waitForTimeout(20);
    seen = await frame.evaluate(() => {
      const { firstPlot } = globalThis;
      return firstPlot && { firstPlot, page: performance.timeOrigin };
    });
  } while (!seen);
  await vscode.evaluate((api) => api.commands.executeCommand('workbench.action.closeActiveEditor'));
  return [seen.firstPlot - start, Math.round(seen.firstPlot - seen.page)];
}

/** From asking for a webview that holds nothing to its own first script. */
function bareWebview(vscode) {
  return vscode.evaluate(async (api) => {
    const start = Date.now();
    const column = api.ViewColumn.Active;
    const panel = api.window.createWebviewPanel('bare', 'Bare', column, { enableScripts: true });
    const ran = new Promise((resolve) => panel.webview.onDidReceiveMessage(resolve));
    panel.webview.html =
      '<!DOCTYPE html><body><script>acquireVsCodeApi().postMessage(Date.now())</script></body>';
    const end = await ran;
    panel.dispose();
    return end - start;
  });
}

async function editToLens(vscode) {
  const seen = vscode.page.evaluate(
    () =>
      new Promise((resolve) => {
        const first = () => document.querySelector('.codelens-decoration a')?.textContent ?? '';
        const before = first();
        new MutationObserver((_, observer) => {
          if (first() === before || !first().includes('gap')) return;
          observer.disconnect();
          resolve(Date.now());
        }).observe(document.body, { childList: true, subtree: true, characterData: true });
      }),
  );
  const start = await vscode.evaluate(async (api) => {
    const { document } = api.window.activeTextEditor;
    const { index } = /(?<=^steps = )\d/m.exec(document.getText());
    const digit = new api.Range(document.positionAt(index), document.positionAt(index + 1));
    const edit = new api.WorkspaceEdit();
    edit.replace(document.uri, digit, String((Number(document.getText(digit)) % 9) + 1));
    const now = Date.now();
    await api.workspace.applyEdit(edit);
    return now;
  });
  return (await seen) - start;
}
