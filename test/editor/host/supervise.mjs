/**
 * Runs a server in the name of another process, and cleans up after it: when our standard input
 * closes, which it also does if that process is killed outright, the server is ended with all it
 * started, and the temporary folder is removed.
 *
 *     node supervise.mjs <temporary folder> <command> [arguments…]
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { endTree } from '../../support/processes.mjs';

const [folder = '', command = '', ...args] = process.argv.slice(2);

// Its own group, because VS Code's server leaves its extension hosts behind when it is killed alone.
const server = spawn(command, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });

process.stdin.resume();
process.stdin.once('close', () => endTree(server.pid, 'SIGKILL'));
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => endTree(server.pid, 'SIGKILL'));
}

server.once('error', (error) => {
  console.error(error.message);
  void finish(1);
});
server.once('exit', (code) => {
  endTree(server.pid, 'SIGKILL');
  void finish(code ?? 1);
});

/** @param {number} code */
async function finish(code) {
  // A browser that loses its owner with us takes a moment to end, and may write until then.
  for (let round = 0; round < 20 && existsSync(folder); round++) {
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    await delay(100);
  }
  process.exit(code);
}
