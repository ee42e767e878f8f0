import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { definitions } from '../../../src/cli/definitions.ts';
import { floatcast, folderOf, llmFoundryConfig } from './harness.ts';

describe('help', () => {
  it('lists every command, and tells of each its options', async () => {
    const all = await floatcast(['--help']);
    expect(all.code).toBe(0);
    for (const { name, options } of definitions) {
      expect(all.stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
      const own = (await floatcast(['help', name])).stdout;
      expect(own).toBe((await floatcast([name, '--help'])).stdout);
      for (const option of options) expect(own).toContain(`--${option.name}`);
    }
  });

  it('fits the terminal', async () => {
    const { stdout } = await floatcast(['check', '--help'], undefined, {
      isTTY: true,
      columns: 80,
    });
    const long = stdout.split('\n').filter((line) => line.length > 80 && !line.includes('$'));
    expect(long.filter((line) => !line.startsWith('Exit code'))).toEqual([]);
  });
});

describe('at a terminal', () => {
  it('lines are broken at spaces and indented', async () => {
    const folder = await folderOf({ 'a.yaml': llmFoundryConfig(64_000_000) });
    const terminal = { isTTY: true, noColor: '1', columns: 60 };
    const { stdout } = await floatcast(['check'], folder, terminal);
    const lines = stdout.split('\n');
    expect(lines.filter((line) => line.length > 60)).toEqual([]);
    const whole = (await floatcast(['check'], folder)).stdout;
    expect(stdout.replace(/\s+/g, ' ')).toBe(whole.replace(/\s+/g, ' '));
    expect(lines.findIndex((line) => line.startsWith('  134 T tokens is '))).toBe(1);
    expect(lines[2]).toMatch(/^ {4}\S/);
  });

  it('the last column of a table goes on below itself', async () => {
    const { stdout } = await floatcast(['frameworks'], undefined, { isTTY: true, columns: 80 });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.filter((line) => line.length > 80 && /^ +\S+$/.exec(line) === null)).toEqual([]);
    expect(lines.some((line) => line.startsWith('                '))).toBe(true);
  });
});

it('forecast --law all is short, and says how to have more', async () => {
  const argv = [
    'forecast',
    '--parameters',
    '8B',
    '--tokens',
    '1T',
    '--format',
    'mxfp4',
    '--law',
    'all',
  ];
  const short = (await floatcast(argv)).stdout.split('\n');
  const long = (await floatcast([...argv, '--verbose'])).stdout.split('\n');
  expect(short.length).toBeLessThan(32);
  expect(long.length).toBeGreaterThan(short.length);
  expect(short).toContain('What each law says beside its number: --verbose.');
});

describe('completion', () => {
  /** What bash offers for a line whose last word is being typed. */
  async function offered(...words: readonly string[]): Promise<readonly string[]> {
    const script = (await floatcast(['completion', 'bash'])).stdout;
    const line = words.map((word) => `'${word}'`).join(' ');
    const ask = `COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _floatcast; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const said = execFileSync('bash', ['-c', `${script}\n${ask}`], { encoding: 'utf8' });
    return said.split('\n').filter((each) => each !== '');
  }

  it.each([
    [['floatcast', 'ch'], ['check']],
    [['floatcast', 'check', '--fail'], ['--fail-on']],
    [['floatcast', 'check', '--fail-on', 'w'], ['warning']],
    [['floatcast', 'forecast', '--law', 'ku'], ['kumar']],
    [
      ['floatcast', 'check', '--hardware', 'gb'],
      ['gb200', 'gb300'],
    ],
    [['floatcast', 'completion', 'z'], ['zsh']],
  ])('of %j in bash is %j', async (words, expected) => {
    expect(await offered(...words)).toEqual(expected);
  });

  it.each(['zsh', 'fish'])('for %s names every command and option', async (shell) => {
    const { code, stdout } = await floatcast(['completion', shell]);
    expect(code).toBe(0);
    for (const { name, options } of definitions) {
      expect(stdout).toContain(name);
      for (const option of options) {
        expect(stdout).toContain(shell === 'zsh' ? `--${option.name}` : ` -l ${option.name}`);
      }
    }
  });

  it('is for a shell that it knows', async () => {
    const { code, stderr } = await floatcast(['completion', 'tcsh']);
    expect([code, stderr]).toEqual([
      2,
      "floatcast: Command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish.\n",
    ]);
  });
});
