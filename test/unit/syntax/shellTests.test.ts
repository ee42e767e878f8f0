import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/core/syntax/parse.ts';
import { plain, rootOf, scalarAt, type Plain } from './reading.ts';

/** A script whose command ends in `$A`, after these lines. */
const rootAfter = (...lines: string[]) =>
  rootOf(parse('run.sh', [...lines, 'python t.py --x 1 --steps 10 $A'].join('\n')));

/** What `A` adds to the command after these lines; `?` for a flag that may be given. */
function added(...lines: string[]): Plain {
  const all = plain(rootAfter(...lines)) as Record<string, Plain>;
  const own = Object.entries(all).filter(([key]) => !key.startsWith('$'));
  return Object.fromEntries(own.filter(([key]) => key !== 'x' && key !== 'steps'));
}

describe('conditions that a script tells', () => {
  it.each<[string, boolean]>([
    ['[ $P = fp8 ]', true],
    ['[ ! $P = bf16 ]', true],
    ['! [ $P = fp8 ]', false],
    ['[ $P = fp8 -a $N -gt 8 ]', false],
    ['[ $P = fp8 -o $N -gt 8 ]', true],
    ['[ \\( $N -eq 4 -o $N -eq 5 \\) -a -n "$P" ]', true],
    ['test $N -le 4', true],
    ['[ "$P" = "fp8" ] && [ $N -ne 4 ]', false],
    ['[ "$P" = "bf16" ] || [ $N -eq 4 ]', true],
    ['[[ $P == fp* ]]', true],
    ['[[ $P == "fp*" ]]', false],
    ['[[ $P != b* && $N -lt 5 ]]', true],
    ['[[ $P =~ ^(fp8|fp4)$ ]]', true],
    ['[[ -z $EMPTY ]]', true],
    ['(( N ))', true],
    ['(( N >= 5 ))', false],
    ['(( N > 3 && N < 5 ))', true],
    ['(( N % 4 == 0 ? 1 : 0 ))', true],
    ['true', true],
    ['false', false],
  ])('%s: %s', (test, holds) => {
    const set = ['P=fp8', 'N=4', 'EMPTY=""', 'A=""'];
    const flag = holds ? { low: true } : {};
    expect(added(...set, `if ${test}; then A="--low"; fi`)).toEqual(flag);
    expect(added(...set, `${test} && A="--low"`)).toEqual(flag);
    expect(added(...set, `${test} || A="--low"`)).toEqual(holds ? {} : { low: true });
    const other = { high: true };
    expect(added(...set, `if ${test}; then A="--low"; else A="--high"; fi`)).toEqual(
      holds ? flag : other,
    );
  });

  it.each([
    ['fp8', { low: true }],
    ['mxfp8', { low: true }],
    ['bf16', { high: true }],
  ])('case %s', (value, flag) => {
    const cases = 'case $P in *fp8|nvfp4) A="--low" ;; b?16) A="--high" ;; esac';
    expect(added(`P=${value}`, cases)).toEqual(flag);
  });
});

