import { expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';
import { applyEdits } from '../../../src/core/syntax/edit.ts';

const config = '{"train_batch_size": 64, "fp16": {"enabled": true}, "bf16": {"enabled": true}}\n';

function findings(comments: string) {
  const text = comments + config;
  const { runs } = analyse({ file: 'ds_config.json', text }, defaultSettings);
  return runs.flatMap((run) => run.findings).filter(({ id }) => id === 'unknown-suppression');
}

it('names the id that was meant, which the fix writes and so switches the finding off', () => {
  const comment = '// floatcast-disable-next-line deepspeed-fp16-and-bf6 -- both are asked for\n';
  const [found] = findings(comment);
  expect(found?.message).toContain('Did you mean “deepspeed-fp16-and-bf16”?');
  const text = applyEdits(comment + config, 'ds_config.json', found?.fixes[0]?.edits ?? []);
  expect(text).toBe(comment.replace('bf6', 'bf16') + config);
  expect(analyse({ file: 'ds_config.json', text }, defaultSettings).runs[0]?.findings).toEqual([]);
});

it('guesses nothing of a word that is no id, and says where a reason stands', () => {
  const [found, ...others] = findings(
    '// floatcast-disable gap-above-target because it is small\n',
  );
  expect(others).toEqual([]);
  expect([found?.fixes, found?.noFix]).toEqual([[], 'A reason stands behind “ -- ”.']);
  expect(found?.message).toMatch(/no finding “because”, so this comment does not switch it off\.$/);
});

it('says a few of thousands', () => {
  expect(findings('// floatcast-disable nothing-of-the-kind\n'.repeat(5000))).toHaveLength(20);
});
