import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlanJson } from '../../../src/core/present/planJson.ts';
import { llmFoundryConfig, floatcast, folderOf } from './harness.ts';

describe('optimize', () => {
  it('prints the current format and the candidates, one recommended, with their edits', async () => {
    const folder = await folderOf({ 'a.yaml': llmFoundryConfig() });
    const argv = ['optimize', 'a.yaml', '--hardware', 'h100', '--json'];
    const { code, stdout } = await floatcast(argv, folder);
    expect(code).toBe(0);
    const plan = JSON.parse(stdout) as PlanJson;
    expect(plan).toMatchObject({ file: 'a.yaml', objective: 'fastest', hardware: 'h100' });
    expect(plan.current).toMatchObject({ format: 'fp8-e4m3', granularity: 'tensor', edits: [] });
    const all = [...(plan.current ? [plan.current] : []), ...plan.candidates];
    expect(all.filter(({ recommended }) => recommended)).toHaveLength(1);
    const bf16 = plan.candidates.find(({ format }) => format === 'bf16');
    expect(bf16).toMatchObject({ expressible: true, gap: 0, range: [0, 0], findings: [] });
    expect(bf16?.edits[0]).toMatchObject({ file: 'a.yaml', oldText: 'amp_fp8' });
    expect(bf16?.edits[0]?.line).toBeGreaterThan(1);
    const mxfp4 = plan.candidates.find(({ format }) => format === 'mxfp4');
    expect(mxfp4).toMatchObject({ expressible: false, native: false, edits: [] });
    expect(mxfp4?.reason).toBeTruthy();
  });

  it('exits 1 where the current format misses the target', async () => {
    const folder = await folderOf({ 'a.yaml': llmFoundryConfig() });
    const exit = async (target: string) =>
      (await floatcast(['optimize', 'a.yaml', '--gap-target', target], folder)).code;
    expect(await exit('0.01')).toBe(0);
    // 0.0024 by Capybara, 0.0033 by the pooled law.
    expect(await exit('0.003')).toBe(1);
  });

  it('writes the recommended format on request', async () => {
    const folder = await folderOf({ 'a.yaml': llmFoundryConfig() });
    const argv = ['optimize', 'a.yaml', '--objective', 'gap', '--write'];
    expect((await floatcast(argv, folder)).code).toBe(0);
    const written = await readFile(join(folder, 'a.yaml'), 'utf8');
    expect(written).toBe(llmFoundryConfig().replace('amp_fp8', 'amp_bf16'));
    const { stdout } = await floatcast(['optimize', 'a.yaml', '--objective', 'gap'], folder);
    expect(stdout).toMatch(/^★ BF16 — no gap · current$/m);
  });

  it('says in one sentence what it cannot do', async () => {
    const folder = await folderOf({ 'a.yaml': llmFoundryConfig(), 'b.yaml': 'a: 1\n' });
    const said = async (...argv: string[]) => await floatcast(['optimize', ...argv], folder);
    expect(await said()).toMatchObject({ code: 2 });
    expect((await said('b.yaml')).stderr).toContain('b.yaml has no formats to rank');
    expect((await said('a.yaml', '--objective', 'x')).stderr).toContain(
      'fastest, same-hours, memory or gap',
    );
    expect((await said('a.yaml', '--gap-target', 'x')).stderr).toContain(
      '--gap-target must be a number',
    );
  });
});
