import { byDefault, type Known } from '../run/known.ts';
import { product } from '../run/tokens.ts';
import type { Fields, Path } from './fields.ts';
import { need, type Need, type Settled } from '../run/need.ts';
import type { ConfigNode } from '../syntax/tree.ts';

/**
 * The script or module that a launch script starts, without folders and `.py`; '' for none. Of
 * `$(pwd)/pretrain_gpt.py` the folder alone is not told.
 */
export function programOf(fields: Fields): string {
  const known = fields.string('$program')?.value;
  if (known === undefined) return nameBehindFolder(fields.find('$program')?.node);
  return (known.split('/').at(-1) ?? '').replace(/\.py$/, '');
}

function nameBehindFolder(node: ConfigNode | undefined): string {
  if (node?.kind !== 'scalar' || node.choices) return '';
  return /\/([\w-]+)\.py$/.exec(node.text)?.[1] ?? '';
}

/** The whole text of the program as it is written: `EasyLM.models.llama.llama_train`. */
export function programPath(fields: Fields): string {
  return fields.string('$program')?.value ?? '';
}

/** How many of some settings a file has. */
export function countOf(fields: Fields, names: readonly Path[]): number {
  return names.filter((name) => fields.has(name)).length;
}

/**
 * How many GPUs a launch script starts its program on: torchrun's, DeepSpeed's or Accelerate's
 * flags, else Slurm's head of the script. Null when one factor is not told.
 */
export function launchedGpus(fields: Fields): Known<number> | null {
  const flag = (name: string) => fields.positive(`$launcher.${name}`);
  const all = flag('num_processes') ?? flag('ntasks') ?? flag('np');
  if (all) return all;
  const slurmNodes = flag('nodes') ?? flag('N');
  const perNode =
    flag('nproc_per_node') ??
    flag('num_gpus') ??
    flag('gpus_per_node') ??
    gpusOfResource(fields) ??
    flag('ntasks_per_node');
  if (!perNode) return null;
  const nodes = flag('nnodes') ?? flag('num_nodes') ?? slurmNodes;
  // A number of nodes that is named and not told is not one.
  const isNamed = ['nnodes', 'num_nodes', 'nodes', 'N'].some((name) =>
    fields.has(`$launcher.${name}`),
  );
  const count = nodes ?? (isNamed ? null : byDefault(1, 'the launcher'));
  return product([
    { name: 'GPUs a node', known: perNode },
    { name: 'nodes', known: count },
  ]);
}

/** Slurm's `--gres=gpu:8`, `--gres=gpu:h100:8` and `--gpus-per-node=h100:8`. */
function gpusOfResource(fields: Fields): Known<number> | null {
  for (const name of ['gres', 'gpus_per_node']) {
    const known = fields.string(`$launcher.${name}`);
    const count = /(?:^|:)(\d+)$/.exec(known?.value ?? '')?.[1];
    if (known && count !== undefined) return { ...known, value: Number(count) };
  }
  return null;
}

/** A need for each setting that the file names and does not tell: an argument, an unset variable. */
export function untold(fields: Fields, paths: readonly Path[], settles: Settled): readonly Need[] {
  return paths.flatMap((path) => {
    const why = fields.find(path)?.unresolved;
    return why === undefined ? [] : [notTold(path, why, settles)];
  });
}

/** The need for a value of which a whole sentence says why nobody can tell it. */
export function notTold(path: Path, why: string, settles: Settled): Need {
  const reason = why.charAt(0).toLowerCase() + why.slice(1).replace(/\.$/, '');
  return need(settles, `${path} is not told: ${reason}`);
}
