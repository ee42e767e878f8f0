import { describe, expect, it } from 'vitest';
import { analyse } from '../../../src/core/analyse.ts';
import { runRow } from '../../../src/core/present/runRow.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';

const config = [
  'max_duration: 64000ba',
  'global_train_batch_size: 1024',
  'max_seq_len: 2048',
  'precision: amp_bf16',
  'model:',
  '  name: mpt_causal_lm',
  '  d_model: 4096',
  '  n_heads: 32',
  '  n_layers: 32',
  '  vocab_size: 50368',
  'train_loader: {}',
].join('\n');

function row(text: string) {
  const [run] = analyse({ file: 'configs/7b.yaml', text }, defaultSettings).runs;
  if (!run) throw new Error('The config was not recognised.');
  return { run, ...runRow(run) };
}

describe('a row of the list of runs', () => {
  it('gives N, D, the format and the gap', () => {
    const { summary, size, first, findings, spoken, status, statusWords } = row(config);
    expect(summary).toBe('N 6.66 B · D 134 B · BF16 · gap 0');
    expect([first, findings, size]).toEqual(['0', '', 'N 6.66 B · D 134 B · BF16']);
    expect(spoken).toBe('nothing to remark, gap 0, N 6.66 B, D 134 B, BF16');
    expect([status, statusWords]).toEqual(['pass', 'nothing to remark']);
  });

  it('leaves out what is unknown', () => {
    const { summary, status, details } = row(config.replace('64000ba', '${steps}'));
    expect(summary).toBe('N 6.66 B · BF16');
    expect(status).toBe('unknown');
    expect(details).toContain('**LLM Foundry**: no forecast');
  });

  it('takes its status from the worst finding, and lists all', () => {
    const fp8 = config.replace('amp_bf16', 'amp_fp8').replace('model:', 'model:\n  fc_type: te');
    const { run, summary } = row(fp8);
    expect(summary).toBe('N 6.66 B · D 134 B · FP8 E4M3 · gap +0.0024');
    const place = { file: 'configs/7b.yaml', start: 0, end: 12 };
    const finding = { id: 'x', place, message: 'A *word*.', related: [], fixes: [], noFix: null };
    const all = (severity: 'warning' | 'information') =>
      runRow({
        ...run,
        findings: [
          { ...finding, severity: 'information' },
          { ...finding, severity },
        ],
      });
    expect(all('information').status).toBe('information');
    expect(all('information').findings).toBe('ⓘ2');
    expect(all('warning').findings).toBe('⚠2');
    expect(all('warning').spoken).toMatch(/^has a warning, gap \+0\.0024, 2 findings, N /);
    expect(all('warning').status).toBe('warning');
    expect(all('warning').details).toContain('- A \\*word\\*.\n- A \\*word\\*.');
  });
});
