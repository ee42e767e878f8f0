import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import type { Finding } from '../../../src/core/checks/check.ts';
import { assumed } from '../../../src/core/run/known.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';
import { applyEdits } from '../../../src/core/syntax/edit.ts';

const file = 'a.yaml';

/** An LLM Foundry run of 600 × 512 × 1024 = 314,572,800 tokens. */
function text(comment: string, at = 'max_duration', more = ''): string {
  const lines = {
    max_duration: '600ba',
    global_train_batch_size: '512',
    max_seq_len: '1024',
  };
  return [
    'model: {name: mpt_causal_lm, d_model: 768, n_heads: 12, n_layers: 12}',
    'train_loader: {name: text}',
    ...Object.entries(lines).map(
      ([key, value]) => `${key}: ${value}${key === at ? `  # ${comment}` : ''}`,
    ),
    more,
  ].join('\n');
}

function finding(source: string, settings = defaultSettings): Finding | undefined {
  const [run] = analyse({ file, text: source }, settings).runs;
  return run?.findings.find(({ id }) => id === 'comment-disagrees');
}

describe('comment-disagrees', () => {
  it('stands on the comment and says both numbers in the comment’s unit', () => {
    const source = text('~ 2.5B tokens');
    const found = finding(source);
    expect(found).toMatchObject({
      severity: 'information',
      message: 'The comment says ~2.5 B tokens; the file gives 0.31 B.',
      noFix: null,
    });
    expect(source.slice(found?.place.start, found?.place.end)).toBe('~ 2.5B tokens');
  });

  it('writes the right number into the comment and nothing else', () => {
    const source = text('Chinchilla, ~2.5 billion tokens; see notes');
    const [fix] = finding(source)?.fixes ?? [];
    expect(fix).toMatchObject({ title: 'Write 0.31 B tokens into the comment', preferred: true });
    const after = applyEdits(source, file, fix?.edits ?? []);
    expect(after).toBe(source.replace('2.5', '0.31'));
    expect(finding(after)).toBeUndefined();
  });

  it.each([
    ['0.38B tokens', true],
    ['0.37B tokens', false],
    ['0.25B tokens', true],
    ['0.26B tokens', false],
    ['315M tokens', false],
    ['1T tokens', true],
    ['1.5 trillion training tokens', true],
    ['two stages: 1B tokens, then 5B tokens', false],
    ['1-2B tokens', false],
    ['150 tokens / param', false],
    ['3M tokens per step', false],
    ['batches of 4M tokens', false],
    ['0.5M tokens', false],
    ['a 7B model', false],
  ])('%s: %s', (comment, trips) => {
    expect(finding(text(comment)) !== undefined).toBe(trips);
  });

  it('takes a comment on the batch for the run only when no step holds as many tokens', () => {
    expect(finding(text('4M tokens', 'global_train_batch_size'))).toBeUndefined();
    expect(finding(text('2.5B tokens', 'global_train_batch_size'))?.message).toBe(
      'The comment says 2.5 B tokens; the file gives 0.31 B.',
    );
    expect(finding(text('600 batches of 0.3B tokens', 'max_seq_len'))).toBeUndefined();
  });

  it('falls back to a readable count, without a fix, where the units are far apart', () => {
    const found = finding(text('15T tokens'));
    expect(found?.message).toBe('The comment says 15 T tokens; the file gives 315 M.');
    expect(found?.fixes).toEqual([]);
    expect(found?.noFix).toBe('The count does not read well in the comment’s unit.');
  });

  it('does not judge a model’s own tokens where a run starts from its weights', () => {
    const source = text('', 'max_duration', 'load_path: a.pt').replace(
      'model: {name: mpt_causal_lm, d_model: 768, n_heads: 12, n_layers: 12}',
      'model:\n  name: hf_causal_lm\n  pretrained: true\n  pretrained_model_name_or_path: mosaicml/mpt-7b # 1T tokens',
    );
    expect(finding(source)).toBeUndefined();
  });

  it('judges a comment on the model that is trained here', () => {
    const source = text('').replace(
      /^model: .*$/m,
      'model:\n  name: mpt_causal_lm\n  d_model: 768 # 1.5B tokens\n  n_heads: 12\n  n_layers: 12',
    );
    expect(finding(source)?.message).toContain('1.5 B tokens; the file gives 0.31 B');
  });

  it('is silent where the count rests on what a person told', () => {
    const source = [
      '[model]',
      'name = "llama3"',
      'flavor = "8B"',
      '[training]',
      'steps = 1000 # 1T tokens',
      'local_batch_size = 1',
      'seq_len = 8192',
    ].join('\n');
    const [run] = analyse(
      { file: 'a.toml', text: source },
      {
        ...defaultSettings,
        assumptions: { 'world-size': assumed(8, 'the test') },
      },
    ).runs;
    expect(run?.run.tokens.total?.value).toBe(65_536_000);
    expect(run?.findings).toEqual([]);
  });

  it('can be switched off on its line', () => {
    const source = text('2.5B tokens').replace(
      'max_duration',
      '# floatcast-disable-next-line comment-disagrees\nmax_duration',
    );
    expect(finding(source)).toBeUndefined();
  });

  describe('on the line above the length', () => {
    const above = (comment: string, key = 'max_duration') =>
      finding(text('').replace(`${key}:`, `# ${comment}\n${key}:`));

    it.each([
      ['the run sees 20 billion tokens', '20 B', '20 billion tokens'],
      ['this makes the total number of tokens be 300B', '300 B', '300B'],
      ['number of tokens: 2T', '2 T', '2T'],
    ])('judges “%s”', (comment, said) => {
      expect(above(comment)?.message).toMatch(`The comment says ${said} tokens; the file gives`);
    });

    it.each([
      ['0.31B tokens', 'max_duration'],
      ['20 billion tokens', 'max_seq_len'],
      ['tokens per step: 4M', 'max_duration'],
      ['no claim', 'max_duration'],
    ])('says nothing of “%s” above %s', (comment, key) => {
      expect(above(comment, key)).toBeUndefined();
    });
  });

  it('takes the tokens that a number of samples is explained by for the run’s', () => {
    expect(finding(text('20B tokens / 1024'))?.message).toMatch('The comment says 20 B tokens');
    expect(finding(text('20B tokens / step'))).toBeUndefined();
  });
});
