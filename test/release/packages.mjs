import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCommandLine, makeExtension } from '../support/package.mjs';
import { temporaryFolder } from '../support/processes.mjs';

/**
 * Makes both packages once for all tests of this folder, as a release does.
 *
 * @param {import('vitest/node').TestProject} project
 */
export default async function setup(project) {
  const folder = await temporaryFolder();
  const extension = join(folder, 'floatcast.vsix');
  await makeExtension(extension);
  const { file } = await makeCommandLine(folder);
  project.provide('packages', { extension, commandLine: file });
  return () => rm(folder, { recursive: true, force: true });
}
