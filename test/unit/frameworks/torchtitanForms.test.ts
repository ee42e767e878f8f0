import { describe, expect, it } from 'vitest';
import { runOf, runsOf } from './runsOf.ts';

const tables = (training: string, more = '') =>
  `model: {name: llama3, flavor: 8B}\ntraining:\n  seq_len: 8192\n  steps: 500\n${training}\n${more}`;

describe('torchtitan’s tables in YAML', () => {
  it('reads them as those of TOML', () => {
    expect(runOf('a.yaml', tables('  global_batch_size: 64'))).toMatchObject({
      framework: 'torchtitan',
      role: 'pretrain',
      total: 8_030_261_248,
      tokens: 500 * 64 * 8192,
      format: 'bf16 none',
    });
  });

  it('writes a converter and its recipe', () => {
    const text = tables('  local_batch_size: 1');
    const written = runOf('a.yaml', text).write('fp8-e4m3', 'channel');
    expect(written).toContain('converters: ["quantize.linear.float8"]');
    expect(runOf('a.yaml', written).format).toBe('fp8-e4m3 channel');
    expect(runOf('a.yaml', runOf('a.yaml', written).write('bf16')).format).toBe('bf16 none');
  });

  it('calls a run from weights a fine-tune by the name of its app or data', () => {
    const weights = 'checkpoint: {enable: true, initial_load_path: /w, initial_load_in_hf: true}';
    const role = (file: string, training: string) => runOf(file, tables(training, weights)).role;
    const plain = '  local_batch_size: 1';
    expect(role('apps/pretrain/a.yaml', plain)).toBe('continued');
    expect(role('apps/sft/a.yaml', plain)).toBe('finetune');
    expect(role('a.yaml', `${plain}\n  datasets:\n    - path: yahma/alpaca-cleaned`)).toBe(
      'finetune',
    );
  });

  it('reads the trainer of a reinforcement learning loop, whose tokens are generated', () => {
    const trainer = tables('  local_batch_size: ${batch_size}').trimEnd().replaceAll('\n', '\n  ');
    const run = runOf(
      'grpo.yaml',
      `model: a/b\nbatch_size: 4\ntrainer:\n  ${trainer}\nref_model: {model: {name: llama3, flavor: 70B}}\n`,
    );
    expect(run).toMatchObject({ role: 'finetune', total: 8_030_261_248, tokens: null });
    expect(run.needs.map(({ why }) => why)).toContain(
      'the tokens are generated while the run goes on',
    );
  });

  it('takes nothing that only names a model and its flavor', () => {
    expect(runsOf('a.yaml', 'model: {name: a, flavor: b}\ntraining: {steps: 5}\n')).toEqual([]);
  });
});

