import { noTokens } from '../../run/tokens.ts';
import { launchedGpus, programPath } from '../../config/launcher.ts';
import type { Fields } from '../../config/fields.ts';
import type { Reading } from '../../config/reader.ts';
import { need } from '../../run/need.ts';

const configFlags = ['job.config_file', 'module', 'config'];

/** Whether a command starts torchtitan with a config of its own. */
export function isTorchtitanCommand(fields: Fields): boolean {
  const program = programPath(fields).includes('torchtitan');
  const named = fields.has('job.config_file') || (fields.has('module') && fields.has('config'));
  return program && named;
}

/** A launcher: the run is what its config describes, which the GPUs here would complete. */
export function readTorchtitanCommand(fields: Fields): Reading {
  const names = configFlags.flatMap((path) => fields.string(path)?.value ?? []);
  const gpus = launchedGpus(fields);
  const started = gpus ? ` on ${gpus.value} GPUs` : '';
  return {
    role: 'fragment',
    model: null,
    shape: {},
    tokens: { ...noTokens, worldSize: gpus },
    precision: null,
    precisionPlaces: [],
    writeFormat: null,
    needs: [
      need(
        'run',
        `the run is described by the config “${names.join(' ')}”, started here${started}`,
      ),
    ],
  };
}
