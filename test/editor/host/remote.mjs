/**
 * Our end of the extension in `remote/`: calls functions inside VS Code's extension host.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { within } from '../../support/processes.mjs';
import { root } from './paths.mjs';

/** The folder of the extension, to be installed. */
export const remoteExtension = join(root, 'test', 'editor', 'host', 'remote');

/** A line to a VS Code that is started with `environment` and the extension. */
export class Remote {
  #listener;
  /** @type {Promise<import('node:net').Socket>} */
  #socket;
  #calls = 0;
  /** @type {Map<number, (reply: { result?: unknown, error?: string }) => void>} */
  #waiting = new Map();

  /** @param {import('node:net').Server} listener */
  constructor(listener) {
    this.#listener = listener;
    const { port } = /** @type {import('node:net').AddressInfo} */ (listener.address());
    this.environment = { FLOATCAST_REMOTE_PORT: String(port) };
    this.#socket = once(listener, 'connection').then(([socket]) => {
      createInterface({ input: socket }).on('line', (line) => {
        const { id, ...reply } = JSON.parse(line);
        this.#waiting.get(id)?.(reply);
        this.#waiting.delete(id);
      });
      // When VS Code is ended, the connection breaks; no call is then open.
      socket.on('error', () => undefined);
      return socket;
    });
    this.#socket.catch(() => undefined);
  }

  static async listen() {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new Remote(listener);
  }

  /**
   * Calls a function inside VS Code.
   *
   * @param {string} source
   * @param {unknown} argument
   * @returns {Promise<unknown>}
   */
  async call(source, argument) {
    const socket = await within(60, this.#socket);
    const id = ++this.#calls;
    const reply = new Promise((resolve) => this.#waiting.set(id, resolve));
    socket.write(`${JSON.stringify({ id, source, argument })}\n`);
    const { result, error } = await within(60, reply);
    if (error !== undefined) throw new Error(`In VS Code: ${error}`);
    return result;
  }

  async close() {
    this.#listener.close();
    // Nobody may have connected.
    await within(0, this.#socket).then(
      (socket) => socket.destroy(),
      () => undefined,
    );
  }
}
