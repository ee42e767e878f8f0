import { formatById } from '../../formats/registry.ts';
import type { Extrapolation, FittedRange, Law, RunPoint } from '../law.ts';
import { scaleIsQuantised } from '../point.ts';
import {
  effectiveCurve,
  effectiveForecast,
  effectiveFormula,
  unquantised,
  type OtherReading,
  type Reading,
} from '../effectiveSizes.ts';
import { quartetConstants, type QuartetConstants } from '../quartet/formulas.ts';
import { questEfficiencies, type QuestEfficiencies } from './formulas.ts';
import { bitsOf, isInteger, quantises } from '../width.ts';

const id = 'quest';

const fitted: FittedRange = {
  parameters: [30_482_560, 822_151_168],
  tokens: [749_993_984, 79_999_795_200],
  on:
    '98 runs on C4 of 30 to 822 M linear parameters and 0.75 to 80 B tokens in 1 to 8 bits, forward ' +
    'pass only, most of them rotated by Hadamard matrices',
};

const evidence = {
  for: [
    'Our refit on the runs of its repository gives the same efficiencies: 0.020, 0.156, 0.430, 0.690 ' +
      'and 1.00 for 1, 2, 3, 4 and 8 bits of weights and activations.',
    'On the runs that it was fitted on its median error is 11 % for weights and activations, 14 % ' +
      'where all are taken as rotated, and 8 % for weights alone.',
    'On the MXFP4 runs of Quartet its FP4 efficiency has a median error of 9 %, and on eight NVFP4 ' +
      'runs of another code base (nanochat) of 15 %.',
  ],
  against: [
    'The base law that it was fitted with is not usable, its exponent of N having collapsed to 0.063 ' +
      'and its floor to 0.001: the efficiencies stand on Quartet’s base here.',
    'On the NVFP4 runs of Quartet-II it says 1.3 times the gap, and 1.4 times that of three runs of 8 ' +
      'and 12 B parameters (arXiv 2509.25149, their losses assumed).',
    'FP4 per channel at 1.3 to 13 B parameters (arXiv 2501.17116, from a secondary source) measured ' +
      'gaps about 4 times as large as it says.',
    'An efficiency above 1 at 8 bits says that the noise of the runs is as large as the gap.',
  ],
} as const;

type Constants = QuartetConstants & QuestEfficiencies;

/** An efficiency of the paper, and the one without rotation where there is one. */
export interface Listed {
  readonly eff: keyof QuestEfficiencies;
  readonly plain: keyof QuestEfficiencies | null;
}

const both: Readonly<Record<string, Listed>> = {
  int1: { eff: 'effW1A1', plain: null },
  int2: { eff: 'effW2A2', plain: null },
  int3: { eff: 'effW3A3', plain: null },
  int4: { eff: 'effW4A4', plain: 'effW4A4Plain' },
  int8: { eff: 'effW8A8', plain: 'effW8A8Plain' },
  e2m1: { eff: 'effFp4', plain: null },
};

const weightsOnly: Readonly<Record<string, Listed>> = {
  int1: { eff: 'effW1', plain: null },
  int2: { eff: 'effW2', plain: null },
  int3: { eff: 'effW3', plain: null },
  int4: { eff: 'effW4', plain: null },
};

/** The efficiency listed for a point's format and operands, or undefined. */
export function listedFor(point: RunPoint): Listed | undefined {
  if (!point.operands.includes('weights')) return undefined;
  const list = point.operands.includes('activations') ? both : weightsOnly;
  if (point.exponentBits === 2 && point.mantissaBits === 1) return list.e2m1;
  return isInteger(point) ? list[`int${bitsOf(point)}`] : undefined;
}

function read(point: RunPoint, c: Constants): Reading {
  if (!quantises(point)) return unquantised;
  const listed = listedFor(point);
  if (!listed) {
    const name = formatById(point.format)?.name ?? point.format;
    return {
      kind: 'unknown',
      reason: `QuEST lists no efficiency for ${name} in these operands.`,
    };
  }
  const { eff, plain } = listed;
  const others: OtherReading[] =
    plain === null
      ? []
      : [{ reading: 'without the Hadamard rotation', effective: { effN: c[plain], effD: 1 } }];
  return {
    kind: 'effective',
    effective: { effN: c[eff], effD: 1 },
    extrapolated: extrapolations(point),
    others,
    notes: notes(point, c[eff]),
  };
}

function isQuantisedBeyondForward({ operands }: RunPoint): boolean {
  return operands.includes('gradients') || operands.includes('kv');
}

function extrapolations(point: RunPoint): Extrapolation[] {
  return [
    ...(point.granularity === 'channel' ? [] : (['granularity'] as const)),
    ...(isQuantisedBeyondForward(point) ? (['operands'] as const) : []),
    ...(scaleIsQuantised(point) ? (['scale'] as const) : []),
  ];
}

function notes(point: RunPoint, eff: number): string[] {
  const found = ['The efficiency stands on Quartet’s BF16 law; QuEST’s own collapsed in the fit.'];
  if (eff > 1) {
    found.push('An efficiency above 1 is within the noise of the runs: read the gap as zero.');
  }
  if (point.granularity !== 'channel') {
    found.push('QuEST’s runs scale by the channel and the token, and this is another scaling.');
  }
  if (isQuantisedBeyondForward(point)) {
    found.push(
      'Quantised gradients and caches are not modelled: the runs quantise the forward pass.',
    );
  }
  if (scaleIsQuantised(point)) {
    found.push('Quantised scales are not modelled: QuEST’s runs keep theirs in FP32.');
  }
  return found;
}

/** The law with these constants; `calibration` names the file that they come from, if any. */
function questWith(c: Constants, calibration: string | null): Law {
  return {
    id,
    name: 'QuEST',
    source:
      'QuEST: Stable Training of LLMs with 1-Bit Weights and Activations, arXiv 2502.05003, the ' +
      'efficiencies of its repository, on the base law of Quartet (arXiv 2505.14669)',
    fit: 'published',
    stage: 'training',
    needs:
      'INT4 or INT8 weights and activations, INT4 weights, or FP4 E2M1 weights and activations',
    operands: ['weights', 'activations'],
    criticalSize: { exists: false, source: '' },
    fitted,
    evidence,
    constants: { ...c },
    forecast: (point) => effectiveForecast({ id, fitted, calibration }, point, read(point, c), c),
    curve: (point) => effectiveCurve(point, read(point, c), c),
    formula: (point) => effectiveFormula(point, read(point, c), c),
    withConstants: (constants, file) => questWith({ ...c, ...constants }, file),
  };
}

/** The QuEST law: a run in few bits loses as a smaller one does in BF16. */
export const quest: Law = questWith({ ...quartetConstants, ...questEfficiencies }, null);
