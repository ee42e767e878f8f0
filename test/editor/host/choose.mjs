import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadAndUnzipVSCode, SilentReporter } from '@vscode/test-electron';
import { within } from '../../support/processes.mjs';
import { installEmbedded } from './install.mjs';
import { root } from './paths.mjs';

/**
 * @typedef {object} ChosenVSCode
 * @property {'desktop' | 'embedded'} host
 * @property {string} version
 * @property {string} executable stands for `code`: takes its arguments
 */

/**
 * Decides which VS Code this run uses, and says so: what `FLOATCAST_VSCODE` names, or else the
 * desktop one where it can be had and shown, or else the embedded one. Throws when there is neither.
 * `FLOATCAST_VSCODE_VERSION` asks for a release of the desktop one other than the newest.
 *
 * @returns {Promise<ChosenVSCode>}
 */
export async function chooseVSCode() {
  const wish = process.env.FLOATCAST_VSCODE || undefined;
  if (wish !== undefined && wish !== 'desktop' && wish !== 'embedded') {
    throw new Error(`FLOATCAST_VSCODE is "${wish}", but desktop or embedded is needed.`);
  }
  let why = 'FLOATCAST_VSCODE=embedded';
  if (wish !== 'embedded') {
    try {
      const chosen = await desktop();
      console.log(`VS Code ${chosen.version}, desktop`);
      return chosen;
    } catch (error) {
      if (wish === 'desktop') throw error;
      why = error instanceof Error ? error.message : String(error);
    }
  }
  const { version } = await installEmbedded();
  console.log(`VS Code ${version}, embedded (${why})`);
  const executable = fileURLToPath(new URL('embedded.mjs', import.meta.url));
  return { host: 'embedded', version, executable };
}

/** @returns {Promise<ChosenVSCode>} */
async function desktop() {
  const { platform, env } = process;
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
    throw new Error('no display for the desktop one');
  }
  const executable = await within(
    300,
    downloadAndUnzipVSCode({
      version: env.FLOATCAST_VSCODE_VERSION || 'stable',
      cachePath: join(root, '.vscode-test'),
      reporter: new SilentReporter(),
      // Of silence, not in all: where there is no network it is over at once, or after this.
      timeout: 10_000,
    }),
  );
  const [, version = 'of unknown version'] = /vscode-[a-z0-9-]+?-(\d[\d.]*)/.exec(executable) ?? [];
  return { host: 'desktop', version, executable };
}
