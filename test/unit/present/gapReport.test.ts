import { describe, expect, it } from 'vitest';
import { gapAnswer } from '../../../src/core/advise/gapAnswer.ts';
import { laws } from '../../../src/core/laws/registry.ts';
import { gapMarkdown, gapReport } from '../../../src/core/present/gapReport.ts';
import { pointOf } from '../../webview/snapshots.ts';

const [capybara] = laws;
if (!capybara) throw new Error('There are laws.');
const point = pointOf({ parameters: 1e9, tokens: 2e10, format: 'nvfp4' });
const curve = (added: number) =>
  [1.8e10, 1.9e10, 2e10].map((tokens) => ({ tokens, loss: 3 + added }));
const losses = { name: 'a|b.csv', points: curve(0.03), baseline: curve(0), notes: ['A note.'] };

describe('the report of a measured gap', () => {
  const found = gapAnswer(losses, point, capybara, laws);

  it('is the answer, a table of laws and one of measurements', () => {
    const { title, answer, laws: rows, nearest, caveats } = gapReport(found);
    expect(title).toContain('a|b.csv · NVFP4 (block 16) · N 1.00 B linear · D 20.0 B tokens');
    expect(answer[0]).toContain('is +0.0300');
    expect(rows[1]?.[0]).toBe('Capybara');
    expect(rows.find(([name]) => name === 'Chen')?.[3]).toMatch(/^[\d.]+×$/);
    expect(nearest).toHaveLength(4);
    expect(nearest[0]?.[3]).toBe('known');
    expect(caveats).toContain('A note.');
  });

  it('is a page that a file’s name cannot break', () => {
    const page = gapMarkdown(found);
    expect(page.startsWith('# Is my gap normal?\n\na\\|b.csv · ')).toBe(true);
    expect(page).toContain('| Law | predicted |');
  });

  it('says without a twin why there is none', () => {
    const alone = gapReport(gapAnswer({ ...losses, baseline: null }, point, capybara, laws));
    expect(alone.answer).toEqual(['Without the losses of a BF16 twin no gap can be measured.']);
  });
});
