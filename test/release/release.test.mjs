import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { run, temporaryFolder } from '../support/processes.mjs';
import { publishing, releaseOf } from '../support/release.mjs';

const changelog = '# Changelog\n\n## 1.3.0\n\n- Newer.\n\n## 1.2.0\n\n- New.\n\n## 1.1.0\n';

describe('a release', () => {
  it('is what the manifest, the changelog and the tag agree on', () => {
    expect(releaseOf('v1.2.0', { version: '1.2.0', changelog })).toEqual({
      version: '1.2.0',
      preRelease: false,
      notes: '- New.',
    });
  });

  it('is a pre-release by an odd minor number', () => {
    const release = releaseOf('v1.3.0', { version: '1.3.0', changelog });
    expect(release).toMatchObject({ preRelease: true, notes: '- Newer.' });
  });

  it.each([
    ['v1.2.1', '1.2.0', 'The tag v1.2.1 is not v1.2.0 of package.json.'],
    ['v1.1.0', '1.1.0', 'CHANGELOG.md has nothing on 1.1.0.'],
    ['v1.4.0', '1.4.0', 'CHANGELOG.md has nothing on 1.4.0.'],
    ['v1.2.0-rc.1', '1.2.0-rc.1', '1.2.0-rc.1 is not three numbers, as VS Code has it.'],
  ])('is none as %s of %s', (tag, version, why) => {
    expect(() => releaseOf(tag, { version, changelog })).toThrow(why);
  });

  it('of this version has something to say', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    const own = readFileSync('CHANGELOG.md', 'utf8');
    const { notes } = releaseOf(`v${version}`, { version, changelog: own });
    expect(notes.split('\n').length).toBeGreaterThan(5);
  });
});

describe('publishing', () => {
  it('goes to three places, on the channel of the version', () => {
    expect(publishing({ version: '1.2.0', preRelease: false, notes: '' }, 'at')).toEqual({
      marketplace: ['npx', 'vsce', 'publish', '--packagePath', join('at', 'floatcast-1.2.0.vsix')],
      'open-vsx': ['npx', '--yes', 'ovsx@1.3.0', 'publish', join('at', 'floatcast-1.2.0.vsix')],
      npm: ['npm', 'publish', join('at', 'floatcast-1.2.0.tgz'), '--tag=latest'],
    });
    const early = publishing({ version: '1.3.0', preRelease: true, notes: '' }, 'at');
    const last = Object.values(early).map((command) => command.at(-1));
    expect(last).toEqual(['--pre-release', '--pre-release', '--tag=next']);
  });

  let folder;
  beforeAll(async () => (folder = await temporaryFolder()));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('to npm would go well, all but the sending', async () => {
    const dry = ['--dry-run', '--offline', '--provenance=false', `--cache=${folder}`];
    // Whoever runs the tests may have told npm to be silent.
    const said = ['--tag=next', '--loglevel=notice'];
    const args = ['publish', inject('packages').commandLine, ...said, ...dry];
    const { code, output } = await run('npm', args, { cwd: folder, capture: true, seconds: 60 });
    expect(output).toMatch(/with tag next and public access \(dry-run\)/);
    expect(code).toBe(0);
  });
});
