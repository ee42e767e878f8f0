import { describe, expect, it } from 'vitest';
import { laws } from '../../../src/core/laws/registry.ts';
import { palettes } from '../../../src/core/present/drawing.ts';
import { forecastMarkdown } from '../../../src/core/present/forecast.ts';
import { hints } from '../../../src/core/present/hints.ts';
import { hover } from '../../../src/core/present/hover.ts';
import { lens } from '../../../src/core/present/lens.ts';
import { runRow } from '../../../src/core/present/runRow.ts';
import { status } from '../../../src/core/present/status.ts';
import {
  analysisOf,
  bf16,
  exampleRun,
  fileOf,
  halved,
  mxfp4,
  precisionIn,
  text,
} from './exampleRun.ts';

const runs = {
  'FP8 per tensor': exampleRun.precision,
  MXFP4: mxfp4,
  'INT4 per channel': precisionIn('int4', { granularity: 'channel', scale: null }),
  BF16: bf16,
};

function hoverOf(run: ReturnType<typeof analysisOf>): string {
  const at = text.indexOf('amp_fp8');
  const options = { palette: palettes.light, link: () => null, command: () => 'command:x' };
  return hover(fileOf(run), at, options)?.markdown ?? '';
}

/** Every line that a person reads of a run. */
function everySurface(run: ReturnType<typeof analysisOf>): readonly string[] {
  const { text: bar, tooltip } = status(run);
  const { summary, details } = runRow(run);
  const annotations = hints(run).map((hint) => hint.text);
  const long = [hoverOf(run), forecastMarkdown(fileOf(run))];
  return [lens(run).summary, bar, tooltip, summary, details, ...annotations, ...long];
}

const cases = laws.flatMap((law) =>
  Object.entries(runs).map(([name, precision]) => ({ law, name, precision })),
);

describe('with every law as the leading one', () => {
  it.each(cases)('$law.id on $name reads sensibly on every surface', ({ law, precision }) => {
    const run = analysisOf({ precision }, law.id);
    const { forecast } = run;
    const surfaces = everySurface(run);
    for (const words of surfaces) expect(words).not.toMatch(/NaN|Infinity|undefined|null|: ?$/);
    for (const hint of hints(run)) expect(hint.text.length).toBeLessThanOrEqual(40);
    const shown = lens(run).summary;
    if (forecast?.gap === null) {
      expect(shown).toContain(`no ${law.name} forecast for this format`);
      expect(hints(run).some(({ kind }) => kind === 'precision')).toBe(run.verdict?.high !== 0);
      expect(status(run).level).toBe('normal');
    } else {
      expect(shown).toMatch(/ · (gap |loss )/);
      const isOfTraining = law.stage === 'training';
      expect(shown.includes('D_crit')).toBe(isOfTraining && forecast?.criticalTokens !== null);
      expect(status(run).tooltip).toMatch(/\nBy .+\.$/);
      expect(shown).toContain(law.name);
      expect(shown.includes('our own fit')).toBe(law.fit === 'own');
    }
  });

  it.each(cases.filter(({ name }) => name !== 'BF16'))(
    '$law.id on $name keeps what stands above the rule short',
    ({ law, precision }) => {
      const [first = ''] = hoverOf(analysisOf({ precision }, law.id)).split('\n---\n');
      expect(first.split('\n').length).toBeLessThanOrEqual(25);
    },
  );
});

