import { describe, expect, it } from 'vitest';
import { syntaxOf } from '../../../src/core/syntax/syntaxOf.ts';

describe('syntaxOf', () => {
  it.each([
    ['conf/run.yaml', undefined, 'yaml'],
    ['run.YML', undefined, 'yaml'],
    ['config.json', undefined, 'json'],
    ['config.jsonc', undefined, 'json'],
    ['train.toml', undefined, 'toml'],
    ['a/b.sh', undefined, 'shell'],
    ['x.slurm', undefined, 'shell'],
    ['x.sbatch', undefined, 'shell'],
    ['x.bash', undefined, 'shell'],
    ['x.py', undefined, 'python'],
    ['Untitled-1', 'yaml', 'yaml'],
    ['Untitled-1', 'shellscript', 'shell'],
    ['noextension', 'python', 'python'],
    ['x.txt', 'jsonc', 'json'],
    ['x.txt', undefined, undefined],
    ['x.constructor', 'toString', undefined],
    ['dir.yaml/readme', undefined, undefined],
    ['', undefined, undefined],
  ])('takes %s (%s) for %s', (file, language, syntax) => {
    expect(syntaxOf(file, language)).toBe(syntax);
  });
});
