import { objectives } from '../core/advise/objectives.ts';
import type { CommandDefinition, OptionDefinition } from './definition.ts';

const json: OptionDefinition = { name: 'json', says: 'print JSON' };
const law: OptionDefinition = {
  name: 'law',
  value: 'ID',
  says: 'the scaling law whose numbers lead',
  shelf: 'laws',
};
const hardware: OptionDefinition = {
  name: 'hardware',
  value: 'ID',
  says: 'the accelerator that the runs are meant for',
  shelf: 'hardware',
};
const format: OptionDefinition = {
  name: 'format',
  value: 'ID',
  says: 'a number format by its id, e<E>m<M> for any other',
  shelf: 'formats',
};
const calibration: OptionDefinition = {
  name: 'calibration',
  value: 'FILE',
  says: 'constants fitted to your own runs (floatcast fit)',
};
const parameters: OptionDefinition = {
  name: 'parameters',
  value: 'N',
  says: 'parameters in linear layers: 8e9, 8B',
};
const tokens: OptionDefinition = {
  name: 'tokens',
  value: 'D',
  says: 'tokens to train on: 15e12, 15T, 2**40',
};
const block: OptionDefinition = {
  name: 'block',
  value: 'B',
  says: 'values that share a scale: a number, channel or tensor',
};
const operands: OptionDefinition = {
  name: 'operands',
  value: 'LIST',
  says: 'what is in the format, by commas: weights,activations,kv,gradients',
};
const assume: OptionDefinition = {
  name: 'assume',
  value: 'KEY=VALUE',
  says: 'what the files do not say: world-size, data-parallel-ranks, dataset-tokens, var.NAME',
  repeated: true,
};
const failOn: OptionDefinition = {
  name: 'fail-on',
  value: 'SEVERITY',
  says: 'the least severity that exits with 1 (default: warning)',
  choices: ['information', 'warning', 'error', 'never'],
};

const gapTarget: OptionDefinition = {
  name: 'gap-target',
  value: 'NATS',
  says: 'the gap to BF16 that a run should stay under',
};

const check: CommandDefinition = {
  name: 'check',
  summary: 'Forecasts and findings of training configs',
  arguments: {
    name: '[paths...]',
    says: 'files, folders or globs; - reads one file from standard input (default: .)',
  },
  options: [
    {
      name: 'output',
      value: 'KIND',
      says: 'how to print (default: text)',
      choices: ['text', 'json', 'sarif', 'github', 'gitlab', 'junit'],
    },
    { name: 'json', says: 'print the runs as a bare JSON array' },
    { name: 'sarif', says: 'short for --output sarif' },
    { name: 'verbose', says: 'print notes, needs and what each law says' },
    failOn,
    law,
    hardware,
    gapTarget,
    {
      name: 'disable',
      value: 'ID',
      says: 'leave findings of this id out',
      repeated: true,
      shelf: 'findings',
    },
    {
      name: 'enable',
      value: 'ID',
      says: 'report findings of this id that are off by default',
      repeated: true,
      shelf: 'findings',
    },
    assume,
    {
      name: 'framework',
      value: 'ID',
      says: 'read the files as this framework’s',
      shelf: 'frameworks',
    },
    calibration,
    {
      name: 'preflight',
      says: 'of a launch script and the configs that it names: one line, before it starts',
    },
    { name: 'baseline', value: 'FILE', says: 'leave out findings that the file knows of' },
    { name: 'write-baseline', value: 'FILE', says: 'write the findings there are to a file' },
    { name: 'stdin-filename', value: 'NAME', says: 'the path of what - reads' },
    {
      name: 'exclude',
      value: 'GLOB',
      says: 'leave out what a folder or glob holds',
      repeated: true,
    },
    { name: 'no-ignore', says: 'look at files that .gitignore names too' },
  ],
  examples: [
    'floatcast check',
    'floatcast check configs/ --hardware h100 --fail-on error',
    'floatcast check --output sarif > floatcast.sarif',
    'floatcast check --preflight train.sbatch && sbatch train.sbatch',
    'cat run.yaml | floatcast check - --stdin-filename configs/run.yaml',
  ],
  load: async () => (await import('./commands/check.ts')).check,
};

