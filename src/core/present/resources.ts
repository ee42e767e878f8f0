import type { RunAnalysis } from '../analysis.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import { acceleratorById } from '../hardware/registry.ts';
import { speedupsOf, type MeasuredSpeedup } from '../hardware/speedups.ts';
import { fits, stateTotal, totalOf, type MemoryParts } from '../resources/resources.ts';
import { lawParameters } from '../run/run.ts';
import { bytes } from './cost.ts';
import { escapeMarkdown } from './markdown.ts';
import { needWords } from './needs.ts';
import { count, exact, plain } from './numbers.ts';

/** The accelerator in force for a run. */
function acceleratorOf({ hardware }: RunAnalysis): Accelerator | null {
  return hardware === null ? null : (acceleratorById(hardware) ?? null);
}

/** What people call an accelerator in a line: `H100`. */
function shortName({ id }: Accelerator): string {
  return id.toUpperCase();
}

/** What the parts of a run are divided among: GPUs, unless the accelerator is of another kind. */
function deviceWord(accelerator: Accelerator | null): string {
  return accelerator === null || /NVIDIA|AMD/.test(accelerator.vendor) ? 'GPU' : 'device';
}

/** The memory of a run in a few words: `≈ 61 GB a GPU`, the least of it where a part is missing. */
export function memoryWords(run: RunAnalysis): string | null {
  const { memory } = run.resources;
  if (!memory) return null;
  const { device, open } = memory;
  const parts = device ?? memory.whole;
  const total = totalOf(parts);
  const two = (value: number) => bytes(Number(value.toPrecision(2)));
  const amount = total === null ? `over ${two(stateTotal(parts))}` : `≈ ${two(total)}`;
  if (!device) return `${amount} undivided`;
  const where = open === null ? `a ${deviceWord(acceleratorOf(run))}` : 'undivided';
  return `${amount} ${where}`;
}

/** Whether the accelerator named holds it: `fits H100`; null where nobody can tell. */
export function fitWords(run: RunAnalysis): string | null {
  const accelerator = acceleratorOf(run);
  const { memory } = run.resources;
  const does = memory && accelerator ? fits(memory, accelerator) : null;
  if (does === null || !accelerator) return null;
  return `${does ? 'fits' : 'does not fit'} ${shortName(accelerator)}`;
}

/** Operations with two digits: `1.2e24 FLOP`. */
function flopWords(flop: number): string {
  return `${flop.toExponential(1).replace('+', '')} FLOP`;
}

/** Hours of one accelerator with two digits: `8,900 H100-hours`. */
function hoursWords(run: RunAnalysis): string | null {
  const { hours } = run.resources;
  const accelerator = acceleratorOf(run);
  if (hours === null || !accelerator) return null;
  const two = Number(hours.toPrecision(2));
  const figure = two < 10 ? plain(two) : two < 1e6 ? exact(two) : count(two);
  return `${figure} ${shortName(accelerator)}-hours`;
}

/** What a run takes, as the last line of the lens; empty where nothing is known. */
export function resourceParts(run: RunAnalysis): readonly string[] {
  const { flop } = run.resources;
  return [
    memoryWords(run),
    fitWords(run),
    flop && flopWords(flop.total),
    hoursWords(run),
    boundWords(run),
  ].filter((part) => part !== null);
}

/** How much faster than in BF16 the format can make the run: `≤ 1.6× BF16`. */
function boundWords({ resources: { speedupBound } }: RunAnalysis): string | null {
  return speedupBound === null ? null : `≤ ${speedupBound.toPrecision(2)}× BF16`;
}

/** Names of the parts of memory, as a person reads them. */
const partNames: readonly (readonly [keyof MemoryParts, string])[] = [
  ['weights', 'weights'],
  ['scales', 'scales of the weights'],
  ['masterWeights', 'weights the optimizer updates'],
  ['gradients', 'gradients'],
  ['optimizer', 'optimizer state'],
  ['gathered', 'weights gathered for one layer'],
  ['activations', 'activations'],
  ['logits', 'logits'],
];

/** The parts of a memory that are not empty, each with its bytes. */
export function partsOf(parts: MemoryParts): readonly (readonly [name: string, bytes: number])[] {
  return partNames.flatMap(([key, name]) => {
    const value = parts[key] ?? 0;
    return value > 0 ? [[name, value] as const] : [];
  });
}

/** The message of `does-not-fit`: what is needed, of what it is made up, and what there is. */
export function doesNotFit(parts: MemoryParts, accelerator: Accelerator): string {
  const { name, memoryBytes } = accelerator;
  const total = totalOf(parts);
  const state = bytes(stateTotal(parts));
  const need =
    total === null
      ? `The state alone takes over ${state}`
      : `A ${deviceWord(accelerator)} needs ≈ ${bytes(total)} (${state} of state, the rest activations)`;
  return `${need}, more than the ${bytes(memoryBytes)} of ${name}.`;
}

/** Public measurements of the run's format on its accelerator, at most three. */
export function measuredSpeedups(run: RunAnalysis): readonly MeasuredSpeedup[] {
  const { parameters, precision } = run.run;
  if (run.hardware === null || !precision || !parameters) return [];
  return speedupsOf(run.hardware, precision.format.value, lawParameters(parameters)).slice(0, 3);
}

/** A measurement as a sentence: `1.28× BF16: Llama 3.1 8B on 8 GPUs, torchao tensorwise (source)`. */
export function speedupSentence(each: MeasuredSpeedup): string {
  const on = each.devices === null ? '' : ` on ${each.devices} of them`;
  return `${each.speedup.toPrecision(3)}× BF16: ${each.model}${on}, ${each.recipe} (${each.source})`;
}

/** The hover's part on memory and time, as Markdown; empty where nothing is known or missed. */
export function resourcesTable(run: RunAnalysis): readonly string[] {
  const { memory, needs, assumed } = run.resources;
  const line = resourceParts(run);
  if (line.length === 0 && needs.length === 0) return [];
  const parts = memory && (memory.device ?? memory.whole);
  const head = memory?.device ? `A ${deviceWord(acceleratorOf(run))}` : 'Undivided';
  const speeds = measuredSpeedups(run);
  return [
    '**Memory and time**',
    '',
    ...(line.length > 0 ? [`${line.map(escapeMarkdown).join(' · ')}.`, ''] : []),
    ...(parts
      ? [
          `| | ${head} |`,
          '| --- | --: |',
          ...partsOf(parts).map(([name, value]) => `| ${name} | ${bytes(value)} |`),
          '',
        ]
      : []),
    ...(speeds.length > 0
      ? [
          'Measured in public:',
          '',
          ...speeds.map((each) => `- ${escapeMarkdown(speedupSentence(each))}`),
          '',
        ]
      : []),
    ...assumed.map((each) => `- Assumed: ${escapeMarkdown(each)}.`),
    ...needs.map((each) => `- Missing: ${escapeMarkdown(needWords(each))}.`),
  ];
}
