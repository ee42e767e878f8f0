import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/core/syntax/parse.ts';
import { at, plain, rootOf, scalarAt, type Plain } from './reading.ts';

const read = (...lines: string[]) => parse('run.sh', lines.join('\n'));
const slice = (text: string, place: { start: number; end: number }) =>
  text.slice(place.start, place.end);

/** The flags of the first command, without the `$` sections. */
function flags(...lines: string[]): Plain {
  const all = plain(rootOf(read(...lines)));
  return Object.fromEntries(
    Object.entries(all as Record<string, Plain>).filter(([key]) => !key.startsWith('$')),
  );
}

describe('parseShell', () => {
  const script = [
    '#!/bin/bash',
    '#SBATCH --nodes=8 # many',
    '#SBATCH --gres=gpu:8',
    '#SBATCH --exclusive',
    '# NUM_LAYERS=12',
    'GPUS_PER_NODE=8',
    'NUM_LAYERS=24',
    'NUM_LAYERS=32',
    'SEQ_LEN=${1:-4096}',
    'MICRO=${MICRO:-2}',
    'LR=$2',
    'GBS=$((MICRO * ${GPUS_PER_NODE} * 64))',
    'DISTRIBUTED_ARGS=(',
    '    --nproc_per_node $GPUS_PER_NODE',
    '    --nnodes ${SLURM_NNODES}',
    ')',
    'MODEL_ARGS=(',
    '    --num-layers $NUM_LAYERS',
    '    --hidden-size=4096',
    '    # --num-experts 8',
    '    "--fp8-format hybrid"',
    '    --moe-layer-freq "([0]*3+[1]*58)"',
    '    --bf16',
    ')',
    'GPT_ARGS=" --seq-length $SEQ_LEN \\',
    '    --global-batch-size ${GBS} \\',
    '    --lr $LR \\',
    '    --train-samples 146_484_375 \\',
    '"',
    'torchrun ${DISTRIBUTED_ARGS[@]} pretrain_gpt.py \\',
    '    "${MODEL_ARGS[@]}" $GPT_ARGS \\',
    '    --step-batch-size-schedule "0:384 200B:768" --rampup-batch-size 32 32 1000 \\',
    '    --weight-decay -0.1 --fp8-margin=0 2>&1 | tee log.txt',
  ];
  const text = script.join('\n');
  const root = rootOf(parse('run.sh', text));

  it('collects the flags of a training command from variables, arrays and quoted groups', () => {
    expect(flags(...script)).toEqual({
      num_layers: 32,
      hidden_size: 4096,
      fp8_format: 'hybrid',
      moe_layer_freq: '([0]*3+[1]*58)',
      bf16: true,
      seq_length: 4096,
      global_batch_size: 1024,
      lr: '<unresolved>',
      train_samples: 146484375,
      step_batch_size_schedule: '0:384 200B:768',
      rampup_batch_size: [32, 32, 1000],
      weight_decay: -0.1,
      fp8_margin: 0,
    });
  });

  it('points at the literal that states a value', () => {
    const placed = (key: string) => slice(text, at(root, key).place);
    expect(at(root, 'num_layers').place.start).toBe(text.lastIndexOf('=32') + 1);
    expect(placed('num_layers')).toBe('32');
    expect(placed('hidden_size')).toBe('4096');
    expect(placed('fp8_format')).toBe('hybrid');
    expect(placed('moe_layer_freq')).toBe('"([0]*3+[1]*58)"');
    expect(placed('bf16')).toBe('--bf16');
    expect(at(root, 'seq_length').place.start).toBe(text.indexOf('4096}'));
    expect(placed('global_batch_size')).toBe('$((MICRO * ${GPUS_PER_NODE} * 64))');
    expect(placed('train_samples')).toBe('146_484_375');
    expect(slice(text, root.byKey.get('hidden_size')?.keyPlace ?? { start: 0, end: 0 })).toBe(
      '--hidden-size',
    );
  });

  it('tells program, launcher and variables apart from flags', () => {
    expect(scalarAt(root, '$program').value).toBe('pretrain_gpt.py');
    expect(plain(at(root, '$launcher'))).toEqual({
      nodes: 8,
      gres: 'gpu:8',
      exclusive: true,
      nproc_per_node: 8,
      nnodes: '<unresolved>',
    });
    expect(plain(at(root, '$variables'))).toEqual({
      GPUS_PER_NODE: 8,
      NUM_LAYERS: 32,
      SEQ_LEN: 4096,
      MICRO: 2,
      LR: '<unresolved>',
      GBS: 1024,
    });
    expect(plain(at(root, '$positional'))).toEqual([]);
    expect(scalarAt(root, 'lr').unresolved).toBe('An argument of the script gives this value.');
    expect(scalarAt(root, '$launcher', 'nnodes').unresolved).toBe(
      'The variable SLURM_NNODES is not set in this script.',
    );
  });

  it('reads modules, key=value arguments and dotted keys', () => {
    const maxtext = rootOf(
      read('python3 -m MaxText.train base.yml model_name=llama2-7b steps=150_001 enable=True x='),
    );
    expect(scalarAt(maxtext, '$program').value).toBe('MaxText.train');
    expect(plain(at(maxtext, '$positional'))).toEqual(['base.yml']);
    expect(plain(at(maxtext, 'model_name'))).toBe('llama2-7b');
    expect(plain(at(maxtext, 'steps'))).toBe(150001);
    expect(plain(at(maxtext, 'enable'))).toBe(true);
    expect(plain(at(maxtext, 'x'))).toBe('');
    expect(
      flags('python train.py +trainer.max_steps=10 trainer.a.b=x --data.seq-length=8 \'q="fp8"\''),
    ).toEqual({ trainer: { max_steps: 10, a: { b: 'x' } }, data: { seq_length: 8 }, q: 'fp8' });
  });

  it('finds the program behind launchers', () => {
    const of = (line: string) => scalarAt(rootOf(read(line)), '$program').value;
    expect(of('python -m torch.distributed.launch --nproc_per_node=8 pretrain.py --a 1')).toBe(
      'pretrain.py',
    );
    expect(of('srun --nodes 2 bash -c "python -u train.py --a 1 --b 2"')).toBe('train.py');
    expect(of('accelerate launch --config_file x.yaml sft.py --a 1')).toBe('sft.py');
    expect(of('deepspeed --num_gpus 8 finetune.py --a 1')).toBe('finetune.py');
  });

  it('follows a command kept in a variable', () => {
    const root = rootOf(
      read('CMD="torchrun --nnodes 2 t.py --a 1 --b x"', 'echo $CMD', 'eval $CMD'),
    );
    expect(scalarAt(root, '$program').value).toBe('t.py');
    expect(plain(at(root, 'b'))).toBe('x');
    expect(plain(at(root, '$launcher'))).toEqual({ nnodes: 2 });
  });

  it('gives a document for each training command', () => {
    const tree = read('L=1', 'python a.py --layers $L', 'L=2', 'python b.py --layers $L', 'ls -la');
    expect(tree.documents.map((_, index) => plain(at(rootOf(tree, index), 'layers')))).toEqual([
      1, 2,
    ]);
    const loose = read('megatron pt --model x --tensor_size 1 --bf16 true --lr 1');
    expect(plain(at(rootOf(loose), 'tensor_size'))).toBe(1);
  });

  it('gives variables and options alone where no command starts', () => {
    const tree = read('#SBATCH -N 2', 'LAYERS=3', 'echo --a 1 --b 2 --c 3 --d 4');
    expect(plain(rootOf(tree))).toEqual({
      $launcher: { N: 2 },
      $variables: { LAYERS: 3 },
      $files: {},
    });
    expect(read('echo hello').documents).toEqual([]);
  });

  it('takes a branch whose condition is told', () => {
    const sized = (size: string) =>
      flags(
        size,
        'if [ $SIZE = 7B ]; then L=32; elif [[ "$SIZE" == "13B" ]]; then L=40; else L=80; fi',
        'case $SIZE in 7B) H=4096 ;; 13B) H=5120 ;; *) H=8192 ;; esac',
        '[ -z "$UNSET" ] && X=1',
        'python t.py --layers $L --hidden $H',
      );
    expect(sized('SIZE=7B')).toEqual({ layers: 32, hidden: 4096 });
    expect(sized('SIZE=13B')).toEqual({ layers: 40, hidden: 5120 });
    expect(sized('SIZE=70B')).toEqual({ layers: 80, hidden: 8192 });
    expect(sized('SIZE=$1')).toEqual({ layers: '<unresolved>', hidden: '<unresolved>' });
  });

  it('keeps defaults and flag groups that an untold branch may change', () => {
    expect(
      flags(
        'ITERS=100',
        'ARGS="--bf16 --lr 1"',
        'while [ $# -gt 0 ]; do case $1 in --iters) ITERS="$2" ;; esac; shift; done',
        'if [ "$USE_FP8" = 1 ]; then ARGS="$ARGS --fp8-format hybrid"; fi',
        'if [ -z "$SEQ" ]; then SEQ=2048; fi',
        'if [ $N -gt 1 ]; then ITERS2=5; else ITERS2=6; fi',
        'python t.py --iters $ITERS $ARGS --seq $SEQ --other $ITERS2',
      ),
    ).toEqual({
      ...{ iters: 100, bf16: true, lr: 1, seq: 2048, other: '<unresolved>' },
      fp8_format: '<unresolved>',
    });
  });

  it('follows functions, exports, appends, defaults and substitutions', () => {
    expect(
      flags(
        'export A=1 B="x y"',
        ': ${C:=3}',
        'ARGS=(--a $A)',
        'ARGS+=(--c $C)',
        'run() { python t.py "${ARGS[@]}" "$@" --n ${A}0 --d ${D:-$((2**3))} --w $(nproc) --name "$B"; }',
        'run',
      ),
    ).toEqual({ a: 1, c: 3, n: 10, d: 8, w: '<unresolved>', name: 'x y' });
  });

  it('does not read a loop variable', () => {
    expect(flags('for lr in 1 2; do python t.py --lr $lr --x 1; done')).toEqual({
      lr: '<unresolved>',
      x: 1,
    });
    expect(flags('for lr in 3; do python t.py --lr $lr; done')).toEqual({ lr: 3 });
  });

  it('reads here-documents, JSON ones as trees with places of the script', () => {
    const text = [
      'CONFIG=ds.json',
      'cat <<EOT > $CONFIG',
      '{ "train_batch_size": 32, "zero": {"stage": $STAGE} }',
      'EOT',
      'cat << EOF > hostfile',
      'host slots=8',
      'EOF',
      'deepspeed t.py --deepspeed_config $CONFIG',
    ].join('\n');
    const files = at(rootOf(parse('run.sh', text)), '$files');
    expect(plain(files)).toEqual({
      'ds.json': { train_batch_size: 32, zero: { stage: '<unresolved>' } },
      hostfile: 'host slots=8\n',
    });
    expect(slice(text, at(files, 'ds.json', 'train_batch_size').place)).toBe('32');
  });

  it('reads CRLF scripts like LF ones', () => {
    const crlf = parse('run.sh', text.replaceAll('\n', '\r\n'));
    expect(plain(rootOf(crlf))).toEqual(plain(root));
  });

  it('keeps what stands in a broken script', () => {
    const tree = read('L=3', 'python t.py --layers $L --x "open');
    expect(plain(at(rootOf(tree), 'layers'))).toBe(3);
    expect(tree.problems.length).toBeGreaterThan(0);
  });

  it('bounds variables that double', () => {
    const lines = ['A="--x 1"'];
    for (let line = 0; line < 40; line += 1) lines.push('A="$A $A"');
    expect(read(...lines, 'python t.py --y 2 $A').documents).toHaveLength(1);
  });

  it('knows templates', () => {
    expect(read('python t.py --layers {{ layers }}').template).toBe(true);
    expect(read("docker ps --format '{{.ID}}'", 'python t.py --a 1').template).toBe(false);
  });
});