const forecast: CommandDefinition = {
  name: 'forecast',
  summary: 'What the laws say of a size, a token count and a format',
  options: [
    parameters,
    tokens,
    format,
    { name: 'exponent-bits', value: 'E', says: 'with --mantissa-bits: any other format' },
    { name: 'mantissa-bits', value: 'M', says: 'with --exponent-bits: any other format' },
    block,
    operands,
    { ...law, says: 'the law to ask, or all' },
    calibration,
    { name: 'verbose', says: 'print the notes of each law' },
    json,
  ],
  examples: ['floatcast forecast --parameters 8B --tokens 15T --format fp8-e4m3 --law all'],
  load: async () => (await import('./commands/forecast.ts')).forecast,
};

const layouts: CommandDefinition = {
  name: 'layouts',
  summary: 'Splits of a width into exponent and mantissa, best first',
  options: [
    { name: 'bits', value: 'P', says: 'the width, sign included' },
    parameters,
    tokens,
    block,
    json,
  ],
  examples: ['floatcast layouts --bits 8 --parameters 8B --tokens 15T'],
  load: async () => (await import('./commands/layouts.ts')).layouts,
};

const budget: CommandDefinition = {
  name: 'budget',
  summary: 'The compute-optimal precision',
  options: [
    { name: 'compute', value: 'C', says: '6/16 · bits · N · D' },
    { name: 'hours', value: 'H', says: 'accelerator-hours, at speed-ups that were measured' },
    hardware,
    tokens,
    parameters,
    block,
    law,
    calibration,
    json,
  ],
  examples: [
    'floatcast budget --compute 1e24',
    'floatcast budget --parameters 8B --compute 1e24',
    'floatcast budget --hours 100000 --hardware gb300 --parameters 8B',
  ],
  load: async () => (await import('./commands/budget.ts')).budget,
};

const optimize: CommandDefinition = {
  name: 'optimize',
  summary: 'The formats of a config’s run in the order of an objective',
  arguments: { name: '[file]', says: 'a training config' },
  options: [
    {
      name: 'objective',
      value: 'KIND',
      says: 'what a format is chosen for (default: fastest)',
      choices: objectives,
    },
    hardware,
    gapTarget,
    law,
    assume,
    calibration,
    { name: 'run', value: 'RUN', says: 'of a file with several: its number or name' },
    json,
    { name: 'write', says: 'write the recommended format into the config' },
  ],
  examples: [
    'floatcast optimize run.yaml --hardware h100',
    'floatcast optimize run.yaml --objective memory --write',
  ],
  load: async () => (await import('./commands/optimize.ts')).optimize,
};

const compare: CommandDefinition = {
  name: 'compare',
  summary: 'Several configs side by side',
  arguments: {
    name: '<files...>',
    says: 'at least two configs; the first is what others are compared with',
  },
  options: [json, law, hardware, gapTarget, assume, calibration],
  examples: ['floatcast compare bf16.yaml fp8.yaml'],
  load: async () => (await import('./commands/compare.ts')).compare,
};

const diff: CommandDefinition = {
  name: 'diff',
  summary: 'What changed configs do to gap, critical size, hours, memory and findings',
  arguments: { name: '[paths...]', says: 'files or folders (default: .)' },
  options: [
    { name: 'base', value: 'REV', says: 'the revision to compare with (default: HEAD)' },
    json,
    { name: 'markdown', says: 'print a table for a comment; nothing where nothing moved' },
    { name: 'max-increase', value: 'NATS', says: 'exit with 1 where a gap rises by more' },
    { ...failOn, says: 'the least severity of a new finding that exits with 1 (default: warning)' },
    law,
    hardware,
    gapTarget,
    assume,
    calibration,
  ],
  examples: ['floatcast diff --base origin/main --markdown --max-increase 0.002'],
  load: async () => (await import('./commands/diff.ts')).diff,
};

