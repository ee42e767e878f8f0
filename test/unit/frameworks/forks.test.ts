import { describe, expect, it } from 'vitest';
import { need } from '../../../src/core/run/need.ts';
import { runOf, runsOf } from './runsOf.ts';

const batch = '--seq-length 128 --max-position-embeddings 128 --global-batch-size 4';
const small = `--num-layers 4 --hidden-size 64 --num-attention-heads 4 ${batch}`;
const megatron = (flags: string, before = '') =>
  `${before}torchrun pretrain_gpt.py ${small} --train-iters 10 --lr-decay-style cosine ${flags}\n`;
const attention = 4 * 64 * 64;
const dense = 8 * 64 * 64;

describe('forks of Megatron-LM', () => {
  it('count MegaBlocks’ experts by names of their own, one a token where nothing is said', () => {
    const run = runOf('a.sh', megatron('--moe-num-experts=8 --bf16'));
    expect(run.linear).toBe(4 * (attention + 8 * dense + 8 * 64));
  });

  it('have one head of keys and values where BigCode’s flag says multiquery', () => {
    const run = runOf('a.sh', megatron('--attention-head-type multiquery --bf16'));
    expect(run.linear).toBe(4 * (2 * 64 * 64 + 2 * 64 * 16 + dense));
    const other = runOf('a.sh', megatron('--attention-head-type multihead --bf16'));
    expect(other.linear).toBe(4 * (attention + dense));
  });

  it('withhold the format where the environment names one that the script does not use', () => {
    const set = runOf('a.sh', megatron('--bf16', 'export GRAD_MXFP4=2\n'));
    expect(set.format).toBeNull();
    expect(set.needs).toContainEqual(
      need('format', '“GRAD_MXFP4” (line 1) is not understood here'),
    );
    const beside = runOf('a.sh', `GRAD_MXFP4=2 ${megatron('--bf16')}`);
    expect(beside.format).toBeNull();
    expect(runOf('a.sh', megatron('--bf16', 'export GRAD_MXFP4=1\n')).format).toBeNull();
  });

  it.each([
    ['of a library', 'export NVTE_FP8_DPA_BWD=1\n'],
    ['that is off', 'export GRAD_MXFP4=0\n'],
    ['that another branch sets', 'if [ $1 = a ]; then export GRAD_MXFP4=2; exit; fi\n'],
    ['that no program sees', 'GRAD_MXFP4=2\n'],
    ['that the script reads itself', 'export USE_FP8=0\nif [ $USE_FP8 = 1 ]; then A=1; fi\n'],
  ])('keep it beside a variable %s', (_, before) => {
    expect(runOf('a.sh', megatron('--bf16', before)).format).toBe('bf16 none');
  });

  it('know no format by an fp4 that is none', () => {
    expect(runOf('a.sh', megatron('--bf16 --fp4-format e2m1')).format).toBe('nvfp4 block 16');
    expect(runOf('a.sh', megatron('--bf16 --fp4-format 99')).format).toBeNull();
  });

  it('go on from weights whose path only the environment tells', () => {
    expect(runOf('a.sh', megatron('--finetune --load $CKPT --bf16')).role).toBe('continued');
    expect(runOf('a.sh', megatron('--load ckpt --bf16')).role).toBe('pretrain');
    const first = 'if [ -d ckpt ]; then FROM=ckpt; else FROM=base; FLAG=--finetune; fi\n';
    expect(runOf('a.sh', megatron('--load $FROM $FLAG --bf16', first)).role).toBe('continued');
  });

  it('are silent where a job trains nothing', () => {
    const script = megatron('--retro-tasks query --bf16').replace('pretrain_gpt', 'tools/prepare');
    expect(runsOf('a.sh', script)).toEqual([]);
    expect(runsOf('a.sh', megatron('').replace('pretrain_gpt', 'preprocess_data'))).toEqual([]);
  });

  it('are silent where only the folder of another program is not told', () => {
    const bert = (path: string) => megatron('--bf16').replace('pretrain_gpt.py', path);
    expect(runsOf('a.sh', bert('$(pwd)/pretrain_bert.py'))).toEqual([]);
    expect(runsOf('a.sh', bert('${CODE}/pretrain_t5.py'))).toEqual([]);
    expect(runOf('a.sh', bert('$(pwd)/pretrain_gpt.py')).role).toBe('pretrain');
    expect(runOf('a.sh', bert('`pwd`/finetune_mix.py')).role).toBe('finetune');
    expect(runOf('a.sh', bert('$PROGRAM')).role).toBe('pretrain');
  });

  it('start the program that trains where an argument may choose another', () => {
    const choice = `if [ "$1" = c ]; then task="torchrun tools/convert.py"; else task="torchrun finetune_x.py"; fi\n`;
    const script = `${choice}run="$task ${small} --train-iters 10 --lr-decay-style cosine --bf16"\neval "$run"\n`;
    expect(runOf('a.sh', script)).toMatchObject({ role: 'finetune', format: 'bf16 none' });
  });

  it('tune where weights meet data of instructions', () => {
    const role = (flags: string, file = 'a.sh') =>
      runOf(file, megatron(`--pretrained-checkpoint c --bf16 ${flags}`)).role;
    expect(role('--data-path d/sft_mix.yaml')).toBe('finetune');
    expect(role('--save out/model-sft')).toBe('finetune');
    expect(role('', 'sft_small.sh')).toBe('finetune');
    expect(role('--data-path d/swift_text')).toBe('continued');
  });

  it('count no layers that a specification of the user’s own builds', () => {
    const own = runOf('a.sh', megatron('--spec my.layers get_spec --bf16'));
    expect(own.linear).toBeNull();
    expect(own.needs).toContainEqual(
      need('parameters', 'the layers are those of my.layers, which is not read'),
    );
    const usual = 'megatron.core.models.gpt.gpt_layer_specs get_gpt_layer_local_spec';
    expect(runOf('a.sh', megatron(`--spec ${usual} --bf16`)).linear).toBe(4 * (attention + dense));
  });

  it('count no mixture of which only the number of experts is said', () => {
    expect(runOf('a.sh', megatron('--num-experts 8 --bf16')).linear).toBeNull();
    expect(runOf('a.sh', megatron('--num-experts 8 --moe-router-topk 1 --bf16')).linear).toBe(
      4 * (attention + 8 * dense + 8 * 64),
    );
    expect(runOf('a.sh', megatron('--num-experts 1 --bf16')).needs).not.toContainEqual(
      expect.objectContaining({ why: expect.stringContaining('moe_router_topk') as string }),
    );
  });

  it('train in MS-AMP’s FP8 where its flag says so', () => {
    expect(runOf('a.sh', megatron('--bf16 --fp8-hybrid --msamp')).format).toBe(
      'fp8-e4m3/fp8-e5m2 tensor',
    );
  });

  it('are read in the quotes behind a launcher’s -c', () => {
    const inner = megatron('\\\n--bf16').trim();
    const run = runOf('a.sh', `bcprun -p 8 --env 'A=1' -c '${inner}\n'\n`);
    expect(run).toMatchObject({ linear: 4 * (attention + dense), format: 'bf16 none' });
  });

  it('know no format where the script shows none of the run’s flags', () => {
    const run = runOf('a.sh', `torchrun pretrain_gpt.py $MORE --train-iters $N ${batch}\n`);
    expect(run.format).toBe('fp32 none');
  });

  it('count a language model that sees pictures by decoder_seq_length', () => {
    const run = runOf('a.sh', megatron('--decoder-seq-length 256 --bf16'));
    expect(run.tokens).toBe(10 * 4 * 256);
  });

  it.each([
    ['--tokenizer-type Llama2Tokenizer --tokenizer-model /x/tokenizer.model', 32000],
    ['--vocab-file data/gpt2-vocab.json', 50257],
    ['--tokenizer-type TikTokenizer --tokenizer-model o200k_base', 200019],
  ])('know the tokens of %s', (flags, size) => {
    const run = runOf('a.sh', megatron(`${flags} --no-position-embedding --bf16`));
    const bare = runOf('a.sh', megatron('--no-position-embedding --bf16 --vocab-size 1'));
    expect((run.total ?? 0) - (bare.total ?? 0)).toBe((size - 1) * 64);
  });
});

