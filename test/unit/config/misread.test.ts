import { expect, it } from 'vitest';
import { need } from '../../../src/core/run/need.ts';
import { runOf } from '../frameworks/runsOf.ts';

const config = (duration: string, batch = '512') =>
  [
    'model: {name: mpt_causal_lm, d_model: 768, n_heads: 12, n_layers: 12}',
    'train_loader: {name: text}',
    `max_duration: ${duration}`,
    `global_train_batch_size: ${batch}`,
    'max_seq_len: 1024',
  ].join('\n');

it('says what stands where a number of D was looked for', () => {
  expect(runOf('a.yaml', config('600ba', '96ba')).needs).toContainEqual(
    need('tokens', 'global_train_batch_size is “96ba”, which is no number'),
  );
  expect(runOf('a.yaml', config('600ba', '"512"')).needs).toContainEqual(
    need('tokens', 'global_train_batch_size is a text in quotation marks, which is no number'),
  );
  const open = runOf('a.yaml', config('600ba', '${far.away}'));
  expect(open.tokens).toBeNull();
  expect(open.needs.map(({ why }) => why).join()).toMatch(
    /^global_train_batch_size is not told: .*far\.away/,
  );
});

it('says nothing of it where D is known', () => {
  expect(runOf('a.yaml', config('600ba')).needs).toEqual([]);
});