const init: CommandDefinition = {
  name: 'init',
  summary: 'Write a floatcast.yaml with comments',
  options: [],
  load: async () => (await import('./commands/init.ts')).init,
};

const mcp: CommandDefinition = {
  name: 'mcp',
  summary: 'A Model Context Protocol server on standard input and output',
  options: [],
  load: async () => (await import('./commands/mcp.ts')).mcp,
};

const fit: CommandDefinition = {
  name: 'fit',
  summary: 'Constants of a law from a table of finished runs',
  arguments: { name: '[runs]', says: 'a table of runs: CSV, JSONL or JSON' },
  options: [
    { ...law, says: 'the law to fit' },
    { name: 'hold-out', value: 'WHICH', says: 'runs to test the fit on', choices: ['largest-n'] },
    { name: 'bootstrap', value: 'K', says: 'resamples for the intervals (default: 100)' },
    { name: 'pin', value: 'NAME=VALUE', says: 'a constant that is not fitted', repeated: true },
    json,
    { name: 'output', short: 'o', value: 'FILE', says: 'write the constants to a file' },
    { name: 'force', says: 'write over a file that is there' },
  ],
  examples: ['floatcast fit runs.csv --hold-out largest-n -o floatcast.calibration.json'],
  load: async () => (await import('./commands/fit.ts')).fit,
};

const measured: CommandDefinition = {
  name: 'measured',
  summary: 'A run’s own losses over the forecast: is its gap normal?',
  arguments: {
    name: '[losses]',
    says: 'a loss log: what the framework printed, CSV, JSONL or JSON',
  },
  options: [
    { name: 'baseline', value: 'FILE', says: 'the log of the BF16 twin' },
    { name: 'config', value: 'FILE', says: 'the run’s training config' },
    parameters,
    format,
    block,
    operands,
    { name: 'tokens', value: 'D', says: 'the whole run’s, where the log ends before it' },
    { name: 'tokens-per-step', value: 'T', says: 'for logs that count steps' },
    { name: 'sequence-length', value: 'S', says: 'for logs that count samples' },
    { name: 'bytes-per-token', value: 'B', says: 'for losses in bits per byte' },
    law,
    calibration,
    json,
  ],
  examples: ['floatcast measured fp8.csv --baseline bf16.csv --config run.yaml'],
  load: async () => (await import('./commands/measured.ts')).measured,
};

const completion: CommandDefinition = {
  name: 'completion',
  summary: 'A script that completes commands, options and ids in a shell',
  arguments: { name: '<shell>', says: 'which shell', choices: ['bash', 'zsh', 'fish'] },
  options: [],
  examples: [
    'source <(floatcast completion bash)',
    'floatcast completion zsh > "${fpath[1]}/_floatcast"',
    'floatcast completion fish > ~/.config/fish/completions/floatcast.fish',
  ],
  load: async () => (await import('./commands/completion.ts')).completion,
};

const lists = (
  [
    ['laws', 'The scaling laws'],
    ['formats', 'The number formats'],
    ['hardware', 'The accelerators'],
    ['frameworks', 'The frameworks whose configs are read'],
    ['rules', 'The recipe rules'],
  ] as const
).map(([name, what]): CommandDefinition => ({
  name,
  summary: `${what}, with their ids and sources`,
  options: [json],
  load: async () => (await import('./commands/lists.ts')).list(name),
}));

/** Every command, in the order in which help lists them. */
export const definitions: readonly CommandDefinition[] = [
  ...[check, diff, compare, init, optimize, forecast, layouts, budget, fit, measured],
  ...lists,
  mcp,
  completion,
];
