/**
 * The end inside VS Code of `VSCode.evaluate` in `drive.mjs`: an extension that runs the functions
 * it is sent. One JSON text a line each way.
 */
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';

/** @param {vscode.ExtensionContext} context */
export function activate(context) {
  const port = Number(process.env.FLOATCAST_REMOTE_PORT);
  if (!port) return;
  const socket = connect(port, '127.0.0.1');
  const lines = createInterface({ input: socket });
  lines.on('line', (line) => {
    /** @type {{ id: number, source: string, argument: unknown }} */
    const { id, source, argument } = JSON.parse(line);
    void answer(source, argument).then((reply) => {
      socket.write(`${JSON.stringify({ id, ...reply })}\n`);
    });
  });
  context.subscriptions.push({ dispose: () => socket.destroy() });
}

/**
 * @param {string} source a function of the API and the argument
 * @param {unknown} argument
 */
async function answer(source, argument) {
  try {
    const action = new Function(`return (${source});`)();
    return { result: await action(vscode, argument) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