describe('Megatron-DeepSpeed', () => {
  const start = (flags: string) =>
    megatron(`--zero-stage 0 --deepspeed --deepspeed_config ds.json --fp16 ${flags}`);

  it('sums a mixture whose layers differ, with the dense block of residual ones', () => {
    const experts = '--num-experts 2 4 --expert-interval 2';
    expect(runOf('a.sh', start(experts)).linear).toBe(
      4 * attention + 2 * dense + 6 * dense + 6 * 64,
    );
    expect(runOf('a.sh', start(`${experts} --mlp-type residual`)).linear).toBe(
      4 * attention + 2 * dense + 6 * dense + 6 * 64 + 2 * (dense + 2 * 64),
    );
  });

  it('knows no format where only a DeepSpeed config that is not read could say one', () => {
    const open = start('').replace(' --fp16', '');
    expect(runOf('a.sh', open).format).toBeNull();
    const json = (bits: string) => `cat > ds.json <<EOT\n{"train_batch_size": 4, ${bits}}\nEOT\n`;
    expect(runOf('a.sh', json('"bf16": {"enabled": true}') + open).format).toBe('bf16 none');
    expect(runOf('a.sh', json('$MORE') + open).format).toBeNull();
  });

  it('knows no format where its config comes from a template that compresses', () => {
    const template = (name: string) =>
      runOf('a.sh', `template=ds_${name}.json\n${start('')}`).format;
    expect(template('compression')).toBeNull();
    expect(template('template')).toBe('fp16 none');
  });

  it('trains in MS-AMP’s FP8 where its flag says so', () => {
    expect(runOf('a.sh', start('--msamp --msamp-opt-level O2'))).toMatchObject({
      format: 'fp8-e4m3/fp8-e5m2 tensor',
      notes: ['MS-AMP level O2.'],
    });
  });
});

