import { EventEmitter } from 'node:events';
import { expect, describe, it } from 'vitest';
import { bold, endAtFailedWrite, printLines } from '../../../src/cli/output.ts';
import { floatcast, folderOf, llmFoundryConfig } from './harness.ts';

/** What a terminal obeys or cannot show, but for our own line ends. */
const unseen =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/;
/** What GitHub’s runner, Azure’s agent or TeamCity would obey. */
const command = /^\s*::|##\w*\[/m;

function printed(lines: Parameters<typeof printLines>[1], isTTY = false): string {
  let text = '';
  const stdout = { isTTY, write: (more: string) => (text += more) };
  printLines({ stdout, environment: {} }, lines);
  return text;
}

describe('lines', () => {
  it.each([
    ['a\u001b[31mred\u0007', 'a\\u001b[31mred\\u0007\n'],
    ['over\rwritten', 'over\\rwritten\n'],
    ['lot.\u202etxt', 'lot.\\u202etxt\n'],
    ['one\n::error::two', 'one\\n::error::two\n'],
    ['::error file=a::x', '\\u003a:error file=a::x\n'],
    ['  ::add-mask::x', '  \\u003a:add-mask::x\n'],
    ['x ##[add-matcher]y', 'x \\u0023#[add-matcher]y\n'],
    ['##vso[task.setvariable]y', '\\u0023#vso[task.setvariable]y\n'],
    ['a ## b [c] :: d', 'a ## b [c] :: d\n'],
  ])('write out %j', (line, expected) => {
    expect(printed([line])).toBe(expected);
  });

  it('have our own colours at a terminal, and nobody else’s', () => {
    expect(printed([[bold('a\u001b[8m'), ' b']], true)).toBe('\u001b[1ma\\u001b[8m\u001b[22m b\n');
    expect(printed([[bold('::a'), ' b']])).toBe('\\u003a:a b\n');
  });
});

describe('names and values of a config', () => {
  const hostile = '::error::\u001b[2J##[add-mask]\u202e\u007f\u2028x';

  it('reach neither a terminal nor a build service as commands', async () => {
    const folder = await folderOf({
      '::warning ::a\u001b[31m.yaml': llmFoundryConfig(64_000_000),
      'b.yaml': `# floatcast: x${hostile.replace('\u2028', '')}=1\n${llmFoundryConfig()}`,
    });
    for (const terminal of [{}, { isTTY: true, noColor: '1' }]) {
      const { stdout, stderr } = await floatcast(
        ['check', '.', 'none::\u001b.yaml'],
        folder,
        terminal,
      );
      expect(stdout).toContain('\\u003a:warning ::a\\u001b[31m.yaml');
      expect(stdout + stderr).not.toMatch(unseen);
      expect(stdout).not.toMatch(command);
      expect(stderr).not.toMatch(command);
    }
  });

  it('stay as they are in JSON once it is parsed', async () => {
    const folder = await folderOf({ 'a.toml': `x = ${JSON.stringify(hostile)}\n` });
    const name = `${hostile.replaceAll('\u2028', '')}.yaml`.replaceAll('\u007f', '');
    const other = await folderOf({ [name]: llmFoundryConfig() });
    const { stdout } = await floatcast(['check', '--json', '--fail-on', 'never', '.'], other);
    expect(stdout).not.toMatch(unseen);
    expect(stdout).not.toMatch(command);
    expect(JSON.parse(stdout)).toMatchObject([{ file: name }]);
    expect((await floatcast(['check', '--json', 'a.toml'], folder)).stdout).not.toMatch(unseen);
  });
});

describe('a failed write', () => {
  function failing(code: string): { readonly exit: readonly number[]; readonly said: string } {
    const exit: number[] = [];
    const stdout = new EventEmitter();
    let said = '';
    const stderr = Object.assign(new EventEmitter(), { write: (text: string) => (said += text) });
    endAtFailedWrite(stdout, stderr, (status) => exit.push(status));
    stdout.emit('error', Object.assign(new Error('write failed'), { code }));
    return { exit, said };
  }

  it('is an error when the disk is full', () => {
    expect(failing('ENOSPC')).toEqual({
      exit: [2],
      said: 'floatcast: The output cannot be written: no space is left.\n',
    });
  });

  it('is quiet when the reader has gone', () => {
    expect(failing('EPIPE')).toEqual({ exit: [2], said: '' });
  });
});
