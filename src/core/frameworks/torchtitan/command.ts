import type { Known } from '../../run/known.ts';
import { need } from '../../run/need.ts';
import { noTokens } from '../../run/tokens.ts';
import { mapNode } from '../../syntax/tree.ts';
import { mergeMaps, openFirst, upwards } from '../../config/compose.ts';
import type { Fields } from '../../config/fields.ts';
import { launchedGpus, programOf, programPath } from '../../config/launcher.ts';
import type { Composition, Reading } from '../../config/reader.ts';

/** torchtitan's own script, which takes its config from the environment. */
const script = /^run_(?:llama_)?train\.sh$/;

/** Tables of a JobConfig that flags override: `--training.steps 500`. */
const tables = ['model', 'training', 'parallelism', 'optimizer', 'checkpoint', 'metrics', 'job'];

/** Whether a command starts torchtitan with a config of its own. */
export function isTorchtitanCommand(fields: Fields): boolean {
  const isModule = programPath(fields).includes('torchtitan');
  if (isModule) return configOf(fields) !== null;
  const named = ['CONFIG_FILE', 'CONFIG'].some((name) => given(fields, name) !== null);
  const overrides = tables.some((table) => fields.map(table) !== null);
  return (
    script.test(programOf(fields)) && named && (overrides || fields.text.includes('torchtitan'))
  );
}

/** A variable that is set for the command, else in the script before it. */
function given(fields: Fields, name: string): Known<string> | null {
  return fields.string(`$environment.${name}`) ?? fields.string(`$variables.${name}`);
}

/** The config that a command names: a TOML, or since 2026 a module and a function in it. */
function configOf(fields: Fields): Known<string> | null {
  const file = fields.string('job.config_file') ?? given(fields, 'CONFIG_FILE');
  if (file) return file;
  const module = fields.string('module') ?? given(fields, 'MODULE');
  const config = fields.string('config') ?? given(fields, 'CONFIG');
  if (!config || (!module && fields.has('config'))) return null;
  return { ...config, value: [module?.value, config.value].filter(Boolean).join(' ') };
}

/** The tables of the TOML that a command names, with its flags laid on top. */
export function withConfigFile(fields: Fields): Composition {
  const { file } = fields.tree;
  const named = configOf(fields)?.value ?? '';
  const opened = named.endsWith('.toml') ? openFirst(fields, upwards(file, [named])) : null;
  if (!opened || opened === 'pending') return { fields, needs: [] };
  const merged = mergeMaps(opened.map, fields.root, opened.file);
  return { fields: fields.with(mapNode(fields.root.place, merged.entries)), needs: [] };
}

/** How many GPUs a command starts on: its launcher's flags, or NGPU for torchtitan's script. */
export function gpusOfCommand(fields: Fields): Known<number> | null {
  const gpus = script.test(programOf(fields)) ? fields.positive('$environment.NGPU') : null;
  return gpus ?? launchedGpus(fields);
}

/** A launcher: the run is what its config describes, which the GPUs here would complete. */
export function readTorchtitanCommand(fields: Fields): Reading {
  const gpus = gpusOfCommand(fields);
  const started = gpus ? ` on ${gpus.value} GPUs` : '';
  const config = configOf(fields)?.value ?? '';
  return {
    role: 'fragment',
    model: null,
    shape: {},
    tokens: { ...noTokens, worldSize: gpus },
    precision: null,
    precisionPlaces: [],
    writeFormat: null,
    needs: [need('run', `the run is described by the config “${config}”, started here${started}`)],
  };
}
