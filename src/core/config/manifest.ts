import { ScriptText } from '../syntax/scriptText.ts';
import { unresolvedNode } from '../syntax/scalars.ts';
import {
  mapNode,
  type ConfigNode,
  type ConfigTree,
  type Embedded,
  type Entry,
  type ListNode,
  type MapNode,
  type ScalarNode,
} from '../syntax/tree.ts';

/** A config that stands in a file: the file itself, or what a manifest of a cluster holds. */
export interface HeldConfig {
  readonly tree: ConfigTree;
  readonly root: ConfigNode;
}

/** Keys one of which a job of MosaicML, SkyPilot and the like has beside what it runs. */
const infrastructure =
  /^(?:image|compute|cluster|gpu_num|gpu_type|resources|num_nodes|environment|compute_config)$/;

const mostContainers = 50;
const deepest = 40;

/**
 * What one document of a file holds: for a manifest (Kubernetes, MosaicML's MCLI, SkyPilot and jobs
 * of that kind) the commands that its containers start and its block of parameters, all with their
 * places in the manifest; any other document is itself.
 */
export function configsIn(
  tree: ConfigTree,
  root: ConfigNode,
  text: string,
  told: ReadonlyMap<string, string>,
): readonly HeldConfig[] {
  if (tree.syntax !== 'yaml' || root.kind !== 'map') return [{ tree, root }];
  const jobs = jobsOf(root);
  if (!jobs) return [{ tree, root }];
  if ('parameters' in jobs) return [{ tree, root: jobs.parameters }];
  const seen = new Set<string>();
  return jobs.commands.flatMap((job) => {
    const script = new ScriptText(text);
    const embedded = write(script, job);
    // Workers start what their master starts: one run.
    if (embedded === null || seen.has(script.text)) return [];
    seen.add(script.text);
    const inner = script.parse(tree, embedded, told);
    if (inner.template) return [];
    return inner.documents.map((document) => ({
      tree: inner,
      root: job.several ? withUnknownNodes(document) : document,
    }));
  });
}

/** What one container or task starts. */
interface Job {
  readonly environment: readonly { readonly name: string; readonly value: ScalarNode }[];
  /** A script, or the words of one command. */
  readonly run: ScalarNode | readonly ScalarNode[];
  /** Whether other nodes may start the same, of which the command itself says nothing. */
  readonly several: boolean;
}

type Jobs = { readonly parameters: MapNode } | { readonly commands: readonly Job[] };

function jobsOf(root: MapNode): Jobs | null {
  const at = (key: string) => root.byKey.get(key)?.value;
  if (textOf(at('apiVersion')) !== null && textOf(at('kind')) !== null) {
    return { commands: containersIn(root).flatMap((each) => containerJob(each, root)) };
  }
  const parameters = at('parameters');
  const run = ['command', 'run', 'entrypoint', 'commands'].map(at).find((each) => each);
  if (!run || !root.entries.some(({ key }) => infrastructure.test(key))) return null;
  if (textOf(run) !== null && parameters?.kind === 'map') return { parameters };
  const environment = ['envs', 'env_variables', 'env', 'env_vars'].flatMap((key) =>
    environmentOf(at(key)),
  );
  const several = !/^1?$/.test(textOf(at('num_nodes')) ?? '');
  const scripts = run.kind === 'list' ? [scalarsOf(run)] : run.kind === 'scalar' ? [run] : [];
  const isLines = run === at('commands');
  return {
    commands: (isLines && run.kind === 'list' ? scalarsOf(run) : scripts).map((each) => ({
      environment: [...environment, ...skyPilot(root)],
      run: each,
      several,
    })),
  };
}

/** What SkyPilot tells a task of its nodes, where the task says it itself. */
function skyPilot(root: MapNode): Job['environment'] {
  const nodes = root.byKey.get('num_nodes')?.value;
  return nodes?.kind === 'scalar' ? [{ name: 'SKYPILOT_NUM_NODES', value: nodes }] : [];
}

/** Every container that runs beside the others, wherever a kind of job has its template. */
function containersIn(root: MapNode): readonly MapNode[] {
  const found: MapNode[] = [];
  const visit = (node: ConfigNode, depth: number): void => {
    if (depth > deepest || found.length >= mostContainers || node.kind === 'scalar') return;
    if (node.kind === 'list') {
      for (const item of node.items) visit(item, depth + 1);
      return;
    }
    const isStarted = node.byKey.has('command') || node.byKey.has('args');
    if (isStarted || textOf(node.byKey.get('entrypoint')?.value) !== null) found.push(node);
    for (const { key, value } of node.entries)
      if (key !== 'initContainers') visit(value, depth + 1);
  };
  visit(root, 0);
  return found;
}

