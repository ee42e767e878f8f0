import { describe, expect, it } from 'vitest';
import type { RunAnalysis } from '../../../src/core/analysis.ts';
import { analyse } from '../../../src/core/analyse.ts';
import { explainMarkdown } from '../../../src/core/present/explain.ts';
import { forecastMarkdown } from '../../../src/core/present/forecast.ts';
import { hover } from '../../../src/core/present/hover.ts';
import { palettes } from '../../../src/core/present/drawing.ts';
import { inert, visible } from '../../../src/core/present/plain.ts';
import { runRow } from '../../../src/core/present/runRow.ts';
import { status } from '../../../src/core/present/status.ts';
import { usedBy } from '../../../src/core/present/usedBy.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';

/** What VS Code's notifications make links of (`base/common/linkedText.ts`). */
const notificationLink =
  /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
/** What its labels make icons of (`base/browser/ui/iconLabel/iconLabels.ts`). */
const icon = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/;

describe('visible text', () => {
  it.each([
    ['a\u001b[31mb', 'a\\u001b[31mb'],
    ['one\ntwo\r\n\tthree', 'one\\ntwo\\r\\n\\tthree'],
    ['lot.\u202etxt\u2066', 'lot.\\u202etxt\\u2066'],
    ['\u007f\u0085\u2028\ufeff\u200b', '\\u007f\\u0085\\u2028\\ufeff\\u200b'],
    ['tag\u{e0041}', 'tag\\udb40\\udc41'],
  ])('writes out what cannot be seen in %j', (text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it.each(['日本語 é.toml', '👩‍💻', 'می‌خواهم', 'gap +0.0041 · 10 %', ''])(
    'leaves %j alone',
    (text) => {
      expect(visible(text)).toBe(text);
    },
  );
});

describe('inert text', () => {
  it.each([
    '[x](command:workbench.action.quit)',
    'see [all [of] it](https://evil.example "title")',
    '[a](file:///etc/passwd)',
    '$(alert) $(sync~spin)',
    '\\$(alert)',
    '[$(alert)](command:x)',
    '[x]\u200b(command:x)',
    '$\u200b(alert)',
  ])('is neither link nor icon: %j', (text) => {
    const shown = inert(text);
    expect(shown).not.toMatch(notificationLink);
    expect(shown).not.toMatch(icon);
    // It reads as it was written.
    expect(shown.replaceAll('\u200b', '')).toBe(visible(text));
  });

  it('adds nothing where nothing is meant', () => {
    expect(inert('FP8 [block 32] (E4M3): $5')).toBe('FP8 [block 32] (E4M3): $5');
  });
});

describe('hostile names and values', () => {
  const evil = '$(alert) [x](command:workbench.action.quit) <img src=x> `c` a|b\u001b[31m\u202e';
  const file = `runs/${evil}.yaml`;
  const text = [
    'max_seq_len: 2048',
    'max_duration: 64000ba',
    'global_train_batch_size: 1024',
    'precision: amp_fp8',
    'model:',
    '  name: mpt_causal_lm',
    `  d_model: ${JSON.stringify(evil)}`,
    '  n_heads: 32',
    '  n_layers: 32',
    'train_loader:',
    '  name: text',
    '',
  ].join('\n');
  const analysis = analyse({ file, text }, defaultSettings);

  function only(): RunAnalysis {
    const [run] = analysis.runs;
    if (!run) throw new Error('The config was not recognised.');
    return run;
  }

  /** Markup that none of our own sentences has: an image, raw HTML, a link that runs that command. */
  const markup = /(?<!\\)<img|(?<!\\)`c|\]\(command:workbench|\u001b|\u202e/;

  it('are no markup in a hover', () => {
    const link = { href: 'command:go', line: 1 };
    const options = { palette: palettes.dark, link: () => link, command: () => 'command:own' };
    const answers = [...text.matchAll(/: /g)].flatMap(
      ({ index }) => hover(analysis, index + 3, options) ?? [],
    );
    expect(answers.length).toBeGreaterThan(0);
    const all = answers.map(({ markdown }) => markdown).join('\n');
    expect(all).not.toMatch(markup);
    expect(all).toContain('&#91;x&#93;(command:workbench.action.quit)');
  });

  it('are no markup in the reports and in the tooltip of a row', () => {
    for (const report of [forecastMarkdown(analysis), explainMarkdown(analysis)]) {
      expect(report).not.toMatch(markup);
      expect(report).toContain('&#91;x&#93;(command:workbench.action.quit)');
    }
    expect(runRow(only()).details).not.toMatch(markup);
  });

  it('show in the status bar’s tooltip without control characters', () => {
    expect(status(only()).tooltip).not.toMatch(/[\u001b\u202e]/);
  });

  it('are neither icon nor link in the title of a lens', () => {
    const [title = ''] = usedBy([{ name: file, run: only() }]).named;
    expect(title).toContain('$(alert)');
    expect(inert(title)).not.toMatch(icon);
    expect(inert(title)).not.toMatch(/\u001b|\u202e/);
  });
});
