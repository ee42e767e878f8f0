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

/** Prints what activating costs, and its ratio to the peer's. */
export async function benchActivation() {
  const vscode = await openVSCode();
  try {
    await vscode.openFile('torchtitan/llama3-8b-mxfp4.toml');
    await vscode.page.locator('.squiggly-warning').first().waitFor();
    await vscode.evaluate(async (api) => {
      const document = await api.workspace.openTextDocument({ language: 'json', content: '{}' });
      await api.window.showTextDocument(document);
      await api.extensions.getExtension('vscode.json-language-features')?.activate();
      await api.commands.executeCommand('perfview.show');
    });
    await vscode.page.waitForTimeout(1000);
    const report = await vscode.evaluate(
      (api) =>
        api.workspace.textDocuments.find((each) => each.uri.scheme === 'perf')?.getText() ?? '',
    );
    const rows = activations(report);
    const [own, other] = [rows.get(ours), rows.get(peer)];
    if (!own) throw new Error('VS Code’s startup report does not list Floatcast.');
    const total = own.load + own.activate;
    const ratio = other ? (total / (other.load + other.activate)).toFixed(2) : 'unknown';
    console.log(
      `activation in VS Code: load ${own.load} ms, activate ${own.activate} ms; ` +
        `÷ ${peer}: ${ratio}`,
    );
  } finally {
    await vscode.close();
  }
}
