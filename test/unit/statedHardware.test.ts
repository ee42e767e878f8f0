import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/core/analyse.ts';
import { defaultSettings } from '../../src/core/run/settings.ts';
import { statedHardware } from '../../src/core/statedHardware.ts';
import { parse } from '../../src/core/syntax/parse.ts';

/** The accelerator that a file names, and the words that name it. */
function named(file: string, text: string): readonly [string, string] | null {
  const tree = parse(file, text);
  const [document] = tree.documents;
  const found = document && statedHardware(tree, document, text);
  if (found?.origin.kind !== 'stated') return null;
  const { start, end } = found.origin.span;
  return [found.value, text.slice(start, end)];
}

describe('in a script', () => {
  const started = (head: string, flags = '') =>
    named('run.sh', `#!/bin/bash\n${head}\ntorchrun train.py --bf16 ${flags}\n`);
  it.each([
    ['#SBATCH --constraint=h100', 'h100', 'h100'],
    ['#SBATCH -C a100', 'a100', 'a100'],
    ['#SBATCH --gres=gpu:h200:8', 'h200', 'gpu:h200:8'],
    ['#SBATCH --gpus-per-node=gb200:4', 'gb200', 'gb200:4'],
    ['#SBATCH --gpus=rtx_4090:2', 'rtx4090', 'rtx_4090:2'],
    ['#PBS -l select=2:ncpus=64:gpu_type=h100', 'h100', 'h100'],
    ['#SBATCH --gres=gpu:8', null, null],
    ['#SBATCH --constraint=h100|a100', null, null],
    ['#SBATCH --gres=gpu:a100:8\n#SBATCH --constraint=h100', null, null],
    ['#SBATCH --job-name=h100', null, null],
    ['# runs on h100, --constraint=h100', null, null],
  ])('%s: %s', (head, id, words) => {
    expect(started(head)).toEqual(id === null ? null : [id, words]);
  });

  it('is named by flags of clusters and compilers', () => {
    expect(started('', '--tpu-type=v5p-256')?.[0]).toBe('tpu-v5p');
    expect(started('', '--device_type=h100-mega-80gb-8')?.[0]).toBe('h100');
    expect(started('', '--model h100')).toBeNull();
  });
});

describe('in a mapping', () => {
  it.each([
    ['resources:\n  accelerators: H100:8\n', 'h100'],
    ['resources:\n  accelerators: {B200: 8}\n', 'b200'],
    ['resources:\n  accelerators: [H100:8, A100-80GB:8]\n', null],
    ['compute: {gpus: 64, gpu_type: h100_80gb}\n', 'h100'],
    ['compute: {gpu_type: a100_40gb}\n', null],
    ['hardware: tpu\ncompile_topology: v5e-256\n', 'tpu-v5e'],
    ["compile_topology: ''\n", null],
    ['spec:\n  nodeSelector:\n    nvidia.com/gpu.product: NVIDIA-H100-80GB-HBM3\n', 'h100'],
    [
      'spec:\n  nodeSelector:\n    cloud.google.com/gke-tpu-accelerator: tpu-v6e-slice\n',
      'tpu-v6e',
    ],
    [
      'affinity:\n  - matchExpressions:\n      - {key: nvidia.com/gpu.product, operator: In, values: [NVIDIA-L40S]}\n',
      'l40s',
    ],
    ['cluster:\n  gres: gpu:mi300x:8\n', 'mi300x'],
    ['trainer:\n  accelerator: gpu\n  devices: 8\n', null],
    ['name: h100-run\ntags: [gpu, h100]\n', null],
  ])('%j: %s', (text, id) => {
    expect(named('run.yaml', text)?.[0] ?? null).toBe(id);
  });
});

describe('in force', () => {
  const text = [
    '#SBATCH --constraint=h100',
    'torchrun pretrain_gpt.py --num-layers 24 --hidden-size 2048 --num-attention-heads 16 \\',
    '  --seq-length 4096 --train-iters 1000 --bf16 --fp8-format e4m3 --fp8-recipe mxfp8',
    '',
  ].join('\n');
  const runOf = (said: string, hardware: string | null) =>
    analyse({ file: 'run.sh', text: said }, { ...defaultSettings, hardware }).runs[0];
  const needsBlackwell = (run: ReturnType<typeof runOf>) =>
    run?.findings.some(({ id }) => id === 'te-mxfp8-needs-sm100');

  it('is what the script says, with its place', () => {
    const run = runOf(text, null);
    expect([run?.hardware, needsBlackwell(run)]).toEqual(['h100', true]);
    const place = run?.hardwarePlace;
    expect(text.slice(place?.start, place?.end)).toBe('h100');
  });

  it('gives way to the setting and to a modeline', () => {
    const bySetting = runOf(text, 'b200');
    expect([bySetting?.hardware, bySetting?.hardwarePlace]).toEqual(['b200', null]);
    expect(needsBlackwell(bySetting)).toBe(false);
    expect(runOf(`# floatcast: hardware=gb300\n${text}`, null)?.hardware).toBe('gb300');
  });

  it('is the manifest’s for the command that it holds', () => {
    const [command = ''] = text
      .split('\n')
      .slice(1, 3)
      .join(' ')
      .split(' \\')
      .map((each) => each);
    const manifest = `resources:\n  accelerators: H100:8\nrun: |\n  ${command} --seq-length 4096 --train-iters 1000 --bf16\n`;
    const [run] = analyse({ file: 'job.yaml', text: manifest }, defaultSettings).runs;
    expect(run?.hardware).toBe('h100');
  });
});
