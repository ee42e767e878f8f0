import { env, window } from 'vscode';
import { checkJson } from '../../core/present/json.ts';
import { jsonText } from '../../core/present/plain.ts';
import { commands } from '../ids.ts';
import type { Command } from './command.ts';
import { pickTarget } from './target.ts';

/** Copies what `floatcast check --json` prints for the config. */
export const copyForecast: Command = {
  id: commands.copyForecast,
  async run(context, args) {
    const target = await pickTarget(context, args);
    if (!target) return;
    const { analysis } = target.analysed;
    await env.clipboard.writeText(jsonText(checkJson(analysis)));
    window.setStatusBarMessage('Copied the forecast as JSON.', 3000);
  },
};
