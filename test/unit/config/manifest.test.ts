import { describe, expect, it } from 'vitest';
import { configsIn } from '../../../src/core/config/manifest.ts';
import type { ConfigNode } from '../../../src/core/syntax/tree.ts';
import { parse } from '../../../src/core/syntax/parse.ts';
import { runOf, runsOf } from '../frameworks/runsOf.ts';

const shape =
  '--num-layers 2 --hidden-size 64 --num-attention-heads 4 --max-position-embeddings 128 --seq-length 128 --micro-batch-size 2';
const linear = 2 * 12 * 64 ** 2;

/** A Kubernetes job of one container, with lines of it at their indentation. */
const kubernetes = (kind: string, container: string, spec = '') => `apiVersion: batch/v1
kind: ${kind}
metadata: {name: pretrain}
spec:
${spec}  template:
    spec:
      containers:
        - name: trainer
          image: nvcr.io/nvidia/pytorch
${container}
`;

const block = `          command: [bash, -c]
          args:
            - |
              set -ex
              ITERS=300
              torchrun --nproc_per_node 4 pretrain_gpt.py ${shape} \\
                --train-iters $ITERS --global-batch-size 16 \\
                --bf16`;

/** What each scalar of the commands says against what stands at its place. */
function misplaced(text: string): readonly string[] {
  const tree = parse('a.yaml', text, 'yaml');
  const wrong: string[] = [];
  const visit = (node: ConfigNode): void => {
    if (node.kind === 'list') node.items.forEach(visit);
    if (node.kind === 'map') {
      for (const { key, value } of node.entries) if (key !== '$variables') visit(value);
    }
    if (node.kind !== 'scalar' || node.value === true || node.unresolved !== undefined) return;
    const written = text.slice(node.place.start, node.place.end);
    if (written.replace(/^["']|["']$/g, '') !== node.text) wrong.push(`${written} ≠ ${node.text}`);
  };
  for (const root of tree.documents) {
    for (const held of configsIn(tree, root, text, new Map())) visit(held.root);
  }
  return wrong;
}

describe('a manifest of Kubernetes', () => {
  it('holds a script, whose values stand in the manifest', () => {
    const text = kubernetes('Job', block);
    expect(runOf('job.yaml', text)).toMatchObject({
      framework: 'megatron-lm',
      linear,
      tokens: 300 * 16 * 128,
      format: 'bf16 none',
    });
    expect(misplaced(text)).toEqual([]);
  });

  it('is written into in its own lines', () => {
    const text = kubernetes('Job', block);
    const written = runOf('job.yaml', text).write('mxfp8-e4m3', 'block', 32);
    expect(written).toContain('\n                --fp8-format e4m3 --fp8-recipe mxfp8 --bf16');
    expect(runOf('job.yaml', written).format).toBe('mxfp8-e4m3 block 32');
    expect(runOf('job.yaml', written).tokens).toBe(300 * 16 * 128);
  });

  const words = ['python3', 'pretrain_gpt.py', ...shape.split(' '), '--train-iters=$(ITERS)'];
  const listed = `          env:
            - {name: ITERS, value: "500"}
          args: [${words
            .slice(1)
            .map((word) => `"${word}"`)
            .join(', ')}, --global-batch-size, '16', --fp8-format, hybrid, --bf16]
          command:
            - python3`;

  it('holds a command as words, with variables of the container, in whatever order', () => {
    const text = kubernetes('Job', listed);
    expect(runOf('job.yaml', text)).toMatchObject({ linear, tokens: 500 * 16 * 128 });
    expect(misplaced(text.replace('$(ITERS)', '77'))).toEqual([]);
  });

  it('has no further words written into a list of them', () => {
    const run = runOf('job.yaml', kubernetes('Job', listed));
    expect(run.format).toBe('fp8-e4m3/fp8-e5m2 tensor');
    expect(run.write('nvfp4', 'block', 16)).toMatch(/^The file cannot be read where/);
  });

  it('may start a command on several nodes, so the ranks are not known', () => {
    const ranks = block.replace(' --global-batch-size 16', '');
    const tokens = (kind: string, spec?: string) =>
      runOf('a.yaml', kubernetes(kind, ranks, spec)).tokens;
    expect(tokens('Job')).toBe(300 * 2 * 4 * 128);
    expect(tokens('Job', '  parallelism: 4\n')).toBeNull();
    expect(tokens('PyTorchJob')).toBeNull();
  });

  it('is one run where workers start what their master starts', () => {
    const container = block.replaceAll('\n          ', '\n                ');
    const replica = (name: string) =>
      `    ${name}:\n      template:\n        spec:\n          containers:\n              - name: t\n      ${container}\n`;
    const text = `apiVersion: kubeflow.org/v1\nkind: PyTorchJob\nspec:\n  pytorchReplicaSpecs:\n${replica('Master')}${replica('Worker')}`;
    expect(runOf('a.yaml', text)).toMatchObject({ linear, tokens: 300 * 16 * 128 });
  });
});

describe('a task of SkyPilot or MCLI', () => {
  it('has the variables and the number of nodes that it states', () => {
    const task = (nodes: string) => `name: t
resources: {accelerators: "H100:8"}
num_nodes: ${nodes}
envs:
  ITERS: 40
run: |
  torchrun --nnodes=$SKYPILOT_NUM_NODES --nproc_per_node 8 \\
    pretrain_gpt.py ${shape} --train-iters $ITERS --bf16
`;
    expect(runOf('sky.yaml', task('2'))).toMatchObject({ linear, tokens: 40 * 2 * 16 * 128 });
    expect(misplaced(task('2').replace('$ITERS', '9').replace('$SKY', '3 #'))).toEqual([]);
  });

  it('has a folded or quoted command', () => {
    const command = `torchrun pretrain_gpt.py ${shape} --train-iters 10 --global-batch-size 4 --bf16`;
    const folded = `image: a\ncommand: >-\n  torchrun pretrain_gpt.py\n  ${shape}\n  --train-iters 10\n  --global-batch-size 4 --bf16\n`;
    for (const text of [
      folded,
      `image: a\ncommand: "${command}"\n`,
      `image: a\ncommand: ${command}\n`,
    ]) {
      expect(runOf('a.yaml', text)).toMatchObject({ linear, tokens: 10 * 4 * 128 });
      expect(misplaced(text)).toEqual([]);
    }
  });

  it('has parameters, which are the config that its command reads', () => {
    const text = `name: t
image: mosaicml/llm-foundry
compute: {gpus: 8}
command: |
  composer train/train.py /mnt/config/parameters.yaml
parameters:
  max_seq_len: 128
  model: {name: mpt_causal_lm, d_model: 64, n_heads: 4, n_layers: 2, expansion_ratio: 4, max_seq_len: "\${max_seq_len}", vocab_size: 100, no_bias: true}
  train_loader: {name: text}
  max_duration: 100ba
  global_train_batch_size: 8
  precision: amp_bf16
`;
    const run = runOf('mcli.yaml', text);
    expect(run).toMatchObject({ framework: 'llm-foundry', linear, tokens: 100 * 8 * 128 });
    const written = run.write('fp16');
    expect(written).toBe(text.replace('amp_bf16', 'amp_fp16'));
  });
});

it('finds nothing in manifests that train nothing, nor in what only looks like one', () => {
  const service = kubernetes('Deployment', '          command: [python3, -m, http.server, "8080"]');
  const workflow = `on: push\njobs:\n  a:\n    steps:\n      - run: torchrun pretrain_gpt.py ${shape} --train-iters 10 --bf16\n`;
  const script = `          command: [bash, -c, "pip install torchtitan && python --module x"]`;
  for (const text of [service, workflow, kubernetes('Job', script), 'command: 5\nimage: {}\n']) {
    expect(runsOf('a.yaml', text)).toEqual([]);
  }
});
