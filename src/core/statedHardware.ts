import { acceleratorNamed } from './hardware/named.ts';
import { stated, type Known } from './run/known.ts';
import type { ConfigNode, ConfigTree, Entry, Place } from './syntax/tree.ts';

/** Keys of launchers, clusters and frameworks whose values name the accelerator. */
const anywhere = new Set([
  // SkyPilot, MosaicML's MCLI, Determined, dstack; XPK's and Vertex AI's flags.
  ...[
    'accelerator',
    'accelerators',
    'accelerator_type',
    'gpu',
    'gpu_type',
    'gpu_name',
    'gpu_model',
  ],
  ...['tpu_type', 'device_type', 'tpu_topology'],
  // MaxText's compile ahead of time.
  'compile_topology',
  // Slurm, in scripts, NeMo's cluster section and submitit.
  ...['constraint', 'slurm_constraint', 'gres', 'slurm_gres', 'gpus', 'gpus_per_node'],
  ...['gpus_per_task', 'gpus_per_socket'],
  // What Kubernetes calls the nodes of NVIDIA's, AMD's and Google's device plugins.
  ...['nvidia.com/gpu.product', 'amd.com/gpu.product_name', 'beta.amd.com/gpu.product_name'],
  ...['cloud.google.com/gke_accelerator', 'cloud.google.com/gke_tpu_accelerator'],
]);

/** Slurm's short options. */
const short = new Set(['C', 'G']);

/** Keys without one of these words are none of them; most are not looked up. */
const mayName = /gpu|accelerator|tpu|device.type|topology|constraint|gres/i;

/** PBS and Grid Engine ask for it in a list of resources: `#PBS -l select=1:gpu_type=h100`. */
const batchLine = /^#(?:PBS|\$)[ \t][^\r\n]{0,300}?\bgpu_?(?:type|model)=([\w.-]+)/gim;

/** How many nodes of a document are looked at. */
const mostNodes = 20_000;

/**
 * The accelerator that a document itself says it runs on, by its id and with the place that names
 * it; null where it says none, or more than one.
 */
export function statedHardware(
  tree: ConfigTree,
  document: ConfigNode,
  text: string,
): Known<string> | null {
  const named = new Map<string, Place>();
  const consider = (words: string, place: Place): void => {
    const id = acceleratorNamed(words)?.id;
    if (id !== undefined && !named.has(id)) named.set(id, place);
  };
  for (const { value, key } of entriesIn(document)) {
    for (const node of valuesOf(value)) consider(textOf(node), node.place);
    // `accelerators: {H100: 8}`
    if (value.kind === 'map' && key !== 'gpu') {
      for (const inner of value.entries) consider(inner.key, inner.keyPlace);
    }
  }
  if (tree.syntax === 'shell') {
    for (const { 0: line, 1: model = '', index } of text.matchAll(batchLine)) {
      const end = index + line.length;
      consider(model, { file: tree.file, start: end - model.length, end });
    }
  }
  const [only, ...others] = named;
  return only && others.length === 0 ? stated(...only) : null;
}

/** The entries of a document whose key says that the value names an accelerator. */
function entriesIn(document: ConfigNode): readonly Pick<Entry, 'key' | 'value'>[] {
  const found: Pick<Entry, 'key' | 'value'>[] = [];
  const open: { readonly node: ConfigNode; readonly launches: boolean }[] = [
    { node: document, launches: false },
  ];
  for (let seen = 0; seen < mostNodes; seen += 1) {
    const next = open.pop();
    if (!next) break;
    const { node, launches } = next;
    if (node.kind === 'list') {
      for (const item of node.items) if (holdsMore(item)) open.push({ node: item, launches });
    }
    if (node.kind !== 'map') continue;
    for (const { key, value } of node.entries) {
      if (mayName.test(key) ? anywhere.has(snake(key)) : launches && short.has(key))
        found.push({ key, value });
      if (holdsMore(value)) open.push({ node: value, launches: key === '$launcher' });
    }
    // A node affinity: `{key: nvidia.com/gpu.product, operator: In, values: […]}`.
    const values = node.byKey.get('values')?.value;
    if (!values) continue;
    const affinity = snake(textOf(node.byKey.get('key')?.value));
    if (anywhere.has(affinity)) found.push({ key: affinity, value: values });
  }
  return found;
}

/** A key as this file writes keys. */
const snake = (key: string) => key.replaceAll('-', '_').toLowerCase();

const holdsMore = ({ kind }: ConfigNode) => kind === 'map' || kind === 'list';

/** A scalar's text; no key or value of an accelerator is anything else. */
const textOf = (node: ConfigNode | undefined) =>
  node?.kind === 'scalar' && node.unresolved === undefined ? node.text : '';

const valuesOf = (node: ConfigNode): readonly ConfigNode[] =>
  node.kind === 'list' ? node.items : [node];
