// The fit of 359 runs, eight constants, from 500 starts, against the same fit in SciPy.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCore } from '../support/core.mjs';

const starts = 500;
const noise = 0.003;

/**
 * SciPy's least squares with Huber's loss on the same rows, slopes and starts: the faster of its
 * ways to this objective (L-BFGS-B, as in the papers, takes twice as long). Every start is followed
 * to the end there; here most are dropped after a short look.
 */
const script = `
import json, sys, time
import numpy as np
from scipy.optimize import least_squares
data = json.load(open(sys.argv[1]))
lnN, lnD, lnE, lnM, lnB, y = (np.array(column) for column in data['columns'])
huber = data['huberDelta']
def parts(theta):
    with np.errstate(all='ignore'):
        e, n, d, g, b, a, de, nu = np.exp(theta)
        size = n * np.exp(-a * lnN)
        rest = d * np.exp(-b * lnD)
        gap = np.exp(b * lnD - a * lnN + lnB - de * lnE - nu * lnM) / g
        loss = e + size + rest + gap
        slopes = np.array([e + 0 * size, size, rest, -gap, b * lnD * (gap - rest),
                           -a * lnN * (size + gap), -de * lnE * gap, -nu * lnM * gap]) / loss
        return np.log(loss) - y, slopes
begun = time.perf_counter()
reached = []
for theta in data['starts']:
    try:
        fit = least_squares(lambda t: parts(t)[0], theta, jac=lambda t: parts(t)[1].T,
                            loss='huber', f_scale=huber, x_scale='jac')
        reached.append(fit.cost)
    except ValueError:
        pass
print(json.dumps(dict(seconds=time.perf_counter() - begun, objective=float(min(reached)))))
`;

/** Prints what the fit takes and reaches here, and in SciPy where Python has it. */
export async function benchFit() {
  const core = await loadCore(
    'bench-fit',
    `export { fitLaw } from './src/core/calibrate/fit.ts';
    export { thetaOf } from './src/core/calibrate/descent.ts';
    export { capybaraModel } from './src/core/calibrate/models/capybara.ts';
    export { spreadPoint } from './src/core/calibrate/spread.ts';
    export { capybaraRuns, noisy } from './test/unit/calibrate/runs.ts';
    export { log2Block } from './src/core/laws/capybara/formulas.ts';`,
  );
  const runs = core.noisy(core.capybaraRuns(), noise);
  const { seconds, result } = timedFit(core, runs);
  const said = (time, objective) => `${time.toFixed(2)} s, objective ${objective.toExponential(6)}`;
  console.log(`Fit of ${runs.length} runs, 8 constants, ${starts} starts, one core:`);
  console.log(`  Floatcast  ${said(seconds, result.objective)}`);

  const python = inPython(core, runs);
  if (!python) {
    console.log('  SciPy      not installed for python3: no comparison');
    return;
  }
  console.log(`  SciPy      ${said(python.seconds, python.objective)}`);
  console.log(`  SciPy ÷ Floatcast  ${(python.seconds / seconds).toFixed(1)}`);
}

function timedFit({ fitLaw }, runs) {
  const begun = process.hrtime.bigint();
  const steps = fitLaw(runs, { law: 'capybara', pinned: {}, bootstrap: 0, holdOut: null, starts });
  let step = steps.next();
  while (!step.done) step = steps.next();
  return { seconds: Number(process.hrtime.bigint() - begun) / 1e9, result: step.value };
}

/** Seconds and objective of SciPy's fit; null where it cannot run. */
function inPython({ capybaraModel, log2Block, spreadPoint, thetaOf }, runs) {
  const design = capybaraModel.design(runs, {});
  const published = Float64Array.from(design.constants, (constant) => constant.published);
  const column = (read) => runs.map(({ point, loss }) => read(point, loss));
  const folder = mkdtempSync(join(tmpdir(), 'floatcast-fit-'));
  try {
    const [code, data] = [join(folder, 'fit.py'), join(folder, 'runs.json')];
    writeFileSync(code, script);
    writeFileSync(
      data,
      JSON.stringify({
        huberDelta: design.huberDelta,
        columns: [
          column(({ parameters }) => Math.log(parameters)),
          column(({ tokens }) => Math.log(tokens)),
          column(({ exponentBits }) => Math.log(exponentBits + 0.5)),
          column(({ mantissaBits }) => Math.log(mantissaBits + 0.5)),
          column((point) => Math.log(log2Block(point, point.parameters, point.tokens))),
          column((_, loss) => Math.log(loss)),
        ],
        starts: Array.from({ length: starts }, (_, index) => [
          ...thetaOf(design, index === 0 ? published : design.start(spreadPoint(index, 8))),
        ]),
      }),
    );
    // One thread, as here.
    const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
    const { status, stdout } = spawnSync('python3', [code, data], { encoding: 'utf8', env });
    return status === 0 ? JSON.parse(stdout) : null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