describe('run_clm and its like', () => {
  const train = (program: string, flags = '') =>
    runsOf(
      'a.sh',
      `torchrun ${program}.py --model_name_or_path gpt2 --per_device_train_batch_size 2 --max_steps 10 --learning_rate 1e-4 --output_dir o ${flags}\n`,
    )[0]?.role;

  it('go on from weights, and tune with adapters or on instructions', () => {
    expect(train('run_clm')).toBe('continued');
    expect(train('run_clm_sft_peft')).toBe('finetune');
    expect(train('run_clm', '--lora_rank $R --lora_alpha 32')).toBe('finetune');
    expect(train('run_clm', '--use_lora False')).toBe('continued');
  });

  it.each(['facebook/esm2_t6_8M_UR50D', 'a/ModernBERT-base', 'microsoft/deberta-v3-base'])(
    'are silent for the encoder %s',
    (name) => {
      const script = `torchrun train.py --model_name_or_path ${name} --per_device_train_batch_size 2 --max_steps 10 --learning_rate 1e-4 --output_dir o --bf16\n`;
      expect(runsOf('a.sh', script)).toEqual([]);
      expect(runsOf('a.sh', script.replace('model_name_or_path', 'config_name'))).toEqual([]);
    },
  );
});

describe('accelerate launch', () => {
  const train = (launcher: string, flags = '') =>
    `accelerate launch ${launcher} run_clm_no_trainer.py --model_name_or_path gpt2 --block_size 64 --per_device_train_batch_size 2 --gradient_accumulation_steps 2 --max_steps 10 --learning_rate 1e-4 --output_dir o ${flags}`;

  it('says the format that the program’s own switches leave open', () => {
    expect(runOf('a.sh', train('--mixed_precision bf16')).format).toBe('bf16 none');
    expect(
      runOf('a.sh', train('--mixed_precision fp8 --fp8_backend te --fp8_format E4M3')).format,
    ).toBe('fp8-e4m3 tensor');
    expect(runOf('a.sh', train('--mixed_precision bf16', '--fp16')).format).toBe('fp16 none');
  });

  it('takes block_size for the length of a sequence', () => {
    expect(runOf('a.sh', train('--num_processes 4')).tokens).toBe(10 * 2 * 2 * 64 * 4);
  });
});
