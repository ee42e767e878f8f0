import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import type { Analysis } from '../../../src/core/analysis.ts';
import { palettes } from '../../../src/core/present/drawing.ts';
import { explainMarkdown } from '../../../src/core/present/explain.ts';
import { forecastMarkdown } from '../../../src/core/present/forecast.ts';
import { hover, type HoverOptions } from '../../../src/core/present/hover.ts';
import { stated } from '../../../src/core/run/known.ts';
import {
  analysisOf,
  bf16,
  fileOf,
  halved,
  mxfp4,
  placeOfWord,
  ranksUnknown,
  text,
} from './exampleRun.ts';

const options: HoverOptions = {
  palette: palettes.dark,
  link: (place) => ({ href: `command:go?${place.file}:${place.start}`, line: 4 }),
  command: (id) => `command:${id}`,
};

function at(word: string, analysis: Analysis = fileOf(analysisOf())): string {
  return hover(analysis, text.indexOf(word), options)?.markdown ?? '';
}

/** What stands above the rule: the part that is read first. */
function short(markdown: string): string {
  return markdown.split('\n---\n')[0] ?? '';
}

describe('hover', () => {
  it('answers on the fields of a run, their keys too, and nowhere else', () => {
    const analysis = fileOf(analysisOf());
    const whole = placeOfWord('precision: amp_fp8');
    expect(hover(analysis, text.indexOf('amp_fp8'), options)?.place).toEqual(whole);
    expect(hover(analysis, text.indexOf('precision'), options)?.place).toEqual(whole);
    expect(hover(analysis, text.length, options)).toBeNull();
    expect(hover({ ...analysis, file: 'other.yaml' }, text.indexOf('amp_fp8'), options)).toBeNull();
  });

  it('says first what a format means', () => {
    const first = short(at('amp_fp8'));
    expect(first).toContain('**FP8 E4M3 per tensor** · gap +0.0024 (4 laws agree, rough)');
    expect(first).toContain('8 bits: 1 sign, 4 exponent, 3 mantissa. Largest 448');
    expect(first).toContain('One FP32 scale per tensor.');
    expect(first).toContain(
      'weights, activations and gradients of the matrix multiplications (gradients in E5M2)',
    );
    expect(first).toContain('[Explorer](<command:explorer>)');
    expect(first).toContain('[Optimize precision…](<command:optimise>)');
    expect(first).toContain('[Documentation](<command:documentation>)');
  });

  it('says above the rule by which law, how far to lean on it, and what the others say', () => {
    expect(short(at('amp_fp8'))).toMatch(
      /\nBy the Capybara law: form not supported by data \(scaling and operands\), beyond its fitted range \(N and D\)\. Gap by \d laws.*: \+0\.0024….*; D\\_crit 6\.14 T by Capybara, none by the others\. Chance of .*\n/,
    );
  });

  it('has the table of laws first, and at most 25 lines above the rule', () => {
    for (const precision of [mxfp4, bf16, undefined]) {
      const run = analysisOf(precision ? { precision } : {});
      for (const word of ['amp_fp8', '64000ba', 'mpt-7b']) {
        const lines = short(at(word, fileOf(run))).split('\n');
        expect(lines.length).toBeLessThanOrEqual(25);
        if (precision !== bf16) expect(lines[2]).toMatch(/^\| Law \| /);
      }
    }
  });

  it('leaves the argument to a click', () => {
    expect(short(at('amp_fp8'))).toContain('[Show reasoning](<command:reasoning>)');
    expect(at('amp_fp8')).not.toContain('error bars');
  });

  it('shows the public measurements nearest to the run, among the reasons', () => {
    const analysis = fileOf(analysisOf({ precision: mxfp4 }));
    const [, list = ''] = forecastMarkdown(analysis).split('Nearest public measurements:\n\n');
    // A run of 134 B tokens: the two at 8 B that are nearest to it, of two groups.
    const [first = '', second = ''] = list.split('\n');
    expect(first).toMatch(
      /^- Graphcore, 6\.98 B parameters, 159 B tokens: gap \+0\.163 \(from published runs\), MXFP4 .*\. Source: MrHuff\/mfu-fp4-training/,
    );
    expect(second).toMatch(
      /^- NVIDIA, 8\.00 B parameters, 1\.00 T tokens: gap \+0\.04\d+ \(printed as a percentage, the loss assumed\), MXFP4 .*\. Stated as 2\.5 %; a loss of 1\.75 is assumed, so 0\.035 to 0\.053\. Source: arXiv 2509\.25149\.$/,
    );
    expect(list.split('\n\n')[0]?.split('\n')).toHaveLength(2);
    const unquantised = fileOf(analysisOf({ precision: bf16 }));
    expect(forecastMarkdown(unquantised)).not.toContain('Nearest public');
  });

  it('names the calibration that its numbers rest on', () => {
    const markdown = at('amp_fp8', fileOf(analysisOf({}, 'capybara', halved)));
    expect(markdown).toContain(
      'gap +0.0012 (4 laws agree, rough) · loss 2.36 by Capybara, calibrated · D is 1.1 % of D\\_crit',
    );
    expect(markdown).toContain('By the Capybara law calibrated on floatcast.calibration.json: ');
    expect(markdown).toContain('/laws/capybara.md)**, calibrated on floatcast.calibration.json |');
    expect(markdown).toContain(
      '- Constants of the Capybara law: calibrated, from floatcast.calibration.json',
    );
  });

  it('says how the tokens multiply out', () => {
    expect(short(at('1024'))).toContain(
      '134,217,728,000 tokens = 64,000 steps × 1,024 sequences × 2,048 tokens.',
    );
  });

  it('counts the parts of the model', () => {
    expect(at('mpt-7b')).toContain('| attention | 2,147,483,648 | 32 % |');
    expect(at('mpt-7b')).toContain('The laws use N = 6.44 B');
  });

  it('shows laws above the rule, formula and origins below, and limits among the reasons', () => {
    const [first = '', long = ''] = at('amp_fp8').split('\n---\n');
    expect(first).toContain('/laws/capybara.md)** | +0.0024 | 6.14 T | 2.2 % | form not supported');
    expect(long).toContain('= 0.3293 + 0.1243 + 1.9061 + 0.00240 = 2.3621');
    expect(long).toContain('  - steps 64,000: from [7b.yaml:4](<command:go?configs/7b.yaml:47>)');
    const [laws = ''] = forecastMarkdown(fileOf(analysisOf())).split('## Evidence');
    expect(laws).toContain('N is 9.48× the largest of the fit (40.9 M to 679 M parameters).');
    expect(laws.match(/40\.9 M to 679 M/g)).toHaveLength(1);
    expect(laws).toContain('The paper publishes no error bars, so this forecast has none.');
    expect(laws.match(/error bars/g)).toHaveLength(1);
  });

  it('holds the drawing as an image', () => {
    const image = /!\[[^\]]*\]\(data:image\/svg\+xml;base64,([A-Za-z0-9+/=]+)\)/.exec(
      at('amp_fp8'),
    );
    const svg = Buffer.from(image?.[1] ?? '', 'base64').toString('utf8');
    expect(svg).toMatch(/^<svg [^]*D_crit[^]*<\/svg>$/);
    expect(svg).toContain(palettes.dark.run);
  });

  it('says shortly that BF16 has no gap, without a table of zeros', () => {
    const markdown = at('amp_fp8', fileOf(analysisOf({ precision: bf16 })));
    expect(short(markdown)).toContain('the run is its own BF16 twin');
    expect(markdown).not.toContain('| Law |');
  });

  it('offers to set what is missing', () => {
    const anchors = { parameters: null, precision: null, tokens: placeOfWord('64000ba') };
    const markdown = at('64000ba', fileOf(analysisOf({ tokens: ranksUnknown, anchors })));
    expect(short(markdown)).toContain('**D unknown:** global batch needs the number of GPUs.');
    expect(short(markdown)).toContain('One data-parallel rank trains on 524,288,000 tokens.');
    expect(short(markdown)).toContain('[Set it…](<command:set>)');
  });

  it('keeps names from files out of the Markdown and stays below 100,000 characters', () => {
    const model = stated('x](command:evil)|`<img>', placeOfWord('mpt-7b'));
    const markdown = at('mpt-7b', fileOf(analysisOf({ model })));
    expect(markdown).toContain('x&#93;(command:evil)\\|\\`\\<img\\>');
    const notes = Array.from(
      { length: 3000 },
      () => 'A sentence that is not short at all, by far.',
    );
    const long = analysisOf({ precision: { ...bf16, notes } });
    expect(at('amp_fp8', fileOf(long)).length).toBeLessThanOrEqual(100_000);
  });
});

