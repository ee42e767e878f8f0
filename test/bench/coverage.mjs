// `npm run bench:fit`: how often a calibrated forecast's 90 % interval holds the gap that is true,
// over 60 repetitions a design. The runs are made with the Capybara law and other constants.
import { loadCore } from '../support/core.mjs';

const repetitions = 60;
const resamples = 100;
const starts = 40;

const core = await loadCore(
  'coverage',
  `export { fitLaw } from './src/core/calibrate/fit.ts';
  export { lawsInForce } from './src/core/laws/calibration.ts';
  export { capybara } from './src/core/laws/capybara/capybara.ts';
  export { pointFor } from './src/core/laws/point.ts';
  export { seeded } from './src/core/calibrate/spread.ts';`,
);

const truth = core.capybara.withConstants({ gamma: 5200, epsilon: 2.08 }, 'truth');
const target = core.pointFor({ parameters: 1.2e9, tokens: 1e11, format: 'e2m1' });

const grid = (sizes, tokens, formats) =>
  sizes.flatMap((parameters) =>
    tokens.flatMap((each) =>
      formats.map((format) => core.pointFor({ parameters, tokens: each, format })),
    ),
  );

const sizes = [4e7, 8e7, 1.5e8, 3e8, 6e8];
const tokens = [1e10, 3e10, 1e11];
/** Runs, and what scatters them: shares of the loss. */
const designs = [
  {
    name: '30 runs, each with its own noise',
    points: grid(sizes, tokens, ['bf16', 'e2m1']),
    own: 0.001,
  },
  {
    name: '9 runs, each with its own noise',
    points: grid([8e7, 3e8, 6e8], [5e10], ['bf16', 'e2m1', 'e3m1']),
    own: 0.001,
  },
  {
    name: '30 runs, an offset to each size',
    points: grid(sizes, tokens, ['bf16', 'e2m1']),
    own: 0.0005,
    size: 0.003,
  },
  {
    name: '30 runs with twins, a seed’s noise in each twin',
    points: grid(sizes, tokens, ['e2m1', 'e3m1']),
    own: 0.0005,
    twin: 0.001,
  },
];

for (const design of designs) {
  let [inside, told, width] = [0, 0, 0];
  for (let seed = 1; seed <= repetitions; seed++) {
    const forecast = forecastOf(fitted(runsOf(design, seed)));
    if (!forecast?.interval) continue;
    const [low, high] = forecast.interval;
    const gap = truth.forecast(target).gap;
    told += 1;
    inside += Number(low <= gap && gap <= high);
    width += Math.log(high / Math.max(low, 1e-6)) / 2;
  }
  const share = told === 0 ? '–' : (inside / told).toFixed(2);
  const half = told === 0 ? '–' : (width / told).toFixed(2);
  console.log(`${design.name}: ${share} of ${told} (±${half} in ln gap)`);
}

function runsOf({ points, own, size = 0, twin = 0 }, seed) {
  const deviate = normal(seed * 7919);
  const offsets = new Map();
  const shared = (key, share) => {
    if (!offsets.has(key)) offsets.set(key, share * deviate());
    return offsets.get(key);
  };
  return points.map((point) => {
    const { loss, bf16Loss } = truth.forecast(point);
    const offset = size === 0 ? 0 : shared(point.parameters, size);
    const scattered = loss * Math.exp(own * deviate() + offset);
    const key = `${point.parameters} ${point.tokens}`;
    const bf16 = twin === 0 ? null : bf16Loss * Math.exp(shared(key, twin));
    return { point, loss: scattered, bf16Loss: bf16 };
  });
}

function fitted(runs) {
  const options = { law: 'capybara', pinned: {}, bootstrap: resamples, holdOut: null, starts };
  const steps = core.fitLaw(runs, options);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

function forecastOf(fit) {
  if ('error' in fit) {
    console.log(fit.error);
    return null;
  }
  const { law, constants, draws } = fit;
  const laws = core.lawsInForce({ file: 'fit', law, constants, draws });
  return laws.find(({ id }) => id === law).forecast(target);
}

function normal(seed) {
  const uniform = core.seeded(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
