// `npm run bench:resources`: the memory of configs against what others published or a framework's
// own estimator computes. Fails where the median is over the goal.
import { loadCore } from '../support/core.mjs';
import { cases } from './resourcesCases.mjs';

const goals = { state: 0.1, all: 0.25 };

const core = await loadCore(
  'resources',
  `export { analyse } from './src/core/analyse.ts';
  export { defaultSettings } from './src/core/run/settings.ts';
  export { assumed } from './src/core/run/known.ts';
  export { stateTotal, totalOf } from './src/core/resources/resources.ts';`,
);

const rows = cases.map((each) => ({ ...each, ours: measured(each) }));
for (const { name, what, gigabytes, ours, source } of rows) {
  const error = ours === null ? 'no number' : `${percent(ours / gigabytes - 1)}`;
  console.log(
    `${error.padStart(9)}  ${what.padEnd(5)} ${figure(ours)} of ${figure(gigabytes)} GB  ${name}  [${source}]`,
  );
}
let failed = rows.some(({ ours }) => ours === null);
for (const [what, goal] of Object.entries(goals)) {
  const errors = rows
    .filter((row) => row.what === what && row.ours !== null)
    .map(({ ours, gigabytes }) => Math.abs(ours / gigabytes - 1))
    .sort((a, b) => a - b);
  const median = errors[Math.floor(errors.length / 2)] ?? 1;
  failed ||= median > goal;
  const worst = percent(errors.at(-1) ?? 1);
  console.log(
    `${what}: ${errors.length} configs, median ${percent(median)}, worst ${worst} (goal ${percent(goal)})`,
  );
}
process.exitCode = failed ? 1 : 0;

/** GB on a device, undivided where the launcher decides. */
function measured({ file, text, what, others = {}, worldSize }) {
  const settings = {
    ...core.defaultSettings,
    assumptions: worldSize ? { 'world-size': core.assumed(worldSize, 'bench') } : {},
  };
  const [run] = core.analyse({ file, text }, settings, new Map(Object.entries(others))).runs;
  const device = run?.resources.memory?.device;
  if (!device) return null;
  const bytes = what === 'state' ? core.stateTotal(device) : core.totalOf(device);
  return bytes === null ? null : bytes / 1e9;
}

function percent(ratio) {
  return `${(100 * ratio).toFixed(1)} %`;
}

function figure(gigabytes) {
  return (gigabytes === null ? '-' : gigabytes.toFixed(1)).padStart(7);
}