function containerJob(container: MapNode, root: MapNode): readonly Job[] {
  const at = (key: string) => container.byKey.get(key)?.value;
  const environment = environmentOf(at('env'));
  const several = !isSingle(root);
  const entry = at('entrypoint');
  if (entry?.kind === 'scalar') return [{ environment, run: entry, several }];
  const words = ['command', 'args'].flatMap((key) => {
    const value = at(key);
    return value?.kind === 'list' ? scalarsOf(value) : value?.kind === 'scalar' ? [value] : [];
  });
  const shell = words.findIndex(
    ({ text }, index) =>
      /^-[a-z]*c$/.test(text) && /(?:^|\/)(?:ba|z|da)?sh$/.test(words[index - 1]?.text ?? ''),
  );
  const script = shell < 0 ? undefined : words[shell + 1];
  return [{ environment, run: script ?? words, several }];
}

/** Whether Kubernetes itself starts a container once. */
function isSingle(root: MapNode): boolean {
  if (!/^(?:Job|Pod)$/.test(textOf(root.byKey.get('kind')?.value) ?? '')) return false;
  const spec = root.byKey.get('spec')?.value;
  return (
    spec?.kind === 'map' &&
    ['parallelism', 'completions', 'tasks'].every((key) =>
      /^1?$/.test(textOf(spec.byKey.get(key)?.value) ?? ''),
    )
  );
}

/** Variables as a mapping, or as a list of names and values. */
function environmentOf(node: ConfigNode | undefined): Job['environment'] {
  if (node?.kind === 'map') {
    return node.entries.flatMap(({ key: name, value }) =>
      value.kind === 'scalar' && value.value !== null ? [{ name, value }] : [],
    );
  }
  return (node?.kind === 'list' ? node.items : []).flatMap((item) => {
    if (item.kind !== 'map') return [];
    const name = textOf((item.byKey.get('name') ?? item.byKey.get('key'))?.value);
    const value = item.byKey.get('value')?.value;
    return name !== null && value?.kind === 'scalar' ? [{ name, value }] : [];
  });
}

function write(script: ScriptText, { environment, run }: Job): Embedded | null {
  for (const { name, value } of environment) {
    if (!/^[A-Za-z_]\w*$/.test(name)) continue;
    script.glue(`${name}=`, value.place.start);
    if (!script.word(value)) return null;
    script.glue('\n');
  }
  if (isWords(run)) {
    for (const word of run) {
      script.glue(' ', word.place.start);
      if (!script.word(word)) return null;
    }
    return 'words';
  }
  if (!script.script(run)) return null;
  return run.style === 'block' ? 'script' : 'line';
}

const isWords = (run: Job['run']): run is readonly ScalarNode[] => Array.isArray(run);

/** A launcher that says nothing of its nodes is on one, but for what a manifest may multiply. */
function withUnknownNodes(root: ConfigNode): ConfigNode {
  const launcher = root.kind === 'map' ? root.byKey.get('$launcher') : undefined;
  if (root.kind !== 'map' || launcher?.value.kind !== 'map') return root;
  const said = ['nnodes', 'num_nodes', 'nodes', 'N', 'num_machines', 'num_processes', 'np'];
  if (said.some((key) => launcher.value.kind === 'map' && launcher.value.byKey.has(key)))
    return root;
  const { place } = launcher.value;
  const nowhere = { ...place, end: place.start };
  const why = 'The manifest may start the command on several nodes.';
  const nodes: Entry = {
    key: 'nnodes',
    keyPlace: nowhere,
    value: unresolvedNode(nowhere, '', why),
  };
  const value = mapNode(place, [...launcher.value.entries, nodes]);
  const entries = root.entries.map((entry) => (entry === launcher ? { ...entry, value } : entry));
  return mapNode(root.place, entries, root.tag);
}

function textOf(node: ConfigNode | undefined): string | null {
  return node?.kind === 'scalar' && node.text !== '' ? node.text : null;
}

function scalarsOf(list: ListNode): readonly ScalarNode[] {
  return list.items.flatMap((item) => (item.kind === 'scalar' ? [item] : []));
}
