import { formatById } from '../../formats/registry.ts';
import type { FittedRange, Law, RunPoint } from '../law.ts';
import {
  effectiveCurve,
  effectiveForecast,
  effectiveFormula,
  unquantised,
  type Reading,
} from '../effectiveSizes.ts';
import {
  quartetConstants,
  quartetEfficiencies,
  type Effective,
  type QuartetConstants,
  type QuartetEfficiencies,
} from './formulas.ts';
import { quantises } from '../width.ts';

const id = 'quartet';

const fitted: FittedRange = {
  parameters: [30_482_560, 203_188_480],
  tokens: [749_993_984, 79_999_795_200],
  on:
    'MXFP4 runs on C4 of 30 to 203 M linear parameters and 0.75 to 80 B tokens, and BF16 runs of ' +
    'up to 822 M',
};

const evidence = {
  for: [
    'Our refit on the runs of its repository gives 0.643 for effN of the forward pass and 0.887 and ' +
      '0.924 for effD, where the paper prints 0.64, 0.88 and 0.93.',
    'With its printed constants the complete method at 30 M parameters comes within 0.02 nats of the ' +
      'losses of its table 3, from 25 to 400 tokens a parameter.',
    'On eight NVFP4 runs of another code base, 0.39 and 1.6 B parameters (nanochat), its median error ' +
      'is about 20 %; those gaps are read off a figure.',
  ],
  against: [
    'It has no number for NVFP4: with the one of MXFP4 it says 1.3 times the gap of the public NVFP4 ' +
      'runs of Quartet-II, and 1.4 times those of three runs of 8 and 12 B parameters (arXiv ' +
      '2509.25149, their losses assumed).',
    'Where the gradients alone are quantised its median error is a factor of 1.5, and 1.8 with the ' +
      'rounding to nearest that is taken here, on the very runs of its fit.',
    'FP4 per channel at 1.3 to 13 B parameters (arXiv 2501.17116, from a secondary source) measured ' +
      'gaps about 4 times as large as it says.',
    'Its first version held stochastic rounding to be the better one in the backward pass; its fourth ' +
      'withdraws that as the outcome of a bug.',
  ],
} as const;

type Constants = QuartetConstants & QuartetEfficiencies;

/** What a recipe quantises, as the paper tells them apart. */
export type Passes = 'forward' | 'backward' | 'both';

/** Which passes a point quantises; null where the paper has no number for that. */
export function passesOf({ operands }: RunPoint): Passes | null {
  const weights = operands.includes('weights');
  const gradients = operands.includes('gradients');
  if (weights !== operands.includes('activations')) return null;
  if (weights) return gradients ? 'both' : 'forward';
  return gradients ? 'backward' : null;
}

function read(point: RunPoint, c: Constants): Reading {
  if (!quantises(point)) return unquantised;
  if (point.exponentBits !== 2 || point.mantissaBits !== 1) {
    const name = formatById(point.format)?.name ?? point.format;
    return { kind: 'unknown', reason: `The Quartet law is of FP4 E2M1, not of ${name}.` };
  }
  const passes = passesOf(point);
  if (!passes) {
    return {
      kind: 'unknown',
      reason:
        'The Quartet law is of weights and activations together, of gradients, or of all three.',
    };
  }
  const isBlockOf32 = point.granularity === 'block' && point.block === 32;
  const isMx = point.scale === 'e8m0';
  return {
    kind: 'effective',
    ...efficiencies(passes, c),
    extrapolated: [
      ...(isBlockOf32 ? [] : (['granularity'] as const)),
      ...(point.operands.includes('kv') ? (['operands'] as const) : []),
      ...(isMx ? [] : (['scale'] as const)),
    ],
    notes: [
      passNotes[passes],
      ...(isBlockOf32 && isMx ? [] : ['The efficiencies are of MXFP4; this is another scaling.']),
      ...(point.operands.includes('kv') ? ['A quantised cache is not modelled.'] : []),
    ],
  };
}

const passNotes: Readonly<Record<Passes, string>> = {
  forward:
    'The efficiency is that of QuEST’s projection with Hadamard rotation in the forward pass.',
  backward:
    'The gradients are taken to be rounded to nearest, which the paper’s fourth version holds better.',
  both: 'The efficiencies are of the paper’s complete method, with projection and rotation.',
};

/** The efficiencies of what is quantised, and those of a plainer rounding. */
function efficiencies(
  passes: Passes,
  c: Constants,
): Pick<Extract<Reading, { kind: 'effective' }>, 'effective' | 'others'> {
  const alone = (reading: string, effective: Effective) => [{ reading, effective }];
  switch (passes) {
    case 'forward':
      return {
        effective: { effN: c.effNForward, effD: 1 },
        others: alone('with rounding to nearest', { effN: c.effNNearest, effD: 1 }),
      };
    case 'backward':
      return {
        effective: { effN: 1, effD: c.effDNearest },
        others: alone('with stochastic rounding', { effN: 1, effD: c.effDStochastic }),
      };
    case 'both':
      return {
        effective: { effN: c.effN, effD: c.effD },
        others: alone('with rounding to nearest in both passes', {
          effN: c.effNNearest,
          effD: c.effDNearest,
        }),
      };
  }
}

/** The law with these constants; `calibration` names the file that they come from, if any. */
function quartetWith(c: Constants, calibration: string | null): Law {
  return {
    id,
    name: 'Quartet',
    source:
      'Quartet: Native FP4 Training Can Be Optimal for Large Language Models, arXiv 2505.14669v4, ' +
      'table 2',
    fit: 'published',
    stage: 'training',
    needs: 'FP4 E2M1 weights and activations, gradients, or all of them',
    operands: ['weights', 'activations', 'gradients'],
    criticalSize: { exists: false, source: '' },
    fitted,
    evidence,
    constants: { ...c },
    forecast: (point) => effectiveForecast({ id, fitted, calibration }, point, read(point, c), c),
    curve: (point) => effectiveCurve(point, read(point, c), c),
    formula: (point) => effectiveFormula(point, read(point, c), c),
    withConstants: (constants, file) => quartetWith({ ...c, ...constants }, file),
  };
}

/** The Quartet law: FP4 makes a run lose as a smaller one with fewer tokens does in BF16. */
export const quartet: Law = quartetWith({ ...quartetConstants, ...quartetEfficiencies }, null);
