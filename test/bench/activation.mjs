// Activation in a real VS Code, by its own Startup Performance report: loading the code and calling
// `activate`, against a built-in extension of the same window.
import { openVSCode } from '../editor/host/drive.mjs';

const ours = 'floatcast.floatcast';
const peer = 'vscode.json-language-features';

/** The rows of the report's activation table: extension → milliseconds of load and of activate. */
function activations(report) {
  const rows = new Map();
  for (const line of report.split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    const [, id, , load, call] = cells;
    if (/^[\w-]+\.[\w-]+$/.test(id ?? '') && Number(load) >= 0) {
      rows.set(id, { load: Number(load), activate: Number(call) });
    }
  }
  return rows;
}

/** Activates two extensions, one after the other, in a window of their own. */
async function activateBoth(ids) {
  const vscode = await openVSCode();
  try {
    await vscode.evaluate(async (api, inOrder) => {
      // Each alone and in a host at rest: what else loads meanwhile would be counted in.
      for (let calm = 0; calm < 10;) {
        const start = Date.now();
        await new Promise((resolve) => setTimeout(resolve, 100));
        calm = Date.now() - start < 120 ? calm + 1 : 0;
      }
      for (const id of inOrder) await api.extensions.getExtension(id)?.activate();
      const content = 'apiVersion: v1\nkind: Service\n';
      await api.window.showTextDocument(
        await api.workspace.openTextDocument({ language: 'yaml', content }),
      );
      await api.commands.executeCommand('perfview.show');
    }, ids);
    await vscode.page.waitForTimeout(1000);
    const report = await vscode.evaluate(
      (api) =>
        api.workspace.textDocuments.find((each) => each.uri.scheme === 'perf')?.getText() ?? '',
    );
    return activations(report);
  } finally {
    await vscode.close();
  }
}

/** Prints what the extension costs in a window without our files, and its ratio to the peer's. */
export async function benchActivation() {
  // The one that comes first pays for what both need of VS Code: each does once.
  const windows = [await activateBoth([ours, peer]), await activateBoth([peer, ours])];
  const mean = (id, part) =>
    windows.reduce((sum, rows) => {
      const row = rows.get(id);
      if (!row) throw new Error(`VS Code’s startup report does not list ${id}.`);
      return sum + row[part] / windows.length;
    }, 0);
  const [load, activate] = [mean(ours, 'load'), mean(ours, 'activate')];
  const ratio = (load + activate) / (mean(peer, 'load') + mean(peer, 'activate'));
  console.log(
    `activation in VS Code without our files: load ${load} ms, activate ${activate} ms; ` +
      `÷ ${peer}: ${ratio.toFixed(2)} (goal ≤ 1.0)`,
  );
}