describe('torchtitan’s run_train.sh', () => {
  const toml =
    '[model]\nname = "llama3"\nflavor = "8B"\n\n[training]\nlocal_batch_size = 1\nseq_len = 8192\nsteps = 10\n';
  const files = new Map([['configs/8b.toml', toml]]);
  const run = (text: string) => runOf('launch.sh', text, files);
  const start = 'CONFIG_FILE=configs/8b.toml ./run_train.sh';

  it('lays its flags on the tables of CONFIG_FILE', () => {
    expect(run(`${start} --training.steps=400 --training.global-batch-size 32`)).toMatchObject({
      framework: 'torchtitan',
      role: 'pretrain',
      total: 8_030_261_248,
      tokens: 400 * 32 * 8192,
      format: 'bf16 none',
    });
  });

  it('counts the ranks of NGPU, and finds the config in a variable or a flag', () => {
    const before =
      'export CONFIG_FILE=configs/8b.toml\nNGPU=4 bash run_train.sh --training.steps 100';
    expect(run(before).tokens).toBe(100 * 4 * 8192);
    const module =
      'torchrun --nproc_per_node 2 -m torchtitan.train --job.config_file configs/8b.toml --training.steps 100';
    expect(run(module).tokens).toBe(100 * 2 * 8192);
  });

  it('says what a variable that is not set leaves open', () => {
    const batch = run(`${start} --training.steps=400 --training.global_batch_size=$BATCH`);
    expect([batch.tokens, batch.perRank]).toEqual([null, null]);
    expect(batch.needs.map(({ why }) => why).join()).toContain('global_batch_size is not told');
    const format = run(`${start} --training.steps=400 --model.converters=$CONVERTERS`);
    expect(format.format).toBeNull();
  });

  it('writes a format into the file or the flag that states it', () => {
    const flag = `${start} --training.steps=400 --model.converters=float8`;
    expect(run(flag).write('bf16')).toContain('--model.converters=');
    expect(run(run(flag).write('bf16')).format).toBe('bf16 none');
  });

  it('is a fragment while the config is not there, and nothing of ours without tables', () => {
    expect(runOf('launch.sh', `${start} --training.steps=400`).role).toBe('fragment');
    expect(runsOf('launch.sh', 'CONFIG_FILE=a.toml ./run_train.sh --epochs 5')).toEqual([]);
  });

  const registry = [
    'def mine() -> Trainer.Config:',
    '    return Trainer.Config(',
    '        model_spec=model_registry("20b"),',
    '        training=TrainingConfig(local_batch_size=2, seq_len=4096, steps=10),',
    '    )',
    'def further() -> Trainer.Config:',
    '    config = mine()',
    '    config.model_spec = model_registry("20b", num_mtp_layers=1)',
    '    config.dataloader = D.Config(dataset=S(processor=ChatProcessor.Config(f=g)))',
    '    return config',
    '',
  ].join('\n');
  const homes = ['gpt_oss', 'lab/models/gpt_oss']
    .flatMap((path) => [`torchtitan/models/${path}`, `torchtitan/experiments/${path}`, path])
    .map((home) => `${home}/config_registry.py`)
    .concat('lab/models/gpt_oss.py', 'gpt_oss.py');
  const withRegistry = (path: string, text: string) => {
    const [run] = runsOf('launch.sh', text, new Map([...homes.map(noFile), [path, registry]]));
    return run;
  };
  const noFile = (path: string) => [path, null] as const;

  it.each([
    ['torchtitan/models/gpt_oss/config_registry.py', 'gpt_oss'],
    ['torchtitan/experiments/gpt_oss/config_registry.py', 'gpt_oss'],
    ['lab/models/gpt_oss/config_registry.py', 'lab.models.gpt_oss'],
    ['lab/models/gpt_oss.py', 'lab.models.gpt_oss'],
  ])('finds the function of CONFIG in %s', (path, module) => {
    const flags = '--training.steps 50';
    const text = `NGPU=4 MODULE=${module} CONFIG=mine ./run_train.sh ${flags}`;
    expect(withRegistry(path, text)).toMatchObject({ role: 'pretrain', tokens: 50 * 4 * 2 * 4096 });
    const exported = `export NGPU=4\nexport MODULE=${module}\nexport CONFIG=mine\n./run_train.sh`;
    expect(withRegistry(path, exported)?.tokens).toBe(10 * 4 * 2 * 4096);
  });

  it('counts a flavor, and not what an argument adds to it', () => {
    const path = 'torchtitan/models/gpt_oss/config_registry.py';
    const start = (config: string) =>
      withRegistry(path, `MODULE=gpt_oss CONFIG=${config} ./run_train.sh --training.steps 1`);
    // What OpenAI publishes of gpt-oss-20b.
    expect(start('mine')?.total).toBe(20_914_757_184);
    expect(start('further')).toMatchObject({ role: 'finetune', total: null });
    const needs = start('further')?.needs.map(({ why }) => why);
    expect(needs?.join()).toContain('num_mtp_layers');
    expect(start('absent')?.role).toBe('fragment');
  });
});
