import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import { explainMarkdown } from '../../../src/core/present/explain.ts';
import { hints } from '../../../src/core/present/hints.ts';
import { checkJson } from '../../../src/core/present/json.ts';
import { titled } from '../../../src/core/present/words.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';

const registry = `from torchtitan.models.llama3 import model_registry

def base_run() -> Trainer.Config:
    return Trainer.Config(
        model_spec=model_registry("8B"),
        training=TrainingConfig(local_batch_size=1, global_batch_size=64, seq_len=8192, steps=500),
    )

def longer_run() -> Trainer.Config:
    config = base_run()
    config.training.steps = 9000
    return config
`;

const read = (file: string, text: string) => analyse({ file, text }, defaultSettings);

describe('a run of a file with several', () => {
  const analysis = read('config_registry.py', registry);

  it('has the name of its function and the line where that is defined', () => {
    expect(checkJson(analysis).map(({ name, line, tokens }) => [name, line, tokens])).toEqual([
      ['base_run', 3, 500 * 64 * 8192],
      ['longer_run', 9, 9000 * 64 * 8192],
    ]);
  });

  it('is called by it in titles and headings', () => {
    expect(analysis.runs.map((run) => titled(run, 'N'))).toEqual(['base_run: N', 'longer_run: N']);
    expect(explainMarkdown(analysis)).toContain('## longer\\_run: torchtitan: pretrain');
  });

  it('shows what it takes from another at its own name', () => {
    const lines = analysis.runs.map((run) =>
      hints(run).map(({ kind, place }) => [kind, registry.slice(place.start, place.end)]),
    );
    expect(lines[0]).toContainEqual(['parameters', '"8B"']);
    expect(lines[1]).toContainEqual(['parameters', 'longer_run']);
    expect(lines[1]).toContainEqual(['tokens', '9000']);
  });

  it('has no name but a line where commands of a script are the runs', () => {
    const command =
      'python pretrain_gpt.py --num-layers 2 --hidden-size 64 --num-attention-heads 4 --seq-length 128 --micro-batch-size 1 --global-batch-size 8 --train-iters';
    const script = `#!/bin/bash\n${command} 100 --bf16\n${command} 200 --bf16\n`;
    expect(checkJson(read('a.sh', script)).map(({ name, line }) => [name, line])).toEqual([
      [null, 2],
      [null, 3],
    ]);
    const only = `${command} 100 --bf16\n`;
    expect(checkJson(read('a.sh', only)).map(({ name, line }) => [name, line])).toEqual([
      [null, null],
    ]);
  });
});