describe('conditions that nobody can tell', () => {
  const untold = [
    '[ "$1" = fp8 ]',
    '[ -f data.bin ]',
    'command -v nvidia-smi > /dev/null',
    'grep -q H100 gpus.txt',
    '[[ $UNSET == b* ]]',
    '(( UNSET > 1 ))',
    '[[ $P =~ fp[48]+ ]]',
  ];

  it.each(untold)('%s: flags may be given, and say what decides', (test) => {
    const root = rootAfter('P=fp8', 'A="--bf16"', `if ${test}; then A="$A --fp8 e4m3"; fi`);
    expect(scalarAt(root, 'bf16').value).toBe(true);
    const flag = scalarAt(root, 'fp8');
    expect(flag.value).toBeNull();
    expect(flag.unresolved).toMatch(/^--fp8 is not given or e4m3, by .*line 3\)?\.$/);
    expect(flag.choices).toEqual(['not given', 'e4m3']);
  });

  it.each(untold)('%s: what both branches give stands', (test) => {
    const lines = `if ${test}; then A="--fp8 e4m3 --lr 1"; else A="--lr 2 --fp8 e4m3"; fi`;
    const root = rootAfter('P=fp8', lines);
    expect(scalarAt(root, 'fp8').value).toBe('e4m3');
    expect(scalarAt(root, 'lr').choices).toEqual(['1', '2']);
  });

  it('names the choices of a value, and keeps a default beside one from outside', () => {
    const steps = (...lines: string[]) =>
      scalarAt(rootOf(parse('r.sh', [...lines, 'python t.py --n $N --x 1'].join('\n'))), 'n');
    expect(steps('if [ $1 ]; then N=1024; else N=512; fi').unresolved).toBe(
      'The variable N is 1024 or 512, by $1 (line 1).',
    );
    expect(steps('N=8', 'if [ -n "$1" ]; then N=$1; fi').value).toBe(8);
    expect(steps('N=8', 'if [ -z "$1" ]; then echo usage; N=0; exit 1; fi').value).toBe(8);
    expect(steps('case $1 in a) N=1 ;; b) N=2 ;; esac').choices).toEqual(['', '1', '2']);
    expect(steps('for N in 4 5; do true; done').choices).toEqual(['4', '5']);
  });

  it('costs forty conditions what forty cost, not every path through them', () => {
    const conditions = Array.from(
      { length: 40 },
      (_, at) => `if [ "$X${at}" ]; then A="$A --f${at} 1"; fi`,
    );
    const flags = added('A=""', ...conditions);
    expect(Object.keys(flags as object)).toHaveLength(40);
  });

  it('takes what a person says of a variable', () => {
    const lines = ['P=$1', 'A=""', 'if [ "$P" = fp8 ]; then A="--fp8 e4m3"; fi'];
    const text = [...lines, 'python t.py --x 1 --steps 10 $A'].join('\n');
    const told = (value: string) => rootOf(parse('run.sh', text, 'shell', new Map([['P', value]])));
    expect(scalarAt(told('fp8'), 'fp8').value).toBe('e4m3');
    expect(told('bf16').byKey.has('fp8')).toBe(false);
  });
});

describe('words that nobody can tell', () => {
  it.each([
    '$EXTRA',
    '$(cat flags)',
    '`cat flags`',
    '"${ARGS[@]}"',
    '${W:+--w $W}',
    '$@',
    '"$@"',
    '${X:-}',
  ])('%s behind a value takes nothing from it', (word) => {
    const root = rootOf(parse('run.sh', `python t.py --x 1 --steps 10 ${word} --y 2`));
    expect(scalarAt(root, 'steps').value).toBe(10);
    expect(scalarAt(root, 'y').value).toBe(2);
  });

  it('are the value of a flag that has none, or nothing', () => {
    const root = rootOf(parse('run.sh', 'python t.py --x 1 --bf16 $EXTRA --steps "$N" --y 2'));
    expect(scalarAt(root, 'bf16').perhapsNothing).toBe(true);
    expect(scalarAt(root, 'steps').perhapsNothing).toBeUndefined();
  });

  it('are no value where they are empty in quotes', () => {
    const root = rootOf(parse('run.sh', 'E=""\npython t.py --x 1 --steps 10 "$E" --y 2'));
    expect(scalarAt(root, 'steps').value).toBe(10);
  });
});

describe('commands that are put together', () => {
  const flags = 'python t.py --x 1 --steps 10';
  it.each([
    ['eval', [`CMD="${flags}"`, 'eval $CMD']],
    [
      'bash -c',
      ['export L="python -u"', 'export CMD="t.py --x 1 --steps 10"', "srun bash -c '$L $CMD'"],
    ],
    ['backticks', ['CMD="`pwd`/t.py --x 1 --steps 10"', 'python $CMD']],
    [
      'a launcher variable',
      ['LAUNCHER="torchrun --nproc_per_node 8"', `$LAUNCHER ${flags.slice(7)}`],
    ],
  ])('%s', (_, lines) => {
    const root = rootOf(parse('run.sh', lines.join('\n')));
    expect([scalarAt(root, 'x').value, scalarAt(root, 'steps').value]).toEqual([1, 10]);
  });
});
