import { env, window } from 'vscode';
import { checkJson } from '../../core/present/json.ts';
import { commands } from '../ids.ts';
import type { Command } from './command.ts';
import { pickTarget } from './target.ts';

/** Copies what `floatcast check --json` prints for the config. */
export const copyForecast: Command = {
  id: commands.copyForecast,
  async run(context, args) {
    const target = await pickTarget(context, args);
    if (!target) return;
    const { analysis, document } = target.analysed;
    await env.clipboard.writeText(JSON.stringify(checkJson(analysis, document.text), null, 2));
    window.setStatusBarMessage('Copied the forecast as JSON.', 3000);
  },
};
