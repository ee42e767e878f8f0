import { describe, expect, it } from 'vitest';
import { globBase, globMatcher } from '../../../src/core/settings/glob.ts';

describe('a glob', () => {
  it.each([
    ['*.yaml', 'a.yaml', true],
    ['*.yaml', 'b/a.yaml', false],
    ['a?.toml', 'a1.toml', true],
    ['a?.toml', 'a.toml', false],
    ['**/a.yaml', 'a.yaml', true],
    ['**/a.yaml', 'b/c/a.yaml', true],
    ['b/**/a.yaml', 'b/a.yaml', true],
    ['b/**/a.yaml', 'c/a.yaml', false],
    ['b/**', 'b/c/d.yaml', true],
    ['**/x/**/y', 'a/x/b/x/c/y', true],
    ['*-*b*.yml', 'llama-7b-base.yml', true],
    ['*-*b*.yml', 'llama.yml', false],
    ['run[0-9].yaml', 'run7.yaml', true],
    ['run[!0-9].yaml', 'run7.yaml', false],
    ['run[z-a].yaml', 'runz.yaml', false],
    ['a.{yaml,yml}', 'a.yml', true],
    ['a.{yaml,yml}', 'a.json', false],
    ['{a,b}/{c,d}', 'b/c', true],
    ['a+b(1).yaml', 'a+b(1).yaml', true],
    ['a.yaml', 'abyaml', false],
    ['?.yaml', '𝜈.yaml', true],
    ['/data/*/x', '/data/y/x', true],
    ['', '', true],
    ['', 'a', false],
  ])('%j against %j: %s', (pattern, path, expected) => {
    expect(globMatcher(pattern)(path)).toBe(expected);
  });

  it('of any pattern answers at once', () => {
    const before = performance.now();
    expect(globMatcher('*a'.repeat(40) + 'b')('a'.repeat(2000))).toBe(false);
    expect(globMatcher('**/'.repeat(40) + 'b')('a/'.repeat(500))).toBe(false);
    expect(globMatcher('{a,b}'.repeat(40))('a'.repeat(40))).toBe(false);
    expect(performance.now() - before).toBeLessThan(2000);
  });

  it('begins in the folder before its first wildcard', () => {
    expect(globBase('/a/b/*.yaml')).toBe('/a/b');
    expect(globBase('/*/b')).toBe('/');
  });

  it('never throws over the number of its choices', () => {
    expect(globMatcher(`a/{${'b,'.repeat(500_000)}c}`)('a/z')).toBe(false);
  });
});
