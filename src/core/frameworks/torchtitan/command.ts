import type { Known } from '../../run/known.ts';
import { need } from '../../run/need.ts';
import { noTokens } from '../../run/tokens.ts';
import { mapNode } from '../../syntax/tree.ts';
import { mergeMaps, openFirst, upwards } from '../../config/compose.ts';
import { isNoName, runName } from '../../config/definition.ts';
import type { Fields } from '../../config/fields.ts';
import { launchedGpus, programOf, programPath } from '../../config/launcher.ts';
import type { Composition, Reading } from '../../config/reader.ts';
import { torchtitanFunctions } from './python.ts';

/** torchtitan's own script, which takes its config from the environment. */
const script = /^run_(?:llama_)?train\.sh$/;

/** Tables of a JobConfig that flags override: `--training.steps 500`. */
const tables = ['model', 'training', 'parallelism', 'optimizer', 'checkpoint', 'metrics', 'job'];

/** Whether a command starts torchtitan with a config of its own. */
export function isTorchtitanCommand(fields: Fields): boolean {
  const isModule = programPath(fields).includes('torchtitan');
  if (isModule) return configOf(fields) !== null;
  const has = (name: string) => given(fields, name) !== null;
  const named = has('CONFIG_FILE') || has('CONFIG');
  const overrides = tables.some((table) => fields.map(table) !== null);
  const isOurs =
    overrides || fields.text.includes('torchtitan') || (has('MODULE') && has('CONFIG'));
  return script.test(programOf(fields)) && named && isOurs;
}

/** A variable that is set for the command, else in the script before it. */
function given(fields: Fields, name: string): Known<string> | null {
  return fields.string(`$environment.${name}`) ?? fields.string(`$variables.${name}`);
}

/** The same for a number. */
function givenCount(fields: Fields, name: string): Known<number> | null {
  return fields.positive(`$environment.${name}`) ?? fields.positive(`$variables.${name}`);
}

/** The module of config functions that a command names, and the function. */
function functionOf(fields: Fields): { readonly module: string; readonly name: string } | null {
  const module = fields.string('module') ?? given(fields, 'MODULE');
  const config = fields.string('config') ?? given(fields, 'CONFIG');
  return module && config ? { module: module.value, name: config.value } : null;
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

/** The tables of the TOML or the config function that a command names, with its flags on top. */
export function withConfigFile(fields: Fields): Composition {
  const { file } = fields.tree;
  const named = configOf(fields)?.value ?? '';
  const called = functionOf(fields);
  if (!named.endsWith('.toml') && called) {
    const run = withFunction(fields, called);
    return { fields: run ?? fields, needs: [] };
  }
  const opened = named.endsWith('.toml') ? openFirst(fields, upwards(file, [named])) : null;
  if (!opened || opened === 'pending') return { fields, needs: [] };
  const merged = mergeMaps(opened.map, fields.root, opened.file);
  return { fields: fields.with(mapNode(fields.root.place, merged.entries)), needs: [] };
}

/**
 * A module is one of torchtitan's by its short name, else a path of its own; either holds a
 * config_registry (config/manager.py, b5bcd76).
 */
function withFunction(
  fields: Fields,
  { module, name }: { readonly module: string; readonly name: string },
): Fields | null {
  if (!/^\w+(?:\.\w+)*$/.test(module)) return null;
  const path = module.replaceAll('.', '/');
  const homes = [`torchtitan/models/${path}`, `torchtitan/experiments/${path}`, path];
  const files = [...homes.map((home) => `${home}/config_registry.py`), `${path}.py`];
  const opened = openFirst(fields, upwards(fields.tree.file, files));
  if (!opened || opened === 'pending') return null;
  const runs = torchtitanFunctions(fields.with(opened.map));
  const run = runs.find((each) => runName(each) === name);
  if (!run) return null;
  const config = mapNode(run.root.place, run.root.entries.filter(isNoName), run.root.tag);
  const merged = mergeMaps(config, fields.root, opened.file);
  return fields.with(mapNode(fields.root.place, merged.entries, config.tag));
}

/** The name that a config function of a command's run has. */
export function functionName(fields: Fields): string {
  return functionOf(fields)?.name ?? '';
}

/** How many GPUs a command starts on: its launcher's flags, or NGPU for torchtitan's script. */
export function gpusOfCommand(fields: Fields): Known<number> | null {
  const gpus = script.test(programOf(fields)) ? givenCount(fields, 'NGPU') : null;
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
