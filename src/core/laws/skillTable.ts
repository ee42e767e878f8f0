import type { RegionSkill } from './region.ts';

/** How far the laws missed public runs by kind: written by `npm run bench:laws -- --write`. */
export const skillTable: readonly RegionSkill[] = [
  {
    region: { large: false, bits: 4, known: false },
    runs: 9,
    laws: [
      { law: 'capybara', runs: 9, median: 1.28, bias: -1.28 },
      { law: 'kumar', runs: 9, median: 2.19, bias: 2.19 },
      { law: 'chen', runs: 9, median: 0.19, bias: 0.08 },
      { law: 'quartet', runs: 5, median: 0.08, bias: -0.08 },
      { law: 'quest', runs: 5, median: 0.11, bias: 0.06 },
      { law: 'unified', runs: 9, median: 0.44, bias: -0.44 },
      { law: 'pooled', runs: 9, median: 0.07, bias: -0.04 },
    ],
  },
  {
    region: { large: false, bits: 4, known: true },
    runs: 622,
    laws: [
      { law: 'capybara', runs: 406, median: 1.9, bias: -1.87 },
      { law: 'kumar', runs: 406, median: 2.21, bias: 2.21 },
      { law: 'chen', runs: 406, median: 0.28, bias: -0.26 },
      { law: 'quartet', runs: 507, median: 0.26, bias: 0.19 },
      { law: 'quest', runs: 384, median: 0.22, bias: 0.2 },
      { law: 'unified', runs: 406, median: 0.4, bias: -0.4 },
      { law: 'pooled', runs: 622, median: 0.1, bias: -0.02 },
    ],
  },
  {
    region: { large: false, bits: 8, known: true },
    runs: 5,
    laws: [
      { law: 'capybara', runs: 5, median: 1.15, bias: 1.03 },
      { law: 'kumar', runs: 5, median: 1.18, bias: 1.18 },
      { law: 'unified', runs: 5, median: 0.19, bias: 0.14 },
      { law: 'pooled', runs: 5, median: 0.21, bias: 0.17 },
    ],
  },
  {
    region: { large: true, bits: 4, known: false },
    runs: 2,
    laws: [
      { law: 'capybara', runs: 2, median: 0.89, bias: -0.89 },
      { law: 'kumar', runs: 2, median: 0.62, bias: -0.62 },
      { law: 'chen', runs: 2, median: 0.83, bias: -0.83 },
      { law: 'quartet', runs: 2, median: 1.56, bias: -1.56 },
      { law: 'quest', runs: 2, median: 1.52, bias: -1.52 },
      { law: 'unified', runs: 2, median: 1.71, bias: -1.71 },
      { law: 'pooled', runs: 2, median: 1.27, bias: -1.27 },
    ],
  },
  {
    region: { large: true, bits: 4, known: true },
    runs: 15,
    laws: [
      { law: 'capybara', runs: 15, median: 0.99, bias: -0.68 },
      { law: 'kumar', runs: 15, median: 0.75, bias: 0.67 },
      { law: 'chen', runs: 15, median: 0.39, bias: -0.34 },
      { law: 'quartet', runs: 15, median: 0.41, bias: -0.1 },
      { law: 'quest', runs: 15, median: 0.56, bias: -0.17 },
      { law: 'unified', runs: 15, median: 0.81, bias: -0.79 },
      { law: 'pooled', runs: 15, median: 0.27, bias: -0.17 },
    ],
  },
];