it('sets public runs against a critical size in FP4 alone, the only format they are in', () => {
  const reasons = (precision: typeof mxfp4) => forecastMarkdown(fileOf(analysisOf({ precision })));
  expect(reasons(mxfp4)).toContain(
    'Laws disagree on a critical size. Public FP4 runs, the largest with a printed gap of 12 B ' +
      'parameters and 10 T tokens, show no critical size: by our fits to those of 30 to 822 M ' +
      'parameters with good recipes their gap grows as D^0.06 to D^0.18;',
  );
  expect(reasons(mxfp4)).toContain('by Capybara it grows as D^0.52.');
  expect(forecastMarkdown(fileOf(analysisOf()))).not.toContain('Public FP4 runs');
});

it('shows the whole reasoning as one document', () => {
  const markdown = forecastMarkdown(fileOf(analysisOf({ precision: mxfp4 })));
  expect(markdown).toContain('# Forecast of configs/7b.yaml');
  expect(markdown).toContain('## Laws');
  expect(markdown).toContain('  - sequences 1,024: from configs/7b.yaml');
  expect(markdown).toContain('## Evidence\n\n[Capybara](https://');
  expect(markdown).toContain('- Against: NVFP4 at 12 B parameters and 10 T tokens');
});

it('explains a file that is none of ours', () => {
  const analysis = { ...fileOf(), explanation: ['No framework’s keys were found.'] };
  expect(explainMarkdown(analysis)).toBe(
    [
      '# configs/7b.yaml',
      '',
      'Floatcast does not take this file for a training config.',
      '',
      '## Why',
      '',
      '- No framework’s keys were found.',
      '',
    ].join('\n'),
  );
  expect(forecastMarkdown(analysis)).toContain('No framework’s keys were found.');
});