describe('a leading law', () => {
  it('without a critical size shows its gap alone', () => {
    const run = analysisOf({}, 'kumar');
    // CLI.md's example: 0.00562 nats by Kumar.
    expect(lens(run).first).toBe('gap +0.0056 (4 laws agree) · loss 2.88 by Kumar');
    expect(hints(run)[0]?.text).toBe('E4M3 · +0.0056');
    expect(hints(run)[1]?.text).toBe('= 134 B');
    expect(status(run)).toMatchObject({ level: 'normal' });
  });

  it('that knows no number format gives its reason, and what the others say', () => {
    const run = analysisOf({}, 'chinchilla');
    const [first = ''] = hoverOf(run).split('\n---\n');
    expect(first).toMatch(/\nThe Chinchilla law knows no number format\. Gap by \d laws/);
    expect(first).toContain('| [Capybara](https://');
    expect(lens(run).first).toBe(
      'gap +0.0024…0.0056 (4 laws) · no Chinchilla forecast for this format',
    );
  });

  it('of quantising afterwards is said to be one, apart from the laws of training', () => {
    const run = analysisOf({ precision: mxfp4 }, 'ouyang');
    expect(lens(run).first).toMatch(
      /^gap \+0\.\d+…0\.\d+ \(7 laws\) · post-training gap \+0\.\d+ by Ouyang: loss \d\.\d+$/,
    );
    expect(hints(run)[0]?.text).toMatch(/^MXFP4 · \+0\.\d+…0\.\d+$/);
    expect(runRow(run).summary).toMatch(/ · gap \+0\.\d+…0\.\d+$/);
    expect(forecastMarkdown(fileOf(run))).toMatch(
      /\nThe leading law, Ouyang, is one of quantising a BF16 run after training: gap \\?\+0\.\d+, D\\_crit [\d.]+ [BT]\. The laws below are of training in the format\.\n/,
    );
  });

  it('with its own limits alone says how far the run lies outside', () => {
    // 6.44 B and 134 B tokens against Kumar's 220 M and 26 B (arXiv 2411.04330, appendix K).
    const kumar = forecastMarkdown(fileOf(analysisOf({}, 'kumar')));
    expect(kumar).toMatch(
      /- N is 29\.3× the largest of the fit .*\n- D is 5\.16× the largest of the fit /,
    );
    expect(kumar).not.toContain('N is 9.48×');
  });

  it('that cannot speak gives its reason once above the rule, and no limits of a number', () => {
    const run = analysisOf({}, 'chinchilla');
    const [short = ''] = hoverOf(run).split('\n---\n');
    const long = forecastMarkdown(fileOf(run));
    expect(short).toContain('The Chinchilla law knows no number format.');
    expect(long).not.toContain('- The Chinchilla law knows no number format.');
    expect(long).not.toContain('The absolute loss is on');
  });

  it('that is calibrated says so in a word where there is little room', () => {
    const run = analysisOf({}, 'capybara', halved);
    expect(lens(run).first).toBe(
      'gap +0.0012 (4 laws agree, rough) · loss 2.36 by Capybara, calibrated · D is 1.1 % of D_crit',
    );
    expect(hints(run)[0]?.text).toBe('E4M3 · +0.0012');
    expect(status(run).tooltip).toContain(
      '\nBy the Capybara law calibrated on floatcast.calibration.json.',
    );
  });
});

describe('a planned quantisation after training', () => {
  const precision = precisionIn('int4', { granularity: 'channel', scale: null });
  const { point } = analysisOf({ precision });
  const forecasts = laws.flatMap((law) => (point && law.postTraining?.(point)) ?? []);
  const postTraining = point && { point, forecasts };

  it('follows the run’s own forecast in the lens, and has its part in the hover', () => {
    const run = { ...analysisOf({ precision: bf16 }), postTraining };
    expect(lens(run).summary).toMatch(
      / · loss 2\.36 by Capybara · then INT4 per channel: gap \+0\.\d+ to \+0\.\d+$/,
    );
    expect(hoverOf(run)).toContain(
      '\n**Quantised after training**\n\nQuantising the model of N = 6.44 B linear parameters, trained on 134 B tokens, to INT4 per channel adds to its loss:',
    );
    expect(forecastMarkdown(fileOf(run))).toContain('## Quantised after training\n');
  });

  it('is what a file of post-training quantisation is about', () => {
    const run = { ...analysisOf({ role: 'quantize', precision }), postTraining };
    expect(lens(run).summary).toMatch(/ · post-training quantisation: gap \+0\.\d+ to \+0\.\d+$/);
    expect(lens({ ...run, postTraining: null }).summary).toMatch(
      / · post-training quantisation: no forecast$/,
    );
  });
});
